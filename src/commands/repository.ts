import {UsageError} from '../errors.ts';
import {openRepo, type Repo} from '../git/repo.ts';

/** The repository around a directory. Throws UsageError when there is none. */
export function requireRepo(cwd: string): Repo {
	const repo = openRepo(cwd);
	if (!repo) throw new UsageError(`${cwd} is not in a git repository`);
	return repo;
}
