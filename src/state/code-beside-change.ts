import {columnOf} from './field.ts';
import {conflict, type Judgement, review} from './judgement.ts';
import type {Mentions, Operation} from './operation.ts';
import {type Models, modelAt, tableOf} from './state.ts';

/** Mainline changes the schema first, then the code of incoming runs. */
export function codeAfter(code: Mentions, change: Operation, models: Models, app: string): Judgement | null {
	if (addsTheSame(code, change, models)) return conflict(`OperationalError: ${change.title} and this SQL add one name`);
	if (!concerns(code, change, models)) return unknownCode(code, change, app);
	const taken = takenAway(code, change, models);
	if (taken?.kind === 'model') {
		const [label, name] = change.model!.split('.');
		return conflict(
			code.language === 'sql' ? `OperationalError: no such table` : `LookupError: App '${label}' doesn't have a '${name}' model.`,
		);
	}
	if (taken && code.fields.has(taken.name)) {
		return conflict(
			code.language === 'sql'
				? `OperationalError: no such column: ${taken.name}`
				: `FieldError: Cannot resolve keyword '${taken.name}' into field.`,
		);
	}
	if (leavesOut(code, change)) {
		return conflict(`IntegrityError: NOT NULL constraint failed: ${change.field.name} (this code makes rows without it)`);
	}
	const name = namesFieldOf(code, change) ?? orderedBy(change, taken?.name, models);
	return name ? review(`this code names ${name}, or orders by it, and mainline changes it`) : null;
}

/** The code of mainline runs first, then incoming changes the schema. */
export function codeBefore(code: Mentions, change: Operation, models: Models, app: string): Judgement | null {
	if (addsTheSame(code, change, models)) return conflict(`OperationalError: ${change.title} and this SQL add one name`);
	if (!concerns(code, change, models)) return unknownCode(code, change, app);
	const taken = takenAway(code, change, models);
	if (taken?.kind === 'model') return {verdict: 'review', reason: 'order', what: `the code of mainline needs ${change.model}`};
	if (leavesOut(code, change))
		return {verdict: 'review', reason: 'order', what: `the code of mainline makes rows without ${change.field.name}`};
	const name = namesFieldOf(code, change);
	return name ? {verdict: 'review', reason: taken ? 'order' : 'opaque', what: `the code of mainline names ${name}`} : null;
}

/** What only adds, or only Django knows of, cannot disturb code that does not name it. */
const DISTURBING: ReadonlySet<Operation['kind']> = new Set([
	'DeleteModel',
	'RenameModel',
	'RemoveField',
	'RenameField',
	'AlterField',
	'SetOption',
]);

function unknownCode(code: Mentions, change: Operation, app: string): Judgement | null {
	return code.unknown !== null && change.app === app && DISTURBING.has(change.kind)
		? review(`cannot be read: ${code.unknown}`)
		: null;
}

/** Whether code names a model, or its table, that an operation is about. */
export function concerns(code: Mentions, {model, kind}: Operation, models: Models): boolean {
	if (model === null || kind === 'CreateModel') return false;
	if (code.language === 'python') return code.models.has(model);
	const known = modelAt(models, model);
	return known !== null && code.words.has(tableOf(known));
}

/** What code that names a model, or its table, finds no more. */
function takenAway(
	code: Mentions,
	change: Operation,
	models: Models,
): {readonly kind: 'model' | 'field'; readonly name: string} | null {
	const isSql = code.language === 'sql';
	const model = {kind: 'model', name: change.model!} as const;
	switch (change.kind) {
		case 'DeleteModel':
			return model;
		case 'RenameModel':
			return isSql && modelAt(models, change.model!)?.options.get('db_table') ? null : model;
		case 'SetOption':
			return isSql && change.option === 'db_table' ? model : null;
		case 'RemoveField':
			return {kind: 'field', name: change.field};
		case 'RenameField':
			return {kind: 'field', name: change.from.toLowerCase()};
		default:
			return null;
	}
}

/** Every query of a model orders by its `ordering`. */
function orderedBy({model}: Operation, field: string | undefined, models: Models): string | null {
	const ordering = modelAt(models, model!)?.options.get('ordering')?.toLowerCase() ?? '';
	return field !== undefined && new RegExp(`\\b${field}\\b`).test(ordering) ? field : null;
}

/** The first of an operation's fields that code names. */
function namesFieldOf(code: Mentions, change: Operation): string | null {
	const names = fieldNames(change);
	return names.find(name => code.words.has(name.toLowerCase())) ?? null;
}

function fieldNames(change: Operation): readonly string[] {
	switch (change.kind) {
		case 'AddField':
		case 'AlterField':
			return [change.field.name, columnOf(change.field) ?? change.field.name];
		case 'RemoveField':
			return [change.field];
		case 'RenameField':
			return [change.from, change.to];
		case 'AddConstraint':
		case 'AddIndex':
			return change.rule.fields;
		case 'SetTogether':
			return change.value.flat();
		case 'AlterModelManagers':
			return ['objects'];
		default:
			return [];
	}
}

/** Code that makes rows, and a new field that no row may be without. */
function leavesOut(code: Mentions, change: Operation): change is Extract<Operation, {kind: 'AddField'}> {
	return (
		change.kind === 'AddField' &&
		code.creates &&
		!change.field.nullable &&
		!change.field.hasDefault &&
		namesFieldOf(code, change) === null
	);
}

function addsTheSame(code: Mentions, change: Operation, models: Models): boolean {
	if (change.kind === 'AddIndex') return code.adds.has(change.rule.name.toLowerCase());
	return change.kind === 'AddField' && concerns(code, change, models) && code.adds.has(columnOf(change.field) ?? '');
}
