import {UsageError} from '../errors.ts';
import {openRepo, type Repo} from '../git/repo.ts';

/** The repository around a directory. Throws UsageError when there is none. */
export function requireRepo(cwd: string): Repo {
	const repo = openRepo(cwd);
	if (!repo) throw new UsageError(`${cwd} is not in a git repository`);
	return repo;
}

/** The same, with a worktree. Throws UsageError in a bare repository. */
export function requireWorktree(cwd: string): Repo & {readonly top: string} {
	const repo = requireRepo(cwd);
	if (repo.top === null) throw new UsageError(`${cwd} is a bare repository; this needs a worktree`);
	return {...repo, top: repo.top};
}
