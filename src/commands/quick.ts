import type {CommandTable} from './command.ts';

/**
 * Commands whose answer is most of the time known from an earlier run: they are built into a file of their own (`dist/check.cjs`), which
 * loads what reads migrations only when it has to. `src/entry/cli.ts` knows their names.
 */
export const QUICK_COMMANDS: CommandTable = {
	check: () => import('./check.ts'),
};
