import {flagIn, stringIn, type Value} from './value.ts';

/** `shop.item`: app label and model name in lower case, as ProjectState.models has them. */
export type ModelKey = string;

/** A field as far as it bears on other operations. */
export interface Field {
	readonly name: string;
	/** The class without its module: `CharField`. */
	readonly type: string;
	/** All arguments, whatever their order and spelling; without what a relation points at, which renames change. */
	readonly text: string;
	readonly to: ModelKey | null;
	readonly through: ModelKey | null;
	/** What the arguments say, not what follows from them. */
	readonly column: string | null;
	readonly table: string | null;
	readonly relatedName: string | null;
	readonly relatedQueryName: string | null;
	readonly nullable: boolean;
	readonly hasDefault: boolean;
}

const RELATION = /^(?:\w*ForeignKey|\w*OneToOneField|\w*ManyToManyField|GenericRelation|\w*ParentalKey|ParentalManyToManyField)$/;
/** A new object has an empty string there, and so needs no default (Field.empty_strings_allowed and its subclasses). */
const TEXTUAL = /(?:Char|Text|Slug|Email|URL|FilePath|File|Image)Field$/;

/** Read a field from `models.X(...)`. Null: it is no call. `keepDefault`: false where Django forgets the default after it ran. */
export function readField(app: string, model: string, name: string, value: Value | undefined, keepDefault = true): Field | null {
	if (value?.kind !== 'call') return null;
	const type = value.callee.slice(value.callee.lastIndexOf('.') + 1);
	const {args, keywords} = value;
	const relation = RELATION.test(type) || keywords.has('to');
	const target = keywords.get('to') ?? (relation ? args[0] : undefined);
	const resolve = (other: Value | undefined) => (other ? referenceIn(app, model, other) : null);
	const rest = [...keywords].filter(([key]) => key !== 'to' && key !== 'through' && (keepDefault || key !== 'default'));
	const positional = relation && !keywords.has('to') ? args.slice(1) : args;
	const words = [...positional.map(({text}) => text), ...rest.map(([key, {text}]) => `${key}=${text}`).sort()];
	return {
		name,
		type,
		text: `${type}(${words.join()})`,
		to: relation ? resolve(target) : null,
		through: resolve(keywords.get('through')),
		column: stringIn(keywords.get('db_column')),
		table: stringIn(keywords.get('db_table')),
		relatedName: stringIn(keywords.get('related_name')),
		relatedQueryName: stringIn(keywords.get('related_query_name')),
		nullable: flagIn(keywords.get('null')) === true,
		hasDefault: (keepDefault && keywords.has('default')) || keywords.has('db_default') || TEXTUAL.test(type),
	};
}

/** What a relation names, resolved as django/db/models/utils.py:make_model_tuple and resolve_relation do; null when it is computed. */
export function referenceIn(app: string, model: string, value: Value): ModelKey | null {
	const setting = /^(?:\w+\.)*settings\.(\w+)$/.exec(value.text)?.[1];
	if (setting) return `settings.${setting}`.toLowerCase();
	const text = stringIn(value)?.toLowerCase();
	if (text === undefined) return null;
	if (text === 'self') return `${app}.${model.toLowerCase()}`;
	return text.includes('.') ? text : `${app}.${text}`;
}

/** A field of which only the name is known, and what it was called before. */
export function unknownField(name: string, before: string): Field {
	const none = {to: null, through: null, column: null, table: null, relatedName: null, relatedQueryName: null};
	return {name, type: '?', text: `field ${before}`, ...none, nullable: true, hasDefault: true};
}

export function isManyToMany({type}: Field): boolean {
	return type.endsWith('ManyToManyField');
}

/** Whether the field has a column, and its name in lower case (Field.get_attname_column); names that differ in case only are one to SQLite. */
export function columnOf(field: Field): string | null {
	if (isManyToMany(field) || field.type === 'GenericRelation') return null;
	const isKey = field.to !== null && /(?:ForeignKey|OneToOneField|ParentalKey)$/.test(field.type);
	return (field.column ?? (isKey ? `${field.name}_id` : field.name)).toLowerCase();
}
