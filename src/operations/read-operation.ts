import {readField} from './field.ts';
import {modelNamed, wordsOf} from './model-named.ts';
import type {Operation, Rule, Work} from './operation.ts';
import {readPython, readSql} from './read-code.ts';
import {optionsIn, readCreateModel} from './read-create-model.ts';
import {isTogether, readRule, readTogether} from './rule.ts';
import {type Bound, bind, isDjangos} from './signature.ts';
import {flagIn, type Module, stringIn, stringsIn, type Value} from './value.ts';

/** Where an operation stands: the module, the app it is in, and how to say its line. */
export interface Site {
	readonly module: Module;
	readonly app: string;
	readonly lineOf: (from: number) => number;
}

/** Read one operation. What cannot be read is opaque, and says why. */
export function readOperation(site: Site, value: Value): Operation {
	const bound = value.kind === 'call' ? bind(value) : null;
	const nameless = bound !== null && NAMELESS.test(bound.name);
	const {model, guessed} = modelNamed(value, bound);
	// Without its model even what is read in full is about any of them.
	const work = bound && (nameless || model !== null) ? (READERS[bound.name]?.(site, bound) ?? null) : null;
	const called = value.kind === 'call' ? value.callee.slice(value.callee.lastIndexOf('.') + 1) : 'an operation';
	const detail = bound && ['name', 'old_name'].map(key => stringIn(bound.get(key))).find(Boolean);
	const subject = bound?.get('model_name') ? `${model ?? '?'}.${detail ?? ruleName(bound) ?? '?'}` : (model ?? '');
	return {
		app: site.app,
		model: model === null || nameless ? null : `${site.app}.${model.toLowerCase()}`,
		line: site.lineOf(value.from),
		title: `${called}${subject && !nameless ? ` ${subject}` : ''}`,
		text: value.text,
		...(work ?? {
			kind: 'Opaque',
			why: value.kind === 'call' && isDjangos(value) ? 'its arguments are computed' : `${called} is none of Django's operations`,
			guessed,
			pointing: bound !== null && /^(?:Add|Alter)Field$|^CreateModel$/.test(bound.name),
			words: wordsOf(site.module, value),
		}),
	};
}

const NAMELESS = /Extension$|Collation$|^Run|^Separate/;

function ruleName(bound: Bound): string | null {
	const rule = bound.get('index') ?? bound.get('constraint');
	return stringIn(rule?.kind === 'call' ? rule.keywords.get('name') : undefined) ?? stringIn(bound.get('new_name'));
}

type Reader = (site: Site, bound: Bound) => Work | null;

const field =
	(kind: 'AddField' | 'AlterField'): Reader =>
	({app}, {get}) => {
		const [model, name] = [stringIn(get('model_name')), stringIn(get('name'))];
		if (model === null || name === null) return null;
		const read = readField(app, model, name, get('field'), flagIn(get('preserve_default')) !== false);
		// What a field was altered to matters to all that names it.
		return read === null || (kind === 'AlterField' && read.type === '?') ? null : {kind, field: read};
	};

const named =
	(make: (name: string) => Work, key = 'name'): Reader =>
	(_site, {get}) => {
		const name = stringIn(get(key));
		return name === null ? null : make(name);
	};

const rule =
	(key: string, make: (rule: Rule) => Work): Reader =>
	(_site, {get}) => {
		const read = readRule(get(key));
		return read && make(read);
	};

const option =
	(name: string, key = name): Reader =>
	(_site, {get}) => {
		const value = get(key);
		return value
			? {kind: 'SetOption', option: name, value: value.text === 'None' ? null : (stringIn(value) ?? value.text)}
			: null;
	};

const together =
	(name: string): Reader =>
	(_site, {get}) => {
		const value = get(name);
		return value && isTogether(value) ? {kind: 'SetTogether', option: name, value: readTogether(value)} : null;
	};

const harmless: Reader = () => ({kind: 'Harmless'});
const HARMLESS = Object.fromEntries(
	['', 'Bloom', 'BtreeGin', 'BtreeGist', 'CIText', 'Crypto', 'HStore', 'Trigram', 'Unaccent'].map(name => [
		`${name || 'Create'}Extension`,
		harmless,
	]),
);

const addIndex = rule('index', read => ({kind: 'AddIndex', rule: read}));
const removeIndex = named(name => ({kind: 'RemoveIndex', name}));
const addConstraint = rule('constraint', read => ({kind: 'AddConstraint', rule: read}));

const READERS: Readonly<Record<string, Reader>> = {
	...HARMLESS,
	ValidateConstraint: harmless,
	CreateCollation: named(name => ({kind: 'CreateThing', thing: `collation:${name}`})),
	RemoveCollation: named(name => ({kind: 'RemoveThing', thing: `collation:${name}`})),
	CreateModel: readCreateModel,
	DeleteModel: named(() => ({kind: 'DeleteModel'})),
	RenameModel: named(to => ({kind: 'RenameModel', to}), 'new_name'),
	AlterModelTable: option('db_table', 'table'),
	AlterModelTableComment: option('db_table_comment', 'table_comment'),
	AlterOrderWithRespectTo: option('order_with_respect_to'),
	AlterUniqueTogether: together('unique_together'),
	AlterIndexTogether: together('index_together'),
	AlterModelOptions: (_site, {get}) => {
		const options = get('options');
		return options?.kind === 'dict' && options.whole ? {kind: 'AlterModelOptions', options: optionsIn(options)} : null;
	},
	AlterModelManagers: (_site, {get}) => {
		const managers = get('managers');
		return managers ? {kind: 'AlterModelManagers', managers: managers.text} : null;
	},
	AddField: field('AddField'),
	AlterField: field('AlterField'),
	RemoveField: named(name => ({kind: 'RemoveField', field: name.toLowerCase(), spelled: name})),
	RenameField: (_site, {get}) => {
		const [from, to] = [stringIn(get('old_name')), stringIn(get('new_name'))];
		return from === null || to === null ? null : {kind: 'RenameField', from, to};
	},
	AddIndex: addIndex,
	AddIndexConcurrently: addIndex,
	RemoveIndex: removeIndex,
	RemoveIndexConcurrently: removeIndex,
	RenameIndex: (_site, {get}) => {
		const to = stringIn(get('new_name'));
		return to === null ? null : {kind: 'RenameIndex', from: stringIn(get('old_name')), fields: stringsIn(get('old_fields')), to};
	},
	AddConstraint: addConstraint,
	AddConstraintNotValid: addConstraint,
	RemoveConstraint: named(name => ({kind: 'RemoveConstraint', name})),
	AlterConstraint: (_site, {get}) => {
		const read = readRule(get('constraint'));
		const name = stringIn(get('name'));
		return read && name !== null ? {kind: 'AlterConstraint', name, rule: read} : null;
	},
	SeparateDatabaseAndState: (site, {get}) => ({
		kind: 'Separate',
		database: inner(site, get('database_operations')),
		state: inner(site, get('state_operations')),
	}),
	RunPython: (site, {get}) => ({
		kind: 'Run',
		mentions: readPython(site, get('code')),
		state: [],
		reverse: reverseOf(get('reverse_code')),
	}),
	RunSQL: (site, {get}) => ({
		kind: 'Run',
		mentions: readSql(get('sql')),
		state: inner(site, get('state_operations')),
		reverse: reverseOf(get('reverse_sql')),
	}),
};

/** operations/special.py: RunPython.reversible and RunSQL.reversible ask whether it is None; RunSQL.noop is an empty string. */
function reverseOf(value: Value | undefined): 'none' | 'noop' | 'work' {
	if (value === undefined || value.text === 'None') return 'none';
	const isNoop =
		/(?:^|\.)noop$/.test(value.text) || stringIn(value) === '' || (value.kind === 'list' && value.items.length === 0);
	return isNoop ? 'noop' : 'work';
}

/** Operations inside of others. A list that is computed, in whole or in part, may hold any. */
function inner(site: Site, list: Value | undefined): Operation[] {
	if (list === undefined || list.text === 'None') return [];
	const read = list.kind === 'list' ? list.items.map(item => readOperation(site, item)) : [];
	if (list.kind === 'list' && list.whole) return read;
	return [...read, opaqueIn(site.app, site.lineOf(list.from), 'the list is computed')];
}

/** Operations of which nothing is known but their app. */
export function opaqueIn(app: string, line: number, why: string): Operation {
	return {
		app,
		model: null,
		line,
		title: 'computed operations',
		text: '',
		kind: 'Opaque',
		why,
		guessed: false,
		pointing: true,
		words: new Set(),
	};
}
