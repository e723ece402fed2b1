import {columnOf, isManyToMany, type ModelKey} from '../operations/field.ts';
import {pathOf} from '../operations/mentions.ts';
import type {Mentions, Operation} from '../operations/operation.ts';
import {reverseNames} from '../state/accessor.ts';
import {fieldsOf, type Models} from '../state/state.ts';

/** One step of code from a model: over a field of it (or of a model that it inherits from), or over a relation to it, backwards. */
export interface Step {
	/** The model that has the field. */
	readonly owner: ModelKey;
	readonly field: string;
	readonly word: string;
	/** auto: the model that Django makes for a many-to-many field. */
	readonly way: 'field' | 'backwards' | 'auto';
	/** Backwards by the name of the model, as no related name is given. */
	readonly byModel: boolean;
	readonly to: ModelKey | null;
}

/** A model with those it inherits from, proxies included. */
export function lineageOf(models: Models, key: ModelKey): ReadonlySet<ModelKey> {
	const found = new Set([key]);
	for (const each of found) for (const base of models.get(each)?.bases ?? []) found.add(base);
	return found;
}

/** The steps that lookups of code certainly take, from the models that it names: `cat__t`. Of what several of them have none is certain. */
export function lookupSteps({models: named, paths}: Mentions, models: Models): Step[] {
	const known = [...named].filter(key => models.get(key) !== null);
	const autos = [...named].flatMap(key => autoStep(models, key) ?? []);
	const steps = [...paths].flatMap(path => {
		const {model, words} = pathOf(path);
		if (model !== null) return walk(models, model, words);
		const ways = known.map(key => walk(models, key, words)).filter(way => way.length > 0);
		return new Set(ways.map(([first]) => first!.owner)).size === 1 ? ways[0]! : [];
	});
	return [...autos, ...steps];
}

/** Whether lookups of code certainly ask a model, or a child of it, for a field of this name. */
export function asksFor({models: named, paths}: Mentions, key: ModelKey, field: string, models: Models): boolean {
	const others = [...named].filter(each => !lineageOf(models, each).has(key));
	const isElsewhere = others.some(other => stepsFrom(models, other, word => word === field, true).length > 0);
	return [...paths].map(pathOf).some(({model, words}) => {
		if (words[0] !== field) return false;
		return model === null ? !isElsewhere : lineageOf(models, model).has(key);
	});
}

function walk(models: Models, key: ModelKey, [word, ...rest]: readonly string[]): Step[] {
	const step = word === undefined ? undefined : stepsFrom(models, key, each => each === word, true)[0];
	if (!step) return [];
	return [step, ...(step.to !== null && step.way !== 'auto' ? walk(models, step.to, rest) : [])];
}

/** The steps that code may take, as it has the words for them; they lead from model to model. */
export function wordSteps({models: named, words, paths}: Mentions, models: Models): Step[] {
	const steps: Step[] = [];
	const reached = new Set([...named].flatMap(key => [key, ...(autoStep(models, key)?.to ?? [])]));
	const parts = new Set([...paths].flatMap(path => pathOf(path).words));
	for (const key of reached) {
		const found = [
			...stepsFrom(models, key, word => words.has(word), false),
			// The name of a model is a common word: only where a lookup has it.
			...stepsFrom(models, key, word => parts.has(word), true),
		];
		for (const step of found) {
			steps.push(step);
			if (step.to !== null) reached.add(step.to);
		}
	}
	return steps;
}

function stepsFrom(models: Models, key: ModelKey, has: (word: string) => boolean, inQuery: boolean): Step[] {
	const steps: Step[] = [];
	const lineage = lineageOf(models, key);
	for (const owner of lineage) {
		const model = models.get(owner);
		for (const field of model ? fieldsOf(model) : []) {
			const name = field.name.toLowerCase();
			const word = [name, columnIn(field)].find(each => each !== null && has(each));
			if (word) steps.push({owner, field: name, word, way: 'field', byModel: false, to: word === name ? field.to : null});
		}
	}
	for (const [owner, model] of models) {
		for (const field of model ? fieldsOf(model) : []) {
			if (field.to === null || !lineage.has(field.to)) continue;
			const names = reverseNames(model!, field);
			const word = names && [inQuery ? names.query : names.accessor, names.accessor].map(each => each.toLowerCase()).find(has);
			if (!word) continue;
			const byModel = word === owner.slice(owner.indexOf('.') + 1) || word === `${owner.slice(owner.indexOf('.') + 1)}_set`;
			steps.push({owner, field: field.name.toLowerCase(), word, way: 'backwards', byModel, to: owner});
		}
	}
	return steps;
}

/** `cat_id` of a foreign key `cat` (ForeignKey.get_attname), whatever its column is called. */
function columnIn(field: Parameters<typeof columnOf>[0]): string | null {
	const attname = columnOf({...field, column: null});
	return attname === field.name.toLowerCase() ? null : attname;
}

/** `shop.tag_items` (related.py:create_many_to_many_intermediary_model). */
function autoStep(models: Models, key: ModelKey): Step | null {
	for (const [owner, model] of models) {
		if (!model || !key.startsWith(`${owner}_`)) continue;
		const field = fieldsOf(model).find(each => isManyToMany(each) && `${owner}_${each.name.toLowerCase()}` === key);
		if (field && !field.through) {
			return {owner, field: field.name.toLowerCase(), word: key, way: 'auto', byModel: true, to: field.to};
		}
	}
	return null;
}

/** Whether a step is none any more after a change. */
export function isTaken(step: Step, change: Operation, models: Models): boolean {
	const {owner, field, way, byModel, to} = step;
	switch (change.kind) {
		case 'DeleteModel':
			return change.model === owner || change.model === to;
		case 'RenameModel':
			return change.model === owner && way !== 'field' && byModel;
		case 'RemoveField':
			return change.model === owner && change.field === field;
		case 'RenameField':
			return change.model === owner && way !== 'backwards' && change.from.toLowerCase() === field;
		case 'AlterField': {
			if (change.model !== owner || way !== 'backwards' || change.field.name.toLowerCase() !== field) return false;
			const names = reverseNames(models.get(owner)!, change.field);
			return names === null || ![names.accessor, names.query].some(each => each.toLowerCase() === step.word);
		}
		default:
			return false;
	}
}
