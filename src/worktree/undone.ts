import {existsSync, readFileSync} from 'node:fs';
import type {Repo} from '../git/repo.ts';
import {statePath, writeAtomically} from './state.ts';

/** Was this commit given back by an undo? Then nobody may renumber it again until HEAD is another one. One look at one file. */
export function isUndone(repo: Repo, headOid: string): boolean {
	return read(repo).includes(headOid);
}

export function markUndone(repo: Repo, headOid: string): void {
	const oids = read(repo).filter(oid => oid !== headOid);
	// A hundred undone heads are enough to remember.
	writeAtomically(statePath(repo, 'undone'), [...oids, headOid, ''].slice(-101).join('\n'));
}

function read(repo: Repo): string[] {
	const file = statePath(repo, 'undone');
	return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
