import type {Field} from './field.ts';
import type {Failure, Model} from './state.ts';

/**
 * PostgreSQL keeps a check, a condition and an expression as they were compiled for the old type, and looks for the same operator between the new type and
 * the old operand (ATPrepAlterColumnType, RememberConstraintForRebuilding). Null: it finds one, or nothing compares the field.
 */
export function retyped(model: Model, field: Field): Failure | null {
	const name = field.name.toLowerCase();
	const before = model.fields.get(name);
	if (!before || before.type === '?' || familyOf(before) === familyOf(field)) return null;
	const rule = [...model.constraints.values(), ...model.indexes.values()].find(
		each => each?.compares && each.fields.includes(name),
	);
	return rule
		? {error: `ProgrammingError: operator does not exist (${rule.name} compares ${field.name} as a ${before.type})`}
		: null;
}

/** Types of columns between which PostgreSQL has operators or implicit casts; measured with each of them. */
const FAMILIES: readonly (readonly [string, RegExp])[] = [
	['number', /^(?:(?:Positive)?(?:Small|Big)?Integer|(?:Small|Big)?Auto|Float|Decimal)Field$/],
	['text', /^(?:Char|Text|Slug|URL|Email|FilePath|File|Image)Field$/],
	['citext', /^CI(?:Char|Text|Email)Field$/],
	['date', /^Date(?:Time)?Field$/],
];

/** A key has the type of what it points at (ForeignKey.db_type). */
function familyOf({type, to}: Field): string {
	if (to !== null && /(?:ForeignKey|OneToOneField|ParentalKey)$/.test(type)) return `key to ${to}`;
	return FAMILIES.find(([, types]) => types.test(type))?.[0] ?? type;
}
