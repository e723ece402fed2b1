import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';

/** What was checked out before git's command, and where its result stands now. */
export interface Before {
	readonly revision: string;
	readonly now: 'HEAD' | 'index';
}

/**
 * What was checked out when the user typed the command whose hook this is. A branch that is being merged or picked has no say in how
 * that is done, so it is not its configuration that must be read. For a rebase it is the branch that is rebased, as it was
 * (`git rebase X branch` checks the branch out first), and not what it is put on. Undefined where git's
 * command checks nothing out.
 */
export function checkedOutBefore(repo: Repo, event: string, args: readonly string[]): Before | undefined {
	// These files are no refs in a reftable.
	const noted = (name: string) => {
		const file = join(repo.gitDir, name);
		return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
	};
	switch (event) {
		case 'pre-merge-commit':
		case 'pre-commit':
			return {revision: 'HEAD', now: 'index'};
		case 'post-merge':
			return args[0] === '1' ? {revision: 'HEAD', now: 'index'} : {revision: 'ORIG_HEAD', now: 'HEAD'};
		case 'post-commit':
			return {revision: noted('sequencer/head') ?? 'HEAD^1', now: 'HEAD'};
		case 'post-rewrite':
		case 'post-applypatch':
			return {revision: noted('rebase-merge/orig-head') ?? 'ORIG_HEAD', now: 'HEAD'};
		default:
			return undefined;
	}
}
