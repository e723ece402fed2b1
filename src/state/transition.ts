import {type Field, isManyToMany, type ModelKey, referenceIn, unknownField} from './field.ts';
import {
	familyClash,
	lacks,
	lazyReference,
	missingOrder,
	type Naming,
	noField,
	nothingCalled,
	stillNamed,
	unresolved,
} from './integrity.ts';
import type {Operation, Rule} from './operation.ts';
import {retyped} from './retyped.ts';
import {type Failure, failed, type Model, type Models, modelAt, withEntry} from './state.ts';

/** Operations that change a model that is there; Separate, Run and Opaque are the caller's. */
type Change = (model: Model, operation: Operation, models: Models) => Model | Failure;
type Of<K extends Operation['kind']> = Extract<Operation, {kind: K}>;

const change = <K extends Operation['kind']>(make: (model: Model, operation: Of<K>, models: Models) => Model | Failure): Change =>
	make as Change;

/** Options that AlterModelOptions sets as a whole: what is absent is deleted (operations/models.py:ALTER_OPTION_KEYS). */
const OPTION_KEYS = [
	'base_manager_name',
	'default_manager_name',
	'default_related_name',
	'get_latest_by',
	'managed',
	'ordering',
	'permissions',
	'default_permissions',
	'select_on_save',
	'verbose_name',
	'verbose_name_plural',
];

const CHANGES: Readonly<Partial<Record<Operation['kind'], Change>>> = {
	SetOption: change<'SetOption'>((model, {option, value}) => {
		if (option === 'order_with_respect_to' && value !== null && gone(model, value)) return noField(model, value);
		return {...model, options: withEntry(model.options, option, value)};
	}),
	SetTogether: change<'SetTogether'>((model, {option, value}) => {
		const missing = value.flat().find(name => gone(model, name));
		return missing === undefined ? {...model, together: new Map(model.together).set(option, value)} : noField(model, missing);
	}),
	AlterModelOptions: change<'AlterModelOptions'>((model, {options}) => ({
		...model,
		options: new Map([...model.options, ...OPTION_KEYS.map(key => [key, options.get(key) ?? null] as const)]),
	})),
	AlterModelManagers: change<'AlterModelManagers'>((model, {managers}) => ({...model, managers})),
	AddField: change<'AddField'>((model, {field}, models) => {
		const known = model.fields.get(field.name.toLowerCase());
		// No column is there twice, so that nothing would fail; and nothing is right after it.
		if (known && isManyToMany(known) !== isManyToMany(field))
			return {error: `FieldError: ${model.name} has a field ${field.name} already`};
		const after = withField(model, field.name, field);
		return unresolved(models, model, field) ?? familyClash(models, after, field.name) ?? after;
	}),
	AlterField: change<'AlterField'>((model, {field}, models) => {
		if (gone(model, field.name)) return noField(model, field.name);
		return unresolved(models, model, field) ?? retyped(model, field) ?? withField(model, field.name, field);
	}),
	RemoveField: change<'RemoveField'>((model, {field}) => {
		if (gone(model, field)) return {error: `KeyError: '${field}'`};
		const naming = stillNamed(model, field);
		return naming ? lacks(model, naming, field) : withField(model, field, null);
	}),
	RenameField: change<'RenameField'>((model, {from, to}, models) => renameField(model, from, to, models)),
	AddIndex: change<'AddIndex'>((model, {rule}) => addRule(model, 'indexes', rule)),
	AddConstraint: change<'AddConstraint'>((model, {rule}) => addRule(model, 'constraints', rule)),
	RemoveIndex: change<'RemoveIndex'>((model, {name}) => removeRule(model, 'indexes', name)),
	RemoveConstraint: change<'RemoveConstraint'>((model, {name}) => removeRule(model, 'constraints', name)),
	RenameIndex: change<'RenameIndex'>((model, {from, to}) => {
		if (from === null) return model;
		const rule = model.indexes.get(from);
		if (rule === null) return nothingCalled('index', from, model);
		const renamed = {...(rule ?? {type: 'Index', text: from, fields: [], compares: false, unclear: null}), name: to};
		return {...model, indexes: new Map(model.indexes).set(from, null).set(to, renamed)};
	}),
	AlterConstraint: change<'AlterConstraint'>((model, {name, rule}) =>
		model.constraints.get(name) === null ? model : {...model, constraints: withEntry(model.constraints, name, rule)},
	),
};

/** `state_forwards`, with what fails only when the database is asked, or the models are rendered. */
export function changeModels(models: Models, operation: Operation): Models | Failure {
	const {kind, model: key} = operation;
	if (key === null) return models;
	if (kind === 'CreateModel') return createModel(models, key, operation);
	const model = modelAt(models, key);
	const make = CHANGES[kind];
	if (!make && kind !== 'DeleteModel' && kind !== 'RenameModel') return models;
	if (model === null) return {error: `KeyError: ('${key.replace('.', "', '")}')`};
	if (kind === 'DeleteModel') return lazyReference(models, key) ?? withEntry(models, key, null);
	if (kind === 'RenameModel') return renameModel(models, key, model, operation.to);
	const after = make!(model, operation, models);
	return failed(after) ? after : withEntry(models, key, after);
}

function createModel(models: Models, key: ModelKey, operation: Of<'CreateModel'>): Models | Failure {
	const {app, name, fields, options, together, indexes, constraints, bases, managers} = operation;
	const byName = (rules: readonly Rule[]) => new Map(rules.map(rule => [rule.name, rule]));
	const model: Model = {
		app,
		name,
		fields: new Map(fields.map(field => [field.name.toLowerCase(), field])),
		options,
		together,
		indexes: byName(indexes),
		constraints: byName(constraints),
		bases,
		managers,
	};
	const base = bases.find(each => models.get(each) === null);
	if (base) return {error: `InvalidBasesError: Cannot resolve bases for [<ModelState: '${app}.${name}'>] (${base})`};
	for (const field of fields) {
		const failure = (field.to === key ? null : unresolved(models, model, field)) ?? familyClash(models, model, field.name);
		if (failure) return failure;
	}
	return withEntry(models, key, model);
}

/** ProjectState.rename_model: relations follow, bases do not. */
function renameModel(models: Models, key: ModelKey, model: Model, to: string): Models | Failure {
	const now = referenceIn(model.app, to, {kind: 'string', value: to, text: '', from: 0})!;
	const child = [...models.values()].find(other => other?.bases.includes(key));
	if (child && now !== key) {
		return {error: `InvalidBasesError: Cannot resolve bases for [<ModelState: '${child.app}.${child.name}'>] (${key})`};
	}
	const repoint = (other: Model): Model => {
		const moved = [...other.fields].filter(([, field]) => field?.to === key || field?.through === key);
		if (moved.length === 0) return other;
		const fields = new Map(other.fields);
		for (const [name, field] of moved) {
			fields.set(name, {
				...field!,
				to: field!.to === key ? now : field!.to,
				through: field!.through === key ? now : field!.through,
			});
		}
		return {...other, fields};
	};
	const result = new Map([...models].map(([each, other]) => [each, other && repoint(other)]));
	return result.set(key, null).set(now, repoint({...model, name: to}));
}

function renameField(model: Model, from: string, to: string, models: Models): Model | Failure {
	const [old, now] = [from.toLowerCase(), to.toLowerCase()];
	const field = model.fields.get(old);
	if (field === null) return {error: `FieldDoesNotExist: ${model.app}.${model.name.toLowerCase()} has no field named '${from}'`};
	if (now !== old && model.fields.get(now)) return {error: `OperationalError: duplicate column name: ${to}`};
	const order = missingOrder(model, old);
	if (order) return order;
	const follow = (names: readonly string[]) => names.map(name => (name.toLowerCase() === old ? to : name));
	const after: Model = {
		...model,
		fields: new Map(model.fields).set(old, null).set(now, field ? {...field, name: to} : unknownField(to, old)),
		together: new Map([...model.together].map(([option, value]) => [option, value.map(follow)])),
	};
	return familyClash(models, after, to) ?? after;
}

function addRule(model: Model, where: 'indexes' | 'constraints', rule: Rule): Model | Failure {
	const missing = rule.fields.find(name => gone(model, name));
	if (missing !== undefined) {
		const naming: Naming = {what: rule.compares ? 'check' : 'index', name: rule.name};
		return lacks(model, naming, missing, false);
	}
	return {...model, [where]: withEntry<Rule | null>(model[where], rule.name, rule)};
}

function removeRule(model: Model, where: 'indexes' | 'constraints', name: string): Model | Failure {
	if (model[where].get(name) === null) return nothingCalled(where === 'indexes' ? 'index' : 'constraint', name, model);
	return {...model, [where]: withEntry<Rule | null>(model[where], name, null)};
}

function gone(model: Model, field: string): boolean {
	return model.fields.get(field.toLowerCase()) === null;
}

function withField(model: Model, name: string, field: Field | null): Model {
	return {...model, fields: withEntry(model.fields, name.toLowerCase(), field)};
}
