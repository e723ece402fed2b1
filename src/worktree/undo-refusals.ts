import type {Repo} from '../git/repo.ts';
import {remoteRefsContaining} from '../git/revisions.ts';
import type {JournalEntry} from './journal.ts';
import {type Refused, refused} from './refusals.ts';

/** It is what git alone had made already. */
export function alreadyUndone({start}: JournalEntry): Refused {
	return refused(
		'already-undone',
		'Nothing was changed: this is what git alone had made.',
		[],
		'It was undone before.',
		start === null ? 'migration-guard undo --list' : 'migration-guard undo --to-start',
	);
}

/** It was done on another branch than the one at HEAD. */
export function otherBranch(wanted: string, now: string | null): Refused {
	const name = wanted.replace('refs/heads/', '');
	const why = `It was done on ${name}, and HEAD is on ${now?.replace('refs/heads/', '') ?? 'no branch'} now.`;
	return refused('other-branch', 'Nothing was undone: another branch is checked out.', [], why, `git switch ${name}`);
}

/** No entry, or more than one, has such an id. */
export function unknownId(id: string, count: number): Refused {
	const why =
		count === 0
			? `No resolution that is still kept has the id ${id}.`
			: `${count} resolutions have an id that begins with ${id}.`;
	return refused('unknown-id', 'Nothing was undone.', [], why, 'migration-guard undo --list');
}

/** Others may have it. `revert`: the command that gives the same files back by another commit; null: there is none. */
export function pushed(repo: Repo, oid: string, revert: string | null): Refused {
	const where = remoteRefsContaining(repo, oid)
		.map(ref => ref.replace('refs/remotes/', ''))
		.join(', ');
	const others = `Others may have ${oid.slice(0, 10)} already: it is on ${where}.`;
	const what = 'Nothing was undone: the commit is pushed.';
	if (revert !== null) return refused('pushed', what, [], `${others} A commit on top can give the files back.`, revert);
	const why = `${others} Without the renumbering their history would be forked again.`;
	return refused('pushed', what, [], why, 'nothing: what is pushed is linear, and stays');
}

/**
 * Local edits are in the way: say how to set them aside so that `undo` works then. `git stash` would take along what is staged, and end a merge
 * (git: builtin/stash.c resets the index).
 */
export function setAside({ok, refusal}: Refused, scope: JournalEntry['scope']): Refused {
	if (refusal.code !== 'local-edits') return {ok, refusal};
	const paths = refusal.paths.join(' ');
	const [why, next] =
		scope === 'commit'
			? ['Stash them, then run this again.', 'git stash']
			: ['Keep them in a patch, then run this again.', `git diff -- ${paths} > edits.patch && git checkout -- ${paths}`];
	return {ok, refusal: {...refusal, why: `Your edits are not ours to move. ${why}`, next}};
}

/** No entry made what HEAD and the index are. */
export function nothing(newestFirst: readonly JournalEntry[], head: string | null): Refused {
	const last = newestFirst.find(entry => entry.state === 'done');
	if (!last) {
		return refused(
			'nothing-to-undo',
			'Nothing was undone.',
			[],
			'Nothing was renumbered in this worktree that is still kept.',
			'git reflog',
		);
	}

	if (last.scope === 'index' && last.head === head) {
		const since = `The last ${last.kind} changed the index, and it is not as it was left.`;
		return refused('index-changed', 'Nothing was undone: what was staged has changed since.', [], since, 'git diff --cached');
	}

	const made = last.scope === 'commit' ? `made ${last.new.slice(0, 10)}` : 'changed the index';
	const why = `The last ${last.kind} ${made}, and HEAD is another commit now. Later commits are never thrown away.`;
	return refused('head-moved', 'Nothing was undone: HEAD moved since.', [], why, 'git log -g --oneline');
}

/** There is no tip before the command. */
export function noStart(): Refused {
	return refused(
		'no-start',
		'Nothing was undone: the tip before the command is not known.',
		[],
		'Nothing was committed by it.',
		'migration-guard undo',
	);
}
