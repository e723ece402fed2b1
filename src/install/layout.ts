import path from 'node:path';

/** Where things are, in and under the directory that all worktrees of a repository share. Absolute paths. */
export interface Layout {
	readonly common: string;
	/** Everything of ours. */
	readonly home: string;
	readonly config: string;
	readonly hook: string;
	/** What the hook of a server runs: a script of its own, as a bare repository may have worktrees with hooks. */
	readonly serverHook: string;
	readonly driver: string;
	readonly program: string;
	/** Hooks of ours where `core.hooksPath` has to point to them. */
	readonly hooks: string;
	/** Foreign hooks that ours call, beside `hooks` and not in `home`: a relative symbolic link still leads where it led. */
	readonly saved: string;
	readonly record: string;
	readonly gitConfig: string;
	readonly gitHooks: string;
	readonly attributes: string;
}

/** The events that git tells us about, in the order they were added. The stub `hooks/hook.sh` has a case for each. */
export const EVENTS = [
	'post-merge',
	'pre-merge-commit',
	'pre-commit',
	'post-commit',
	'post-rewrite',
	'post-applypatch',
	'pre-push',
] as const;

/** The events of a server that we may be asked at: the push as a whole, or each ref of it. One of them is ours at a time. */
export const SERVER_EVENTS = ['pre-receive', 'update'] as const;

export type ServerEvent = (typeof SERVER_EVENTS)[number];

/** Whether a hook is one of a server, where others push to. */
export function isServerEvent(event: string): event is ServerEvent {
	return (SERVER_EVENTS as readonly string[]).includes(event);
}

/** Name the places of a repository. */
export function layoutOf(commonDir: string): Layout {
	return {
		...layoutIn(path.join(commonDir, 'migration-guard')),
		common: commonDir,
		saved: path.join(commonDir, 'migration-guard-saved'),
		gitConfig: path.join(commonDir, 'config'),
		gitHooks: path.join(commonDir, 'hooks'),
		attributes: path.join(commonDir, 'info', 'attributes'),
	};
}

/** Name what lies in a folder of ours; what is git's has still to be named. */
export function layoutIn(home: string): Omit<Layout, 'common' | 'gitConfig' | 'attributes'> {
	return {
		home,
		config: path.join(home, 'config'),
		hook: path.join(home, 'hook'),
		serverHook: path.join(home, 'server-hook'),
		driver: path.join(home, 'merge-driver'),
		program: path.join(home, 'program'),
		hooks: path.join(home, 'hooks'),
		saved: path.join(home, 'saved'),
		record: path.join(home, 'installed.json'),
		gitHooks: path.join(home, 'hooks'),
	};
}
