import {createHash} from 'node:crypto';
import {readFileSync, rmSync} from 'node:fs';
import type {Repo} from '../git/repo.ts';
import {statePath, writeAtomically} from '../worktree/state.ts';

/** A repair that was begun in this worktree: what it takes to go on with it, or to come back from the old tip. */
export interface RepairEntry {
	readonly version: 1;
	readonly kind: 'keep' | 'back';
	readonly alias: string;
	/** The commits whose names the database knows. */
	readonly from: readonly string[];
	/** Where HEAD was, and the commit of it; only while the old tip is checked out. */
	readonly away: {readonly branch: string | null; readonly commit: string; readonly tip: string} | null;
}

/** Write down what is about to be done, for good. */
export function openRepair(repo: Repo, entry: RepairEntry): void {
	writeAtomically(entryPath(repo), `${JSON.stringify(entry, null, '\t')}\n`, {durable: true});
}

/** The repair that was not brought to its end, or null. */
export function openedRepair(repo: Repo): RepairEntry | null {
	try {
		const entry = JSON.parse(readFileSync(entryPath(repo), 'utf8')) as RepairEntry;
		return entry.version === 1 ? entry : null;
	} catch {
		return null;
	}
}

/** It came to its end. */
export function closeRepair(repo: Repo): void {
	rmSync(entryPath(repo), {force: true});
}

/** The file that keeps two writers out of one database. */
export function lockFile(repo: Repo): string {
	return `${entryPath(repo)}.lock`;
}

function entryPath(repo: Repo): string {
	const worktree = createHash('sha256').update(repo.gitDir).digest('hex').slice(0, 12);
	return statePath(repo, 'database', `${worktree}.json`);
}
