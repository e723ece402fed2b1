import type {SyntaxNode} from '@lezer/common';
import {below, childrenOf, textOf, unwrap} from '../python/parse.ts';
import {lasting, lookup} from '../python/scope.ts';
import type {Module} from './value.ts';

/** An expression, and what the names around it stand for. */
export interface Bound {
	readonly node: SyntaxNode;
	readonly env: Env;
}

/** What names stand for; null: nobody knows. Others are looked up where they stand. */
export type Env = ReadonlyMap<string, Bound | null>;

export const NOTHING: Env = new Map();

/** Names may lead in a circle. */
const DEEPEST = 12;

/** The expressions that a name may stand for: as it is bound on the way, in its function, in its module. Null: others as well. */
export function valuesOf(module: Module, name: SyntaxNode, env: Env): readonly Bound[] | null {
	const {code, scopes} = module;
	const text = textOf(code, name);
	const known = env.get(text);
	if (known !== undefined) return known && [known];
	let owner = name.parent;
	while (owner && owner.name !== 'FunctionDefinition') owner = owner.parent;
	const local = owner ? below(owner).filter(each => isAssignment(module, each, text)) : [];
	if (local.length > 0) return local.map(each => ({node: each.lastChild!, env}));
	const bindings = lasting(lookup(scopes, text) ?? []);
	const values = bindings.flatMap(binding =>
		binding.kind === 'value' && !binding.added && binding.value.length === 1 ? {node: binding.value[0]!, env: NOTHING} : [],
	);
	return values.length === bindings.length ? values : null;
}

function isAssignment({code}: Module, {name, firstChild}: SyntaxNode, target: string): boolean {
	return name === 'AssignStatement' && textOf(code, firstChild!) === target;
}

/** What can be gone through: an item, or the parts of one that is written nowhere (`.items()`). */
export type Item = Bound | readonly Bound[];

/** What going through an expression gives: the items of a literal list, the keys of a dictionary. Null: it is computed. */
export function itemsOf(module: Module, {node: wrapped, env}: Bound, depth = 0): readonly Item[] | null {
	const {code} = module;
	const node = unwrap(wrapped);
	const next = (inner: Bound) => itemsOf(module, inner, depth + 1);
	if (depth > DEEPEST) return null;
	switch (node.name) {
		case 'ArrayExpression':
		case 'TupleExpression':
		case 'SetExpression': {
			const items = partsOf(node);
			return items.some(({name}) => name === '*') ? null : items.map(each => ({node: each, env}));
		}
		case 'DictionaryExpression':
			return pairsOf(node).map(([key]) => ({node: key, env}));
		case 'VariableName': {
			const values = valuesOf(module, node, env);
			return values?.length === 1 ? next(values[0]!) : null;
		}
		case 'BinaryExpression': {
			const [left, operator, right] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode];
			const [some, more] = [left, right].map(each => next({node: each, env}));
			return textOf(code, operator) === '+' && some && more ? [...some, ...more] : null;
		}
		case 'CallExpression': {
			const [called, list] = childrenOf(node) as [SyntaxNode, SyntaxNode];
			const [first] = partsOf(list);
			if (first && /^(?:list|tuple|set|sorted|reversed)$/.test(textOf(code, called))) return next({node: first, env});
			return ofDictionary(module, called, env);
		}
		default:
			return null;
	}
}

/** `D.items()`, `D.keys()`, `D.values()`. */
function ofDictionary(module: Module, called: SyntaxNode, env: Env): readonly Item[] | null {
	const [, method] = /\.(items|keys|values)$/.exec(textOf(module.code, called)) ?? [];
	const object = called.firstChild;
	const values = method && object?.name === 'VariableName' ? valuesOf(module, object, env) : null;
	const [only, ...more] = values ?? [];
	const node = only && unwrap(only.node);
	if (!node || more.length > 0 || node.name !== 'DictionaryExpression') return null;
	const pairs = pairsOf(node).map(pair => pair.map(each => ({node: each, env: only.env})));
	return method === 'items' ? pairs : pairs.map(pair => pair[method === 'keys' ? 0 : 1]!);
}

/** What stands between the brackets, without commas. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
	return childrenOf(node)
		.slice(1, -1)
		.filter(({name}) => name !== ',');
}

function pairsOf(node: SyntaxNode): [SyntaxNode, SyntaxNode][] {
	const parts = childrenOf(node);
	return parts.flatMap((part, index) => {
		const [key, value] = [parts[index - 1], parts[index + 1]];
		return part.name === ':' && key && value ? [[key, value] satisfies [SyntaxNode, SyntaxNode]] : [];
	});
}
