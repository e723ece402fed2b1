import {existsSync, readFileSync} from 'node:fs';
import type {Repo} from '../git/repo.ts';
import {statePath, writeAtomically} from './state.ts';

/**
 * Was this commit given back by an undo? Then nobody may renumber it again until HEAD is another one. With `merged`: was the merge of these into it
 * taken back, before it was a commit? One look at one file.
 */
export function isUndone(repo: Repo, headOid: string, merged: readonly string[] = []): boolean {
	return read(repo).includes(lineOf(headOid, merged));
}

/** Remember what an undo gave back. */
export function markUndone(repo: Repo, headOid: string, merged: readonly string[] = []): void {
	const line = lineOf(headOid, merged);
	const lines = read(repo).filter(other => other !== line);
	// A hundred undone heads are enough to remember.
	writeAtomically(statePath(repo, 'undone'), [...lines, line, ''].slice(-101).join('\n'));
}

function lineOf(headOid: string, merged: readonly string[]): string {
	// Git tells its hooks an octopus in another order than the commit has it.
	return [headOid, ...[...merged].sort()].join(' ');
}

function read(repo: Repo): string[] {
	const file = statePath(repo, 'undone');
	return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
