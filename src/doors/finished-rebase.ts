import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pseudoRef, type Repo} from '../git/repo.ts';
import {commitInfos, commitsBetween} from '../git/revisions.ts';

/** A run of commits that git has put on top of others. */
export interface Replay {
	/** What they were put on; its commits are never rewritten. */
	readonly onto: string;
	/** What was replayed, as it was: the tip of the rebased branch, the picked commit. Unknown (`onto`) where git keeps no note of it. */
	readonly start: string;
	/** Where HEAD's branch was before the command. */
	readonly before: string;
	/** The finished tip. */
	readonly head: string;
	/** Parents first. */
	readonly range: readonly string[];
}

/** Read git's own notes of the rebase that has just finished (post-rewrite runs before git removes them). */
export function finishedRebase(repo: Repo, head: string): Replay | null {
	const read = (name: string): string | null => {
		const files = ['rebase-merge', 'rebase-apply']
			.map(folder => join(repo.gitDir, folder, name))
			.filter(file => existsSync(file));
		return files[0] === undefined ? null : readFileSync(files[0], 'utf8').trim();
	};
	const start = read('orig-head') ?? pseudoRef(repo, 'ORIG_HEAD');
	if (start === null) return null;
	// The apply backend keeps no `onto` unless it stopped once, but a list of what it made: `old new`, in order.
	const first = /^\S+ (\S+)/.exec(read('rewritten') ?? '')?.[1];
	const onto = read('onto') ?? (first === undefined ? null : (commitInfos(repo, [first])[0]!.parents[0] ?? null));
	const range = onto === null ? [] : commitsBetween(repo, [head], [onto, start]);
	return onto === null || range.length === 0 ? null : {onto, start, before: start, head, range};
}
