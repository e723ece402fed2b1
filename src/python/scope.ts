import type {SyntaxNode} from '@lezer/common';
import {type Code, childrenOf, textOf, unwrap} from './parse.ts';

/** One statement that gives a name a meaning, or changes what the name stands for. `shared`: the other names that got the same object (`a = b = []`). */
export type Binding = {
	readonly conditional: boolean;
	readonly statement: SyntaxNode;
} & (
	| {readonly kind: 'value'; readonly value: readonly SyntaxNode[]; readonly added: boolean; readonly shared: readonly string[]}
	| {readonly kind: 'class'}
	| {readonly kind: 'import'; readonly path: string}
	| {readonly kind: 'other'; readonly how: string}
);

/** The bindings of a module or of a class body, in the order of the text. */
export type Scope = ReadonlyMap<string, readonly Binding[]>;

type BareBinding = Binding extends infer B ? (B extends Binding ? Omit<B, 'conditional' | 'statement'> : never) : never;

/**
 * Read the statements of a module or a class body. What stands in an `if`, `try`, `for` or `with` is read too and marked
 * as conditional; functions are opaque.
 */
export function scopeOf(code: Code, body: SyntaxNode): Scope {
	const scope = new Map<string, Binding[]>();
	const waiting = childrenOf(body).map(statement => ({statement, conditional: false}));
	waiting.reverse();
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const {statement, conditional} = next;
		for (const [name, binding] of bindingsOf(code, statement)) {
			const full = {...binding, conditional, statement} as Binding;
			const known = scope.get(name);
			known ? known.push(full) : scope.set(name, [full]);
		}
		const inner = nestedStatements(statement);
		waiting.push(
			...inner.map(child => ({statement: child, conditional: conditional || !TRANSPARENT.has(statement.name)})).reverse(),
		);
	}
	return scope;
}

/** Statements that only hold others, without a condition. */
const TRANSPARENT: ReadonlySet<string> = new Set(['StatementGroup', 'DecoratedStatement']);
const BLOCKS: ReadonlySet<string> = new Set(['IfStatement', 'TryStatement', 'ForStatement', 'WhileStatement', 'WithStatement']);

function nestedStatements(statement: SyntaxNode): SyntaxNode[] {
	if (TRANSPARENT.has(statement.name)) {
		return childrenOf(statement);
	}
	return BLOCKS.has(statement.name) ? statement.getChildren('Body').flatMap(childrenOf) : [];
}

function bindingsOf(code: Code, statement: SyntaxNode): [string, BareBinding][] {
	switch (statement.name) {
		case 'ImportStatement':
			return importsOf(code, statement);
		case 'ClassDefinition':
			return named(code, statement, {kind: 'class'});
		case 'FunctionDefinition':
			return named(code, statement, {kind: 'other', how: 'a function'});
		case 'AssignStatement':
			return assignmentsOf(code, statement);
		case 'UpdateStatement':
			return updatesOf(code, statement);
		case 'DeleteStatement':
			return childrenOf(statement).flatMap(target => changed(code, target, 'deleted'));
		case 'ExpressionStatement': {
			const call = statement.getChild('CallExpression')?.getChild('MemberExpression');
			return call ? changed(code, call, `changed by ${textOf(code, call)}()`) : [];
		}
		default:
			return [];
	}
}

function named(code: Code, statement: SyntaxNode, binding: BareBinding): [string, BareBinding][] {
	const name = statement.getChild('VariableName');
	return name ? [[textOf(code, name), binding]] : [];
}

/** `a = b = value`, `a: type = value`, `a, b = value`, `a.b = value`. */
function assignmentsOf(code: Code, statement: SyntaxNode): [string, BareBinding][] {
	const segments: SyntaxNode[][] = [[]];
	for (const child of childrenOf(statement)) {
		if (child.name === 'AssignOp') {
			segments.push([]);
		} else if (child.name !== 'TypeDef') {
			segments.at(-1)?.push(child);
		}
	}
	// An annotation without a value gives the name none.
	const value = segments.length > 1 ? (segments.pop() ?? []) : null;
	const names = segments.map(([first]) => (first ? textOf(code, first) : ''));
	return segments.flatMap(target => {
		const [first] = target;
		if (value === null || !first) {
			return [];
		}
		if (target.length === 1 && first.name === 'VariableName') {
			const shared = names.filter(name => name !== textOf(code, first));
			return [[textOf(code, first), {kind: 'value', value, added: false, shared}] satisfies [string, BareBinding]];
		}
		return target.flatMap(part => changed(code, part, 'assigned in parts'));
	});
}

/** `a += value`. */
function updatesOf(code: Code, statement: SyntaxNode): [string, BareBinding][] {
	const [target, operator, ...value] = childrenOf(statement);
	if (!target || !operator) {
		return [];
	}
	if (target.name === 'VariableName' && textOf(code, operator) === '+=') {
		return [[textOf(code, target), {kind: 'value', value, added: true, shared: []}]];
	}
	return changed(code, target, `changed by ${textOf(code, operator)}`);
}

/** The variable at the root of `a`, `a.b`, `a[0]`. */
function changed(code: Code, node: SyntaxNode, how: string): [string, BareBinding][] {
	let root: SyntaxNode | null = node;
	while (root && root.name === 'MemberExpression') {
		root = root.firstChild;
	}
	return root?.name === 'VariableName' ? [[textOf(code, root), {kind: 'other', how}]] : [];
}

/** `import a.b` binds a, `import a.b as c` binds c to a.b, `from a import b as c` binds c to a.b. */
function importsOf(code: Code, statement: SyntaxNode): [string, BareBinding][] {
	const words = textOf(code, statement).replace(/#[^\n]*|\\\r?\n/g, ' ');
	const [, from, list] = /^from\s+(.*?)\s*\bimport\b([\s\S]*)$/.exec(words) ?? [];
	const items = (list ?? words.replace(/^import\b/, '')).replace(/[()]/g, ' ').split(',');
	return items.flatMap(item => {
		const [, path, alias] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(item) ?? [];
		if (!path) {
			return [];
		}
		if (from !== undefined) {
			const dotted = `${from}${from.endsWith('.') ? '' : '.'}${path}`;
			return [[alias ?? path, {kind: 'import', path: dotted}] satisfies [string, BareBinding]];
		}
		const top = path.split('.')[0] as string;
		return [[alias ?? top, {kind: 'import', path: alias ? path : top}] satisfies [string, BareBinding]];
	});
}

/** The bindings of a name in the innermost of the scopes that has it. */
export function lookup(scopes: readonly Scope[], name: string): readonly Binding[] | undefined {
	return scopes.find(scope => scope.has(name))?.get(name);
}

/** Those of a name's bindings that hold once all of them have run: one without a condition takes the place of all before it, one under a condition may not. */
export function lasting(bindings: readonly Binding[]): readonly Binding[] {
	const last = bindings.findLastIndex(binding => !binding.conditional && isAnew(binding));
	return bindings.slice(Math.max(last, 0));
}

function isAnew(binding: Binding): boolean {
	if (binding.kind === 'value') return !binding.added;
	return binding.kind !== 'other' || binding.statement.name === 'FunctionDefinition';
}

/** The one expression a name was ever given, unconditionally; null when it has more, or another, meaning. */
export function constantOf(scopes: readonly Scope[], name: string): SyntaxNode | null {
	const bindings = lookup(scopes, name);
	const only = bindings?.length === 1 ? bindings[0] : undefined;
	if (only?.kind !== 'value' || only.conditional || only.added || only.value.length !== 1) {
		return null;
	}
	return unwrap(only.value[0] as SyntaxNode);
}
