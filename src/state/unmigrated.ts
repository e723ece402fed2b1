import type {Unmigrated} from '../migrations/check-models.ts';
import type {ModelClass} from './read-models.ts';
import type {Models} from './state.ts';

/** A class, and the file it is in. */
export interface PlacedModel extends ModelClass {
	readonly path: string;
}

/**
 * What `makemigrations` would add for certain (autodetector.py:generate_created_models, generate_added_fields). The state has to come from
 * all migrations of the app, each read in full. Fields and models that went away are not looked for: a mixin or another package may
 * give a model what its text does not show.
 */
export function unmigrated(app: string, classes: readonly PlacedModel[], state: Models): Unmigrated[] {
	const names = classes.map(({name}) => name.toLowerCase());
	return classes.flatMap(({name, line, path, isPlain, fields}): Unmigrated[] => {
		// Of two classes of one name Django keeps one, and it does not show which.
		if (names.filter(other => other === name.toLowerCase()).length > 1) return [];
		const known = state.get(`${app}.${name.toLowerCase()}`) ?? null;
		if (known === null) return isPlain ? [{app, model: name, field: null, path, line}] : [];
		// A proxy of another module may have the name.
		if (known.options.get('proxy') === 'True') return [];
		return fields
			.filter(field => (known.fields.get(field.name.toLowerCase()) ?? null) === null)
			.map(field => ({app, model: name, field: field.name, path, line: field.line}));
	});
}
