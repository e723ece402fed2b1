import type {Field} from './field.ts';
import {fieldsOf, type Model, type Models} from './state.ts';

/**
 * Names that two things of one model share: two relations that can be followed backwards under one name, or such a name and a
 * field (fields/related.py:_check_clashes, E302 to E305). The system checks refuse them before `migrate` starts.
 */
export function clashingAccessors(models: Models): ReadonlySet<string> {
	const seen = new Map<string, string>();
	const clashes = new Set<string>();
	for (const [key, model] of models) {
		for (const field of model ? fieldsOf(model) : []) {
			const target = field.to === null ? undefined : models.get(field.to);
			const names = model && reverseNames(model, field);
			if (!names) continue;
			const {accessor, query} = names;
			const own = `${key}.${field.name}`;
			for (const word of new Set([`accessor for ${field.to}.${accessor}`, `query name for ${field.to}.${query}`])) {
				const at = word.toLowerCase();
				const other = seen.get(at);
				if (other !== undefined && other !== own) clashes.add(`Reverse ${word} of ${other} clashes with that of ${own}`);
				seen.set(at, own);
			}
			for (const word of [accessor, query]) {
				if (target?.fields.get(word.toLowerCase())) clashes.add(`Reverse name of ${own} clashes with field ${field.to}.${word}`);
			}
		}
	}
	return clashes;
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
