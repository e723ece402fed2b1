import type {Field, ModelKey} from '../operations/field.ts';
import {callings, isGone} from './lookup.ts';
import {type Failure, fieldsOf, type Model, type Models} from './state.ts';

/** Something that names fields: an index, a constraint, an option. */
export interface Naming {
	readonly what: 'index' | 'check' | 'option';
	readonly name: string;
}

/** A relation to a model that is gone. */
export function unresolved(models: Models, model: Model, field: Field): Failure | null {
	const target = [field.to, field.through].find(key => key !== null && models.get(key) === null);
	if (target) return {error: `ValueError: Related model '${target}' cannot be resolved (${model.name}.${field.name})`};
	const pointed = field.to === null ? null : (models.get(field.to) ?? null);
	const missing = pointed && field.toFields.find(name => isGone(pointed, name));
	return missing ? noField(pointed, missing) : null;
}

/** A key that points at a field by its name (`to_field`); ForeignObject.resolve_related_fields looks it up when the models are rendered. */
export function pointedAt(models: Models, key: ModelKey, field: string): Naming | null {
	for (const model of models.values()) {
		const pointing =
			model && fieldsOf(model).find(({to, toFields}) => to === key && toFields.some(name => name.toLowerCase() === field));
		if (pointing) return {what: 'index', name: `${model.app}.${model.name}.${pointing.name}`};
	}
	return null;
}

/** What a model that goes away leaves behind: relations to it, and models that inherit from it. */
export function lazyReference(models: Models, key: ModelKey): Failure | null {
	const app = key.slice(0, key.indexOf('.'));
	for (const [other, model] of models) {
		if (model === null || other === key) continue;
		if (model.bases.includes(key))
			return {error: `InvalidBasesError: Cannot resolve bases for [<ModelState: '${model.app}.${model.name}'>]`};
		const field = fieldsOf(model).find(each => each.to === key || each.through === key);
		if (field) {
			const where = `${model.app}.${model.name}.${field.name}`;
			return {
				error: `ValueError: The field ${where} was declared with a lazy reference to '${key}', but app '${app}' doesn't provide model '${key.slice(app.length + 1)}'.`,
			};
		}
	}
	return null;
}

/** What of a model still names a field, by any of these names: with one that is removed, SQLite cannot make the table again. */
export function stillNamed(model: Model, field: string, called = callings(model, field)): Naming | null {
	const names = new Set(called);
	const isNamed = (name: string) => names.has(name.toLowerCase());
	for (const [name, value] of model.together) {
		if (value.flat().some(isNamed)) return {what: 'index', name};
	}
	const user = fieldsOf(model).find(({uses}) => uses.some(isNamed));
	if (user) return {what: 'check', name: user.name};
	if (model.options.get('order_with_respect_to')?.toLowerCase() === field) return {what: 'option', name: 'order_with_respect_to'};
	for (const rules of [model.indexes, model.constraints]) {
		for (const rule of rules.values()) {
			if (rule?.fields.some(isNamed)) return {what: rule.compares ? 'check' : 'index', name: rule.name};
		}
	}
	return null;
}

/** The error for it; `again`: the table is made anew. */
export function lacks(model: Model, {what, name}: Naming, field: string, again = true): Failure {
	return what === 'check'
		? {error: `FieldError: Cannot resolve keyword '${field}' into field. (${name})`}
		: {error: `FieldDoesNotExist: ${again ? 'New' : ''}${model.name} has no field named '${field}' (${name})`};
}

/** Only `order_with_respect_to` is looked up when the model is rendered, and no rename follows it. */
export function missingOrder(model: Model, field: string): Failure | null {
	return model.options.get('order_with_respect_to')?.toLowerCase() === field ? noField(model, field) : null;
}

export function noField(model: Model, field: string): Failure {
	return {error: `FieldDoesNotExist: ${model.name} has no field named '${field}'`};
}

export function nothingCalled(what: 'index' | 'constraint', name: string, model: Model): Failure {
	return {error: `ValueError: No ${what} named ${name} on model ${model.name}`};
}

/** A field that parent and child both have (ModelBase.__new__). */
export function familyClash(models: Models, model: Model, field: string): Failure | null {
	const name = field.toLowerCase();
	const key = `${model.app}.${model.name}`.toLowerCase();
	for (const parent of ancestorsOf(models, model)) {
		if (parent.fields.get(name)) return clash(field, model, parent);
	}
	for (const child of models.values()) {
		if (child?.bases.length && child.fields.get(name) && ancestorsOf(models, child).some(each => keyOf(each) === key)) {
			return clash(field, child, model);
		}
	}
	return null;
}

/** The models a model inherits its fields from. */
export function ancestorsOf(models: Models, model: Model, depth = 0): Model[] {
	if (depth > 20) return [];
	return model.bases.flatMap(base => {
		const parent = models.get(base);
		return parent ? [parent, ...ancestorsOf(models, parent, depth + 1)] : [];
	});
}

function keyOf({app, name}: Model): ModelKey {
	return `${app}.${name}`.toLowerCase();
}

function clash(field: string, child: Model, parent: Model): Failure {
	return {
		error: `FieldError: Local field '${field}' in class '${child.name}' clashes with field of the same name from base class '${parent.name}'.`,
	};
}
