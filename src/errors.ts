/** The exit codes of every command; docs and tests read this table. */
export const EXIT = {ok: 0, problems: 1, usage: 2, bug: 70, interrupted: 130} as const;

/** An impossible state: our own mistake, never the user's. Printed with a request to report it, exit 70. */
export class Bug extends Error {
	override name = 'Bug';
}

/** A command line or configuration that cannot be understood: names the flag, file or key. Exit 2. */
export class UsageError extends Error {
	override name = 'UsageError';
}

/** How `hook` says that git's command has to stop. Node ends with 1 when it cannot read the program, and that must stop nobody. */
export const STOP = 40;
