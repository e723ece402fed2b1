import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';
import {isStaleMergeHead} from '../git/revisions.ts';

/** Where a merge is, that is not a commit yet: git is about to commit it; a person concludes it; it is a squash. */
export type Stage = 'merge' | 'commit' | 'squash';

/** The commits that are being merged into HEAD; none when nothing is. */
export function mergedCommits(repo: Repo, stage: Stage, head: string, env: NodeJS.ProcessEnv = process.env): string[] {
	if (stage === 'merge') return announced(env).filter(oid => oid !== head);
	return stage === 'commit' ? mergeHeads(repo) : squashedTip(repo);
}

/**
 * In pre-merge-commit there is no MERGE_HEAD yet. Git names what it merges in the environment, `GITHEAD_<oid>=<as it was typed>`, sorted by git; the
 * order on the command line is that of GIT_REFLOG_ACTION (git: builtin/merge.c).
 */
function announced(env: NodeJS.ProcessEnv): string[] {
	const typed = (env.GIT_REFLOG_ACTION ?? '').split(' ');
	const place = (name: string) => (typed.includes(name) ? typed.indexOf(name) : typed.length);
	return Object.entries(env)
		.flatMap(([key, name = '']) => {
			const oid = /^GITHEAD_([0-9a-f]{40,64})$/.exec(key)?.[1];
			return oid === undefined ? [] : [{oid, place: place(name)}];
		})
		.sort((a, b) => a.place - b.place)
		.map(({oid}) => oid);
}

function mergeHeads(repo: Repo): string[] {
	const file = join(repo.gitDir, 'MERGE_HEAD');
	if (!existsSync(file) || isStaleMergeHead(repo)) return [];
	return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

/** The tip of the branch a `git merge --squash` is squashing: the first commit of SQUASH_MSG (git: builtin/merge.c squash_message). */
function squashedTip(repo: Repo): string[] {
	const file = join(repo.gitDir, 'SQUASH_MSG');
	const oid = existsSync(file) ? /^commit ([0-9a-f]{40,64})$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
	return oid === undefined ? [] : [oid];
}
