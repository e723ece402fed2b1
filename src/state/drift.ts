import type {ModelKey} from '../operations/field.ts';
import {follow, isGone, orderingOf} from './lookup.ts';
import {fieldsOf, type Model, type Models} from './state.ts';

/** What names a field that is gone: `index ix_price names price`. Migrating works, and `makemigrations` wants to change it, or a later one fails. */
export function driftOf(models: Models, only: Iterable<ModelKey> = models.keys()): ReadonlySet<string> {
	const found = new Set<string>();
	for (const key of only) {
		const model = models.get(key);
		if (model) for (const each of staleIn(model, models)) found.add(each);
	}
	return found;
}

function staleIn(model: Model, models: Models): string[] {
	const stale: string[] = [];
	for (const [what, rules] of [
		['index', model.indexes],
		['constraint', model.constraints],
	] as const) {
		for (const rule of rules.values()) {
			for (const name of rule?.fields ?? []) {
				if (isGone(model, name)) stale.push(`${what} ${rule!.name} names ${model.name}.${name}`);
			}
		}
	}
	for (const field of fieldsOf(model)) {
		for (const name of field.uses) {
			if (isGone(model, name)) stale.push(`the generated field ${field.name} names ${model.name}.${name}`);
		}
	}
	for (const name of orderingOf(model)) {
		if (follow(models, model, name).broken) stale.push(`ordering of ${model.name} names ${name}`);
	}
	const order = model.options.get('order_with_respect_to');
	if (order && isGone(model, order)) stale.push(`order_with_respect_to of ${model.name} names ${order}`);
	return stale;
}
