import {chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';

/**
 * Write a small file of the worktree so that it holds the old text or the new one, whenever we are killed or the disk is full. The new text waits
 * in the git directory: a file of ours in the worktree, left there, would be committed by the next `git add -A`. Throws what
 * Node throws, and then the file is as it was.
 */
export function replaceFile(repo: Repo, path: string, text: string): void {
	const file = join(repo.cwd, path);
	const target = existsSync(file) ? realpathSync(file) : file;
	const waiting = join(repo.gitDir, `migration-guard-file-${process.pid}`);
	try {
		writeFileSync(waiting, text);
		if (existsSync(target)) chmodSync(waiting, statSync(target).mode);
		renameSync(waiting, target);
	} catch (error) {
		rmSync(waiting, {force: true});
		// A linked worktree may be on another disk than its git directory.
		if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
		writeFileSync(target, text);
	}
}
