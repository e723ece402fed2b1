import type {CommandTable} from './command.ts';

/**
 * The commands that git calls, many times a day: they are built into a file of their own (`dist/hook.cjs`), which must
 * stay small. `src/entry/cli.ts` knows their names.
 */
export const HOT_COMMANDS: CommandTable = {
	hook: () => import('./hook.ts'),
	'merge-driver': () => import('./merge-driver.ts'),
};
