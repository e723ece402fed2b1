import path from 'node:path';

/** Where things are, in and under the directory that all worktrees of a repository share. Absolute paths. */
export interface Layout {
	readonly common: string;
	/** Everything of ours. */
	readonly home: string;
	readonly config: string;
	readonly hook: string;
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
export const EVENTS = ['post-merge', 'pre-commit', 'post-commit', 'post-rewrite'] as const;

/** Name the places of a repository. */
export function layoutOf(commonDir: string): Layout {
	const home = path.join(commonDir, 'migration-guard');
	return {
		common: commonDir,
		home,
		config: path.join(home, 'config'),
		hook: path.join(home, 'hook'),
		driver: path.join(home, 'merge-driver'),
		program: path.join(home, 'program'),
		hooks: path.join(home, 'hooks'),
		saved: path.join(commonDir, 'migration-guard-saved'),
		record: path.join(home, 'installed.json'),
		gitConfig: path.join(commonDir, 'config'),
		gitHooks: path.join(commonDir, 'hooks'),
		attributes: path.join(commonDir, 'info', 'attributes'),
	};
}
