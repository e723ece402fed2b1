import type {SyntaxNode} from '@lezer/common';
import {childrenOf, textOf, unwrap} from '../python/parse.ts';
import {lasting, lookup} from '../python/scope.ts';
import type {Module} from './value.ts';

/** Names may lead in a circle. */
const DEEPEST = 8;

/**
 * Why not all that RunPython would call is in its module; null: it is. What it may be given (operations/special.py:RunPython asks whether it is callable):
 * a function, a lambda, a partial one, a method of a class or of what a class makes, what has `__call__`.
 */
export function notHere(module: Module, wrapped: SyntaxNode, depth = 0): string | null {
	const {code, scopes} = module;
	const node = unwrap(wrapped);
	const missing = `${textOf(code, node).replace(/\s+/g, ' ').slice(0, 60)} is not in this file`;
	const next = (inner: SyntaxNode) => notHere(module, inner, depth + 1);
	if (depth > DEEPEST) return missing;
	switch (node.name) {
		case 'LambdaExpression':
			return null;
		case 'VariableName': {
			const bindings = lasting(lookup(scopes, textOf(code, node)) ?? []);
			const reasons = bindings.map(binding => {
				if (binding.kind === 'value' && binding.value.length === 1) return next(binding.value[0]!);
				return /^(?:Function|Class)Definition$/.test(binding.statement.name) ? null : missing;
			});
			return reasons.length === 0 ? missing : (reasons.find(reason => reason !== null) ?? null);
		}
		case 'ConditionalExpression':
			return next(node.firstChild!) ?? next(node.lastChild!);
		case 'MemberExpression': {
			const method = node.lastChild!;
			return hasMethod(module, node.firstChild!, textOf(code, method)) ? null : missing;
		}
		case 'CallExpression': {
			const called = node.firstChild!;
			const [first] = childrenOf(node.lastChild!).slice(1, -1);
			if (/^(?:functools\.)?partial$/.test(textOf(code, called)) && first) return next(first);
			if (hasMethod(module, node, '__call__')) return null;
			return called.name === 'VariableName' && next(called) === null ? null : missing;
		}
		default:
			return missing;
	}
}

/** Whether what an expression stands for is a class of the module, or made by one, that has a method, or inherits it from another class of the module. */
function hasMethod(module: Module, wrapped: SyntaxNode, method: string, depth = 0): boolean {
	const {code, scopes} = module;
	const node = unwrap(wrapped);
	const next = (inner: SyntaxNode) => hasMethod(module, inner, method, depth + 1);
	if (depth > DEEPEST) return false;
	if (node.name === 'CallExpression') return next(node.firstChild!);
	if (node.name !== 'VariableName') return false;
	const bindings = lasting(lookup(scopes, textOf(code, node)) ?? []);
	return (
		bindings.length > 0 &&
		bindings.every(binding => {
			if (binding.kind === 'value') return binding.value.length === 1 && next(binding.value[0]!);
			const {statement} = binding;
			if (statement.name !== 'ClassDefinition') return false;
			const body = textOf(code, statement.getChild('Body') ?? statement);
			const bases = statement.getChild('ArgList');
			return new RegExp(`\\bdef\\s+${method}\\b`).test(body) || (bases !== null && childrenOf(bases).some(next));
		})
	);
}
