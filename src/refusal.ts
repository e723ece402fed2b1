import type {NodeKey} from './migrations/key.ts';

/** An expected reason not to act, as a value. Every text is for people; `next` is the one command to run next. */
export interface Refusal {
	/** Stable, kebab-case; tests and `--json` use it. */
	readonly code: string;
	/** What happened, one sentence. */
	readonly what: string;
	readonly nodes: readonly NodeKey[];
	readonly paths: readonly string[];
	/** Why we stop. */
	readonly why: string;
	readonly next: string;
}
