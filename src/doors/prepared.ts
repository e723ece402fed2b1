import {readFileSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';
import type {Plan} from '../plan/plan.ts';
import {VERSION} from '../version.ts';
import {statePath, writeAtomically} from '../worktree/state.ts';

/** What pre-merge-commit worked out for the post-merge of the same `git merge`, so that it is done once. */
export interface Prepared {
	/** HEAD first. */
	readonly parents: readonly string[];
	/** What git is about to commit. */
	readonly tree: string;
	readonly base: string | null;
	/** Its changes are blobs already. */
	readonly plan: Plan;
	/** What is to stand in the place of `tree`; written already. */
	readonly result: string;
}

/** Milliseconds: refs that are fetched or pushed while somebody thinks about a message may change who is published. */
const FRESH = 60_000;

/** Keep it. Never fails: post-merge can do without. */
export function keepPrepared(repo: Repo, prepared: Prepared): void {
	try {
		writeAtomically(fileIn(repo), JSON.stringify({version: VERSION, ...prepared}));
	} catch {
		// A full disk: it will be worked out again.
	}
}

/** Take what was kept for this very merge; it is gone then. Null: there is nothing that can be trusted. */
export function takePrepared(repo: Repo, parents: readonly string[], tree: string): Prepared | null {
	try {
		const made = statSync(fileIn(repo)).mtimeMs;
		const {version, ...prepared} = JSON.parse(readFileSync(fileIn(repo), 'utf8')) as Prepared & {version: string};
		rmSync(fileIn(repo), {force: true});
		const fetched = statSync(join(repo.commonDir, 'FETCH_HEAD'), {throwIfNoEntry: false})?.mtimeMs ?? 0;
		const isFresh = Date.now() - made < FRESH && fetched < made;
		const isSame = version === VERSION && prepared.tree === tree && prepared.parents.join() === parents.join();
		return isFresh && isSame ? prepared : null;
	} catch {
		return null;
	}
}

function fileIn(repo: Repo): string {
	return statePath(repo, 'prepared');
}
