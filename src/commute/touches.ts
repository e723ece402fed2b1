import type {Field, ModelKey} from '../operations/field.ts';
import type {Operation} from '../operations/operation.ts';
import {flat} from '../operations/parts.ts';
import {apply} from '../state/apply.ts';
import {ancestorsOf} from '../state/integrity.ts';
import {follow, orderingOf} from '../state/lookup.ts';
import {tableModel} from '../state/names.ts';
import {EMPTY, failed, fieldsOf, type Models, type Names, type State} from '../state/state.ts';

/** What an operation has to do with: keys of models, and names that are one in the whole database. */
export type Touches = ReadonlySet<string>;

/** Whether two operations could meet at all. */
export function meet(a: Touches, b: Touches): boolean {
	const [few, many] = a.size < b.size ? [a, b] : [b, a];
	for (const each of few) if (many.has(each)) return true;
	return false;
}

/** A way to ask it for operations on these models; a model that is renamed on either side counts as one under both names. */
export function toucher(
	models: Models,
	operations: readonly Operation[],
): (operation: Operation, more: readonly string[]) => Touches {
	const one = new Map<ModelKey, ModelKey>();
	const canonical = (key: ModelKey): ModelKey => {
		let last = key;
		for (let next = one.get(last); next !== undefined && next !== key; next = one.get(last)) last = next;
		return last;
	};
	for (const operation of operations.flatMap(flat)) {
		if (operation.kind !== 'RenameModel') continue;
		const [from, to] = [canonical(operation.model!), canonical(`${operation.app}.${operation.to.toLowerCase()}`)];
		if (from !== to) one.set(from, to);
	}
	const family = new Map<ModelKey, string[]>();
	for (const [key, model] of models) {
		if (model?.bases.length)
			family.set(
				key,
				ancestorsOf(models, model).map(({app, name}) => `${app}.${name}`.toLowerCase()),
			);
	}
	return (operation, more) => {
		const touched = new Set(more.map(canonical));
		for (const part of flat(operation)) {
			for (const each of touchedBy(part, models)) {
				touched.add(canonical(each));
				for (const parent of family.get(each) ?? []) touched.add(canonical(parent));
			}
		}
		return touched;
	};
}

/**
 * For each operation of one side what it has to do with through the state that its side has come to: the models on the way of an `ordering`, and the names that it takes or frees in the whole database: tables, those that Django makes for many-to-many fields, indexes, constraints.
 * They are what the operation does where its side has come to, so that what follows from a name (of a table: those of its
 * many-to-many tables) is not said twice. What fails there counts as it would on an empty database.
 */
export function namesTouched(base: State, operations: readonly Operation[]): readonly (readonly string[])[] {
	let state = base;
	return operations.map(operation => {
		const next = apply(state, operation);
		const names = failed(next)
			? byItself(operation)
			: [...changedNames(state.names, next.names), ...orderedBy(operation, next.models), ...calledBy(operation, state, next)];
		if (!failed(next)) state = next;
		return names;
	});
}

/** `ordering = ["cat__owner"]` has to do with two more models. */
function orderedBy({kind, model: key}: Operation, models: Models): readonly string[] {
	const model = key === null || (kind !== 'AlterModelOptions' && kind !== 'CreateModel') ? null : models.get(key);
	return model ? orderingOf(model).flatMap(name => (name.includes('__') ? follow(models, model, name).through : [])) : [];
}

/** `default_related_name` is how the models that this one points at are followed to it. */
function calledBy({kind, model}: Operation, before: State, after: State): readonly string[] {
	if (kind !== 'AlterModelOptions') return [];
	const [old, now] = [before, after].map(({models}) => models.get(model!));
	if (!now || old?.options.get('default_related_name') === now.options.get('default_related_name')) return [];
	return fieldsOf(now).flatMap(({to}) => to ?? []);
}

function byItself(operation: Operation): string[] {
	const there = apply(EMPTY, operation);
	return failed(there) ? [] : changedNames(EMPTY.names, there.names);
}

/** Names of columns are their model's affair. */
function changedNames(before: Names, after: Names): string[] {
	if (before === after) return [];
	return [...after].filter(([key, text]) => !key.startsWith('column:') && text !== before.get(key)).map(([key]) => key);
}

function touchedBy(operation: Operation, models: Models): string[] {
	const {model} = operation;
	if (operation.kind === 'CreateThing' || operation.kind === 'RemoveThing') return [operation.thing];
	if (model === null) return [];
	const of = (field: Field, owner = model) => [field.to, field.through, tableModel(owner, field)].flatMap(key => key ?? []);
	switch (operation.kind) {
		case 'CreateModel':
			return [model, ...operation.bases, ...operation.fields.flatMap(field => of(field))];
		case 'RenameModel': {
			const to = `${operation.app}.${operation.to.toLowerCase()}`;
			// SQLite makes the tables that refer to it anew.
			const referring = [...models]
				.filter(([, other]) => other && fieldsOf(other).some(field => field.to === model))
				.map(([key]) => key);
			const own = models.get(model);
			return [model, to, ...referring, ...(own ? fieldsOf(own).flatMap(field => of(field, to)) : [])];
		}
		case 'RenameField': {
			const field = models.get(model)?.fields.get(operation.from.toLowerCase());
			const between = field ? tableModel(model, {...field, name: operation.to}) : null;
			return between === null ? [model] : [model, between];
		}
		case 'AddField':
		case 'AlterField':
			return [model, ...of(operation.field)];
		default:
			return [model];
	}
}
