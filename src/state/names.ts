import {columnOf, type Field, isManyToMany, type ModelKey} from '../operations/field.ts';
import type {Rule} from '../operations/operation.ts';
import {type Failure, fieldsOf, hasTable, type Model, type Names, tableOf} from './state.ts';

/** A thing of the database: its key in Names, and what is to be known of it. */
export type Part = readonly [key: string, text: string];

/** Everything a model has in the database. */
export function partsOfModel(model: Model): Part[] {
	if (!hasTable(model)) return [];
	return [
		[`relation:${tableOf(model)}`, 'table'],
		...fieldsOf(model).flatMap(field => partsOfField(model, field)),
		...(model.options.get('order_with_respect_to') ? [[`column:${tableOf(model)}._order`, 'order'] satisfies Part] : []),
		...[...model.indexes.values(), ...model.constraints.values()].flatMap(rule => (rule ? partsOfRule(model, rule) : [])),
	];
}

/** The column of a field, or the table that Django makes for a many-to-many one. */
export function partsOfField(model: Model, field: Field): Part[] {
	if (!hasTable(model)) return [];
	if (isManyToMany(field)) {
		return field.through ? [] : [[`relation:${(field.table ?? `${tableOf(model)}_${field.name}`).toLowerCase()}`, 'table']];
	}
	const column = columnOf(field);
	return column === null ? [] : [[`column:${tableOf(model)}.${column}`, field.text]];
}

/** The model that Django makes for a many-to-many field (fields/related.py:create_many_to_many_intermediary_model); another of its name is E331. */
export function tableModel(owner: ModelKey, field: Pick<Field, 'name' | 'shape' | 'through'>): ModelKey | null {
	return field.shape === 'many' && field.through === null ? `${owner}_${field.name}`.toLowerCase() : null;
}

/**
 * Indexes, and unique and exclusion constraints, share one space of names with tables (PostgreSQL: relations). A check may have the
 * same name on another table there; Django's system check models.E032 refuses that.
 */
export function partsOfRule(model: Model, {name, type}: Rule): Part[] {
	if (!hasTable(model)) return [];
	const parts: Part[] = [];
	if (!type.endsWith('CheckConstraint')) parts.push([`relation:${name.toLowerCase()}`, type]);
	if (type.endsWith('Constraint')) parts.push([`constraint:${name.toLowerCase()}`, type]);
	return parts;
}

/** The index of a model on just these fields. */
export function indexOn(model: Model, fields: readonly string[]): Rule | undefined {
	return [...model.indexes.values()].find(rule => rule?.type === 'Index' && rule.fields.join() === fields.join()) ?? undefined;
}

/** Put things in. What is there already is what the database complains of. */
export function added(names: Names, parts: readonly Part[]): Names | Failure {
	const result = new Map(names);
	for (const [key, text] of parts) {
		if ((result.get(key) ?? null) !== null) return {error: complaint(key, result.get(key) === 'table')};
		result.set(key, text);
	}
	return result;
}

/** Take things out; what is not known to be there is taken as given. */
export function dropped(names: Names, parts: readonly Part[]): Names {
	if (parts.length === 0) return names;
	const result = new Map(names);
	for (const [key] of parts) result.set(key, null);
	return result;
}

/** Turn things into others. */
export function replaced(names: Names, before: readonly Part[], after: readonly Part[]): Names | Failure {
	const [old, now] = [new Map(before), new Map(after)];
	const without = dropped(
		names,
		before.filter(([key]) => !now.has(key)),
	);
	const result = added(
		without,
		after.filter(([key]) => !old.has(key)),
	);
	if ('error' in result) return result;
	const changed = after.filter(([key, text]) => old.has(key) && old.get(key) !== text);
	return changed.length === 0 ? result : new Map([...(result as Names), ...changed]);
}

/** A model whose table, or the tables made for it, get other names. What the database has moves along, whatever the state says of it. */
export function moved(names: Names, before: Model, after: Model): Names | Failure {
	const relations = (model: Model) =>
		partsOfModel(model).filter(([key, text]) => text === 'table' && key.startsWith('relation:'));
	const result = replaced(names, relations(before), relations(after));
	const [from, to] = [`column:${tableOf(before)}.`, `column:${tableOf(after)}.`];
	if ('error' in result || from === to) return result;
	const columns = new Map(result as Names);
	for (const [key, text] of result as Names) {
		if (!key.startsWith(from)) continue;
		columns.set(key, null);
		if (text !== null) columns.set(to + key.slice(from.length), text);
	}
	return columns;
}

function complaint(key: string, isTable: boolean): string {
	const name = key.slice(key.indexOf(':') + 1);
	if (key.startsWith('column:')) return `OperationalError: duplicate column name: ${name.slice(name.indexOf('.') + 1)}`;
	if (key.startsWith('constraint:')) return `ProgrammingError: constraint "${name}" already exists`;
	if (key.startsWith('collation:')) return `ProgrammingError: collation "${name}" already exists`;
	return isTable ? `OperationalError: table "${name}" already exists` : `OperationalError: index ${name} already exists`;
}
