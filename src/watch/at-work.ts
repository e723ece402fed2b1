import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

/** What of git moves a branch and then calls hooks, which may still be resolving what stands. */
const MOVING = /^(?:merge|pull|commit|rebase|cherry-pick|revert|am|stash)$/;

/**
 * Is a git at work in one of these worktrees that has moved its branch and now waits for its hooks? Linux tells (proc(5): cmdline, cwd);
 * elsewhere the answer is no, and the time given to hooks must do.
 */
export function isMovingGit(tops: readonly string[]): boolean {
	if (process.platform !== 'linux') return false;
	return readdirSync('/proc').some(name => {
		if (!/^\d+$/.test(name)) return false;
		try {
			const [program = '', ...args] = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
			if (!/(?:^|\/)git$/.test(program) || !args.some(arg => MOVING.test(arg))) return false;
			return tops.includes(readlinkSync(`/proc/${name}/cwd`));
		} catch {
			// It has ended, or is another user's.
			return false;
		}
	});
}
