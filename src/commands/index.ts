import type {CommandTable} from './command.ts';

/** The commands that people call, in the order of `--help`. */
export const COMMANDS: CommandTable = {
	install: () => import('./install.ts'),
	check: () => import('./check.ts'),
	graph: () => import('./graph.ts'),
	conflicts: () => import('./conflicts.ts'),
	branches: () => import('./branches.ts'),
	order: () => import('./order.ts'),
	explain: () => import('./explain.ts'),
	'max-migration': () => import('./max-migration.ts'),
	'rollback-plan': () => import('./rollback-plan.ts'),
	drift: () => import('./drift.ts'),
	fix: () => import('./fix.ts'),
	db: () => import('./db.ts'),
	doctor: () => import('./doctor.ts'),
	watch: () => import('./watch.ts'),
	daemon: () => import('./daemon.ts'),
	undo: () => import('./undo.ts'),
	uninstall: () => import('./uninstall.ts'),
};
