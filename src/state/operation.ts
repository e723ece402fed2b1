import type {Field, ModelKey} from './field.ts';

/** An index or a constraint. */
export interface Rule {
	readonly name: string;
	readonly type: string;
	/** Its arguments without its name. */
	readonly text: string;
	/** Names of fields in it, in lower case: those it lists, and what its expressions may mean. */
	readonly fields: readonly string[];
	/** It compares values, so that the type of a field matters to it. */
	readonly compares: boolean;
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
	| {readonly kind: 'RemoveField'; readonly field: string}
	| {readonly kind: 'RenameField'; readonly from: string; readonly to: string}
	| {readonly kind: 'AddIndex'; readonly rule: Rule}
	| {readonly kind: 'AddConstraint'; readonly rule: Rule}
	| {readonly kind: 'RemoveIndex'; readonly name: string}
	| {readonly kind: 'RemoveConstraint'; readonly name: string}
	| {readonly kind: 'RenameIndex'; readonly from: string | null; readonly to: string}
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
	/** What cannot be read. */
	| {readonly kind: 'Opaque'; readonly why: string};

/** What code or SQL of a migration names. */
export interface Mentions {
	readonly language: 'python' | 'sql';
	/** Models asked for by literal names. Of SQL: none. */
	readonly models: ReadonlySet<ModelKey>;
	/** Every word, in lower case: attributes and arguments of Python, identifiers of SQL. */
	readonly words: ReadonlySet<string>;
	/** Words that can only be fields: keyword arguments of a query, what SQL writes to. */
	readonly fields: ReadonlySet<string>;
	/** It makes rows. */
	readonly creates: boolean;
	/** Columns, tables and indexes that SQL adds, in lower case. */
	readonly adds: ReadonlySet<string>;
	/** Null, or why not all of it is known. */
	readonly unknown: string | null;
}
