import type {SyntaxNode} from '@lezer/common';
import {type Code, childrenOf, textOf} from '../python/parse.ts';
import {type Binding, lasting, lookup} from '../python/scope.ts';
import type {Module} from './value.ts';

/** The longest expression that starts at a place of the file. */
export function expressionAt({tree, base}: Code, from: number): SyntaxNode {
	let node = tree.resolveInner(from - base, 1);
	while (node.parent?.from === node.from) node = node.parent;
	return node;
}

/** An expression, and the statements of what it names in its module: functions, classes, constants, and what those name. */
export function reachedFrom({code, scopes}: Module, start: SyntaxNode): SyntaxNode[] {
	const found: SyntaxNode[] = [];
	const seen = new Set<string>();
	const waiting = namesIn(textOf(code, start));
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		if (seen.has(next)) continue;
		seen.add(next);
		const nodes = bindingsOf({code, scopes}, next).flatMap(meaningOf);
		found.push(...nodes);
		for (const node of nodes) waiting.push(...namesIn(textOf(code, node)));
	}
	// The name of a function is no word of it.
	return /^(?:VariableName|MemberExpression)$/.test(start.name) ? found : [start, ...found];
}

/** Those that hold in the end; with those before where a name is bound to what is made of it: `run = wrap(run)`. */
function bindingsOf({code, scopes}: Module, name: string): readonly Binding[] {
	const all = lookup(scopes, name) ?? [];
	const last = lasting(all);
	const isMadeOfIt = ({value}: {value: readonly SyntaxNode[]}) => value.some(node => namesIn(textOf(code, node)).includes(name));
	return last.some(binding => binding.kind === 'value' && isMadeOfIt(binding)) ? all : last;
}

function namesIn(text: string): string[] {
	return (text.match(/\b[A-Za-z_]\w*/g) ?? []).reverse();
}

function meaningOf(binding: Binding): readonly SyntaxNode[] {
	const {statement} = binding;
	if (binding.kind === 'value') return binding.value;
	if (statement.name === 'FunctionDefinition') return functionIn(statement);
	// The migration itself is named by nobody.
	if (statement.name !== 'ClassDefinition') return [];
	const bases = statement.getChild('ArgList');
	return [...(bases ? [bases] : []), ...childrenOf(statement.getChild('Body') ?? statement).flatMap(innerOf)];
}

function innerOf(statement: SyntaxNode): SyntaxNode[] {
	const method = statement.name === 'DecoratedStatement' ? statement.getChild('FunctionDefinition') : statement;
	return method?.name === 'FunctionDefinition' ? functionIn(method) : isDocstring(statement) ? [] : [statement];
}

/** With what decorates it. Without docstring: what is said there is not done. */
function functionIn(definition: SyntaxNode): SyntaxNode[] {
	const body = definition.getChild('Body');
	const statements = body ? childrenOf(body).filter(child => child.name !== ':' && !isDocstring(child)) : [];
	return [...(definition.parent?.getChildren('Decorator') ?? []), ...statements];
}

function isDocstring({name, firstChild}: SyntaxNode): boolean {
	return name === 'ExpressionStatement' && /String$/.test(firstChild?.name ?? '');
}
