import {namedIn} from './expression.ts';
import {type Call, flagIn, stringIn, stringsIn, type Value} from './value.ts';

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
	/** What of it there is in the database: a column, one that holds a key, a table of its own, or nothing. */
	readonly shape: 'column' | 'key' | 'many' | 'none';
	/** Fields of the model it points at (`to_field`), by name. */
	readonly toFields: readonly string[];
	/** Fields of its own model: what a generated field is computed from (`expression`), and a ForeignObject's `from_fields`. */
	readonly uses: readonly string[];
	/** The fields of the model between (`through_fields`); no rename follows them. */
	readonly throughFields: readonly string[];
	readonly unique: boolean;
	/** Null, or why it is not known what model it points at. */
	readonly unclear: string | null;
}

/** A new object has an empty string there, and so needs no default (Field.empty_strings_allowed and its subclasses). */
const TEXTUAL = /(?:Char|Text|Slug|Email|URL|FilePath|File|Image)Field$/;
/** What Django lets follow when the other side is renamed; it is compared apart from the text. */
const RENAMED: ReadonlySet<string> = new Set(['to', 'through', 'to_field', 'to_fields']);
const ON_DELETE = /(?:^|\.)(?:CASCADE|PROTECT|RESTRICT|SET_NULL|SET_DEFAULT|DO_NOTHING)$|(?:^|\.)SET\(/;

/**
 * Read a field from `models.X(...)`. Null: it is no call. What is called in lower case is a function, and may make any field.
 * `keepDefault`: false where Django forgets the default after it ran.
 */
export function readField(app: string, model: string, name: string, value: Value | undefined, keepDefault = true): Field | null {
	if (value?.kind !== 'call') return null;
	const type = value.callee.slice(value.callee.lastIndexOf('.') + 1);
	if (!/^[A-Z]/.test(type)) return {...unknownField(name, ''), text: value.text, unclear: `made by ${type}()`};
	const {args, keywords} = value;
	const shape = shapeOf(value, type);
	const relation = shape !== 'column' && type !== 'CompositePrimaryKey';
	const target = keywords.get('to') ?? (relation ? args[0] : undefined);
	const resolve = (other: Value | undefined) => (other ? referenceIn(app, model, other) : null);
	const to = relation ? resolve(target) : null;
	const rest = [...keywords].filter(([key]) => !RENAMED.has(key) && (keepDefault || key !== 'default'));
	const positional = relation && !keywords.has('to') ? args.slice(1) : args;
	const words = wordsOf(value, positional, rest);
	return {
		name,
		type,
		text: `${type}(${words.join()})`,
		to,
		through: resolve(keywords.get('through')),
		column: stringIn(keywords.get('db_column')),
		table: stringIn(keywords.get('db_table')),
		relatedName: stringIn(keywords.get('related_name')),
		relatedQueryName: stringIn(keywords.get('related_query_name')),
		nullable: flagIn(keywords.get('null')) === true,
		hasDefault: (keepDefault && keywords.has('default')) || keywords.has('db_default') || TEXTUAL.test(type),
		shape,
		toFields: [stringIn(keywords.get('to_field')) ?? [], stringsIn(keywords.get('to_fields'))].flat(),
		uses: [
			...namedIn(keywords.has('expression') ? [keywords.get('expression')!] : []).fields,
			...stringsIn(keywords.get('from_fields')),
		],
		throughFields: stringsIn(keywords.get('through_fields')),
		unique: ['unique', 'primary_key'].some(key => flagIn(keywords.get(key)) === true),
		unclear: relation && to === null ? 'what it points at is computed' : perhapsRelation(value, shape),
	};
}

/** Arguments that say what holds anyway (fields/__init__.py:Field.__init__); `editable` and `max_length` have other defaults in some classes. */
const SAID = new Map([
	...['null', 'blank', 'unique', 'primary_key', 'auto_created'].map(key => [key, 'False'] as const),
	...['verbose_name', 'choices', 'db_column'].map(key => [key, 'None'] as const),
	['help_text', '""'] as const,
]);

/** The arguments, however they are spelled. Others' classes may have other parameters and defaults. */
function wordsOf(call: Call, positional: readonly Value[], keywords: readonly (readonly [string, Value])[]): readonly string[] {
	if (!isDjangos(call)) return [...positional.map(({text}) => text), ...keywords.map(([key, {text}]) => `${key}=${text}`).sort()];
	const first = /(?:ForeignKey|OneToOneField)$/.test(call.callee) ? 'on_delete' : 'verbose_name';
	const isNamed = call.whole && !call.callee.endsWith('ManyToManyField');
	const named = positional.map(({text}, index) => [isNamed && index === 0 ? first : `${index}`, text] as const);
	return [...named, ...keywords.map(([key, {text}]) => [key, text] as const)]
		.filter(([key, text]) => SAID.get(key) !== text)
		.map(([key, text]) => (/^\d/.test(key) ? text : `${key}=${text}`))
		.sort();
}

function isDjangos({callee, local}: Call): boolean {
	return !local && /^(?:django\.db\.)?models\.\w+$/.test(callee);
}

/**
 * By its class, and where that is none of Django's by its arguments: every relation with a column has an `on_delete` (ForeignKey.deconstruct writes it since
 * Django 2.0), and what points somewhere without one has its table elsewhere (ManyToManyField, taggit).
 */
function shapeOf({args, keywords}: Call, type: string): Field['shape'] {
	if (/^(?:GenericRelation|CompositePrimaryKey)$|ForeignObject$/.test(type)) return 'none';
	if (type.endsWith('ManyToManyField')) return 'many';
	if (/(?:ForeignKey|OneToOneField|ParentalKey)$/.test(type) || keywords.has('on_delete')) return 'key';
	if (args.some(({text}) => ON_DELETE.test(text))) return 'key';
	return keywords.has('to') ? 'many' : 'column';
}

/** A class that is none of Django's may take a model where others take their verbose name. */
function perhapsRelation(call: Call, shape: Field['shape']): string | null {
	const [first] = call.args;
	return shape === 'column' && !isDjangos(call) && /^\w+\.[A-Z]\w*$/.test(stringIn(first) ?? '')
		? `${call.callee} may point at ${stringIn(first)}`
		: null;
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
	const none = {to: null, through: null, column: null, table: null, relatedName: null, relatedQueryName: null, unclear: null};
	return {
		name,
		type: '?',
		text: `field ${before}`,
		...none,
		nullable: true,
		hasDefault: true,
		shape: 'column',
		toFields: [],
		uses: [],
		throughFields: [],
		unique: false,
	};
}

export function isManyToMany({shape}: Field): boolean {
	return shape === 'many';
}

/** Whether the field has a column, and its name in lower case (Field.get_attname_column); names that differ in case only are one to SQLite. */
export function columnOf({name, column, shape}: Field): string | null {
	if (shape === 'many' || shape === 'none') return null;
	return (column ?? (shape === 'key' ? `${name}_id` : name)).toLowerCase();
}
