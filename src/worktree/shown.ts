import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import type {Repo} from '../git/repo.ts';
import {statePath, writeAtomically} from './state.ts';

/** What a person was shown of one merge, and need not be stopped for again. */
export interface Shown {
	has(thing: string): boolean;
	/** Remember more of it. Never fails. */
	add(things: readonly string[]): void;
}

/** As many lines as anybody will come back to. */
const MOST = 1000;

/** What was shown of the merge of some commits; HEAD is one of them, so it is forgotten as soon as the merge is made. */
export function shownOf(repo: Repo, commits: readonly string[]): Shown {
	const file = statePath(repo, 'shown');
	const merge = digest([...commits].sort().join());
	const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
	const lineOf = (thing: string) => `${merge} ${digest(thing)}`;
	return {
		has: thing => lines.includes(lineOf(thing)),
		add(things) {
			const fresh = things.map(lineOf).filter(line => !lines.includes(line));
			if (fresh.length === 0) return;
			try {
				writeAtomically(file, [...lines, ...new Set(fresh), ''].slice(-MOST).join('\n'));
			} catch {
				// A full disk must not keep a merge from being renumbered.
			}
		},
	};
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
