import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {headRef, type Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {diffTrees, type TreeChange} from '../git/trees.ts';
import {keepBackup} from './backup.ts';
import {withOwnIndex} from './checkout.ts';
import {failpoint} from './failpoint.ts';
import {type JournalEntry, newId, openEntry, type RefMove, type SideState} from './journal.ts';
import {withLock} from './lock.ts';
import {preflight} from './preflight.ts';
import {recover} from './recover.ts';
import {recoveredFirst} from './refusals.ts';
import {carriedRefs} from './side-state.ts';
import {type Applied, type ApplyOptions, forward} from './steps.ts';

export {applyToIndex, type IndexChange, type IndexTransition} from './apply-to-index.ts';
export {type Recovered, type Recovery, recover} from './recover.ts';
export type {Applied, ApplyOptions} from './steps.ts';

export interface Transition {
	readonly kind: 'merge' | 'rebase' | 'cherry-pick' | 'am' | 'fix' | 'undo' | (string & {});
	readonly ref?: 'HEAD';
	readonly old: string;
	readonly new: string;
	/** JSON; kept in the journal. */
	readonly plan: unknown;
	/** The tip before the user's command, for `undo --to-start`. */
	readonly start?: string;
	/** Other refs that move with HEAD: all or none. */
	readonly refs?: readonly RefMove[];
	readonly side?: readonly SideState[];
	readonly reflog: string;
}

/**
 * Replace the commit HEAD stands on by another, with index, worktree and what hangs on it. The new objects exist already; nothing
 * has been visible so far. The order makes every point safe to be killed at: backup ref, journal, index and worktree, ref, side
 * state. A half state is staged renames on the old commit, never a staged revert on the new one; `recover` finishes it.
 * Refused: nothing changed.
 */
export function applyTransition(repo: Repo, transition: Transition, options: ApplyOptions = {}): Applied {
	if (transition.old === transition.new) {
		return {ok: true, id: ''};
	}

	const own = withOwnIndex(repo);
	return withLock<Applied>(
		own,
		refusal => ({ok: false, refusal}),
		() => {
			const recovery = recover(own);
			if (!recovery.ok) {
				return recovery;
			}

			const [finished] = recovery.recovered.filter(({outcome}) => outcome === 'finished');
			if (finished) {
				// What the caller saw is no longer so; often it has just become what the caller wanted.
				return resolveCommit(own, 'HEAD') === transition.new
					? {ok: true, id: finished.id}
					: recoveredFirst(finished.kind, transition.kind);
			}

			const changes = diffTrees(own, transition.old, transition.new);
			const refusal = preflight(own, transition.kind, changes);
			failpoint('checked');
			return refusal ?? begin(own, entryOf(own, transition, options.now ?? Date.now()), changes);
		},
	);
}

function begin(repo: Repo, entry: JournalEntry, changes: readonly TreeChange[]): Applied {
	const refusal = keepBackup(repo, entry);
	if (refusal) {
		return refusal;
	}

	failpoint('backed-up');
	openEntry(repo, entry);
	failpoint('journaled');
	return forward(repo, entry, changes);
}

function entryOf(repo: Repo, transition: Transition, now: number): JournalEntry {
	const side = (transition.side ?? []).map(state =>
		state.kind === 'update-refs' ? {...state, refs: state.refs ?? carriedRefs(repo, state.oids)} : state,
	);
	return {
		version: 1,
		id: newId(repo, now, transition.new),
		created: now,
		worktree: repo.gitDir,
		kind: transition.kind,
		state: 'open',
		scope: 'commit',
		old: transition.old,
		new: transition.new,
		branch: headRef(repo) ?? rebasedBranch(repo),
		head: transition.old,
		start: transition.start ?? null,
		refs: transition.refs ?? [],
		side,
		bytes: {},
		reflog: transition.reflog,
		plan: transition.plan ?? null,
	};
}

// While a rebase runs detached, it knows which branch it will move in the end.
function rebasedBranch(repo: Repo): string | null {
	const file = ['rebase-merge/head-name', 'rebase-apply/head-name'].map(name => join(repo.gitDir, name)).find(existsSync);
	const name = file ? readFileSync(file, 'utf8').trim() : '';
	return name.startsWith('refs/heads/') ? name : null;
}
