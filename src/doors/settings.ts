import type {LoadOptions} from '../migrations/project.ts';

/** What a door has to know of the configuration. */
export interface Settings {
	readonly load: LoadOptions;
	/** Refs, or null: the default ones. */
	readonly mainline: readonly string[] | null;
	readonly strategy: 'renumber' | 'merge';
	readonly commit: 'amend' | 'separate';
	/** Seconds; null: never warn. */
	readonly staleAfter: number | null;
}
