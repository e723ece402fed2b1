import type {SyntaxNode} from '@lezer/common';
import {readString} from '../python/literal.ts';
import {type Code, childrenOf, textOf, unwrap} from '../python/parse.ts';
import {type Binding, lasting, lookup, type Scope} from '../python/scope.ts';
import {asCollection, dictOf, listOf, sumOf} from './collection.ts';

/** A Python expression as far as it is literal. `text` is the same for two spellings of one value: quotes, blanks and comments do not count. */
export type Value = {readonly text: string; readonly from: number} & (
	| {readonly kind: 'string'; readonly value: string}
	| {readonly kind: 'list'; readonly items: readonly Value[]; readonly whole: boolean}
	| {readonly kind: 'dict'; readonly entries: readonly (readonly [Value, Value])[]; readonly whole: boolean}
	| Call
	/** `parts`: what it is computed from, as far as operators show it: `Q(a=1) | ~Q(b=2)`. */
	| {readonly kind: 'other'; readonly parts: readonly Value[]}
);

/** A call: `models.CharField("name", max_length=5)`. Not `whole`: arguments are starred. */
export interface Call {
	readonly kind: 'call';
	readonly callee: string;
	/** What its method is called on, where that is computed: `F("price")` of `F("price").desc()`. */
	readonly receiver: Value | null;
	/** A class or function of the same module, whatever it is called. */
	readonly local: boolean;
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
	if (depth > DEEPEST) return {kind: 'other', parts: [], text: leaves(code, node), from};
	switch (node.name) {
		case 'String':
		case 'ContinuedString': {
			const value = readString(code, node)?.value;
			return value === undefined
				? {kind: 'other', parts: [], text: leaves(code, node), from}
				: {kind: 'string', value, text: JSON.stringify(value), from};
		}
		case 'ArrayExpression':
		case 'TupleExpression':
		case 'SetExpression':
			return readList(node, next, from);
		case 'DictionaryExpression':
			return readDict(node, next, from);
		case 'CallExpression':
			return asCollection(readCall(module, node, next, from));
		case 'VariableName': {
			const bindings = lasting(lookup(scopes, textOf(code, node)) ?? []);
			const constant = constantIn(bindings);
			return constant ? {...next(constant), from} : {kind: 'other', parts: [], text: meaningOf(code, node, bindings), from};
		}
		case 'BinaryExpression':
		case 'UnaryExpression': {
			const parts = childrenOf(node)
				.filter(({name}) => !OPERATOR.test(name))
				.map(next);
			const isSum = node.name === 'BinaryExpression' && textOf(code, node.firstChild!.nextSibling!) === '+';
			return (isSum ? sumOf(parts, from) : null) ?? {kind: 'other', parts, text: leaves(code, node), from};
		}
		default:
			return {kind: 'other', parts: [], text: leaves(code, node), from};
	}
}

function constantIn([only, ...more]: readonly Binding[]): SyntaxNode | null {
	if (only?.kind !== 'value' || only.conditional || only.added || more.length > 0 || only.value.length !== 1) return null;
	return unwrap(only.value[0]!);
}

/**
 * A name as what it stands for: of an import the module and what it is called there; of a function, and where it has more than one meaning, a mark of them:
 * `name#mark`.
 */
function meaningOf(code: Code, node: SyntaxNode, bindings: readonly Binding[]): string {
	const name = textOf(code, node);
	const [only, ...more] = bindings;
	if (!only) return name;
	// Django has one thing under several paths.
	if (only.kind === 'import' && more.length === 0)
		return only.path
			.split('.')
			.slice(only.path.startsWith('django.') ? -1 : -2)
			.join('.')
			.replace(/^\./, '');
	if (more.length === 0 && only.kind !== 'value' && only.statement.name !== 'FunctionDefinition') return name;
	return `${name}#${markOf(bindings.map(({statement}) => leaves(code, statement)).join('\n'))}`;
}

/** Two texts have the same by chance once in four thousand million times (FNV-1a). */
function markOf(text: string): string {
	let mark = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) mark = Math.imul(mark ^ text.charCodeAt(index), 0x01000193);
	return (mark >>> 0).toString(36);
}

const OPERATOR = /Op$|^(?:and|or|not|in|is)$/;

function readList(node: SyntaxNode, next: (child: SyntaxNode) => Value, from: number): Value {
	const parts = childrenOf(node).slice(1, -1);
	let whole = true;
	const items = parts.flatMap((part, index): readonly Value[] => {
		if (part.name === ',' || part.name === '*') return [];
		const value = next(part);
		if (parts[index - 1]?.name !== '*') return [value];
		whole &&= value.kind === 'list' && value.whole;
		return value.kind === 'list' ? value.items : [];
	});
	return listOf(items, whole, from, node.name === 'SetExpression');
}

function readDict(node: SyntaxNode, next: (child: SyntaxNode) => Value, from: number): Value {
	const parts = childrenOf(node).slice(1, -1);
	let entries: (readonly [Value, Value])[] = [];
	let whole = true;
	for (const [index, part] of parts.entries()) {
		const [key, value] = [parts[index - 1], parts[index + 1]];
		if (part.name === ':' && key && value) entries.push([next(key), next(value)]);
		if (part.name !== '**' || !value) continue;
		const more = next(value);
		whole &&= more.kind === 'dict' && more.whole;
		if (more.kind === 'dict') entries = [...entries, ...more.entries];
	}
	return dictOf(entries, whole, from);
}

function readCall(
	{code, scopes}: Module,
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
	const object = called?.name === 'MemberExpression' && called.firstChild ? unwrap(called.firstChild) : null;
	const receiver = object && /^(?:Call|Binary|Unary)Expression$/.test(object.name) ? next(object) : null;
	const local = isMadeHere(scopes, /^\w*/.exec(callee)![0]);
	const whole = parts.every(part => !part.name.startsWith('*'));
	return {kind: 'call', callee, receiver, local, args, keywords, whole, text, from};
}

function isMadeHere(scopes: readonly Scope[], name: string): boolean {
	return lookup(scopes, name)?.some(({statement}) => /^(?:Class|Function)Definition$/.test(statement.name)) ?? false;
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
		} else if (cursor.name !== 'Comment' && !cursor.node.firstChild && cursor.to > cursor.from) tokens.push(textOf(code, cursor));
	} while (cursor.next());
	const isWord = (token: string | undefined) => /\w$/.test(token ?? '');
	return tokens.map((token, index) => (isWord(tokens[index - 1]) && /^\w/.test(token) ? ` ${token}` : token)).join('');
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
