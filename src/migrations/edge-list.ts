import type {SyntaxNode} from '@lezer/common';
import {type Code, childrenOf, spanOf, textOf, unwrap} from '../python/parse.ts';
import {type Binding, lookup, type Scope} from '../python/scope.ts';
import type {Span} from '../python/source.ts';
import type {EdgeList, Reference} from './migration.ts';
import type {MigrationClass} from './migration-class.ts';
import {onlyArgument, readReference} from './reference.ts';

/** What is being collected, and where names are looked up. */
interface Reading {
	readonly code: Code;
	readonly scopes: readonly Scope[];
	readonly items: Reference[];
	readonly values: Span[];
	list: Span | null;
	dynamic: {why: string; span: Span} | null;
	/** The names that were followed: one that leads to itself is not followed again. */
	readonly followed: Set<string>;
}

/** An expression that is a list, or an element of one. `own`: no other text uses it, so its literals may be edited. */
interface Task {
	readonly node: SyntaxNode;
	readonly as: 'list' | 'element';
	readonly own: boolean;
}

/**
 * Read one of the attributes of migration.py:Migration that hold `(app label, name)` pairs. List, tuple and set literals,
 * `+`, `+=`, `list(...)`, starred parts and names of module-level literals are followed; the rest is dynamic.
 */
export function readEdgeList(
	code: Code,
	migration: MigrationClass,
	attribute: 'dependencies' | 'replaces' | 'run_before',
): EdgeList {
	const depth = migration.scopes.findIndex(scope => scope.has(attribute));
	const own = migration.scopes[depth];
	const reading: Reading = {
		code,
		scopes: own ? [own, migration.module] : [],
		items: [],
		values: [],
		list: null,
		dynamic: null,
		followed: new Set([attribute]),
	};
	if (own) {
		readExpressions(reading, valuesOf(reading, own.get(attribute) ?? [], true));
	} else if (attribute === 'dependencies' && migration.unknownBase) {
		giveUp(reading, migration.node, `inherited from ${migration.unknownBase}`);
	}
	const {items, values, dynamic} = reading;
	const list = depth === 0 ? reading.list : null;
	return dynamic ? {items, values, list, dynamic: dynamic.why, dynamicSpan: dynamic.span} : {items, values, list, dynamic: null};
}

/** What migration.py:Migration reads of a class: a list that two of these share is not edited for one of them. */
const ATTRIBUTES = ['dependencies', 'replaces', 'run_before', 'operations'];

/** The expressions that make up a name's value: the last plain assignment and what was added to it since. */
function valuesOf(reading: Reading, bindings: readonly Binding[], own: boolean): Task[] {
	const start = bindings.findLastIndex(binding => binding.kind === 'value' && !binding.added && !binding.conditional);
	return bindings.slice(Math.max(start, 0)).flatMap((binding): Task[] => {
		if (binding.kind !== 'value') {
			return giveUp(reading, binding.statement, binding.kind === 'other' ? binding.how : `made by ${binding.kind}`);
		}
		const [first] = binding.value;
		const last = binding.value.at(-1);
		if (first && last) {
			reading.values.push(spanOf(reading.code, {from: first.from, to: last.to}));
		}
		if (binding.conditional) {
			return giveUp(reading, binding.statement, 'set under a condition');
		}
		// `a = x, y`: a tuple without its parentheses.
		const as = binding.value.length > 1 ? 'element' : 'list';
		return binding.value
			.filter(node => node.name !== ',')
			.map(node => ({node, as, own: own && !binding.shared.some(name => ATTRIBUTES.includes(name))}));
	});
}

/** Works through a list of tasks, not by recursion: a long or deeply nested literal must not exhaust the stack. */
function readExpressions(reading: Reading, tasks: Task[]): void {
	const waiting = tasks.reverse();
	for (let task = waiting.pop(); task; task = waiting.pop()) {
		if (task.as === 'list') {
			waiting.push(...readList(reading, task).reverse());
			continue;
		}
		const reference = readReference(reading.code, reading.scopes, task.node, task.own);
		typeof reference === 'string' ? giveUp(reading, task.node, reference) : reading.items.push(reference);
	}
}

const COMPUTED: Readonly<Record<string, string>> = {
	ArrayComprehensionExpression: 'a comprehension',
	ComprehensionExpression: 'a comprehension',
	SetComprehensionExpression: 'a comprehension',
	ConditionalExpression: 'a conditional expression',
	CallExpression: 'a function call',
	'⚠': 'broken text',
};

/** One step into an expression that is a list: its elements, or the lists it is made of. */
function readList(reading: Reading, {node: wrapped, own}: Task): Task[] {
	const {code} = reading;
	const node = unwrap(wrapped);
	switch (node.name) {
		case 'ArrayExpression':
		case 'TupleExpression':
		case 'SetExpression':
			if (own && node.name !== 'SetExpression') {
				reading.list = spanOf(code, node);
			}
			return elementsOf(node, own);
		case 'BinaryExpression': {
			const [left, operator, right] = childrenOf(node);
			if (left && right && operator && textOf(code, operator) === '+') {
				return [left, right].map(part => ({node: part, as: 'list', own}));
			}
			break;
		}
		case 'CallExpression': {
			const argument = onlyArgument(code, node, /^(?:list|tuple|set)$/);
			if (argument) {
				return [{node: argument, as: 'list', own}];
			}
			break;
		}
		case 'VariableName':
			return followName(reading, node);
	}
	return giveUp(reading, node, COMPUTED[node.name] ?? 'a computed value');
}

function elementsOf(list: SyntaxNode, own: boolean): Task[] {
	const children = childrenOf(list).slice(1, -1);
	return children
		.map((node, index): Task => ({node, as: children[index - 1]?.name === '*' ? 'list' : 'element', own}))
		.filter(({node}) => node.name !== ',' && node.name !== '*');
}

/** A list that stands elsewhere under a name. It may be edited when no other text mentions the name. */
function followName(reading: Reading, node: SyntaxNode): Task[] {
	const name = textOf(reading.code, node);
	// `dependencies = dependencies`: a name that the class body is only about to bind means the module's.
	const scopes =
		reading.scopes[0]?.get(name)?.length === 1 && reading.followed.has(name) ? reading.scopes.slice(1) : reading.scopes;
	const bindings = lookup(scopes, name);
	const followed = scopes === reading.scopes ? name : `module.${name}`;
	if (!bindings || reading.followed.has(followed)) {
		return giveUp(reading, node, `the name ${name}`);
	}
	reading.followed.add(followed);
	const mentions = reading.code.text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
	return valuesOf(reading, bindings, mentions === bindings.length + 1);
}

/** Note why not all can be read; the first reason stands. There is nothing more to do for this expression. */
function giveUp(reading: Reading, node: SyntaxNode, why: string): [] {
	reading.dynamic ??= {why, span: spanOf(reading.code, node)};
	return [];
}
