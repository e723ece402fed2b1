import type {CommandTable} from './command.ts';

/** What the hook of a bare repository calls: `dist/main.cjs` knows it, and no list of commands. */
export const SERVER_COMMANDS: CommandTable = {'server-hook': () => import('./server-hook.ts')};

/** What `dist/action.cjs` runs: one command, which takes everything from its environment. */
export const ACTION: CommandTable = {action: () => import('./action.ts')};
