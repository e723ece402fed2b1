import type {Handling} from '../commute/weigh.ts';
import type {LoadOptions} from '../migrations/project.ts';

/** What a door has to know of the configuration. */
export interface Settings {
	readonly load: LoadOptions;
	/** Refs, or null: the default ones. */
	readonly mainline: readonly string[] | null;
	readonly strategy: 'renumber' | 'merge';
	readonly commit: 'amend' | 'separate';
	/** What becomes of a picked migration that is published and does not fit where it was picked to. */
	readonly backport: 'repoint' | 'merge' | 'refuse';
	/** What becomes of work that does not commute. */
	readonly handling: Handling;
	/** Seconds; null: never warn. */
	readonly staleAfter: number | null;
	/** Days for which what was replaced is kept. */
	readonly undoFor: number;
	/** Whether a hook starts the daemon where none runs. */
	readonly autoStart: boolean;
}
