import type {DjangoSettings} from '../migrations/django-settings.ts';
import type {MigrationGraph} from '../migrations/graph.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import type {SchemaChange} from '../state/schema-changes.ts';

export type {SchemaChange} from '../state/schema-changes.ts';

/** A commit as an answer names it. */
export interface Commit {
	/** Abbreviated. */
	readonly oid: string;
	readonly subject: string;
	readonly author: string;
	/** `2024-01-15`, in the author's time zone. */
	readonly date: string;
}

/** What git knows of a file that the tree does not have. */
export interface Lost {
	/** The commit that took it away, and its parent that still had it; null: no commit of this history did. */
	readonly deleted: (Commit & {readonly parent: string}) | null;
	/** The same migration under another name in the tree. */
	readonly renamedTo: NodeKey | null;
	/** Branches whose tree has it, as people call them, local ones first. */
	readonly branches: readonly string[];
}

/** A name that a migration had before it was renumbered. */
export interface Former {
	readonly key: NodeKey;
	/** A commit that still calls it so. */
	readonly commit: string;
	/** The migration there that was not renumbered: what the oldest renumbered one came after; null: nothing of its app. */
	readonly forkPoint: NodeKey | null;
}

/** What is known of a repository. What costs a git process or a reading of operations is a function, asked only when needed. */
export interface Facts {
	readonly project: Project;
	readonly graph: MigrationGraph;
	readonly settings: DjangoSettings;
	text(path: string): string;
	/** How the project's Django is called: `python manage.py`. */
	readonly manage: string;
	/** Whether git has the file, in the tree that is looked at: one that it has not is on nobody else's disk. */
	isTracked(path: string): boolean;
	/** Null: no remote mainline is known. */
	isPublished(path: string): boolean | null;
	/** The commit that brought a file into this history; null: none did yet. */
	origin(path: string): Commit | null;
	lost(path: string): Lost;
	formerNames(key: NodeKey): readonly Former[];
	/** The commit since which a file has mentioned a text, with its parent; null: it always did, or never. */
	mentionedSince(path: string, text: string): (Commit & {readonly parent: string}) | null;
	/** Every operation that changes the schema, in the order in which Django runs them. */
	changes(): readonly SchemaChange[];
}
