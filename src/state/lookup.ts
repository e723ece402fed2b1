import type {Field} from '../operations/field.ts';
import type {Model, Models} from './state.ts';

/**
 * What a name stands for among the fields of a model (Options.get_field): undefined, nothing is known of it; null, it is gone. A key is called by its column
 * (`cat_id`), too, and names count exactly, unlike in operations.
 */
export function lookedUp(model: Model, name: string): Field | null | undefined {
	const known = named(model, name);
	if (known !== undefined || !name.endsWith('_id')) return known;
	const key = named(model, name.slice(0, -'_id'.length));
	// Of a field that went away it is not known any more whether it was a key; nothing else could be called so.
	return key === null || key?.shape === 'key' ? key : undefined;
}

function named(model: Model, name: string): Field | null | undefined {
	const known = model.fields.get(name.toLowerCase());
	return known && known.name !== name ? null : known;
}

/** Whether a model is known not to have a field. */
export function isGone(model: Model, name: string): boolean {
	return lookedUp(model, name) === null;
}

/** The names by which a field may be called: `cat`, and `cat_id` where it is a key or may be one. */
export function callings(model: Model, name: string): readonly string[] {
	const field = model.fields.get(name.toLowerCase());
	const column = `${name}_id`.toLowerCase();
	return (field && field.shape !== 'key' && field.type !== '?') || model.fields.get(column)
		? [name.toLowerCase()]
		: [name.toLowerCase(), column];
}

/** Where a path like `cat__owner__name` leads, model by model; `broken`: one of its fields is gone (Model._check_ordering). */
export function follow(
	models: Models,
	start: Model,
	path: string,
): {readonly through: readonly string[]; readonly broken: boolean} {
	const through: string[] = [];
	let model: Model | null | undefined = start;
	for (const part of path.split('__')) {
		const field = inherited(models, model, part);
		if (field === null) return {through, broken: true};
		if (!field?.to) break;
		through.push(field.to);
		model = models.get(field.to);
		if (!model) break;
	}
	return {through, broken: false};
}

/** A field of a model or of one of those that it inherits from, a proxy's own included. */
function inherited(models: Models, model: Model, name: string, depth = 0): Field | null | undefined {
	const own = lookedUp(model, name);
	if (own !== undefined || depth > 20) return own;
	for (const base of model.bases) {
		const parent = models.get(base);
		const found = parent ? inherited(models, parent, name, depth + 1) : undefined;
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The names in `ordering`, without `-`; those in expressions count as well. */
export function orderingOf({options}: {readonly options: ReadonlyMap<string, string | null>}): readonly string[] {
	return options.get('ordering')?.match(/[A-Za-z_]\w*/g) ?? [];
}
