import type {Field, ModelKey} from '../operations/field.ts';
import type {Operation, Rule} from '../operations/operation.ts';
import {fieldsOf, type Models, modelAt, tableOf} from '../state/state.ts';

/**
 * The tables that SQLite makes anew for an operation (backends/sqlite3/schema.py:_remake_table), in lower case. What was put on one by SQL and is none of
 * Django's is gone then: indexes and triggers. As Django 4.1 and later do it; before, every AddField and RemoveField did.
 */
export function remadeTables(change: Operation, models: Models): readonly string[] {
	const model = change.model === null ? null : modelAt(models, change.model);
	if (!model) return [];
	const own = tableOf(model);
	switch (change.kind) {
		case 'AddField': {
			const {field} = change;
			const isAppended = field.nullable && !field.unique && !/\b(?:db_)?default=/.test(field.text);
			return field.shape === 'many' || isAppended ? [] : [own];
		}
		case 'AlterField': {
			const before = model.fields.get(change.field.name.toLowerCase());
			if (change.field.shape === 'many' || (before && inDatabase(before) === inDatabase(change.field))) return [];
			// The numbers of a key are one type to SQLite.
			const isOther = change.field.unique && !change.field.type.endsWith('AutoField');
			return [own, ...(isOther ? tablesTo(change.model!, models) : [])];
		}
		case 'RemoveField':
			return model.fields.get(change.field)?.shape === 'many' ? [] : [own];
		case 'AddConstraint':
			return isInTable(change.rule) ? [own] : [];
		case 'RemoveConstraint':
			return isInTable(model.constraints.get(change.name)) ? [own] : [];
		case 'SetOption':
			return change.option === 'order_with_respect_to' ? [own] : [];
		case 'RenameModel':
			return tablesTo(change.model!, models);
		default:
			return [];
	}
}

/** Tables with a key to a model. */
function tablesTo(key: ModelKey, models: Models): string[] {
	return [...models.values()].flatMap(model =>
		model && fieldsOf(model).some(({to, shape}) => to === key && shape === 'key') ? [tableOf(model)] : [],
	);
}

/** A unique constraint with a condition or on expressions is an index. */
function isInTable(rule: Rule | null | undefined): boolean {
	return !(rule?.type.endsWith('UniqueConstraint') && rule.compares);
}

/** Arguments that the database knows nothing of (fields/__init__.py:Field.non_db_attrs). */
const NOT_THERE =
	/^(?:blank|choices|editable|error_messages|help_text|limit_choices_to|on_delete|related_name|related_query_name|validators|verbose_name)=/;

/** What of a field is in the database, as text. */
function inDatabase({type, text, to}: Field): string {
	const parts = [''];
	let depth = 0;
	for (const [token] of text.slice(type.length + 1, -1).matchAll(/"(?:\\.|[^"\\])*"|[^"]/g)) {
		if (/[([{]/.test(token) && token.length === 1) depth++;
		if (/[)\]}]/.test(token) && token.length === 1) depth--;
		if (depth === 0 && token === ',') parts.push('');
		else parts[parts.length - 1] += token;
	}
	return [type, to, ...parts.filter(part => part && !NOT_THERE.test(part))].join();
}
