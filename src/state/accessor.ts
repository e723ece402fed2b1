import {type Field, isManyToMany, type ModelKey} from '../operations/field.ts';
import {fieldsOf, type Model, type Models} from './state.ts';

/** A relation, and how it is followed backwards: as an attribute of its target, and in a query. */
export interface Relation {
	readonly field: Field;
	/** `shop.item.cat`. */
	readonly own: string;
	readonly to: ModelKey;
	readonly accessor: string;
	readonly query: string;
	/** Null, or in which case it is not followed backwards at all; no migration says it. */
	readonly unless: string | null;
}

/** The relations of all models that can be followed backwards. */
export function relationsIn(models: Models): Relation[] {
	return [...models].flatMap(([key, model]) =>
		(model ? fieldsOf(model) : []).flatMap(field => {
			const names = reverseNames(model!, field);
			return names
				? [
						{
							field,
							own: `${key}.${field.name}`,
							to: field.to!,
							...names,
							unless: mayBeSymmetrical(key, field) ? `${field.name} is symmetrical` : null,
						},
					]
				: [];
		}),
	);
}

/** `ManyToManyField("self")` is not followed backwards unless it is told not to be symmetrical, and no migration says which (ManyToManyField.deconstruct). */
function mayBeSymmetrical(key: ModelKey, field: Field): boolean {
	return isManyToMany(field) && field.to === key && field.relatedName === null;
}

export function isParentLink({text}: Field): boolean {
	return text.includes('parent_link=True');
}

/** The model behind a proxy, which is what a relation to it points at (options.py:_populate_directed_relation_graph). */
export function concrete(models: Models, key: ModelKey, depth = 0): ModelKey {
	const model = models.get(key);
	const [base] = model?.options.get('proxy') === 'True' ? model.bases : [];
	return base === undefined || depth > 20 ? key : concrete(models, base, depth + 1);
}

/** A model and those that it inherits from, proxies left out: what leads to a parent leads to its children, too (options.py:_get_fields). */
export function lineage(models: Models, key: ModelKey, depth = 0): readonly ModelKey[] {
	const own = concrete(models, key);
	const bases = depth > 20 ? [] : (models.get(own)?.bases ?? []);
	return [...new Set([own, ...bases.flatMap(base => lineage(models, base, depth + 1))])];
}

/** How a relation is followed backwards: as an attribute, and in a query; null when it is not (fields/reverse_related.py:get_accessor_name). */
export function reverseNames(model: Model, field: Field): {readonly accessor: string; readonly query: string} | null {
	if (field.to === null || field.relatedName?.endsWith('+')) return null;
	const name = model.name.toLowerCase();
	const spelled = (text: string | null | undefined) => expanded(text ?? null, model.app, name);
	const related = spelled(field.relatedName) ?? spelled(model.options.get('default_related_name'));
	const accessor = related ?? (field.type.endsWith('OneToOneField') ? name : `${name}_set`);
	return {accessor, query: spelled(field.relatedQueryName) ?? related ?? name};
}

/** fields/related.py:RelatedField.contribute_to_class: an abstract model gives each of its children a name of its own. */
function expanded(text: string | null, app: string, model: string): string | null {
	return (
		text?.replace(/%\((class|model_name|app_label)\)s/g, (_, word) => (word === 'app_label' ? app.toLowerCase() : model)) ?? null
	);
}
