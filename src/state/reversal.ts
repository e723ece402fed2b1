import {columnOf, type Field, isManyToMany} from '../operations/field.ts';
import type {Operation} from '../operations/operation.ts';
import {apply} from './apply.ts';
import {EMPTY, failed, hasTable, type Model, modelAt, type State, tableOf} from './state.ts';
import type {Work} from './work.ts';

/** What becomes of the database when an operation is undone. */
export interface Reversal extends Work {
	readonly effect: /** Django raises IrreversibleError before it undoes anything of the migration; inside SeparateDatabaseAndState NotImplementedError. */
		| 'irreversible'
		/** Rows, values or links are gone afterwards. */
		| 'loses-data'
		/** The database refuses where rows do not fit what was there before. */
		| 'may-fail'
		/** What the operation did stays done. */
		| 'undoes-nothing'
		/** Code or SQL of the project runs. */
		| 'runs-code'
		/** It is none of Django's operations, or computed. */
		| 'unknown'
		| 'clean';
	/** What happens, in words. */
	readonly what: string;
}

type Judged = Pick<Reversal, 'effect' | 'what'>;

/**
 * What undoing each operation of a whole plan would do (in the order of the plan; whoever goes back goes through it the other way), read from the operations and
 * from what came before them. An operation that cannot be applied leaves the state as it was. Pure.
 */
export function reversals(plan: readonly Work[]): Reversal[] {
	let state: State = EMPTY;
	return plan.map(work => {
		const before = state;
		const next = apply(state, work.operation);
		if (!failed(next)) state = next;
		return {...work, ...judge(work.operation, before, state)};
	});
}

function judge(operation: Operation, before: State, after: State): Judged {
	switch (operation.kind) {
		case 'Separate':
			return judgeSeparate(operation, before);
		case 'Run':
			return judgeRun(operation);
		case 'Opaque':
			return {effect: 'unknown', what: operation.why};
		case 'Harmless':
			return {effect: 'clean', what: 'taken back'};
		default:
			return judgeSchema(operation, before, after);
	}
}

/** operations/special.py: only the database operations are undone, one by one, and nobody asks beforehand whether each can be. */
function judgeSeparate({database}: Extract<Operation, {kind: 'Separate'}>, before: State): Judged {
	let state = before;
	const parts = database.map(part => {
		const next = apply(state, part);
		const judged = judge(part, state, failed(next) ? state : next);
		if (!failed(next)) state = next;
		return {...judged, what: `${part.title}: ${judged.what}`};
	});
	const worst = ORDER.map(effect => parts.find(part => part.effect === effect)).find(part => part !== undefined);
	return worst ?? {effect: 'clean', what: 'nothing: only the state is changed'};
}

const ORDER: readonly Reversal['effect'][] = [
	'irreversible',
	'loses-data',
	'may-fail',
	'undoes-nothing',
	'runs-code',
	'unknown',
	'clean',
];

function judgeRun({mentions, reverse}: Extract<Operation, {kind: 'Run'}>): Judged {
	const isSql = mentions.language === 'sql';
	if (reverse === 'none') return {effect: 'irreversible', what: `it has no ${isSql ? 'reverse_sql' : 'reverse_code'}`};
	if (reverse === 'noop') return {effect: 'undoes-nothing', what: 'its reverse is noop: what it did stays'};
	return {effect: 'runs-code', what: `runs its ${isSql ? 'reverse_sql' : 'reverse_code'}`};
}

function judgeSchema(operation: Operation, before: State, after: State): Judged {
	const key = operation.model;
	const [old, now] = key === null ? [null, null] : [modelAt(before.models, key), modelAt(after.models, key)];
	const model = now ?? old;
	if (model !== null && !hasTable(model)) return {effect: 'clean', what: 'it has no table'};
	switch (operation.kind) {
		case 'CreateModel':
			return loses(`drops the table ${now ? tableOf(now) : operation.name} with all its rows`);
		case 'DeleteModel':
			return {effect: 'clean', what: `makes the table ${old ? tableOf(old) : ''} again, empty`};
		case 'AddField':
			return lostWith(now, operation.field);
		case 'RemoveField':
			return comesBack(old, old?.fields.get(operation.field) ?? null, operation.field);
		case 'AlterField':
			return changesBack(old?.fields.get(operation.field.name.toLowerCase()) ?? null, operation.field);
		case 'SetTogether':
			return operation.option === 'unique_together' && (old?.together.get(operation.option) ?? []).length > 0
				? {effect: 'may-fail', what: 'makes the former columns unique together again: rows that are double make it fail'}
				: {effect: 'clean', what: 'taken back'};
		case 'RemoveConstraint':
			return {effect: 'may-fail', what: `puts the constraint ${operation.name} back: rows that break it make it fail`};
		case 'SetOption':
			return operation.option === 'order_with_respect_to' && operation.value !== null
				? loses('drops the column _order with the order of the rows')
				: {effect: 'clean', what: 'taken back'};
		default:
			return {effect: 'clean', what: 'taken back'};
	}
}

function loses(what: string): Judged {
	return {effect: 'loses-data', what};
}

function lostWith(model: Model | null, field: Field): Judged {
	const table = model ? tableOf(model) : '';
	if (isManyToMany(field)) {
		if (field.through) return {effect: 'clean', what: 'drops nothing: the links are in a model of their own'};
		return loses(`drops the table ${field.table ?? `${table}_${field.name}`.toLowerCase()} with all its links`);
	}
	const column = columnOf(field);
	return column === null
		? {effect: 'clean', what: 'it has no column'}
		: loses(`drops the column ${table}.${column} with what is in it`);
}

function comesBack(model: Model | null, field: Field | null, name: string): Judged {
	const where = `${model ? tableOf(model) : ''}.${(field && columnOf(field)) ?? name}`;
	if (field && isManyToMany(field)) return {effect: 'clean', what: 'makes the table of the links again, empty'};
	if (field && !field.nullable && !fillsItself(field)) {
		return {
			effect: 'may-fail',
			what: `adds the column ${where} again, which may not be empty and has no default: it fails where the table has rows`,
		};
	}
	return {effect: 'clean', what: `adds the column ${where} again, without what was in it`};
}

/** backends/base/schema.py:effective_default: what a column gets in rows that are there already. */
function fillsItself({text, type}: Field): boolean {
	const isText = /(?:Char|Text|Slug|Email|URL|FilePath|File|Image|Binary)Field$/.test(type);
	return /\b(?:(?:db_)?default=|auto_now(?:_add)?=True)/.test(text) || (isText && /\bblank=True/.test(text));
}

/** What the column was before decides: `before` is null where no operation that could be read made it. */
function changesBack(before: Field | null, after: Field): Judged {
	if (before === null) return {effect: 'unknown', what: 'changes the column back; what it was before cannot be read'};
	if (isManyToMany(before) !== isManyToMany(after)) return loses('a link table and a column do not become each other');
	if (before.type !== after.type)
		return {
			effect: 'may-fail',
			what: `turns ${after.type} back into ${before.type}: values that do not convert make it fail, or are cut`,
		};
	const [was, is] = [sizeOf(before), sizeOf(after)];
	if (was !== null && (is === null || is > was)) {
		return {
			effect: 'may-fail',
			what: `makes it shorter again (${is ?? 'any length'} → ${was}): longer values make it fail; SQLite keeps them`,
		};
	}
	if (after.nullable && !before.nullable) return {effect: 'may-fail', what: 'forbids NULL again: rows that have it make it fail'};
	if (isUnique(before) && !isUnique(after))
		return {effect: 'may-fail', what: 'makes it unique again: rows that are double make it fail'};
	return {effect: 'clean', what: 'changed back'};
}

function sizeOf({text}: Field): number | null {
	const size = /\b(?:max_length|max_digits)=(\d+)/.exec(text)?.[1];
	return size === undefined ? null : Number(size);
}

function isUnique({text, type}: Field): boolean {
	return /\b(?:unique|primary_key)=True/.test(text) || type === 'OneToOneField';
}
