import {shellQuote} from '../install/launchers.ts';

/** Something that is not in place, with the one command that mends it. All text is for people but the code. */
export interface Complaint {
	/** Stable, kebab-case; tests and `--json` use it. */
	readonly code: string;
	/** What is wrong, one sentence without its period. */
	readonly what: string;
	/** What comes of it, or how it came about. */
	readonly why: string;
	/** One command line for sh, to be run at the top of the worktree. */
	readonly mend: string;
}

/** Something that may be as it should be, and that a person may want to decide otherwise. It is no reason for exit code 1. */
export interface Notice {
	/** Stable, kebab-case. */
	readonly code: string;
	readonly what: string;
	readonly why: string;
	/** The line of configuration that decides it. */
	readonly choose: string;
}

/** Mends whatever belongs to the installation itself. */
export const INSTALL = 'migration-guard install';

/** A word of such a command line, quoted only where it must be. */
export function shellWord(word: string): string {
	return /^[\w./:@-]+$/.test(word) ? word : shellQuote(word);
}
