import type {NodeKey} from '../migrations/key.ts';
import type {Migration} from '../migrations/migration.ts';
import type {FileState, Files} from './revision.ts';

/** Several revisions of the guarded files that became, or are becoming, one. */
export interface Meeting {
	/** What all sides started from. */
	readonly base: Files;
	/** In git's order: the first is what git calls ours. */
	readonly sides: readonly Files[];
	/** What git's own merge, with our merge driver, wrote. */
	readonly git: Files;
	/** What stands now. Where it differs from `git` the user decided, and the decision stands. */
	readonly result: Files;
	/** Paths of the result that stand under another name in the sides: the path → that name's path. */
	readonly renamed?: ReadonlyMap<string, string>;
	/** Folder → app label. */
	readonly labels: ReadonlyMap<string, string>;
}

/**
 * One migration of the merged history, before anything is renumbered.
 *
 * Two entries may have one name: both sides added it. That is why a reference is resolved from the side that wrote it, and
 * never by its name alone.
 */
export interface Entry {
	readonly app: string;
	readonly name: string;
	readonly path: string;
	readonly file: FileState;
	/** Which side brought this version (the first that did); null when all have it, when git merged its text, or when the user wrote it. */
	readonly side: number | null;
	/** The file as its side had it: the same, unless a person edited it while resolving. Says whether it is published. */
	readonly origin: FileState;
	/** Not in the common ancestor. Only such a migration may ever move. */
	readonly isNew: boolean;
	/** Where its edges (dependencies, replaces, run_before) stand: the same file, unless one side renumbered what another edited. */
	readonly edges: {readonly file: FileState; readonly migration: Migration; readonly side: number | null};
}

/** A published migration that one side calls by another name: the side's path → the published path. */
export interface FrozenName {
	readonly side: number;
	readonly published: string;
	readonly called: string;
	/** The text: the published one, or that side's edit of it. */
	readonly file: FileState;
}

/** The merged history: its migrations, and what each side calls them. */
export interface Assembly {
	readonly entries: readonly Entry[];
	/** Per side: the names that side knows → the entry meant. */
	readonly names: readonly ReadonlyMap<NodeKey, Entry>[];
	/** Names by anyone, for files that belong to nobody in particular. */
	readonly anyone: ReadonlyMap<NodeKey, Entry>;
	/** Guarded paths kept just as they stand: unreadable, or settled by the user, or helper files. */
	readonly asIs: ReadonlySet<string>;
	/** Paths into which git's rename detection had put another file's edit. */
	readonly repaired: readonly string[];
	/** Published migrations a side had renumbered: they keep their published names. */
	readonly frozen: readonly FrozenName[];
	/** Paths of the common ancestor that a side deleted. */
	readonly deleted: ReadonlySet<string>;
}
