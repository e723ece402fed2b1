import type {Repo} from '../git/repo.ts';
import {remotesOf} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';

/**
 * The command that brings REF and the history around it into this clone: a clone made by a CI often has one commit and no other
 * branch. `origin/main` is read as a branch of the remote `origin`, also where there is none yet; a bare name as one of the only remote.
 */
export function fetchLine(repo: Repo, ref: string): string {
	return `git ${fetchArguments(repo, ref).join(' ')}`;
}

/** The same as arguments for git; with `tree` only its tree is fetched, and no history. */
export function fetchArguments(repo: Repo, ref: string, tree = false): string[] {
	const remotes = remotesOf(repo);
	const short = ref.replace(/^refs\/remotes\//, '');
	const known = remotes.length > 0 ? remotes : ['origin'];
	const remote = known.filter(name => short.startsWith(`${name}/`)).sort((a, b) => b.length - a.length)[0];
	const where = remote ?? remotes[0] ?? 'origin';
	const deepen = isShallow(repo) ? ['--unshallow'] : [];
	const args = ['fetch', '--no-tags', ...(tree ? ['--depth=1'] : deepen), where];
	if (/^[0-9a-f]{40,64}$/.test(ref)) return [...args, ref];
	const branch = remote === undefined ? ref.replace(/^refs\/heads\//, '') : short.slice(remote.length + 1);
	return [...args, `+refs/heads/${branch}:refs/remotes/${where}/${branch}`];
}

/** Whether the clone leaves out history (`--depth`). */
export function isShallow(repo: Repo): boolean {
	return text(git(repo, ['rev-parse', '--is-shallow-repository'])) === 'true';
}
