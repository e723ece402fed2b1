import type {SyntaxNode} from '@lezer/common';
import {below, textOf} from '../python/parse.ts';
import {type Called, callsIn, contextsOf, MOST, type Reached} from './contexts.ts';
import {type Bound, type Env, itemsOf, valuesOf} from './meaning.ts';
import {type Calls, type Variables, withRows} from './receivers.ts';
import {stringsFor} from './strings-for.ts';
import type {Module} from './value.ts';

/** What code asks the registry of apps for. */
export interface AskedFor {
	readonly models: readonly string[];
	/** Variables that stand for a model, or for rows of one. */
	readonly variables: Variables;
	readonly calls: Calls;
	/** It may ask for other models as well. */
	readonly isComputed: boolean;
}

/** The models that pieces of code ask for (apps/registry.py:Apps.get_model, apps/config.py:AppConfig.get_model), in all the ways that lead to each call. */
export function modelsIn(module: Module, nodes: readonly SyntaxNode[]): AskedFor {
	const all = nodes.flatMap(below);
	const reached = callsIn(module, all);
	const text = (node: SyntaxNode) => textOf(module.code, node);
	const assigned = all.filter(({name, lastChild}) => name === 'AssignStatement' && lastChild);
	const getters = assigned
		.filter(({lastChild}) => /(?:^|\.)get_model$/.test(text(lastChild!)))
		.map(({firstChild}) => text(firstChild!));
	const calls = ['get_model', ...getters].flatMap(name => reached.calls.get(name) ?? []);
	const found = calls.map(call => askedBy(reached, call));
	const words = nodes.flatMap(node => text(node).match(/\bget_model\b|\bget_models\(|\ball_models\b/g) ?? []).length;
	const known = new Map(calls.flatMap(({node}, index) => (found[index] ? [[node.to, found[index]] as const] : [])));
	return {
		models: found.flatMap(each => each ?? []),
		variables: withRows(module.code, assigned, known),
		calls: known,
		isComputed: found.includes(null) || words > (reached.calls.get('get_model')?.length ?? 0) + getters.length,
	};
}

/** `get_model("shop", "Item")`, `get_model("shop.Item")`, `get_app_config("shop").get_model("Item")`; null: a part is computed. */
function askedBy(reached: Reached, call: Called): readonly string[] | null {
	const {module} = reached;
	const found: string[] = [];
	const ways = contextsOf(reached, call.node);
	if (ways.length >= MOST) return null;
	for (const env of ways) {
		const strings = (bound: Bound | undefined) => bound && stringsFor(module, bound);
		const [first, second] = argumentsOf(module, call, env);
		const keyword = (name: string): Bound | undefined =>
			call.keywords.has(name) ? {node: call.keywords.get(name)!, env} : undefined;
		const config = configOf(reached, call.node, env);
		const label = config ?? keyword('app_label') ?? first;
		const model = keyword('model_name') ?? (config || keyword('app_label') ? first : second);
		const [labels, models] = [strings(label), strings(model)];
		if (!labels || (model && !models)) return null;
		found.push(...labels.flatMap(each => (models ? models.map(name => `${each}.${name}`) : each)));
	}
	return found.every(key => /^\w+\.\w+$/.test(key)) ? [...new Set(found.map(key => key.toLowerCase()))] : null;
}

/** With those of `*PAIR`. */
function argumentsOf(module: Module, {args, starred}: Called, env: Env): readonly Bound[] {
	const more = starred ? (itemsOf(module, {node: starred, env}) ?? []) : [];
	return [...args.map(node => ({node, env})), ...more.flatMap(item => ('node' in item ? [item] : []))];
}

/** What `get_app_config` is asked for, where a call is a method of what it gives. */
function configOf(reached: Reached, node: SyntaxNode, env: Env): Bound | null {
	const {module} = reached;
	const object = node.firstChild?.name === 'MemberExpression' ? node.firstChild.firstChild : null;
	const [only] = object?.name === 'VariableName' ? (valuesOf(module, object, env) ?? []) : object ? [{node: object, env}] : [];
	const call =
		only && reached.calls.get('get_app_config')?.find(each => each.node.from === only.node.from && each.node.to === only.node.to);
	const label = call && (call.args[0] ?? call.keywords.get('app_label'));
	return label ? {node: label, env: only.env} : null;
}
