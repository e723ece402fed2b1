import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

/** What of git brings migrations or moves a branch, and then calls hooks, which may still be resolving what stands. */
const MOVING = /^(?:merge|pull|commit|rebase|cherry-pick|revert|am|stash)$/;
/** The same without `commit`: before it has moved the branch, it may be an editor that is open for an hour. */
const BRINGING = /^(?:merge|pull|rebase|cherry-pick|revert|am|stash)$/;

/**
 * Is a git at work in one of these worktrees that changes or has changed it, and will call its hooks? `moved`: their branches have moved. Linux tells (proc(5): cmdline, cwd);
 * elsewhere the answer is no, and the time given to hooks must do.
 */
export function isGitAtWork(tops: readonly string[], {moved}: {readonly moved: boolean}): boolean {
	if (process.platform !== 'linux') return false;
	const verbs = moved ? MOVING : BRINGING;
	return readdirSync('/proc').some(name => {
		if (!/^\d+$/.test(name)) return false;
		try {
			const [program = '', ...args] = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
			if (!/(?:^|\/)git$/.test(program) || !args.some(arg => verbs.test(arg))) return false;
			return tops.includes(readlinkSync(`/proc/${name}/cwd`));
		} catch {
			// It has ended, or is another user's.
			return false;
		}
	});
}
