import {fieldsOf, type Models} from './state.ts';

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
			if (!model || field.to === null || field.relatedName?.endsWith('+')) continue;
			const single = field.type.endsWith('OneToOneField');
			const name = model.name.toLowerCase();
			const spelled = (text: string | null | undefined) => expanded(text ?? null, model.app, name);
			const related = spelled(field.relatedName) ?? spelled(model.options.get('default_related_name'));
			const accessor = related ?? (single ? name : `${name}_set`);
			const query = spelled(field.relatedQueryName) ?? related ?? name;
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

/** fields/related.py:RelatedField.contribute_to_class: an abstract model gives each of its children a name of its own. */
function expanded(text: string | null, app: string, model: string): string | null {
	return (
		text?.replace(/%\((class|model_name|app_label)\)s/g, (_, word) => (word === 'app_label' ? app.toLowerCase() : model)) ?? null
	);
}
