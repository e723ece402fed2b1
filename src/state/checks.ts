import type {Field} from '../operations/field.ts';
import {type Clashes, clashingAccessors} from './clashes.ts';
import {isGone} from './lookup.ts';
import {tableModel} from './names.ts';
import {fieldsOf, type Model, type Models} from './state.ts';

/** What the system checks would refuse of models that two sides made together, before `migrate` starts. */
export function systemErrors(models: Models): Clashes {
	const found = new Map(clashingAccessors(models));
	for (const model of models.values()) {
		if (!model) continue;
		if (isSet(model, 'ordering') && isSet(model, 'order_with_respect_to')) {
			found.set(`'ordering' and 'order_with_respect_to' of ${model.name} cannot be used together.`, null);
		}
		for (const field of fieldsOf(model)) for (const each of errorsOf(models, model, field)) found.set(...each);
	}
	return found;
}

/** models/base.py:_check_ordering, E021. */
function isSet({options}: Model, option: string): boolean {
	return !/^(?:|None|\[\])$/.test(options.get(option) ?? '');
}

type Found = readonly [text: string, unless: string | null];

function errorsOf(models: Models, model: Model, field: Field): readonly Found[] {
	if (models.get(tableModel(`${model.app}.${model.name}`, field) ?? '')) {
		return [[`Field ${model.name}.${field.name} goes through a model that Django makes, and there is one of its name.`, null]];
	}
	const through = field.through === null ? null : models.get(field.through);
	if (through) return throughErrors(model, field, through);
	const target = field.shape === 'key' && field.to !== null ? models.get(field.to) : null;
	const [name] = field.toFields;
	const pointed = target && name !== undefined ? target.fields.get(name.toLowerCase()) : null;
	// fields/related.py:ForeignObject._check_unique_target, E311.
	return !target || !pointed || pointed.unique || isUnique(target, pointed.name)
		? []
		: [[`'${target.name}.${pointed.name}' must be unique because it is referenced by ${model.name}.${field.name}.`, null]];
}

function isUnique({together, constraints}: Model, name: string): boolean {
	const alone = (names: readonly string[]) => names.length === 1 && names[0] === name;
	return (
		(together.get('unique_together') ?? []).some(alone) ||
		[...constraints.values()].some(rule => rule?.type === 'UniqueConstraint' && !rule.compares && alone(rule.fields))
	);
}

/**
 * fields/related.py:ManyToManyField._check_relationship_model: E333 to E339. How many keys lead there, where none is named; before Django 5.2
 * ManyToManyField.deconstruct names none even where the models do.
 */
function throughErrors(model: Model, field: Field, through: Model): readonly Found[] {
	const where = `${model.name}.${field.name} through ${through.name}`;
	const missing = field.throughFields.find(name => isGone(through, name));
	if (missing !== undefined) return [[`${where}: the intermediary model has no field '${missing}'.`, null]];
	const own = `${model.app}.${model.name}`.toLowerCase();
	if (field.throughFields.length > 0) {
		return field.throughFields.flatMap((name, index): readonly Found[] => {
			const [key, end] = [through.fields.get(name.toLowerCase()), index === 0 ? own : field.to];
			const isKnown = key && key.type !== '?' && key.unclear === null;
			return isKnown && key.to !== end ? [[`${where}: '${through.name}.${name}' is not a foreign key to ${end}.`, null]] : [];
		});
	}
	const keysTo = (key: string | null) => fieldsOf(through).filter(({to, shape}) => shape === 'key' && to === key).length;
	const expected = field.to === own ? 2 : 1;
	return [own, field.to]
		.filter(key => key !== null && keysTo(key) !== expected)
		.map((key): Found => {
			const count = keysTo(key);
			const text = `${where}: the intermediate model has ${count} foreign keys to ${key}, not ${expected}.`;
			return [text, count > expected ? 'the models name two with through_fields' : null];
		});
}
