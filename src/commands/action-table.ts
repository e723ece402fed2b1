import type {CommandTable} from './command.ts';

/** What `dist/action.cjs` runs: one command, which takes everything from its environment. */
export const ACTION: CommandTable = {action: () => import('./action.ts')};
