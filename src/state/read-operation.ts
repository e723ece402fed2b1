import {type Field, readField, referenceIn} from './field.ts';
import type {Operation, Rule, Work} from './operation.ts';
import {readPython, readSql} from './read-code.ts';
import {readRule, readTogether} from './rule.ts';
import {type Bound, bind} from './signature.ts';
import {flagIn, type Module, stringIn, type Value} from './value.ts';

/** Where an operation stands: the module, the app it is in, and how to say its line. */
export interface Site {
	readonly module: Module;
	readonly app: string;
	readonly lineOf: (from: number) => number;
}

/** Read one operation. What cannot be read is opaque, and says why. */
export function readOperation(site: Site, value: Value): Operation {
	const bound = value.kind === 'call' ? bind(value) : null;
	const reader = bound && READERS[bound.name];
	const work = (bound && reader?.(site, bound)) ?? null;
	const called = value.kind === 'call' ? value.callee.slice(value.callee.lastIndexOf('.') + 1) : 'an operation';
	const model = modelNamed(value, bound);
	const detail = bound && ['name', 'old_name'].map(key => stringIn(bound.get(key))).find(Boolean);
	const subject = bound?.get('model_name') ? `${model}.${detail ?? ruleName(bound) ?? '?'}` : (model ?? '');
	return {
		app: site.app,
		model: model === null || (bound && NAMELESS.test(bound.name)) ? null : `${site.app}.${model.toLowerCase()}`,
		line: site.lineOf(value.from),
		title: `${called}${subject && !(bound && NAMELESS.test(bound.name)) ? ` ${subject}` : ''}`,
		text: value.text,
		...(work ?? {kind: 'Opaque', why: bound ? 'its arguments are computed' : `${called} is none of Django's operations`}),
	};
}

const NAMELESS = /Extension$|Collation$|^Run|^Separate/;

/** Every custom operation that is about one model calls it `model_name` or `name`, or has it first. */
function modelNamed(value: Value, bound: Bound | null): string | null {
	if (bound) return ['model_name', 'name', 'old_name'].map(key => stringIn(bound.get(key))).find(name => name !== null) ?? null;
	if (value.kind !== 'call') return null;
	return stringIn(value.keywords.get('model_name')) ?? stringIn(value.keywords.get('name')) ?? stringIn(value.args[0]);
}

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
		return read && {kind, field: read};
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
		return value?.kind === 'list' || value?.text === 'None' || value?.text === 'set()'
			? {kind: 'SetTogether', option: name, value: readTogether(value)}
			: null;
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
	RemoveField: named(name => ({kind: 'RemoveField', field: name.toLowerCase()})),
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
		return to === null ? null : {kind: 'RenameIndex', from: stringIn(get('old_name')), to};
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

function inner(site: Site, list: Value | undefined): Operation[] {
	return list?.kind === 'list' ? list.items.map(item => readOperation(site, item)) : [];
}

/** Option → its text. Those with a model of their own (tables, rules) are taken out by `readCreateModel`. */
function optionsIn(value: Value | undefined): Map<string, string> {
	if (value?.kind !== 'dict') return new Map();
	return new Map(value.entries.map(([key, each]) => [stringIn(key) ?? key.text, stringIn(each) ?? each.text]));
}

function readCreateModel({app}: Site, {get}: Bound): Work | null {
	const name = stringIn(get('name'));
	const list = get('fields');
	if (name === null || (list && list.kind !== 'list')) return null;
	const fields = (list?.items ?? []).flatMap((item): Field[] => {
		const [key, value] = item.kind === 'list' ? item.items : [];
		const read = stringIn(key) === null ? null : readField(app, name, stringIn(key)!, value);
		return read ? [read] : [];
	});
	const dict = get('options');
	const option = (key: string) =>
		dict?.kind === 'dict' ? dict.entries.find(([each]) => stringIn(each) === key)?.[1] : undefined;
	const rules = (key: string): Rule[] => {
		const value = option(key);
		return value?.kind === 'list' ? value.items.flatMap(item => readRule(item) ?? []) : [];
	};
	const options = optionsIn(dict);
	for (const key of ['indexes', 'constraints', 'unique_together', 'index_together']) options.delete(key);
	const bases = get('bases');
	return {
		kind: 'CreateModel',
		name,
		fields,
		options,
		together: new Map(['unique_together', 'index_together'].map(key => [key, readTogether(option(key))])),
		indexes: rules('indexes'),
		constraints: rules('constraints'),
		bases:
			bases?.kind === 'list'
				? bases.items.flatMap(base => (base.kind === 'string' ? (referenceIn(app, name, base) ?? []) : []))
				: [],
		managers: get('managers')?.text ?? null,
	};
}
