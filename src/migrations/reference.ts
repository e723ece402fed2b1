import type {SyntaxNode} from '@lezer/common';
import {readString, type StringLiteral} from '../python/literal.ts';
import {type Code, childrenOf, spanOf, textOf, unwrap} from '../python/parse.ts';
import {constantOf, type Scope} from '../python/scope.ts';
import {NOWHERE, type Reference} from './migration.ts';

/**
 * Read one element of `dependencies`, `replaces` or `run_before`: a pair of strings, `swappable_dependency(...)`, or the
 * name of such. A string says why it cannot be read. `own`: no other text uses it, so its literals may be edited.
 */
export function readReference(code: Code, scopes: readonly Scope[], element: SyntaxNode, own: boolean): Reference | string {
	const node = unwrap(element);
	switch (node.name) {
		case 'TupleExpression':
			return readPair(code, scopes, node, own);
		case 'CallExpression':
			return readSwappable(code, scopes, node) ?? 'a function call';
		case 'VariableName': {
			const value = constantOf(scopes, textOf(code, node));
			return value && value.name !== 'VariableName'
				? readReference(code, scopes, value, false)
				: `the name ${textOf(code, node)}`;
		}
		default:
			return 'an element that is not a pair';
	}
}

function readPair(code: Code, scopes: readonly Scope[], tuple: SyntaxNode, own: boolean): Reference | string {
	const parts = argumentsOf(tuple);
	if (parts.length !== 2) {
		return 'an element that is not a pair';
	}
	const [app, name] = parts.map(part => readName(code, scopes, part));
	if (!app || !name) {
		return 'a computed name';
	}
	return {
		kind: 'node',
		app: app.value,
		name: name.value,
		span: spanOf(code, tuple),
		appSpan: (own && app.inside) || NOWHERE,
		nameSpan: (own && name.inside) || NOWHERE,
	};
}

/** A string, or the name of a constant string. */
function readName(code: Code, scopes: readonly Scope[], part: SyntaxNode): StringLiteral | null {
	const node = unwrap(part);
	if (node.name !== 'VariableName') {
		return readString(code, node);
	}
	const value = constantOf(scopes, textOf(code, node));
	const literal = value && readString(code, value);
	return literal ? {value: literal.value, inside: null} : null;
}

/** migration.py:swappable_dependency: of a setting, or of a literal 'app.Model', which means the first migration of app. */
function readSwappable(code: Code, scopes: readonly Scope[], call: SyntaxNode): Reference | null {
	const argument = onlyArgument(code, call, /(?:^|\.)swappable_dependency$/);
	const value = argument?.name === 'VariableName' ? constantOf(scopes, textOf(code, argument)) : argument;
	if (!value) {
		return null;
	}
	const span = spanOf(code, call);
	const setting = value.name === 'MemberExpression' ? /^(?:\w+\.)*settings\.(\w+)$/.exec(textOf(code, value))?.[1] : undefined;
	if (setting) {
		return {kind: 'swappable', setting, span};
	}
	const app = readString(code, value)?.value.split('.')[0];
	return app ? {kind: 'node', app, name: '__first__', span, appSpan: NOWHERE, nameSpan: NOWHERE} : null;
}

/** The only argument of a call, when the function's name fits; null otherwise. */
export function onlyArgument(code: Code, call: SyntaxNode, callee: RegExp): SyntaxNode | null {
	const [called, list] = childrenOf(call);
	if (!called || list?.name !== 'ArgList' || !callee.test(textOf(code, called).replace(/\s/g, ''))) {
		return null;
	}
	const parts = argumentsOf(list);
	return parts.length === 1 && parts[0] ? unwrap(parts[0]) : null;
}

/** What stands between the brackets and commas. */
function argumentsOf(node: SyntaxNode): SyntaxNode[] {
	return childrenOf(node).filter(part => !/^[(),]$/.test(part.name));
}
