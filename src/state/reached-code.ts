import type {SyntaxNode} from '@lezer/common';
import {childrenOf, textOf} from '../python/parse.ts';
import {type Binding, lookup} from '../python/scope.ts';
import type {Module} from './value.ts';

/** The statements of a function, and of what it names in its module: functions, classes, constants. */
export function reachedFrom({code, scopes}: Module, name: string): SyntaxNode[] {
	const found: SyntaxNode[] = [];
	const seen = new Set<string>();
	const waiting = [name];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		if (seen.has(next)) continue;
		seen.add(next);
		const nodes = lookup(scopes, next)?.flatMap(meaningOf) ?? [];
		found.push(...nodes);
		for (const node of nodes) waiting.push(...(textOf(code, node).match(/\b[A-Za-z_]\w*/g) ?? []).reverse());
	}
	return found;
}

function meaningOf(binding: Binding): readonly SyntaxNode[] {
	const {statement} = binding;
	if (binding.kind === 'value') return binding.value;
	if (statement.name === 'FunctionDefinition') return statementsOf(statement);
	// The migration itself is named by nobody.
	return statement.name === 'ClassDefinition' ? childrenOf(statement.getChild('Body') ?? statement).flatMap(innerOf) : [];
}

function innerOf(statement: SyntaxNode): SyntaxNode[] {
	const method = statement.name === 'DecoratedStatement' ? statement.getChild('FunctionDefinition') : statement;
	return method?.name === 'FunctionDefinition' ? statementsOf(method) : isDocstring(statement) ? [] : [statement];
}

/** Without docstring: what is said there is not done. */
function statementsOf(definition: SyntaxNode): SyntaxNode[] {
	const body = definition.getChild('Body');
	return body ? childrenOf(body).filter(child => child.name !== ':' && !isDocstring(child)) : [];
}

function isDocstring({name, firstChild}: SyntaxNode): boolean {
	return name === 'ExpressionStatement' && /String$/.test(firstChild?.name ?? '');
}
