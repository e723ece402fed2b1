import {columnOf, type Field} from '../operations/field.ts';
import type {Mentions, Operation} from '../operations/operation.ts';
import {type Models, modelAt} from '../state/state.ts';

/** The first of an operation's fields that code names, by its name, its column or its attribute (Field.get_attname_column). */
export function namesFieldOf(code: Mentions, change: Operation, models: Models): string | null {
	return fieldNames(code, change, models).find(name => code.words.has(name.toLowerCase())) ?? null;
}

/** Code that makes rows, and a new field that no row may be without. */
export function leavesOut(code: Mentions, change: Operation, models: Models): change is Extract<Operation, {kind: 'AddField'}> {
	return (
		change.kind === 'AddField' &&
		code.creates &&
		!change.field.nullable &&
		!change.field.hasDefault &&
		namesFieldOf(code, change, models) === null
	);
}

function fieldNames(code: Mentions, change: Operation, models: Models): readonly string[] {
	const known = (name: string) => modelAt(models, change.model!)?.fields.get(name.toLowerCase());
	const existing = (name: string) => namesOf(name, known(name));
	switch (change.kind) {
		case 'AddField':
			return namesOf(change.field.name, change.field);
		case 'AlterField':
			return [...namesOf(change.field.name, change.field), ...existing(change.field.name)];
		case 'RemoveField':
			return existing(change.field);
		case 'RenameField': {
			const field = known(change.from);
			return [...existing(change.from), ...namesOf(change.to, field && {...field, name: change.to})];
		}
		case 'AddConstraint':
			return change.rule.fields;
		// An index is nothing to rows; SQL may make the same one.
		case 'AddIndex':
			return code.language === 'sql' ? change.rule.fields : [];
		case 'SetTogether':
			return change.value.flat();
		case 'AlterModelManagers':
			return ['objects'];
		default:
			return [];
	}
}

/** Of a field of which nothing is known it may be each. */
export function namesOf(name: string, field: Field | null | undefined): string[] {
	if (!field) return [name, `${name}_id`];
	return [...new Set([name, columnOf(field) ?? name, columnOf({...field, column: null}) ?? name])];
}
