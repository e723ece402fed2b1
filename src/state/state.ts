import type {Field, ModelKey} from '../operations/field.ts';
import type {Rule} from '../operations/operation.ts';

/**
 * A model as ModelState has it. In every map a key that is absent is unknown (whoever needs it may take it as given), and null
 * says that it went away: only what is known to be gone can make an operation fail.
 */
export interface Model {
	readonly app: string;
	readonly name: string;
	/** By lower-case name. */
	readonly fields: ReadonlyMap<string, Field | null>;
	readonly options: ReadonlyMap<string, string | null>;
	/** `unique_together` and `index_together`. */
	readonly together: ReadonlyMap<string, readonly (readonly string[])[]>;
	readonly indexes: ReadonlyMap<string, Rule | null>;
	readonly constraints: ReadonlyMap<string, Rule | null>;
	readonly bases: readonly ModelKey[];
	readonly managers: string | null;
}

/** Models of a project by key; null: there is no such model any more. */
export type Models = ReadonlyMap<ModelKey, Model | null>;

/** What the database calls its things, schema-wide: `relation:shop_item`, `column:shop_item.price` → what is there; null: gone. */
export type Names = ReadonlyMap<string, string | null>;

/** Django's state, and what the database has; they part where an operation says so. */
export interface State {
	readonly models: Models;
	readonly names: Names;
}

/** What Django would say. */
export interface Failure {
	readonly error: string;
}

export const EMPTY: State = {models: new Map(), names: new Map()};

export function failed<T extends object>(result: T | Failure): result is Failure {
	return 'error' in result;
}

/** A model, made up where nothing is known of it; null when it is gone. */
export function modelAt(models: Models, key: ModelKey): Model | null {
	const known = models.get(key);
	if (known !== undefined) return known;
	const [app = '', name = ''] = key.split('.');
	const none = new Map();
	return {app, name, fields: none, options: none, together: none, indexes: none, constraints: none, bases: [], managers: null};
}

/** A copy of a map with one entry changed. */
export function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
	return new Map(map).set(key, value);
}

/** The table of a model (Options.contribute_to_class), in lower case. */
export function tableOf(model: Model): string {
	return (model.options.get('db_table') ?? `${model.app}_${model.name}`).toLowerCase();
}

/** Whether Django makes a table for it. */
export function hasTable({options}: Model): boolean {
	return options.get('managed') !== 'False' && options.get('proxy') !== 'True';
}

/** The fields a model has now. */
export function fieldsOf(model: Model): Field[] {
	return [...model.fields.values()].filter(field => field !== null);
}

/**
 * In what two states differ, as people read it: `item.price`, `item: ordering`. The order of fields and rules is no difference, nor is a name
 * never there and one that went away.
 */
export function differences(a: State, b: State): string[] {
	const models = differingKeys(a.models, b.models, sameModel).flatMap(key => {
		const [one, other] = [a.models.get(key), b.models.get(key)];
		return one && other ? modelDifferences(one, other) : [key];
	});
	return models.length > 0 ? models : differingKeys(a.names, b.names, (x, y) => x === y).map(key => key.replace(':', ' '));
}

function modelDifferences(a: Model, b: Model): string[] {
	const parts = [
		...differingKeys(a.fields, b.fields, sameText).map(name => `${a.name}.${name}`),
		...differingKeys(a.options, b.options, (x, y) => x === y).map(name => `${a.name}: ${name}`),
		...differingKeys(a.together, b.together, (x, y) => sorted(x) === sorted(y)).map(name => `${a.name}: ${name}`),
		...differingKeys(a.indexes, b.indexes, sameText).map(name => `index ${name}`),
		...differingKeys(a.constraints, b.constraints, sameText).map(name => `constraint ${name}`),
	];
	if (a.managers !== b.managers) parts.push(`${a.name}: managers`);
	if (a.bases.join() !== b.bases.join()) parts.push(`${a.name}: bases`);
	if (a.name !== b.name) parts.push(a.name);
	return parts;
}

function differingKeys<T>(
	a: ReadonlyMap<string, T>,
	b: ReadonlyMap<string, T>,
	same: (x: NonNullable<T>, y: NonNullable<T>) => boolean,
): string[] {
	if (a === b) return [];
	return [...new Set([...a.keys(), ...b.keys()])].filter(key => {
		const [x, y] = [a.get(key), b.get(key)];
		if (x === y) return false;
		return x === undefined || x === null || y === undefined || y === null ? (x ?? null) !== (y ?? null) : !same(x, y);
	});
}

function sameModel(a: Model, b: Model): boolean {
	return a === b || modelDifferences(a, b).length === 0;
}

function sameText<
	T extends {
		readonly name: string;
		readonly text: string;
		readonly to?: unknown;
		readonly through?: unknown;
		readonly toFields?: readonly string[];
	},
>(a: T, b: T): boolean {
	return (
		a === b ||
		(a.name === b.name &&
			a.text === b.text &&
			a.to === b.to &&
			a.through === b.through &&
			a.toFields?.join() === b.toFields?.join())
	);
}

function sorted(together: readonly (readonly string[])[]): string {
	return together
		.map(names => names.join().toLowerCase())
		.sort()
		.join(';');
}
