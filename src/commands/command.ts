/** One flag of a command: what `util.parseArgs` wants, and what `--help` says about it. */
export interface Option {
	readonly type: 'boolean' | 'string';
	readonly short?: string;
	readonly multiple?: boolean;
	/** One line for `--help`, no final period. */
	readonly about: string;
	/** What the value is called in `--help`, for example `REF`. */
	readonly value?: string;
}

/** What a command gets: everything it may know of the process. It writes results to `out`, all else to `err`. */
export interface Context {
	readonly cwd: string;
	readonly positionals: readonly string[];
	readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** The result: text, or the one JSON document of `--json`. */
	readonly out: (text: string) => void;
	/** Progress, hints, refusals. */
	readonly err: (text: string) => void;
	/** Whether `out` is a terminal that wants colour. */
	readonly color: boolean;
	/** Ask the person at the terminal; null: there is none. */
	readonly confirm: (question: string) => Promise<boolean | null>;
}

/** One command of the table: help and documentation are made from it. */
export interface Command {
	readonly name: string;
	/** One line for the list of commands, no final period. */
	readonly summary: string;
	/** What follows the name, for example `[REV] [--json]`. */
	readonly usage: string;
	/** What a person should know before using it; printed under the usage line. */
	readonly about?: string;
	readonly options: Readonly<Record<string, Option>>;
	/** Whole command lines, each with what it does. */
	readonly examples: readonly (readonly [line: string, what: string])[];
	/** Called by git and not by people: left out of the list of commands. */
	readonly internal?: true;
	/** Do it and return the exit code (see `EXIT`). An expected failure is printed and returned, never thrown. */
	run(context: Context): Promise<number>;
}

/** Name → how to load it. Loading is lazy: a command pays for its own modules only. */
export type CommandTable = Readonly<Record<string, () => Promise<{readonly command: Command}>>>;
