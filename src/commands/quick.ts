import type {CommandTable} from './command.ts';

/**
 * Commands that only look at a tree: they are built into a file of their own (`dist/check.cjs`), which loads what reads migrations when it
 * has to; most of the time the answer of `check` is known from an earlier run. `src/entry/cli.ts` knows their names.
 */
export const QUICK_COMMANDS: CommandTable = {
	check: () => import('./check.ts'),
	order: () => import('./order.ts'),
};
