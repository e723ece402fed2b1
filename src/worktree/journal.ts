import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import type {Repo} from '../git/repo.ts';
import type {Autostash} from '../git/revisions.ts';
import {statePath, writeAtomically} from './state.ts';

export interface RefMove {
	readonly ref: string;
	readonly old: string;
	readonly new: string;
}

/** A ref a rebase carries along (`--update-refs`): where it was, where git put it, where it belongs. */
export interface CarriedRef extends RefMove {
	readonly before: string;
}

/** What has to follow once the commits are in place. Each can be done twice. */
export type SideState =
	/** Branches `rebase --update-refs` moves: the oids git made → ours. Git reads its list after the hook. */
	| {readonly kind: 'update-refs'; readonly oids: Readonly<Record<string, string>>; readonly refs?: readonly CarriedRef[]}
	/** The stash git applies after the hook. */
	| {readonly kind: 'autostash'; readonly where: Autostash['where']; readonly old: string; readonly new: string}
	/** Git copied notes to the commits it made; ours need them too. */
	| {
			readonly kind: 'notes';
			readonly command: 'amend' | 'rebase';
			readonly pairs: readonly (readonly [old: string, now: string])[];
	  }
	/** An entry of the stash list (an autostash that could not be applied). */
	| {readonly kind: 'stash'; readonly old: string; readonly new: string}
	/** Worktree bytes a checkout cannot make again (mixed line endings): path → blob as git sees it, blob as it is. */
	| {readonly kind: 'bytes'; readonly files: Readonly<Record<string, {readonly oid: string; readonly raw: string}>>}
	/** An undo: the entry that is undone by it, and the commit, or the merge into it, that must now be left alone. */
	| {readonly kind: 'undone'; readonly id: string; readonly head: string; readonly merged?: readonly string[]};

export interface JournalEntry {
	readonly version: 1;
	/** Starts with the time, so that names sort: `20261120T172500123Z-1a2b3c4d`. Also names the backup refs. */
	readonly id: string;
	/** Milliseconds since 1970. */
	readonly created: number;
	/** The git directory of the worktree. */
	readonly worktree: string;
	readonly kind: string;
	/** `abandoned`: somebody else changed what we were changing, so it was left as it is. */
	readonly state: 'open' | 'done' | 'undone' | 'abandoned';
	/** `commit`: HEAD goes from one commit to another. `index`: index and worktree go from one tree to another, HEAD stays. */
	readonly scope: 'commit' | 'index';
	readonly old: string;
	readonly new: string;
	/** Branch at that time, null when detached; HEAD at that time for `index`, null when unborn. */
	readonly branch: string | null;
	readonly head: string | null;
	/** `index` only: what was being merged into HEAD. */
	readonly merged?: readonly string[];
	readonly start: string | null;
	readonly refs: readonly RefMove[];
	readonly side: readonly SideState[];
	/** `index` only: path → blob of the worktree file's own bytes, unfiltered. */
	readonly bytes: Readonly<Record<string, string>>;
	readonly reflog: string;
	readonly plan: unknown;
}

/** Write an entry that is being worked on, for good, before anything the user can see changes. */
export function openEntry(repo: Repo, entry: JournalEntry): void {
	// The marker first: an entry nobody looks for would be worse than a look for nothing.
	mkdirSync(statePath(repo, 'journal'), {recursive: true});
	writeAtomically(statePath(repo, 'open'), `${entry.id}\n`);
	writeAtomically(entryPath(repo, entry.id), json(entry), {durable: true});
}

/** Set an entry's last state; the marker `open` goes with the last open entry. */
export function closeEntry(repo: Repo, entry: JournalEntry, state: Exclude<JournalEntry['state'], 'open'>): void {
	writeAtomically(entryPath(repo, entry.id), json({...entry, state}));
	dropMarker(repo);
}

/** Forget an entry of which nothing was done. */
export function removeEntry(repo: Repo, id: string): void {
	rmSync(entryPath(repo, id), {force: true});
	dropMarker(repo);
}

/** Take the marker away unless an entry of any worktree is open. */
export function dropMarker(repo: Repo): void {
	if (!listEntries(repo).some(entry => entry.state === 'open')) {
		rmSync(statePath(repo, 'open'), {force: true});
	}
}

/** Is there an open journal? One look at one file: every hook asks. */
export function hasOpenEntry(repo: Repo): boolean {
	return existsSync(statePath(repo, 'open'));
}

/** All entries, oldest first. A file that cannot be read is passed over: it is not ours to guess. */
export function listEntries(repo: Repo): JournalEntry[] {
	return entryIds(repo).flatMap(id => readEntry(repo, id) ?? []);
}

export function entryIds(repo: Repo): string[] {
	const folder = statePath(repo, 'journal');
	const names = existsSync(folder) ? readdirSync(folder) : [];
	return names
		.filter(name => name.endsWith('.json'))
		.map(name => name.slice(0, -'.json'.length))
		.sort();
}

export function readEntry(repo: Repo, id: string): JournalEntry | null {
	try {
		const entry = JSON.parse(readFileSync(entryPath(repo, id), 'utf8')) as JournalEntry;
		return entry.version === 1 ? entry : null;
	} catch {
		return null;
	}
}

/** A name for a new entry: time first; a second one in the same millisecond gets a number. */
export function newId(repo: Repo, now: number, oid: string): string {
	const stem = `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${oid.slice(0, 8)}`;
	for (let count = 1; ; count++) {
		const id = count === 1 ? stem : `${stem}-${count}`;
		if (!existsSync(entryPath(repo, id))) {
			return id;
		}
	}
}

function entryPath(repo: Repo, id: string): string {
	return statePath(repo, 'journal', `${id}.json`);
}

function json(entry: JournalEntry): string {
	return `${JSON.stringify(entry, null, '\t')}\n`;
}
