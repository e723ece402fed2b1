import type {Field} from '../operations/field.ts';
import {callings} from './lookup.ts';
import {type Failure, fieldsOf, type Model} from './state.ts';

/**
 * PostgreSQL keeps a check, a condition and an expression as they were compiled for the old type, and looks for the same operator between the new type and
 * the old operand (ATPrepAlterColumnType, RememberConstraintForRebuilding). Null: it finds one, or nothing compares the field.
 */
export function retyped(model: Model, field: Field): Failure | null {
	const name = field.name.toLowerCase();
	const before = model.fields.get(name);
	if (!before || before.type === '?') return null;
	const user = fieldsOf(model).find(
		({uses, type}) => type === 'GeneratedField' && uses.some(each => each.toLowerCase() === name),
	);
	if (user && columnType(before) !== columnType(field)) {
		return {error: `NotSupportedError: cannot alter type of a column used by a generated column (${user.name})`};
	}
	if (familyOf(before) === familyOf(field)) return null;
	const names = callings(model, name);
	const rule = [...model.constraints.values(), ...model.indexes.values()].find(
		each => each?.compares && each.fields.some(each => names.includes(each.toLowerCase())),
	);
	return rule
		? {error: `ProgrammingError: operator does not exist (${rule.name} compares ${field.name} as a ${before.type})`}
		: null;
}

/** What of a field goes into the type of its column. */
function columnType({type, to, text}: Field): string {
	return [type, to, ...(text.match(/\b(?:max_length|max_digits|decimal_places|db_collation)=[^,)]*/g) ?? [])].join();
}

/** Types of columns between which PostgreSQL has operators or implicit casts; measured with each of them. */
const FAMILIES: readonly (readonly [string, RegExp])[] = [
	['number', /^(?:(?:Positive)?(?:Small|Big)?Integer|(?:Small|Big)?Auto|Float|Decimal)Field$/],
	['text', /^(?:Char|Text|Slug|URL|Email|FilePath|File|Image)Field$/],
	['citext', /^CI(?:Char|Text|Email)Field$/],
	['date', /^Date(?:Time)?Field$/],
];

/** A key has the type of what it points at (ForeignKey.db_type). */
function familyOf({type, to, toFields}: Field): string {
	if (to !== null && /(?:ForeignKey|OneToOneField|ParentalKey)$/.test(type)) return `key to ${[to, ...toFields].join('.')}`;
	return FAMILIES.find(([, types]) => types.test(type))?.[0] ?? type;
}
