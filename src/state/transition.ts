import {columnOf, type Field, type ModelKey} from '../operations/field.ts';
import type {Operation, Rule} from '../operations/operation.ts';
import {familyClash, lacks, lazyReference, noField, nothingCalled, pointedAt, stillNamed, unresolved} from './integrity.ts';
import {isGone as gone} from './lookup.ts';
import {renameField, renameModel, withTargets} from './renames.ts';
import {retyped} from './retyped.ts';
import {addRule, nameIndex, removeRule} from './rules.ts';
import {type Failure, failed, fieldsOf, type Model, type Models, modelAt, withEntry} from './state.ts';

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
		const after = {...model, options: withEntry(model.options, option, value)};
		return option === 'order_with_respect_to' ? ordered(model, after, value) : after;
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
		if (known && columnOf(known) !== columnOf(field))
			return {error: `FieldError: ${model.name} has a field ${field.name} already`};
		const after = withField(model, field.name, field);
		return unresolved(models, model, field) ?? familyClash(models, after, field.name) ?? after;
	}),
	AlterField: change<'AlterField'>((model, {field}, models) => {
		if (gone(model, field.name)) return noField(model, field.name);
		return unresolved(models, model, field) ?? retyped(model, field) ?? withoutKey(model, field);
	}),
	RemoveField: change<'RemoveField'>((model, {field, spelled, model: key}, models) => {
		// ProjectState.remove_field: a name that differs in its case is none.
		const known = model.fields.get(field);
		if (known === null || (known && known.name !== spelled)) return {error: `KeyError: '${spelled}'`};
		const naming = stillNamed(model, field) ?? pointedAt(models, key!, field);
		return naming ? lacks(model, naming, field) : withField(model, field, null);
	}),
	RenameField: change<'RenameField'>((model, {from, to}, models) => renameField(model, from, to, models)),
	AddIndex: change<'AddIndex'>((model, {rule}) => addRule(model, 'indexes', rule)),
	AddConstraint: change<'AddConstraint'>((model, {rule}) => addRule(model, 'constraints', rule)),
	RemoveIndex: change<'RemoveIndex'>((model, {name}) => removeRule(model, 'indexes', name)),
	RemoveConstraint: change<'RemoveConstraint'>((model, {name}) => removeRule(model, 'constraints', name)),
	RenameIndex: change<'RenameIndex'>((model, {from, fields, to}) => {
		if (from === null) return nameIndex(model, fields, to);
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
	if (failed(after)) return after;
	const result = withEntry(models, key, after);
	return kind === 'RenameField' ? withTargets(result, key, operation.from, operation.to) : result;
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

/** The field `_order`, which comes and goes with the option (operations/models.py:AlterOrderWithRespectTo.database_forwards). */
function ordered(before: Model, after: Model, value: string | null): Model | Failure {
	const isNew = !before.options.get('order_with_respect_to');
	if (value !== null && isNew && fieldsOf(before).some(field => columnOf(field) === '_order')) {
		return {error: 'OperationalError: duplicate column name: _order'};
	}
	if (value !== null) return {...after, fields: new Map([...after.fields].filter(([name, field]) => name !== '_order' || field))};
	if (isNew) return after;
	const naming = stillNamed(before, '_order');
	return naming ? lacks(before, naming, '_order') : withField(after, '_order', null);
}

/** A field altered. Where it was a key and is none any more, it is not called by its column any more either (ForeignKey.get_attname). */
function withoutKey(model: Model, field: Field): Model | Failure {
	const after = withField(model, field.name, field);
	const column = `${field.name}_id`;
	const wasKey = model.fields.get(field.name.toLowerCase())?.shape === 'key' && field.shape !== 'key';
	if (!wasKey || model.fields.get(column.toLowerCase())) return after;
	const naming = stillNamed(model, column, [column.toLowerCase()]);
	return naming ? lacks(model, naming, column) : withField(after, column, null);
}

function withField(model: Model, name: string, field: Field | null): Model {
	return {...model, fields: withEntry(model.fields, name.toLowerCase(), field)};
}
