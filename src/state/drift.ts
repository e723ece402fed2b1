import type {ModelKey} from './field.ts';
import type {Model, Models} from './state.ts';

/** What names a field that is gone: `index ix_price names price`. Migrating works, and `makemigrations` wants to change it, or a later one fails. */
export function driftOf(models: Models, only: Iterable<ModelKey> = models.keys()): ReadonlySet<string> {
	const found = new Set<string>();
	for (const key of only) {
		const model = models.get(key);
		if (model) for (const each of staleIn(model)) found.add(each);
	}
	return found;
}

function staleIn(model: Model): string[] {
	const gone = (name: string) => model.fields.get(name.replace(/^-/, '').toLowerCase()) === null;
	const stale: string[] = [];
	for (const [what, rules] of [
		['index', model.indexes],
		['constraint', model.constraints],
	] as const) {
		for (const rule of rules.values()) {
			for (const name of rule?.fields ?? []) if (gone(name)) stale.push(`${what} ${rule!.name} names ${model.name}.${name}`);
		}
	}
	for (const option of ['ordering', 'order_with_respect_to']) {
		const names = model.options.get(option)?.match(/[A-Za-z_]\w*/g) ?? [];
		for (const name of names) {
			if (!name.includes('__') && gone(name)) stale.push(`${option} of ${model.name} names ${name}`);
		}
	}
	return stale;
}
