import type {SyntaxNode} from '@lezer/common';
import {readString} from '../python/literal.ts';
import {below, type Code, childrenOf, textOf} from '../python/parse.ts';
import type {ModelKey} from './field.ts';
import {type Calls, modelsAround, modelsOf, type Variables} from './receivers.ts';

/** Calls of which each keyword is a lookup (query.py:QuerySet). */
const BY_KEYWORD = /^(?:filter|exclude|get|create|update|get_or_create|update_or_create|Q|When)$/;
/** Calls of which each string is one: of a query, or an expression that takes strings for F() (expressions.py:BaseExpression._parse_expressions). */
const BY_STRING =
	/^(?:values|values_list|order_by|only|defer|select_related|distinct|latest|earliest|bulk_update|F|OuterRef|Count|Sum|Avg|Min|Max|StdDev|Variance|ArrayAgg|Coalesce|Concat|Greatest|Least|NullIf|Lower|Upper|Length|Trim|LTrim|RTrim|Abs|Ceil|Floor|Round)$/;
/** Calls of which the first string is one. */
const BY_FIRST = /^(?:get_field|dates|datetimes|Cast|Collate|StringAgg|Trunc\w*|Extract\w*|Substr|Left|Right|Replace|StrIndex)$/;
/** Keywords that hold names, or values by name, in place of one. What `save(update_fields=…)` and `prefetch_related` name is asked for where there are rows, not for certain. */
const NAMES = /^(?:fields|unique_fields|field_name|defaults|create_defaults)$/;

/** What of code asks for rows. */
export interface Asking {
	readonly code: Code;
	readonly variables: Variables;
	readonly calls: Calls;
}

/**
 * What the queries in a piece of code ask for: `cat__t`, or `shop.item:cat__t` where it is known of which model; with what stands in `Q`, `F`, `When` and
 * aggregates, and what rows are made of. A name that a query makes itself (`annotate`) is none.
 */
export function lookupsIn(asking: Asking, root: SyntaxNode): string[] {
	return below(root).flatMap(node => {
		const names = node.name === 'CallExpression' ? namesAsked(asking, node) : [];
		const models = names.length > 0 ? modelsAsked(asking, node) : null;
		return models ? models.flatMap(key => names.map(name => `${key}:${name}`)) : names;
	});
}

function modelsAsked({code, variables, calls}: Asking, node: SyntaxNode): readonly ModelKey[] | null {
	const called = node.firstChild!;
	const name = textOf(code, called);
	if (name.endsWith('OuterRef')) return null;
	const isExpression = /^(?:\w+\.)*[A-Z]\w*$/.test(name) && !variables.has(name);
	if (isExpression) return modelsAround(code, node, variables, calls);
	return modelsOf(code, called.name === 'MemberExpression' ? called.firstChild! : called, variables, calls);
}

function namesAsked({code, variables}: Asking, node: SyntaxNode): string[] {
	const [called, list] = childrenOf(node);
	const callee = called ? textOf(code, called) : '';
	const method = /\w+$/.exec(callee)?.[0] ?? '';
	const isByKeyword = BY_KEYWORD.test(method) || variables.has(callee);
	const isByString = BY_STRING.test(method);
	const parts = list ? childrenOf(list) : [];
	return parts.flatMap((part, index): string[] => {
		const [before, after] = [parts[index - 1], parts[index + 1]];
		if (after?.name === 'AssignOp') {
			const keyword = textOf(code, part);
			const value = parts[index + 2];
			if (NAMES.test(keyword)) return value ? namesIn(code, value) : [];
			return isByKeyword ? [keyword] : [];
		}
		if (before?.name === 'AssignOp') return [];
		if (before?.name === '**') return isByKeyword ? keysOf(code, part) : [];
		return isByString || (index === 1 && BY_FIRST.test(method)) ? namesIn(code, part) : [];
	});
}

/** The strings of a piece of code; those that stand side by side are one, and what is filled in stays as it is written. */
export function stringsOf(code: Code, root: SyntaxNode): string[] {
	return below(root).flatMap(node => {
		if (!/String$/.test(node.name) || node.parent?.name === 'ContinuedString') return [];
		const parts = node.name === 'ContinuedString' ? childrenOf(node) : [node];
		return [parts.map(part => readString(code, part)?.value ?? textOf(code, part).replace(/^\w*["']+|["']+$/g, '')).join('')];
	});
}

/** A string, the strings of a list, or the keys of a dictionary. */
function namesIn(code: Code, node: SyntaxNode): string[] {
	if (node.name === 'DictionaryExpression' || node.name === 'CallExpression') return keysOf(code, node);
	const nodes = /^(?:Array|Tuple|Set)Expression$/.test(node.name) ? childrenOf(node) : [node];
	return nodes.flatMap(each => nameIn(code, each));
}

/** The keys of `{"c": 1}` and of `dict(c=1)`. */
function keysOf(code: Code, node: SyntaxNode): string[] {
	const [called, list] = childrenOf(node);
	if (node.name === 'CallExpression' && list && textOf(code, called!) === 'dict') {
		const parts = childrenOf(list);
		return parts.flatMap((part, index) => (parts[index + 1]?.name === 'AssignOp' ? [textOf(code, part)] : []));
	}
	if (node.name !== 'DictionaryExpression') return [];
	const parts = childrenOf(node);
	return parts.flatMap((part, index) => (parts[index + 1]?.name === ':' ? nameIn(code, part) : []));
}

function nameIn(code: Code, node: SyntaxNode): string[] {
	const name = node.name === 'String' ? /^-?(\w+)$/.exec(readString(code, node)?.value ?? '')?.[1] : undefined;
	return name === undefined ? [] : [name];
}
