import type {Repo} from '../git/repo.ts';
import {recentHeads} from '../git/revisions.ts';
import {GitError} from '../git/run.ts';
import {blobsAt} from '../git/trees.ts';
import type {Outcome} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';

/** How many moves of HEAD are looked at. */
const LOOK_BACK = 100;
/** Where HEAD was only between two steps of git's: nobody ran a migrate there. */
const IN_PASSING = /^(?:merge|pull|rebase|cherry-pick|revert|am|commit \((?:merge|cherry-pick)\)|migration-guard)\b/;

/**
 * Add a line to an outcome whose old names a database of this machine may know: where HEAD has been, one of the migrations that moved was a
 * file of that name. No database is asked, and nothing is run but git.
 */
export function withDatabaseHint(repo: Repo, outcome: Outcome): Outcome {
	if (outcome.kind !== 'done' || outcome.how === 'dry run') return outcome;
	const paths = outcome.plan.steps.flatMap(step => (step.kind === 'renumber' ? [step.path] : []));
	if (paths.length === 0) return outcome;
	if (!wasHere(repo, outcome.plan, paths)) return outcome;
	const hint = '  If a database of yours has applied them under their old names: migration-guard db status';
	return {...outcome, notices: [...outcome.notices, hint]};
}

function wasHere(repo: Repo, {changes}: Plan, paths: readonly string[]): boolean {
	try {
		const been = recentHeads(repo, LOOK_BACK).filter(({subject}) => !IN_PASSING.test(subject));
		const held = blobsAt(repo, [...new Set(been.map(({oid}) => oid))], paths);
		// Both sides may have had a file of that name: then its text says whose it was, where git left it alone.
		const texts = new Map(changes.map(({path, before}) => [path, before?.oid]));
		const isOurs = ({path, oid}: {path: string; oid: string}) => texts.get(path) === undefined || texts.get(path) === oid;
		return held.some(isOurs);
	} catch (error) {
		// What was done is done, and must not be called a failure for want of a hint.
		if (error instanceof GitError) return false;
		throw error;
	}
}
