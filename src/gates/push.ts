import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import type {Refusal} from '../refusal.ts';

/** Where a commit is to go. */
export interface Target {
	readonly remote: string;
	/** Without `refs/heads/`. */
	readonly branch: string;
}

/** What came of a push: done, there already, or not done and why. */
export type Pushed = {readonly kind: 'pushed' | 'there'} | {readonly kind: 'refused'; readonly refusal: Refusal};

/**
 * Push a commit to a branch, never by force. `onto` is what the branch must still be: where it has moved on, nothing is pushed, as
 * whoever moved it starts a run of his own. A remote that refuses is quoted.
 */
export function push(repo: Repo, commit: string, onto: string, {remote, branch}: Target): Pushed {
	const ref = `refs/heads/${branch}`;
	const asked = git(repo, ['ls-remote', '--end-of-options', remote, ref], {ok: ANY});
	if (asked.code !== 0) return failed(`${remote} could not be asked for ${branch}`, asked.stderr, remote, branch);
	const [now = ''] = text(asked).split(/\s/);
	if (now === commit) return {kind: 'there'};
	if (now !== onto) return {kind: 'refused', refusal: movedOn(remote, branch, now)};
	const {code, stderr} = git(repo, ['push', '--porcelain', '--end-of-options', remote, `${commit}:${ref}`], {ok: ANY});
	return code === 0 ? {kind: 'pushed'} : failed(`${remote} did not take the push to ${branch}`, stderr, remote, branch);
}

/** Whatever git answers: a remote has its own reasons. */
const ANY = [0, 1, 2, 3, 128, 129, -1];

function failed(what: string, stderr: string, remote: string, branch: string): Pushed {
	const said = stderr.split('\n').filter(line => line.trim() !== '');
	return {
		kind: 'refused',
		refusal: {
			code: 'push-failed',
			what: `${what}; nothing was pushed.`,
			nodes: [],
			paths: [],
			why: said.slice(-6).join('\n       ') || 'git gave no reason',
			next: `git push ${remote} HEAD:${branch}, with an account that may`,
		},
	};
}

function movedOn(remote: string, branch: string, now: string): Refusal {
	return {
		code: 'moved-on',
		what:
			now === ''
				? `${remote} has no branch ${branch}, so nothing was pushed.`
				: `${branch} has moved on at ${remote}, so nothing was pushed.`,
		nodes: [],
		paths: [],
		why:
			now === ''
				? 'It was deleted, or is called otherwise.'
				: `It is at ${now.slice(0, 9)} now; what was made here would not follow it.`,
		next: `git fetch ${remote} ${branch}, and run this again on it`,
	};
}
