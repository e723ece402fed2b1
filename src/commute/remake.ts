import type {ModelKey} from '../operations/field.ts';
import type {Operation, Rule} from '../operations/operation.ts';
import {driftOf} from '../state/drift.ts';
import {fieldsOf, type State} from '../state/state.ts';

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
	'RenameField',
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
	if (operation.model === null || !REMAKES.has(operation.kind) || isInPlace(operation, before, after)) return null;
	const models = remade(operation, operation.model, before);
	const now = driftOf(after.models, [...models, ...(operation.kind === 'RenameModel' ? after.models.keys() : [])]);
	const old = driftOf(base.models, models);
	const rules = [...driftOf(before.models, models)].filter(each => /^(?:index|constraint|the generated field) /.test(each));
	const what = rules.find(each => now.has(each) && !old.has(each)) ?? (operation.kind === 'RenameModel' ? rules[0] : undefined);
	return what === undefined ? null : {what, certain: !mayAppend(operation) && !isDroppedInPlace(operation, before)};
}

/** backends/sqlite3/schema.py: alter_field renames a column that is no key's where it stands, add_constraint makes an index of some. */
function isInPlace(operation: Operation, before: State, after: State): boolean {
	const model = ({models}: State) => models.get(operation.model!);
	switch (operation.kind) {
		case 'RenameField':
			return model(after)?.fields.get(operation.to.toLowerCase())?.shape !== 'key';
		case 'AddConstraint':
			return isIndex(operation.rule);
		case 'RemoveConstraint':
			return isIndex(model(before)?.constraints.get(operation.name));
		default:
			return false;
	}
}

/** A unique constraint with a condition, expressions, or what else a table cannot say. */
function isIndex(rule: Rule | null | undefined): boolean {
	return rule?.type === 'UniqueConstraint' && (rule.compares || /\b(?:include|deferrable)=/.test(rule.text));
}

/** backends/sqlite3/schema.py:remove_field: since Django 4.1, where SQLite can, and only a plain column. */
function isDroppedInPlace(operation: Operation, before: State): boolean {
	if (operation.kind !== 'RemoveField') return false;
	const field = before.models.get(operation.model!)?.fields.get(operation.field);
	return !field || (field.shape === 'column' && !field.unique && !field.text.includes('db_index=True'));
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
