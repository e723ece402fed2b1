import {driftOf} from './drift.ts';
import type {ModelKey} from './field.ts';
import type {Operation} from './operation.ts';
import {fieldsOf, type State} from './state.ts';

/** For these SQLite makes the whole table anew, with all that the state says of it (backends/sqlite3/schema.py:_remake_table). */
const REMAKES: ReadonlySet<Operation['kind']> = new Set([
	'AddField',
	'AlterField',
	'RemoveField',
	'AddConstraint',
	'RemoveConstraint',
	'SetTogether',
	'SetOption',
	'RenameModel',
]);

/**
 * What an index, a constraint or a generated field left naming a field that is gone does to the next operation that makes the table anew; null: nothing. It stood
 * before the operation, stands after it, and was not there in the beginning.
 */
export function inTheWay(
	operation: Operation,
	before: State,
	after: State,
	base: State,
): {readonly what: string; readonly certain: boolean} | null {
	if (operation.kind === 'Separate') {
		const all = operation.database.map(inner => inTheWay(inner, before, after, base));
		return all.find(each => each !== null) ?? null;
	}
	if (operation.model === null || !REMAKES.has(operation.kind)) return null;
	const models = remade(operation, operation.model, before);
	const now = driftOf(after.models, [...models, ...(operation.kind === 'RenameModel' ? after.models.keys() : [])]);
	const old = driftOf(base.models, models);
	const rules = [...driftOf(before.models, models)].filter(each => /^(?:index|constraint|the generated field) /.test(each));
	const what = rules.find(each => now.has(each) && !old.has(each)) ?? (operation.kind === 'RenameModel' ? rules[0] : undefined);
	return what === undefined ? null : {what, certain: !mayAppend(operation)};
}

/** Since Django 4.1 a column that may be empty is appended; a table or an option needs no new table in every version. */
function mayAppend(operation: Operation): boolean {
	if (operation.kind === 'AddField') return operation.field.nullable || operation.field.type.endsWith('ManyToManyField');
	return operation.kind === 'SetOption' || operation.kind === 'SetTogether' || operation.kind === 'AlterField';
}

/** The model, and those whose tables refer to it. */
function remade(operation: Operation, key: ModelKey, {models}: State): ModelKey[] {
	if (operation.kind !== 'RenameModel') return [key];
	return [...models]
		.filter(([other, model]) => other !== key && model && fieldsOf(model).some(({to}) => to === key))
		.map(([other]) => other);
}
