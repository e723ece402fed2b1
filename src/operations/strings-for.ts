import type {SyntaxNode} from '@lezer/common';
import {readString} from '../python/literal.ts';
import {childrenOf, textOf, unwrap} from '../python/parse.ts';
import {type Bound, partsOf, valuesOf} from './meaning.ts';
import type {Module} from './value.ts';

type Strings = readonly string[] | null;

/** More than these are not counted. */
const MOST = 64;
/** Names may lead in a circle. */
const DEEPEST = 12;

/** The strings that an expression may be, as far as constants, f-strings, sums, `%` and `format` show it. Null: others as well. */
export function stringsFor(module: Module, {node: wrapped, env}: Bound, depth = 0): Strings {
	const {code} = module;
	const node = unwrap(wrapped);
	const next = (inner: Bound) => stringsFor(module, inner, depth + 1);
	const inside = (inner: SyntaxNode) => next({node: inner, env});
	if (depth > DEEPEST) return null;
	switch (node.name) {
		case 'String':
		case 'ContinuedString': {
			const value = readString(code, node)?.value;
			return value === undefined ? null : [value];
		}
		case 'FormatString': {
			const [, , text = ''] = /^\w+("""|'''|"|')([\s\S]*)\1$/.exec(textOf(code, node)) ?? [];
			return filled(
				text.split(/\{[^{}]*\}/),
				node.getChildren('FormatReplacement').map(each => inside(childrenOf(each)[1] ?? each)),
			);
		}
		case 'VariableName':
			return either((valuesOf(module, node, env) ?? []).map(next));
		case 'ConditionalExpression':
			return either([node.firstChild!, node.lastChild!].map(inside));
		case 'BinaryExpression': {
			const [left, operator, right] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode];
			const sign = textOf(code, operator);
			if (sign === '+') return filled(['', '', ''], [left, right].map(inside));
			const values = right.name === 'TupleExpression' ? partsOf(right) : [right];
			return sign === '%' ? either((inside(left) ?? []).map(text => filled(text.split('%s'), values.map(inside)))) : null;
		}
		case 'CallExpression': {
			const [called, list] = childrenOf(node) as [SyntaxNode, SyntaxNode];
			if (!textOf(code, called).endsWith('.format')) return null;
			return either((inside(called.firstChild!) ?? []).map(text => filled(text.split('{}'), partsOf(list).map(inside))));
		}
		default:
			return null;
	}
}

/** The pieces of a text with each of the strings that may stand between them. */
function filled(pieces: readonly string[], values: readonly Strings[]): Strings {
	if (pieces.length !== values.length + 1) return null;
	return values.reduce<Strings>(
		(ways, strings, index) =>
			ways && strings ? ways.flatMap(way => strings.map(string => way + string + pieces[index + 1])).slice(0, MOST) : null,
		[pieces[0]!],
	);
}

function either(all: readonly Strings[]): Strings {
	const known = all.flatMap(each => each ?? []);
	return all.length > 0 && all.every(each => each !== null) ? [...new Set(known)].slice(0, MOST) : null;
}
