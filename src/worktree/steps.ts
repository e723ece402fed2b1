import type {Repo} from '../git/repo.ts';
import {git} from '../git/run.ts';
import {diffTrees, type TreeChange} from '../git/trees.ts';
import {dropBackup} from './backup.ts';
import {indexPosition, moveWorktree} from './checkout.ts';
import {failpoint} from './failpoint.ts';
import {closeEntry, type JournalEntry, removeEntry} from './journal.ts';
import {type Refused, refRefusal} from './refusals.ts';
import {settle} from './side-state.ts';

/** `id` names the journal entry; empty when there was nothing to do. */
export type Applied = {readonly ok: true; readonly id: string} | Refused;

export interface ApplyOptions {
	/** Milliseconds since 1970; names the journal entry. */
	readonly now?: number;
}

/** From the journal on: every step looks whether it is done already, so a killed run can be led to its end from anywhere. */
export function forward(
	repo: Repo,
	entry: JournalEntry,
	changes: readonly TreeChange[],
	from: 'worktree' | 'ref' | 'side' = 'worktree',
): Applied {
	return uninterrupted(() => {
		if (from === 'worktree' && repo.top !== null) {
			const refusal = moveWorktree(repo, entry.kind, entry.old, entry.new, changes);
			if (refusal) {
				return takeBack(repo, entry, refusal);
			}

			failpoint('worktree');
		}

		if (from !== 'side') {
			const refusal = moveRefs(repo, entry);
			if (refusal) {
				if (repo.top !== null && indexPosition(repo, changes) === 'new') {
					moveWorktree(repo, entry.kind, entry.new, entry.old, diffTrees(repo, entry.new, entry.old));
				}

				return takeBack(repo, entry, refusal);
			}

			failpoint('ref');
		}

		settle(repo, entry.side);
		failpoint('side');
		closeEntry(repo, entry, 'done');
		failpoint('done');
		return {ok: true, id: entry.id};
	});
}

/** Nothing came of it: forget the entry. Files that could not be put back keep it, and the backup with it. */
function takeBack(repo: Repo, entry: JournalEntry, refusal: Refused): Refused {
	if (refusal.refusal.code === 'checkout-torn') {
		closeEntry(repo, entry, 'abandoned');
	} else {
		removeEntry(repo, entry.id);
		dropBackup(repo, entry);
	}

	return refusal;
}

function moveRefs(repo: Repo, entry: JournalEntry): Refused | null {
	const moves = [{ref: 'HEAD', old: entry.old, new: entry.new}, ...entry.refs];
	// One transaction: all of them or none. HEAD is followed to its branch; in `rebase --apply` it is detached, and git takes it from there.
	const input = ['start', ...moves.map(move => `update ${move.ref} ${move.new} ${move.old}`), 'prepare', 'commit', ''].join('\n');
	const {code, stderr} = git(repo, ['update-ref', '-m', entry.reflog, '--stdin'], {input, ok: [0, 1, 128], shielded: true});
	return code === 0 ? null : refRefusal(entry.kind, stderr);
}

/** A Ctrl-C in these few milliseconds would stop between two steps that the user sees as one. */
function uninterrupted<T>(body: () => T): T {
	const ignore = (): void => {};
	process.on('SIGINT', ignore);
	try {
		return body();
	} finally {
		process.off('SIGINT', ignore);
	}
}
