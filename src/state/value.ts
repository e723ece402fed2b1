import type {SyntaxNode} from '@lezer/common';
import {readString} from '../python/literal.ts';
import {type Code, childrenOf, textOf, unwrap} from '../python/parse.ts';
import {constantOf, lookup, type Scope} from '../python/scope.ts';

/** A Python expression as far as it is literal. `text` is the same for two spellings of one value: quotes, blanks and comments do not count. */
export type Value = {readonly text: string; readonly from: number} & (
	| {readonly kind: 'string'; readonly value: string}
	| {readonly kind: 'list'; readonly items: readonly Value[]; readonly whole: boolean}
	| {readonly kind: 'dict'; readonly entries: readonly (readonly [Value, Value])[]; readonly whole: boolean}
	| Call
	| {readonly kind: 'other'}
);

/** A call: `models.CharField("name", max_length=5)`. Not `whole`: arguments are starred. */
export interface Call {
	readonly kind: 'call';
	readonly callee: string;
	readonly args: readonly Value[];
	readonly keywords: ReadonlyMap<string, Value>;
	readonly whole: boolean;
}

/** What a parsed module is read with. */
export interface Module {
	readonly code: Code;
	readonly scopes: readonly Scope[];
}

/** Followed names may lead in a circle. */
const DEEPEST = 40;

/** Read an expression; names of constants of the module are followed. Never throws: what is computed is `other`. */
export function readValue(module: Module, wrapped: SyntaxNode, depth = 0): Value {
	const {code, scopes} = module;
	const node = unwrap(wrapped);
	const from = node.from + code.base;
	const next = (child: SyntaxNode) => readValue(module, child, depth + 1);
	if (depth > DEEPEST) return {kind: 'other', text: leaves(code, node), from};
	switch (node.name) {
		case 'String':
		case 'ContinuedString': {
			const value = readString(code, node)?.value;
			return value === undefined
				? {kind: 'other', text: leaves(code, node), from}
				: {kind: 'string', value, text: JSON.stringify(value), from};
		}
		case 'ArrayExpression':
		case 'TupleExpression':
		case 'SetExpression': {
			const parts = childrenOf(node).slice(1, -1);
			const items = parts.filter(part => part.name !== ',' && part.name !== '*').map(next);
			const texts = items.map(({text}) => text);
			// The order of a set is no part of it, and a list is as good as a tuple to Django.
			if (node.name === 'SetExpression') texts.sort();
			return {kind: 'list', items, whole: parts.every(part => part.name !== '*'), text: `[${texts.join()}]`, from};
		}
		case 'DictionaryExpression':
			return readDict(node, next, from);
		case 'CallExpression':
			return asList(readCall(code, node, next, from));
		case 'VariableName': {
			const constant = constantOf(scopes, textOf(code, node));
			return constant ? {...next(constant), from} : {kind: 'other', text: meaningOf(module, textOf(code, node)), from};
		}
		default:
			return {kind: 'other', text: leaves(code, node), from};
	}
}

/** A name as what it stands for: what an import calls it by, and a function of the module with a mark of what it does, `name#mark`. */
function meaningOf({code, scopes}: Module, name: string): string {
	const bindings = lookup(scopes, name);
	const only = bindings?.length === 1 && !bindings[0]!.conditional ? bindings[0]! : undefined;
	if (only?.kind === 'import') return only.path.slice(only.path.lastIndexOf('.') + 1);
	return only?.statement.name === 'FunctionDefinition' ? `${name}#${markOf(leaves(code, only.statement))}` : name;
}

/** Two texts have the same by chance once in four thousand million times (FNV-1a). */
function markOf(text: string): string {
	let mark = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) mark = Math.imul(mark ^ text.charCodeAt(index), 0x01000193);
	return (mark >>> 0).toString(36);
}

/** The name in the text of a function of the module; null: it is none. */
export function functionNamed(value: Value | undefined): string | null {
	return /^(\w+)#\w+$/.exec(value?.text ?? '')?.[1] ?? null;
}

function readDict(node: SyntaxNode, next: (child: SyntaxNode) => Value, from: number): Value {
	const parts = childrenOf(node).slice(1, -1);
	const entries: [Value, Value][] = [];
	for (const [index, part] of parts.entries()) {
		const [key, value] = [parts[index - 1], parts[index + 1]];
		if (part.name === ':' && key && value) entries.push([next(key), next(value)]);
	}
	const text = `{${entries
		.map(([key, value]) => `${key.text}:${value.text}`)
		.sort()
		.join()}}`;
	return {kind: 'dict', entries, whole: parts.every(part => part.name !== '**'), text, from};
}

function readCall(
	code: Code,
	node: SyntaxNode,
	next: (child: SyntaxNode) => Value,
	from: number,
): Call & {readonly text: string; readonly from: number} {
	const [called, list] = childrenOf(node);
	const parts = list?.name === 'ArgList' ? childrenOf(list).slice(1, -1) : [];
	const args: Value[] = [];
	const keywords = new Map<string, Value>();
	for (const [index, part] of parts.entries()) {
		const [before, after] = [parts[index - 1], parts[index + 1]];
		if (part.name === 'AssignOp' && before && after) keywords.set(textOf(code, before), next(after));
		else if (!/^(?:,|\*{1,2}|AssignOp)$/.test(part.name) && before?.name !== 'AssignOp' && after?.name !== 'AssignOp')
			args.push(next(part));
	}
	const callee = called ? leaves(code, called) : '';
	const named = [...keywords].map(([name, value]) => `${name}=${value.text}`).sort();
	const text = `${callee.replace(/^(?:\w+\.)+(?=\w+$)/, '')}(${[...args.map(arg => arg.text), ...named].join()})`;
	return {kind: 'call', callee, args, keywords, whole: parts.every(part => !part.name.startsWith('*')), text, from};
}

/** `set([…])`, as Django 1 wrote it, is the set. */
function asList(call: Call & {readonly text: string; readonly from: number}): Value {
	const [list] = call.args;
	if (!/^(?:set|frozenset|list|tuple)$/.test(call.callee) || call.args.length !== 1 || list?.kind !== 'list') return call;
	const texts = list.items.map(({text}) => text);
	return {...list, text: `[${(call.callee.endsWith('set') ? texts.sort() : texts).join()}]`, from: call.from};
}

/** The tokens of an expression without what stands between them. */
function leaves(code: Code, root: SyntaxNode): string {
	const tokens: string[] = [];
	const cursor = root.cursor();
	const end = root.to;
	do {
		if (cursor.from >= end && cursor.node.from !== root.from) break;
		if (cursor.name === 'String') {
			tokens.push(JSON.stringify(readString(code, cursor.node)?.value ?? textOf(code, cursor)));
		} else if (cursor.name !== 'Comment' && !cursor.node.firstChild) tokens.push(textOf(code, cursor));
	} while (cursor.next());
	return tokens.reduce((text, token) => (/\w$/.test(text) && /^\w/.test(token) ? `${text} ${token}` : text + token), '');
}

/** The string in a value, or null. */
export function stringIn(value: Value | undefined): string | null {
	return value?.kind === 'string' ? value.value : null;
}

/** The strings in a list; what is computed is left out. */
export function stringsIn(value: Value | undefined): string[] {
	if (value?.kind !== 'list') return [];
	return value.items.flatMap(item => (item.kind === 'string' ? [item.value] : []));
}

/** `True` or `False`; null for all else. */
export function flagIn(value: Value | undefined): boolean | null {
	return value?.text === 'True' ? true : value?.text === 'False' ? false : null;
}
