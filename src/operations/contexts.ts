import type {SyntaxNode} from '@lezer/common';
import {childrenOf, textOf, unwrap} from '../python/parse.ts';
import {type Bound, type Env, type Item, itemsOf, NOTHING} from './meaning.ts';
import type {Module} from './value.ts';

/** Code with the calls in it, by the last name of what is called. */
export interface Reached {
	readonly module: Module;
	readonly calls: ReadonlyMap<string, readonly Called[]>;
	/** What was found of functions already, by where they start; a function that calls itself is one on the way. */
	readonly known: Map<number, readonly Env[]>;
}

/** A call, and its arguments: `partial(f, 1)` counts as a call of f. */
export interface Called {
	readonly node: SyntaxNode;
	readonly args: readonly SyntaxNode[];
	/** Of an object or a class. */
	readonly isMethod: boolean;
	/** `f(*starred)`. */
	readonly starred: SyntaxNode | null;
	readonly keywords: ReadonlyMap<string, SyntaxNode>;
}

/** More ways to come to a piece of code are not looked at. */
export const MOST = 64;

/** The calls in pieces of code. */
export function callsIn(module: Module, nodes: readonly SyntaxNode[]): Reached {
	const calls = new Map<string, Called[]>();
	for (const node of nodes) {
		if (node.name !== 'CallExpression') continue;
		const read = readCall(module, node);
		const name = lastName(textOf(module.code, node.firstChild!));
		const [first, ...rest] = read.args;
		const isMethod = first?.name === 'MemberExpression';
		if (name === 'partial' && first) put(calls, lastName(textOf(module.code, first)), {...read, args: rest, isMethod});
		put(calls, name, read);
	}
	return {module, calls, known: new Map()};
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
	const list = map.get(key);
	list ? list.push(value) : map.set(key, [value]);
}

function lastName(text: string): string {
	return /\w+$/.exec(text)?.[0] ?? '';
}

function readCall({code}: Module, node: SyntaxNode): Called {
	const parts = childrenOf(node.lastChild!).slice(1, -1);
	const keywords = new Map<string, SyntaxNode>();
	const args: SyntaxNode[] = [];
	let starred: SyntaxNode | null = null;
	for (const [index, part] of parts.entries()) {
		const [before, after] = [parts[index - 1]?.name, parts[index + 1]];
		if (after?.name === 'AssignOp') keywords.set(textOf(code, part), parts[index + 2] ?? part);
		else if (before === '*') starred = part;
		else if (before !== 'AssignOp' && before !== '**' && !/^(?:,|\*{1,2}|AssignOp)$/.test(part.name)) args.push(part);
	}
	return {node, args, starred, keywords, isMethod: node.firstChild!.name === 'MemberExpression'};
}

/** What the names around a node stand for, in each of the ways that lead to it: the calls of its function, and the turns of the loops around it. */
export function contextsOf(reached: Reached, node: SyntaxNode): readonly Env[] {
	const loops: SyntaxNode[] = [];
	let owner = node.parent;
	for (let inner = node; owner && !OWNER.test(owner.name); owner = owner.parent) {
		if (owner.name === 'ForStatement' ? inner.name === 'Body' : owner.getChild('for')) loops.unshift(owner);
		inner = owner;
	}
	let ways = owner && owner.name !== 'ClassDefinition' ? callsOf(reached, owner) : [NOTHING];
	for (const clause of loops.flatMap(clausesOf)) ways = ways.flatMap(way => turnsOf(reached.module, clause, way)).slice(0, MOST);
	return ways;
}

const OWNER = /^(?:FunctionDefinition|ClassDefinition|LambdaExpression)$/;

function callsOf(reached: Reached, owner: SyntaxNode): readonly Env[] {
	const {known, module} = reached;
	const before = known.get(owner.from);
	if (before) return before;
	const parameters = parametersOf(module, owner);
	const nobodyKnows: Env = new Map(parameters.map(({name}) => [name, null]));
	known.set(owner.from, [nobodyKnows]);
	const calls = callsBy(reached, owner);
	const given = (call: Called | undefined, way: Env): Env =>
		new Map(
			parameters.map(({name, preset}, index): [string, Bound | null] => {
				const node = call?.keywords.get(name) ?? call?.args[index];
				return [name, node ? {node, env: way} : preset && {node: preset, env: NOTHING}];
			}),
		);
	const isMany = calls.length > MOST / 4;
	const called = (isMany ? [] : calls).flatMap(call => contextsOf(reached, call.node).map(way => given(call, way)));
	const inner = isMany ? [nobodyKnows] : called.length > 0 ? called : [given(undefined, NOTHING)];
	const ways = contextsOf(reached, owner)
		.flatMap(outer => inner.map(way => new Map([...outer, ...way])))
		.slice(0, MOST);
	known.set(owner.from, ways);
	return ways;
}

/** The calls of a function by its name: of a method those that have an object, of another one those that have none. */
function callsBy({module, calls}: Reached, owner: SyntaxNode): readonly Called[] {
	const name = owner.name === 'FunctionDefinition' ? owner.getChild('VariableName') : null;
	const {parent} = owner.parent?.name === 'DecoratedStatement' ? owner.parent : owner;
	const isMethod = parent?.parent?.name === 'ClassDefinition';
	return (name && calls.get(textOf(module.code, name)))?.filter(call => call.isMethod === isMethod) ?? [];
}

function parametersOf({code}: Module, owner: SyntaxNode): {readonly name: string; readonly preset: SyntaxNode | null}[] {
	const list = owner.getChild('ParamList');
	const parts = list ? childrenOf(list).filter(({name}) => name !== 'TypeDef') : [];
	const found = parts.flatMap((part, index) => {
		if (part.name !== 'VariableName' || parts[index - 1]?.name === 'AssignOp') return [];
		return [{name: textOf(code, part), preset: parts[index + 1]?.name === 'AssignOp' ? (parts[index + 2] ?? null) : null}];
	});
	return /^(?:self|cls)$/.test(found[0]?.name ?? '') ? found.slice(1) : found;
}

/** The parts of each `for a, b in …`, as a statement or inside of an expression. */
function clausesOf(loop: SyntaxNode): SyntaxNode[][] {
	const parts = childrenOf(loop);
	return parts.flatMap((part, index) => (part.name === 'for' ? [parts.slice(index + 1)] : []));
}

function turnsOf(module: Module, parts: readonly SyntaxNode[], way: Env): Env[] {
	const end = parts.findIndex(({name}) => name === 'in');
	const targets = parts.slice(0, end).flatMap(part => (part.name === 'TupleExpression' ? childrenOf(part) : [part]));
	const names = targets.filter(({name}) => name === 'VariableName').map(part => textOf(module.code, part));
	const items = itemsOf(module, {node: parts[end + 1]!, env: way}) ?? [[]];
	return items.map(item => {
		const values = names.length === 1 && !isParts(item) ? [item] : partsIn(module, item);
		return new Map([...way, ...names.map((name, index) => [name, values[index] ?? null] as const)]);
	});
}

function isParts(item: Item): item is readonly Bound[] {
	return Array.isArray(item);
}

function partsIn(module: Module, item: Item): readonly (Bound | null)[] {
	if (isParts(item)) return item;
	const isLiteral = /^(?:Tuple|Array)Expression$/.test(unwrap(item.node).name);
	return isLiteral ? (itemsOf(module, item) ?? []).map(each => (isParts(each) ? null : each)) : [];
}
