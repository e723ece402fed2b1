import type {CommandTable} from './command.ts';

/** The commands that people call, in the order of `--help`. */
export const COMMANDS: CommandTable = {
	install: () => import('./install.ts'),
	doctor: () => import('./doctor.ts'),
	check: () => import('./check.ts'),
	graph: () => import('./graph.ts'),
	order: () => import('./order.ts'),
	conflicts: () => import('./conflicts.ts'),
	branches: () => import('./branches.ts'),
	fix: () => import('./fix.ts'),
	undo: () => import('./undo.ts'),
	'max-migration': () => import('./max-migration.ts'),
	db: () => import('./db.ts'),
	explain: () => import('./explain.ts'),
	'rollback-plan': () => import('./rollback-plan.ts'),
	drift: () => import('./drift.ts'),
	watch: () => import('./watch.ts'),
	daemon: () => import('./daemon.ts'),
	uninstall: () => import('./uninstall.ts'),
};
