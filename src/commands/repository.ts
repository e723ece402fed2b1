import {UsageError} from '../errors.ts';
import {openRepo, type Repo} from '../git/repo.ts';
import {GitError} from '../git/run.ts';

/** The repository around a directory. Throws UsageError when there is none. */
export function requireRepo(cwd: string): Repo {
	const repo = openOwned(cwd);
	if (!repo) throw new UsageError(`${cwd} is not in a git repository`);
	return repo;
}

/** The same, with a worktree. Throws UsageError in a bare repository. */
export function requireWorktree(cwd: string): Repo & {readonly top: string} {
	const repo = requireRepo(cwd);
	if (repo.top === null) throw new UsageError(`${cwd} is a bare repository; this needs a worktree`);
	return {...repo, top: repo.top};
}

/** A repository of another user, as a container often has it, is for git's configuration to allow: git says how. */
function openOwned(cwd: string): Repo | null {
	try {
		return openRepo(cwd);
	} catch (error) {
		if (error instanceof GitError && /dubious ownership/.test(error.stderr)) throw new UsageError(error.stderr.trim());
		throw error;
	}
}
