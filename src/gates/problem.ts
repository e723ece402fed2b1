/** Something that a gate has to say about what wants to come in. Texts are for people; lists of several gates are simply joined. */
export interface GateProblem {
	/** Stable, kebab-case; tests and `--json` use it. */
	readonly code: string;
	/** `stop`: it must not come in. */
	readonly weight: 'stop' | 'warn';
	/** What is the matter, in one line. */
	readonly what: string;
	/** One line each: migrations, files, what becomes what. */
	readonly details: readonly string[];
	readonly why: string | null;
	/** The one command to run next; null: nothing has to be done now. */
	readonly next: string | null;
}
