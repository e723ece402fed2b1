import type {Field} from '../operations/field.ts';
import {concrete, isParentLink, lineage, type Relation, relationsIn} from './accessor.ts';
import {fieldsOf, type Model, type Models} from './state.ts';

/** What the system checks refuse, in Django's words → null, or unless what, where no migration says it. */
export type Clashes = ReadonlyMap<string, string | null>;

type Found = Map<string, string | null>;

/** What the system checks say of names that lead to two things; they refuse it before `migrate` starts. */
export function clashingAccessors(models: Models): Clashes {
	const relations = relationsIn(models);
	const found: Found = new Map();
	reverseClashes(models, relations, found);
	familyClashes(models, relations, found);
	return found;
}

/**
 * Two relations that can be followed backwards under one name, or such a name and a field (fields/related.py:_check_clashes, E302 to E305; the name in
 * a query is compared with the attributes of others).
 */
function reverseClashes(models: Models, relations: readonly Relation[], found: Found): void {
	const byAccessor = grouped(models, relations, ({accessor}) => accessor);
	for (const {own, to, accessor, query, unless} of relations) {
		for (const [index, key] of lineage(models, to).entries()) {
			for (const [what, name] of [['accessor', accessor] as const, ['query name', query] as const]) {
				for (const other of byAccessor.get(`${key} ${name}`) ?? []) {
					// A child's pointer to its parent is no relation of the child.
					if (other.own === own || (index > 0 && isParentLink(other.field))) continue;
					const text = `Reverse ${what} for ${to}.${name} of ${own} clashes with that of ${other.own}`;
					found.set(text, unless ?? other.unless);
				}
				const field = models.get(key)?.fields.get(name.toLowerCase());
				if (field?.name === name) found.set(`Reverse name of ${own} clashes with field ${key}.${name}`, unless);
			}
		}
	}
}

/** Fields of a model and of its parents that are called alike (models/base.py:_check_field_name_clashes, E006): a key is by its column, too. */
function familyClashes(models: Models, relations: readonly Relation[], found: Found): void {
	const byQuery = grouped(models, relations, ({query}) => query);
	for (const [key, model] of models) {
		for (const [index, parent] of (model ? lineage(models, key) : []).entries()) {
			const clash = (field: Field, what: string, unless: string | null = null) =>
				found.set(`The field ${key}.${field.name} clashes with ${what}`, unless);
			for (const [field, other] of calledAlike(model!, models.get(parent))) clash(field, `the field ${parent}.${other.name}`);
			// What leads to the model itself is no field of it.
			for (const field of index > 0 ? fieldsOf(model!) : []) {
				const called = byQuery.get(`${parent} ${field.name}`) ?? [];
				for (const {own, unless} of called) clash(field, `the reverse name of ${own}`, unless);
			}
		}
	}
}

function calledAlike(model: Model, parent: Model | null | undefined): readonly (readonly [Field, Field])[] {
	if (!parent) return [];
	const byColumn = (one: Model, other: Model) =>
		fieldsOf(one).flatMap(field => {
			const named = field.shape === 'key' ? other.fields.get(`${field.name}_id`.toLowerCase()) : null;
			return named?.name === `${field.name}_id` ? [[field, named] as const] : [];
		});
	return [...byColumn(model, parent), ...(model === parent ? [] : byColumn(parent, model))];
}

/** Relations by the model behind their target and a name. */
function grouped(
	models: Models,
	relations: readonly Relation[],
	nameOf: (relation: Relation) => string,
): ReadonlyMap<string, readonly Relation[]> {
	const result = new Map<string, Relation[]>();
	for (const relation of relations) {
		const at = `${concrete(models, relation.to)} ${nameOf(relation)}`;
		result.set(at, [...(result.get(at) ?? []), relation]);
	}
	return result;
}
