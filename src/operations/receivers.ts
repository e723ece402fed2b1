import type {SyntaxNode} from '@lezer/common';
import {type Code, textOf, unwrap} from '../python/parse.ts';
import type {ModelKey} from './field.ts';

/** Models, by the names of the variables that stand for them, or for rows of them that are still to be asked for. */
export type Variables = ReadonlyMap<string, readonly ModelKey[]>;

/** Models, by where the call ends that asks the registry for them. */
export type Calls = ReadonlyMap<number, readonly ModelKey[]>;

/** What leads from a model to rows of the same model (query.py:QuerySet, manager.py:Manager); another name may lead to other models. */
const SAME_MODEL =
	/^(?:objects|_default_manager|_base_manager|_meta|all|filter|exclude|using|order_by|annotate|alias|select_related|prefetch_related|distinct|only|defer|select_for_update|reverse|none|extra|db_manager|get_queryset|values|values_list|union|difference|intersection)$/;

/** The models whose rows an expression asks for; null: nobody knows. */
export function modelsOf(code: Code, wrapped: SyntaxNode, variables: Variables, calls: Calls): readonly ModelKey[] | null {
	let node = unwrap(wrapped);
	for (;;) {
		if (node.name === 'VariableName') return variables.get(textOf(code, node)) ?? null;
		const call = node.name === 'CallExpression' ? calls.get(node.to) : undefined;
		if (call) return call;
		if (node.name === 'MemberExpression' && !SAME_MODEL.test(textOf(code, node.lastChild!))) return null;
		if (node.name !== 'CallExpression' && node.name !== 'MemberExpression') return null;
		node = unwrap(node.firstChild!);
	}
}

/** Variables with those that stand for rows: `items = Item.objects.filter(…)`. What is given more than one meaning is left out. */
export function withRows(code: Code, assigned: readonly SyntaxNode[], calls: Calls): Variables {
	const values = new Map<string, SyntaxNode[]>();
	for (const {firstChild, lastChild} of assigned) {
		const name = textOf(code, firstChild!);
		// items = items.filter(…)
		const isOnItself = textOf(code, lastChild!).startsWith(`${name}.`);
		values.set(name, [...(values.get(name) ?? []), ...(isOnItself ? [] : [lastChild!])]);
	}
	const variables = new Map<string, readonly ModelKey[]>();
	// Each turn may show what one more stands for.
	for (let before = -1; before < variables.size; ) {
		before = variables.size;
		for (const [name, nodes] of values) {
			const found = nodes.map(node => modelsOf(code, node, variables, calls));
			if (found.every(each => each !== null)) variables.set(name, [...new Set(found.flat() as ModelKey[])]);
		}
	}
	return variables;
}

/** Calls of a query in which expressions speak of its model. */
const QUERY =
	/^(?:filter|exclude|get|create|update|get_or_create|update_or_create|annotate|alias|aggregate|values|values_list|order_by|distinct)$/;

/** The models of the query in which an expression stands: `F("c")` in `Item.objects.update(a=F("c"))`. */
export function modelsAround(code: Code, node: SyntaxNode, variables: Variables, calls: Calls): readonly ModelKey[] | null {
	for (let outer = node.parent; outer; outer = outer.parent) {
		const called = outer.name === 'CallExpression' ? outer.firstChild! : null;
		if (called?.name === 'MemberExpression' && QUERY.test(textOf(code, called.lastChild!)))
			return modelsOf(code, called.firstChild!, variables, calls);
	}
	return null;
}
