import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type ObjectBatch, objectBatch, writeTree} from '../git/objects.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {diffTrees, type TreeChange, writeIndexTree} from '../git/trees.ts';
import {dropBackup, keepBackup} from './backup.ts';
import {moveWorktree} from './checkout.ts';
import {failpoint} from './failpoint.ts';
import {closeEntry, type JournalEntry, newId, openEntry, removeEntry, type SideState} from './journal.ts';
import {withLock} from './lock.ts';
import {lookAt} from './look-at.ts';
import {preflight} from './preflight.ts';
import {recover} from './recover.ts';
import {again, localEdits, type Refused, recoveredFirst, refused, unmerged} from './refusals.ts';
import {settle} from './side-state.ts';
import type {Applied, ApplyOptions} from './steps.ts';

export interface IndexChange {
	readonly path: string;
	/** What the plan saw in the index; null: nothing. */
	readonly before: {readonly oid: string; readonly mode: string} | null;
	readonly after: {readonly oid: string; readonly mode: string} | null;
}

export interface IndexTransition {
	readonly kind: string;
	readonly changes: readonly IndexChange[];
	readonly plan: unknown;
	/** What is being merged into HEAD: undone, that merge is left alone, not HEAD. */
	readonly merged?: readonly string[];
	readonly start?: string;
	readonly side?: readonly SideState[];
	/** The index as a tree, when the caller has written it already (`writeIndexTree`). */
	readonly tree?: string;
}

/**
 * Change index and worktree, no ref: in a pre-commit hook, after `merge --squash`, for `fix` on a dirty worktree. Obeys GIT_INDEX_FILE,
 * so what is changed enters the commit being made. Only where the worktree's file equals the index's entry, else refused. Journaled, with
 * a backup of the old index and of the bytes that a checkout could not make again.
 */
export function applyToIndex(repo: Repo, transition: IndexTransition, options: ApplyOptions = {}): Applied {
	if (/next-index-\d+\.lock$/.test(process.env.GIT_INDEX_FILE ?? '')) {
		// The commit gets another index than the one that stays: what we change in one would come back as a reverse rename in the other.
		const what = 'Nothing was changed: this commit takes only some paths (`git commit -- PATH`).';
		return refused(
			'partial-commit',
			what,
			[],
			'Its index is not the one that stays. Commit, then run this.',
			again(transition.kind),
		);
	}

	return withLock<Applied>(
		repo,
		refusal => ({ok: false, refusal}),
		() => {
			const recovery = recover(repo);
			if (!recovery.ok) {
				return recovery;
			}

			const finished = recovery.recovered.find(({outcome}) => outcome === 'finished');
			if (finished) {
				return recoveredFirst(finished.kind, transition.kind);
			}

			const oldTree = transition.tree ?? writeIndexTree(repo);
			return oldTree === null ? unmerged(transition.kind, []) : apply(repo, transition, oldTree, options.now ?? Date.now());
		},
	);
}

function apply(repo: Repo, transition: IndexTransition, oldTree: string, now: number): Applied {
	const {kind} = transition;
	const batch = objectBatch(repo);
	const newTree = writeTree(
		repo,
		oldTree,
		transition.changes.map(({path, after}) => ({path, oid: after?.oid ?? null, mode: after?.mode ?? '100644'})),
		batch,
	);
	if (newTree === oldTree) {
		return {ok: true, id: ''};
	}

	const files = fileBytes(repo, batch, transition.changes);
	const backup = backupCommit(batch, oldTree, files, now);
	batch.flush();
	const changes = diffTrees(repo, oldTree, newTree);
	const stale = staleIndex(transition, changes);
	const refusal = stale ?? preflight(repo, kind, changes);
	failpoint('checked');
	if (refusal) {
		return refusal;
	}

	const entry: JournalEntry = {
		version: 1,
		id: newId(repo, now, newTree),
		created: now,
		worktree: repo.gitDir,
		kind,
		state: 'open',
		scope: 'index',
		old: oldTree,
		new: newTree,
		branch: headRef(repo),
		head: resolveCommit(repo, 'HEAD'),
		...(transition.merged ? {merged: transition.merged} : {}),
		start: transition.start ?? null,
		refs: [],
		side: transition.side ?? [],
		bytes: Object.fromEntries(files.map(({path, oid}) => [path, oid])),
		reflog: '',
		plan: transition.plan ?? null,
	};
	return keepBackup(repo, entry, backup) ?? go(repo, entry, changes);
}

function go(repo: Repo, entry: JournalEntry, changes: readonly TreeChange[]): Applied {
	failpoint('backed-up');
	openEntry(repo, entry);
	failpoint('journaled');
	const refusal = moveWorktree(repo, entry.kind, entry.old, entry.new, changes);
	if (refusal) {
		removeEntry(repo, entry.id);
		dropBackup(repo, entry);
		return refusal;
	}

	failpoint('worktree');
	settle(repo, entry.side);
	failpoint('side');
	closeEntry(repo, entry, 'done');
	failpoint('done');
	return {ok: true, id: entry.id};
}

/** The plan was made for another index: what it says was there is not. */
function staleIndex(transition: IndexTransition, changes: readonly TreeChange[]): Refused | null {
	const planned = new Map(transition.changes.map(change => [change.path, change.before]));
	const moved = changes.filter(({path, before}) => {
		const expected = planned.get(path) ?? null;
		return expected?.oid !== before?.oid || (expected !== null && expected.mode !== before?.mode);
	});
	return moved.length > 0
		? localEdits(
				transition.kind,
				moved.map(change => change.path),
			)
		: null;
}

/** The bytes of the worktree's files: a checkout makes them again only where no filter and no mixed line endings are at work. */
function fileBytes(repo: Repo, batch: ObjectBatch, changes: readonly IndexChange[]): {path: string; oid: string}[] {
	return changes.flatMap(({path, before}) => {
		const file = join(repo.cwd, path);
		const regular = before && lookAt(file)?.isFile();
		return regular ? [{path, oid: batch.blob(readFileSync(file))}] : [];
	});
}

/** A commit that keeps alive what undo needs: `index/` is the old index, `worktree/` has the files' own bytes, by number. */
function backupCommit(batch: ObjectBatch, oldTree: string, files: readonly {oid: string}[], now: number): string {
	const entry = (mode: string, name: string, oid: string): Buffer =>
		Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
	// Fixed width: a tree's entries are sorted by name.
	const numbered = files.map(({oid}, index) => entry('100644', String(index).padStart(6, '0'), oid));
	const tree = batch.tree(
		Buffer.concat([entry('40000', 'index', oldTree), entry('40000', 'worktree', batch.tree(Buffer.concat(numbered)))]),
	);
	const person = `migration-guard <> ${Math.floor(now / 1000)} +0000`;
	return batch.commit(
		Buffer.from(`tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nmigration-guard: index and worktree before\n`),
	);
}
