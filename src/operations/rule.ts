import {namedIn} from './expression.ts';
import type {Rule} from './operation.ts';
import {stringIn, stringsIn, type Value} from './value.ts';

/** Arguments that name no field, whatever is in them (models/indexes.py, models/constraints.py, contrib/postgres/constraints.py). */
const SILENT: ReadonlySet<string> = new Set([
	'name',
	'violation_error_code',
	'violation_error_message',
	'db_tablespace',
	'opclasses',
	'index_type',
	'deferrable',
	'nulls_distinct',
]);

/** Read `models.Index(...)` or a constraint. Null: it is no call, or has no literal name (the names Django makes up are not guessed). */
export function readRule(value: Value | undefined): Rule | null {
	if (value?.kind !== 'call') return null;
	const name = stringIn(value.keywords.get('name'));
	if (name === null) return null;
	const type = value.callee.slice(value.callee.lastIndexOf('.') + 1);
	const rest = [...value.keywords].filter(([key]) => key !== 'name').map(([key, {text}]) => `${key}=${text}`);
	const naming = [...value.keywords].filter(([key]) => !SILENT.has(key)).map(([, each]) => each);
	const {fields, unclear} = namedIn([...value.args, ...naming]);
	return {
		name,
		type,
		text: `${type}(${[...value.args.map(({text}) => text), ...rest.sort()].join()})`,
		fields,
		compares: value.keywords.has('check') || value.keywords.has('condition') || value.args.length > 0,
		unclear: value.whole ? unclear : 'its arguments are computed',
	};
}

/** `unique_together`, in any of its spellings: one tuple of names, or several (models/options.py:normalize_together). */
export function readTogether(value: Value | undefined): readonly (readonly string[])[] {
	if (value?.kind !== 'list') return [];
	if (value.items.some(({kind}) => kind === 'string')) return [stringsIn(value)];
	return value.items.map(stringsIn);
}

/** Whether all of it is literal. */
export function isTogether(value: Value): boolean {
	if (value.text === 'None' || value.text === 'set()') return true;
	const isLiteral = (item: Value): boolean =>
		item.kind === 'string' || (item.kind === 'list' && item.whole && item.items.every(isLiteral));
	return value.kind === 'list' && isLiteral(value);
}
