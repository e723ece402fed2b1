import type {ModelKey} from '../operations/field.ts';
import type {Mentions, Operation} from '../operations/operation.ts';
import {withInner} from '../operations/parts.ts';
import {type Models, modelAt, tableOf} from '../state/state.ts';

/**
 * The operations of one side, their models called as both sides knew them: what a side does to a model that it renamed, and what its code asks for by the
 * new name, meets what the other side does under the old one.
 */
export function atBase(operations: readonly Operation[], models: Models): readonly Operation[] {
	const known = new Map<ModelKey, ModelKey>();
	return operations.map(operation => {
		const result = known.size === 0 ? operation : called(operation, known, models);
		for (const {model, to} of renamesIn(operation)) {
			const now = `${operation.app}.${to.toLowerCase()}`;
			if (model !== null && model !== now) known.set(now, known.get(model) ?? model);
		}
		return result;
	});
}

function renamesIn(operation: Operation): readonly {readonly model: ModelKey | null; readonly to: string}[] {
	if (operation.kind === 'RenameModel') return [operation];
	if (operation.kind === 'Separate') return operation.state.flatMap(renamesIn);
	return operation.kind === 'Run' ? operation.state.flatMap(renamesIn) : [];
}

function called(operation: Operation, known: ReadonlyMap<ModelKey, ModelKey>, models: Models): Operation {
	const {model} = operation;
	const renamed = model !== null && known.has(model) ? {...operation, model: known.get(model)!} : operation;
	const result = withInner(renamed, each => called(each, known, models));
	return result.kind === 'Run' ? {...result, mentions: mentionsAtBase(result.mentions, known, models)} : result;
}

function mentionsAtBase(code: Mentions, known: ReadonlyMap<ModelKey, ModelKey>, models: Models): Mentions {
	const words = new Set(code.words);
	for (const [now, before] of known) {
		const old = modelAt(models, before);
		if (code.language === 'sql' && old && words.has(now.replace('.', '_'))) words.add(tableOf(old));
	}
	const before = (key: ModelKey) => known.get(key) ?? key;
	const paths = [...code.paths].map(path => path.replace(/^.*(?=:)/, before));
	return {
		...code,
		words,
		models: new Set([...code.models].map(before)),
		handed: new Set([...code.handed].map(before)),
		paths: new Set(paths),
	};
}
