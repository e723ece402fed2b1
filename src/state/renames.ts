import {type Field, type ModelKey, referenceIn, unknownField} from '../operations/field.ts';
import {familyClash, missingOrder} from './integrity.ts';
import {tableModel} from './names.ts';
import {type Failure, fieldsOf, type Model, type Models} from './state.ts';

/** ProjectState.rename_model: relations follow, bases do not. */
export function renameModel(models: Models, key: ModelKey, model: Model, to: string): Models | Failure {
	const now = referenceIn(model.app, to, {kind: 'string', value: to, text: '', from: 0})!;
	const child = [...models.values()].find(other => other?.bases.includes(key));
	if (child && now !== key) {
		return {error: `InvalidBasesError: Cannot resolve bases for [<ModelState: '${child.app}.${child.name}'>] (${key})`};
	}
	// apps/registry.py:register_model; the one that Django makes for a many-to-many field is taken for it, or it for that one.
	const isTaken = [...models].some(([owner, other]) => other && fieldsOf(other).some(field => tableModel(owner, field) === now));
	if (isTaken) return {error: `RuntimeError: Conflicting '${to.toLowerCase()}' models in application '${model.app}'`};
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

/** A field under another name: its model's `unique_together` follows, what indexes and constraints name does not. */
export function renameField(model: Model, from: string, to: string, models: Models): Model | Failure {
	const [old, now] = [from.toLowerCase(), to.toLowerCase()];
	const field = model.fields.get(old);
	if (field === null || (field && field.name !== from))
		return {error: `FieldDoesNotExist: ${model.app}.${model.name.toLowerCase()} has no field named '${from}'`};
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

/** ProjectState.rename_field: keys that point at the field by name follow. */
export function withTargets(models: Models, key: ModelKey, from: string, to: string): Models {
	const result = new Map(models);
	for (const [each, model] of models) {
		const pointing = model ? fieldsOf(model).filter(field => field.to === key && field.toFields.includes(from)) : [];
		if (pointing.length === 0) continue;
		const follow = (field: Field) => ({...field, toFields: field.toFields.map(name => (name === from ? to : name))});
		result.set(each, {
			...model!,
			fields: new Map([...model!.fields, ...pointing.map(field => [field.name.toLowerCase(), follow(field)] as const)]),
		});
	}
	return result;
}
