import type {NodeKey} from '../migrations/key.ts';

/** What an error text is about, before anything is known of the repository. `said` is the part of the text that was recognised. */
export type Diagnosis = {readonly said: string} & Trouble;

/** A thing of the database, as its error names it. */
export interface Thing {
	readonly what: 'column' | 'table' | 'index' | 'constraint';
	readonly name: string;
	/** Null: the database did not say (SQLite names no table of a duplicate column). */
	readonly table: string | null;
}

export type Trouble =
	/** migrate.py, makemigrations.py: several leaf nodes. `app` is null where the text does not name it. */
	| {
			readonly kind: 'conflicting-migrations';
			readonly apps: readonly {readonly app: string | null; readonly names: readonly string[]}[];
	  }
	/** loader.py, graph.py:NodeNotFoundError. */
	| {
			readonly kind: 'node-not-found';
			/** What named it: another migration, a name on the command line, or a squash of squashes. */
			readonly by: 'dependency' | 'command' | 'squash';
			/** Null where Django did not say who asked. */
			readonly node: NodeKey | null;
			readonly missing: NodeKey;
	  }
	/** loader.py:check_consistent_history. */
	| {readonly kind: 'inconsistent-history'; readonly child: NodeKey; readonly parent: NodeKey; readonly database: string}
	/** graph.py:ensure_not_cyclic. */
	| {readonly kind: 'circular-dependency'; readonly cycle: readonly NodeKey[]}
	/** A database that has what a migration makes. `applying`: the migration that was running, where the text says so. */
	| {readonly kind: 'already-exists'; readonly thing: Thing; readonly applying: NodeKey | null}
	/** A database that lacks what is asked for. */
	| {readonly kind: 'does-not-exist'; readonly thing: Thing; readonly applying: NodeKey | null}
	/** recorder.py:ensure_schema. */
	| {readonly kind: 'schema-missing'; readonly reason: string}
	/** loader.py:load_disk: BadMigrationError. */
	| {readonly kind: 'no-migration-class'; readonly node: NodeKey}
	/** Python could not compile a migration. */
	| {readonly kind: 'unreadable-file'; readonly path: string; readonly line: number; readonly error: string}
	/** A relation to, a base of, or a get_model for a model that Django's state does not have. */
	| {
			readonly kind: 'unresolved-model';
			/** In lower case: `zcat.cat`; of a whole app `zcat.`. */
			readonly model: string | null;
			/** The model that has the field or the base, in lower case. */
			readonly by: string | null;
			readonly applying: NodeKey | null;
	  }
	/** state.py: a field, model, index or constraint that is not in the state an operation works on. */
	| {
			readonly kind: 'not-in-state';
			/** `shop.item`, or `item` where Django leaves the app out; null: unknown. */
			readonly model: string | null;
			readonly name: string | null;
			readonly what: 'field' | 'model' | 'index' | 'constraint';
			readonly applying: NodeKey | null;
	  }
	/** migration.py:unapply, and operations/special.py in the middle of it. */
	| {readonly kind: 'irreversible'; readonly node: NodeKey | null; readonly operation: string | null}
	/** loader.py:check_key. */
	| {readonly kind: 'app-without-migrations'; readonly app: string; readonly known: boolean}
	/** loader.py:replace_migration (Django 6.0), and what becomes of it before. */
	| {readonly kind: 'squash-cycle'; readonly node: NodeKey}
	/** makemigrations.py:handle_merge. */
	| {readonly kind: 'no-common-ancestor'; readonly nodes: readonly NodeKey[]}
	/** migrate.py, sqlmigrate.py: a name on the command line. */
	| {readonly kind: 'unknown-name'; readonly app: string; readonly name: string; readonly several: boolean}
	/** apps/registry.py:get_app_config, and migrate.py for an app without migrations. */
	| {readonly kind: 'unknown-app'; readonly app: string}
	/** django-linear-migrations/apps.py:check_max_migration_files. */
	| {readonly kind: 'max-migration'; readonly code: `dlm.E00${number}`; readonly app: string; readonly names: readonly string[]}
	/** Advice that does nothing, or a text that Django never prints; `claim` names an entry of hearsay.ts. */
	| {readonly kind: 'hearsay'; readonly claim: string};
