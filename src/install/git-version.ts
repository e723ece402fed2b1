import {type GitPlace, git, text} from '../git/run.ts';

/** `merge-tree --write-tree` came with git 2.38; without it there is nothing to build on. */
export const oldestGit = [2, 38] as const;
/** Since git 2.54 a hook can be a line of configuration. */
const configurableHooks = [2, 54] as const;

export interface GitVersion {
	/** As git says it: `2.39.5`. */
	readonly text: string;
	readonly supported: boolean;
	readonly configurableHooks: boolean;
}

/** Ask git for its version: one process. */
export function gitVersion(place: GitPlace): GitVersion {
	return parseGitVersion(text(git(place, ['version'])));
}

/** Read `git version 2.39.5 (Apple Git-154)`, `git version 2.45.1.windows.1`, `git version 2.55.GIT`. */
export function parseGitVersion(said: string): GitVersion {
	const [, number = said.trim(), major = '0', minor = '0'] = /((\d+)\.(\d+)\S*)/.exec(said) ?? [];
	const since = ([a, b]: readonly [number, number]) => Number(major) > a || (Number(major) === a && Number(minor) >= b);
	return {text: number, supported: since(oldestGit), configurableHooks: since(configurableHooks)};
}
