import {shortRef} from '../doors/label.ts';
import {UsageError} from '../errors.ts';
import {type Pushed, push, type Target} from '../gates/push.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {remotesOf, resolveCommit} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import type {Outcome} from '../plan/outcome.ts';

/** The branch that `--push` means: named, or the one that the branch at HEAD is pushed to. Throws UsageError. */
export function targetOf(repo: Repo, named: string | undefined, ref: string | null): Target {
	const local = shortRef(headRef(repo));
	const configured = (key: string) => text(git(repo, ['config', '--get', key], {ok: [0, 1]}));
	const remotes = remotesOf(repo);
	const fromRef = remotes.find(name => ref?.startsWith(`${name}/`));
	const followed = local === null ? '' : configured(`branch.${local}.remote`);
	const remote = followed || fromRef || (remotes.includes('origin') ? 'origin' : remotes[0]);
	if (!remote) throw new UsageError('--push: there is no remote');
	const merge = local === null ? '' : configured(`branch.${local}.merge`).replace('refs/heads/', '');
	const branch = named ?? (merge || local);
	if (!branch) throw new UsageError('HEAD is on no branch; say which one is to be pushed: --push --branch NAME');
	return {remote, branch};
}

/** Push HEAD after `fix --commit` made a commit: a fast-forward of what this clone knows of the branch, or nothing. */
export function pushHead(repo: Repo, outcome: Outcome, target: Target): Pushed | null {
	if (outcome.kind !== 'done' || outcome.how === 'staged' || outcome.how === 'dry run') return null;
	const known = resolveCommit(repo, `refs/remotes/${target.remote}/${target.branch}`) ?? '';
	return push(repo, resolveCommit(repo, 'HEAD')!, known, target);
}

/** What came of a push, in a line. */
export function pushedLine(pushed: Pushed, {remote, branch}: Target): string {
	return pushed.kind === 'there' ? `${branch} at ${remote} has it already.` : `Pushed to ${branch} at ${remote}.`;
}
