import type {Field, ModelKey} from './field.ts';

/** An index or a constraint. */
export interface Rule {
	readonly name: string;
	readonly type: string;
	/** Its arguments without its name. */
	readonly text: string;
	/** Names of fields in it, as they are spelled: those it lists, and what its expressions may mean. */
	readonly fields: readonly string[];
	/** It compares values, so that the type of a field matters to it. */
	readonly compares: boolean;
	/** Null, or why it may name other fields as well. */
	readonly unclear: string | null;
}

/** Operations of one migration, in its order; `line` is where each starts. */
export type Operation = {
	readonly app: string;
	/** The model it is about; null: none, or unknown. */
	readonly model: ModelKey | null;
	readonly line: number;
	/** As people call it: `AddField item.price`. */
	readonly title: string;
	/** Two operations that do the same have the same. */
	readonly text: string;
} & Work;

export type Work =
	| {
			readonly kind: 'CreateModel';
			readonly name: string;
			readonly fields: readonly Field[];
			readonly options: ReadonlyMap<string, string>;
			readonly together: ReadonlyMap<string, readonly (readonly string[])[]>;
			readonly indexes: readonly Rule[];
			readonly constraints: readonly Rule[];
			readonly bases: readonly ModelKey[];
			readonly managers: string | null;
			/** Null, or why it may point at any model. */
			readonly unclear: string | null;
			/** Null, or why its table and its rules may have any name. */
			readonly unclearOptions: string | null;
	  }
	| {readonly kind: 'DeleteModel'}
	| {readonly kind: 'RenameModel'; readonly to: string}
	/** One option as a whole: table, comment, what to order by. */
	| {readonly kind: 'SetOption'; readonly option: string; readonly value: string | null}
	| {readonly kind: 'SetTogether'; readonly option: string; readonly value: readonly (readonly string[])[]}
	| {readonly kind: 'AlterModelOptions'; readonly options: ReadonlyMap<string, string>}
	| {readonly kind: 'AlterModelManagers'; readonly managers: string}
	| {readonly kind: 'AddField'; readonly field: Field}
	| {readonly kind: 'AlterField'; readonly field: Field}
	/** `field` is in lower case, `spelled` as it is written, which is what the state is asked for. */
	| {readonly kind: 'RemoveField'; readonly field: string; readonly spelled: string}
	| {readonly kind: 'RenameField'; readonly from: string; readonly to: string}
	| {readonly kind: 'AddIndex'; readonly rule: Rule}
	| {readonly kind: 'AddConstraint'; readonly rule: Rule}
	| {readonly kind: 'RemoveIndex'; readonly name: string}
	| {readonly kind: 'RemoveConstraint'; readonly name: string}
	| {readonly kind: 'RenameIndex'; readonly from: string | null; readonly fields: readonly string[]; readonly to: string}
	| {readonly kind: 'AlterConstraint'; readonly name: string; readonly rule: Rule}
	| {readonly kind: 'Separate'; readonly database: readonly Operation[]; readonly state: readonly Operation[]}
	/** `reverse`: what RunPython and RunSQL have for the way back. */
	| {
			readonly kind: 'Run';
			readonly mentions: Mentions;
			readonly state: readonly Operation[];
			readonly reverse: 'none' | 'noop' | 'work';
	  }
	/** A thing of the database that belongs to no table: a collation. */
	| {readonly kind: 'CreateThing' | 'RemoveThing'; readonly thing: string}
	/** Nothing that another operation could meet: a validation, an extension. */
	| {readonly kind: 'Harmless'}
	/**
	 * What cannot be read. `guessed`: that it is about its model is said by no `model_name`. `pointing`: it may point at any other one. `words`: the strings
	 * among its arguments and in its class, in lower case, which may be the label and the name of a model of another app.
	 */
	| {
			readonly kind: 'Opaque';
			readonly why: string;
			readonly guessed: boolean;
			readonly pointing: boolean;
			readonly words: ReadonlySet<string>;
	  };

/** What code or SQL of a migration names; all in lower case. */
export interface Mentions {
	readonly language: 'python' | 'sql';
	/** Models asked for by literal names. Of SQL: none. */
	readonly models: ReadonlySet<ModelKey>;
	/** Every word: attributes, arguments and strings of Python, with the parts of each at `__`; identifiers of SQL. */
	readonly words: ReadonlySet<string>;
	/** Words that can only be fields: what a query asks for, what SQL writes to. */
	readonly fields: ReadonlySet<string>;
	/** What a query asks for, as it is written, and of which model where that is known: `shop.item:cat__t`, `cat__t`. Of SQL: none. */
	readonly paths: ReadonlySet<string>;
	/** It makes rows. */
	readonly creates: boolean;
	/** What SQL makes and takes away, as in Names: `relation:shop_item` (tables, indexes, views), `column:shop_item.price`, `constraint:name`. */
	readonly adds: ReadonlySet<string>;
	readonly drops: ReadonlySet<string>;
	/** What SQL has as it was when it ran: `column:shop_item.price` in an index. */
	readonly holds: ReadonlySet<string>;
	/** Tables on which SQL puts an index of its own, and words of its triggers, as SQLite may have them. */
	readonly onto: ReadonlySet<string>;
	/** Words of SQL that lays a view over tables; `*`: it has all of their columns. */
	readonly over: ReadonlySet<string>;
	/** Words of SQL that takes tables away. */
	readonly shapes: ReadonlySet<string>;
	/** Tables to which SQL gives rows without a list of columns. */
	readonly whole: ReadonlySet<string>;
	/** SQL with IF EXISTS or IF NOT EXISTS, or for one database of several: where it would fail, it may not even run. */
	readonly guarded: boolean;
	/** The SQL that Python code hands to the database; null: none. */
	readonly sql: Mentions | null;
	/** Models that it hands to functions from elsewhere. */
	readonly handed: ReadonlySet<ModelKey>;
	/** Null, or why not all of it is known. */
	readonly unknown: string | null;
}
