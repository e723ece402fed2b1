import {pairOf} from '../commute/weigh.ts';
import type {Repo} from '../git/repo.ts';
import type {Refusal} from '../refusal.ts';
import type {Verdict} from '../state/work.ts';
import {fetchLine} from './fetch-line.ts';
import type {Met} from './met.ts';

/** Git has a conflict of its own besides. */
export function otherConflicts(paths: readonly string[], {ref}: Met): Refusal {
	return {
		code: 'other-conflicts',
		what: `${ref} and this branch are in conflict, so no commit was made.`,
		nodes: [],
		paths,
		why: 'What is right there is for a person to decide; where migration-guard is installed, the migrations are put in order in that merge.',
		next: `git merge ${ref}`,
	};
}

/** Git has a conflict inside of a migration: what comes of it is not known. */
export function editedTwice(paths: readonly string[], {ref}: Met): Refusal {
	return {
		code: 'edited-twice',
		what: `git cannot merge ${paths.join(', ')}: ${ref} and this branch both edited ${paths.length === 1 ? 'it' : 'them'}`,
		nodes: [],
		paths,
		why: 'until that is resolved it is not known what the history will be',
		next: `git merge ${ref}`,
	};
}

/** The migrations could be put in order, and would still not be right. */
export function notTogether(stops: readonly Verdict[], {ref}: Met): Refusal {
	return {
		code: 'not-together',
		what: `The migrations of ${ref} and of this branch do not commute, so no commit was made.`,
		nodes: [...new Set(stops.map(pairOf))],
		paths: [...new Set(stops.map(({incoming}) => `${incoming.path}:${incoming.operation.line}`))],
		why: stops[0]!.what,
		next: `migration-guard conflicts ${ref}`,
	};
}

/** A merge needs what the two sides parted from. */
export function treesOnly(repo: Repo, {ref}: Met): Refusal {
	return {
		code: 'no-history',
		what: 'This clone has no history, so no commit was made.',
		nodes: [],
		paths: [],
		why: `A merge needs what this branch and ${ref} parted from.`,
		next: fetchLine(repo, ref),
	};
}
