import type {Rule} from '../operations/operation.ts';
import {lacks, type Naming, noField, nothingCalled} from './integrity.ts';
import {isGone} from './lookup.ts';
import {indexOn} from './names.ts';
import {type Failure, type Model, withEntry} from './state.ts';

/** An index or a constraint more; what it names is looked up in the model. */
export function addRule(model: Model, where: 'indexes' | 'constraints', rule: Rule): Model | Failure {
	const missing = rule.fields.find(name => isGone(model, name));
	if (missing !== undefined) {
		const naming: Naming = {what: rule.compares ? 'check' : 'index', name: rule.name};
		return lacks(model, naming, missing, false);
	}
	return {...model, [where]: withEntry<Rule | null>(model[where], rule.name, rule)};
}

/** One less. */
export function removeRule(model: Model, where: 'indexes' | 'constraints', name: string): Model | Failure {
	if (model[where].get(name) === null) return nothingCalled(where === 'indexes' ? 'index' : 'constraint', name, model);
	return {...model, [where]: withEntry<Rule | null>(model[where], name, null)};
}

/** RenameIndex(old_fields=…): what index_together made gets a name; the database is searched for the one index on these columns. */
export function nameIndex(model: Model, fields: readonly string[], to: string): Model | Failure {
	const missing = fields.find(name => isGone(model, name));
	if (missing !== undefined) return noField(model, missing);
	const together = model.together.get('index_together');
	const isThere = together?.some(names => names.join() === fields.join()) ?? true;
	if (!isThere && !indexOn(model, fields)) {
		return {
			error: `ValueError: Found wrong number (0) of indexes for ${model.app}_${model.name.toLowerCase()}(${fields.join(', ')}).`,
		};
	}
	if (model.indexes.get(to)) return {error: `OperationalError: index ${to} already exists`};
	const text = `Index(fields=[${fields.map(name => JSON.stringify(name)).join()}])`;
	const named: Model = {
		...model,
		indexes: withEntry(model.indexes, to, {name: to, type: 'Index', text, fields, compares: false, unclear: null}),
	};
	if (!together) return named;
	return {
		...named,
		together: new Map(model.together).set(
			'index_together',
			together.filter(names => names.join() !== fields.join()),
		),
	};
}
