import {copyCommit} from '../git/objects.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {type CommitInfo, commitInfo, commitInfos, isPushed, resolveCommit} from '../git/revisions.ts';
import {diffTrees} from '../git/trees.ts';
import {applyTransition} from './apply.ts';
import {applyToIndex} from './apply-to-index.ts';
import {indexPosition, withOwnIndex} from './checkout.ts';
import {type CarriedRef, type JournalEntry, listEntries, type RefMove, type SideState} from './journal.ts';
import {withLock} from './lock.ts';
import {recover} from './recover.ts';
import type {Refused} from './refusals.ts';
import {stashEntries} from './side-state.ts';
import type {ApplyOptions} from './steps.ts';
import {alreadyUndone, noStart, nothing, otherBranch, pushed, setAside, unknownId} from './undo-refusals.ts';

export {pruneBackups} from './backup.ts';
export {isUndone} from './undone.ts';

export interface UndoOptions extends ApplyOptions {
	/** Back to the tip before the user's command, instead of what git alone had made of it. */
	readonly toStart?: boolean;
	/** Which resolution, by its id or the beginning of it; default: the one that made what HEAD is. */
	readonly id?: string;
}

export interface Undone {
	readonly ok: true;
	/** What was undone. */
	readonly entry: JournalEntry;
	/** HEAD before and after; the same when only index and worktree went back. */
	readonly from: string;
	readonly to: string;
	/** Subject of a commit that stays, without what was undone, because a person put other work into it. */
	readonly kept: string | null;
}

/**
 * Give back the exact bytes that git alone had made, before we renumbered: HEAD, index, worktree, branches a rebase carried along, an
 * autostash in the stash list. Only from the very commit we made, and only while it is not pushed; local edits are not touched. What is
 * undone stays undone (`isUndone`) until HEAD changes.
 */
export function undo(repo: Repo, options: UndoOptions = {}): Undone | Refused {
	const own = withOwnIndex(repo);
	return withLock<Undone | Refused>(
		own,
		refusal => ({ok: false, refusal}),
		() => {
			const recovery = recover(own);
			if (!recovery.ok) {
				return recovery;
			}

			const oid = resolveCommit(own, 'HEAD');
			const {id = ''} = options;
			const entries = listEntries(own).filter(
				entry => entry.worktree === own.gitDir && entry.kind !== 'undo' && entry.id.startsWith(id),
			);
			if (id !== '' && entries.length !== 1) return unknownId(id, entries.length);
			const goal = oid === null ? null : findGoal(own, commitInfo(own, oid), entries.reverse(), options.toStart ?? false);
			return goal === null
				? (elsewhere(own, entries) ?? nothing(entries, oid))
				: 'refusal' in goal
					? goal
					: go(own, goal, options);
		},
	);
}

/** Which entry made what HEAD is now, and where to go. `to` null: HEAD stays, index and worktree go back. */
interface Goal {
	readonly entry: JournalEntry;
	readonly from: string;
	readonly to: string | null;
	readonly kept?: string;
}

function findGoal(repo: Repo, head: CommitInfo, newestFirst: readonly JournalEntry[], toStart: boolean): Goal | Refused | null {
	for (const entry of newestFirst) {
		const goal = goalOf(repo, head, entry, toStart);
		if (goal) {
			return goal;
		}
	}

	return null;
}

function goalOf(repo: Repo, head: CommitInfo, entry: JournalEntry, toStart: boolean): Goal | Refused | null {
	const from = head.oid;
	const goal = (to: string | null): Goal | Refused => (to === null && toStart ? noStart() : {entry, from, to});
	if (entry.scope === 'commit') {
		const isOurs = entry.state === 'done' && entry.new === from;
		const isGits = entry.state === 'undone' && entry.old === from;
		if (isGits && !toStart) {
			return alreadyUndone(entry);
		}

		return isOurs || isGits ? goal(toStart ? entry.start : entry.old) : null;
	}

	if (entry.state !== 'done') {
		return null;
	}

	if (entry.head === from) {
		return indexPosition(repo, diffTrees(repo, entry.old, entry.new)) === 'new' ? goal(null) : null;
	}

	if (!isItsCommit(entry, head)) {
		return null;
	}

	if (toStart || isNothingElse(repo, entry, head)) {
		return goal(entry.head);
	}

	const to = copyCommit(repo, from, {tree: entry.old}).oid;
	return {entry, from, to, ...(entry.kind === 'fix' ? {kept: head.subject} : {})};
}

// What `fix` staged, committed by itself: without it the commit would be empty.
function isNothingElse(repo: Repo, entry: JournalEntry, {parents}: CommitInfo): boolean {
	return entry.kind === 'fix' && parents.length === 1 && commitInfo(repo, parents[0]!).tree === entry.old;
}

// Renumbered by the pre-commit hook: the commit that came of it has exactly that tree.
function isItsCommit(entry: JournalEntry, commit: CommitInfo): boolean {
	return commit.parents[0] === entry.head && commit.tree === entry.new;
}

/** Did a commit come of an index that the pre-commit hook had changed? */
export function isRenumberedByHook(repo: Repo, entry: JournalEntry, oid: string): boolean {
	return isItsCommit(entry, commitInfo(repo, oid));
}

/** The one that was asked for stands at the tip of a branch that is not checked out. */
function elsewhere(repo: Repo, [entry, ...more]: readonly JournalEntry[]): Refused | null {
	const branch = entry?.branch ?? null;
	const isTip = more.length === 0 && branch !== null && branch !== headRef(repo) && resolveCommit(repo, branch) === entry?.new;
	return isTip && entry ? otherBranch(branch, headRef(repo)) : null;
}

function go(repo: Repo, goal: Goal, options: UndoOptions): Undone | Refused {
	const {entry, from, to} = goal;
	const branch = headRef(repo);
	if (entry.branch !== null && branch !== entry.branch) {
		return otherBranch(entry.branch, branch);
	}

	if (to === null) {
		return goIndex(repo, entry, from, options);
	}

	const refs = carried(entry, from, options.toStart ?? false);
	const isPublic = [from, ...refs.map(move => move.old)].find(oid => isPushed(repo, oid));
	if (isPublic !== undefined) {
		return pushed(repo, isPublic, isPublic === from ? revertTo(repo, from, to) : null);
	}

	const applied = applyTransition(
		repo,
		{
			kind: 'undo',
			ref: 'HEAD',
			old: from,
			new: to,
			plan: {undoes: entry.id},
			refs,
			side: [...stashBack(repo, entry), {kind: 'undone', id: entry.id, head: to}],
			reflog: `migration-guard: undo ${entry.kind}`,
		},
		options,
	);
	return applied.ok ? {ok: true, entry, from, to, kept: goal.kept ?? null} : setAside(applied, 'commit');
}

/**
 * The command that gives the files of a commit back by another one; null: there is none. A revert of what made a fork linear would be made
 * linear by the hooks.
 */
function revertTo(repo: Repo, from: string, to: string): string | null {
	const [{tree}, {parents}] = commitInfos(repo, [to, from]) as [CommitInfo, CommitInfo];
	const isBefore = parents.length > 1 && commitInfo(repo, parents[0]!).tree === tree;
	return isBefore ? `git revert -m 1 ${from.slice(0, 10)}` : null;
}

function goIndex(repo: Repo, entry: JournalEntry, head: string, options: UndoOptions): Undone | Refused {
	const bare = (side: {oid: string; mode: string} | null) => side && {oid: side.oid, mode: side.mode};
	const changes = diffTrees(repo, entry.new, entry.old);
	const kept = changes.flatMap(({path, after}) => {
		const raw = entry.bytes[path];
		return raw && after ? [[path, {oid: after.oid, raw}] as const] : [];
	});
	const undoneMark: SideState = {kind: 'undone', id: entry.id, head, ...(entry.merged ? {merged: entry.merged} : {})};
	const applied = applyToIndex(
		repo,
		{
			kind: 'undo',
			changes: changes.map(({path, before, after}) => ({path, before: bare(before), after: bare(after)})),
			plan: {undoes: entry.id},
			side: [{kind: 'bytes', files: Object.fromEntries(kept)}, ...stashBack(repo, entry), undoneMark],
		},
		options,
	);
	return applied.ok ? {ok: true, entry, from: head, to: head, kept: null} : setAside(applied, 'index');
}

/** Branches that moved with HEAD, and those git moved to our commits when the rebase ended. Undone before, they stand on git's commits. */
function carried(entry: JournalEntry, from: string, toStart: boolean): RefMove[] {
	const rebased = entry.side.flatMap(state => (state.kind === 'update-refs' ? (state.refs ?? []) : []));
	const moves = [...entry.refs.map(move => ({...move, before: move.old})), ...rebased];
	const now = (move: RefMove): string => (from === entry.new ? move.new : move.old);
	const target = (move: CarriedRef): string => (toStart ? move.before : move.old);
	return moves.map(move => ({ref: move.ref, old: now(move), new: target(move)})).filter(move => move.old !== move.new);
}

/** An autostash that git could not apply stands in the stash list as we translated it. */
function stashBack(repo: Repo, entry: JournalEntry): SideState[] {
	const moved = entry.side.find(state => state.kind === 'autostash');
	const listed = moved && stashEntries(repo).some(({oid}) => oid === moved.new);
	return moved && listed ? [{kind: 'stash', old: moved.old, new: moved.new}] : [];
}
