import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {diffTrees} from '../git/trees.ts';
import {dropBackup} from './backup.ts';
import {indexPosition, withOwnIndex} from './checkout.ts';
import {closeEntry, dropMarker, hasOpenEntry, type JournalEntry, listEntries, removeEntry} from './journal.ts';
import {withLock} from './lock.ts';
import {preflight} from './preflight.ts';
import {type Refused, refused} from './refusals.ts';
import {rollBack} from './roll-back.ts';
import {settle} from './side-state.ts';
import {forward} from './steps.ts';

export interface Recovered {
	readonly id: string;
	readonly kind: string;
	/**
	 * `finished`: the state after. `taken-back`: the state before, `why` says what kept it from being finished. `abandoned`: somebody changed
	 * HEAD or the index since; both were left as they are, the old commit is still kept.
	 */
	readonly outcome: 'finished' | 'taken-back' | 'abandoned';
	readonly why: string;
}

export type Recovery = {readonly ok: true; readonly recovered: readonly Recovered[]} | Refused;

/**
 * Bring to an end what a killed run left open in this worktree: at the start of every run. Nothing open costs one look for a file.
 * Refused only while it cannot be known (a locked index): the entry stays open.
 */
export function recover(repo: Repo): Recovery {
	if (!hasOpenEntry(repo)) {
		return {ok: true, recovered: []};
	}

	const own = withOwnIndex(repo);
	return withLock<Recovery>(
		own,
		refusal => ({ok: false, refusal}),
		() => {
			const recovered: Recovered[] = [];
			for (const entry of listEntries(own).filter(({state}) => state === 'open')) {
				const result = entry.worktree === own.gitDir ? bringToAnEnd(own, entry) : forgetLostWorktree(own, entry);
				if (result && 'refusal' in result) {
					return result;
				}

				recovered.push(...(result ? [result] : []));
			}

			dropMarker(own);
			return {ok: true, recovered};
		},
	);
}

function bringToAnEnd(repo: Repo, entry: JournalEntry): Recovered | Refused {
	const lock = join(repo.gitDir, 'index.lock');
	if (existsSync(lock)) {
		const why =
			'The last run was killed, and so was the git it had started, or another git is at work. If none is running, delete that file.';
		return refused(
			'index-locked',
			`An unfinished ${entry.kind} waits: git's index is locked (${lock}).`,
			[lock],
			why,
			'migration-guard fix',
		);
	}

	return entry.scope === 'index' ? endIndex(repo, entry) : endCommit(repo, entry);
}

/*
 * HEAD  index
 * new   new    side state, done
 * new   old    index and worktree, side state, done
 * old   new    ref, side state, done
 * old   old    worktree put back if torn, then from the start
 * else         somebody else was here: leave all as it is
 */
function endCommit(repo: Repo, entry: JournalEntry): Recovered | Refused {
	const head = resolveCommit(repo, 'HEAD');
	const changes = diffTrees(repo, entry.old, entry.new);
	const index = repo.top === null || changes.length === 0 ? 'new' : indexPosition(repo, changes);
	if ((head !== entry.old && head !== entry.new) || index === 'neither') {
		closeEntry(repo, entry, 'abandoned');
		return end(entry, 'abandoned', head === entry.old || head === entry.new ? 'the index changed since' : 'HEAD moved since');
	}

	if (index === 'old') {
		const foreign = rollBack(repo, changes);
		const refusal = foreign.length > 0 ? null : preflight(repo, entry.kind, changes);
		if (foreign.length > 0 || refusal) {
			return head === entry.new
				? giveUp(repo, entry)
				: takeBack(repo, entry, refusal?.refusal.what ?? `${foreign.join(', ')} changed since`);
		}
	}

	const applied = forward(repo, entry, changes, index === 'old' ? 'worktree' : head === entry.old ? 'ref' : 'side');
	return applied.ok ? end(entry, 'finished', '') : end(entry, 'taken-back', applied.refusal.what);
}

/** A commit being made may have used another index, which is gone: only an index that has it all counts as done. */
function endIndex(repo: Repo, entry: JournalEntry): Recovered {
	const changes = diffTrees(repo, entry.old, entry.new);
	if (indexPosition(repo, changes) === 'new') {
		settle(repo, entry.side);
		closeEntry(repo, entry, 'done');
		return end(entry, 'finished', '');
	}

	rollBack(repo, changes, entry.bytes);
	return takeBack(repo, entry, 'the commit was not made');
}

function takeBack(repo: Repo, entry: JournalEntry, why: string): Recovered {
	removeEntry(repo, entry.id);
	dropBackup(repo, entry);
	return end(entry, 'taken-back', why);
}

function giveUp(repo: Repo, entry: JournalEntry): Recovered {
	closeEntry(repo, entry, 'abandoned');
	return end(entry, 'abandoned', 'the worktree changed since');
}

/** A worktree that was removed meanwhile would keep the journal open for ever. */
function forgetLostWorktree(repo: Repo, entry: JournalEntry): Recovered | null {
	if (existsSync(entry.worktree)) {
		return null;
	}

	closeEntry(repo, entry, 'abandoned');
	return end(entry, 'abandoned', 'its worktree is gone');
}

function end({id, kind}: JournalEntry, outcome: Recovered['outcome'], why: string): Recovered {
	return {id, kind, outcome, why};
}
