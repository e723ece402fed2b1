import type {SyntaxNode, Tree} from '@lezer/common';
import {parser} from '@lezer/python';
import type {Span} from './source.ts';

/** A parsed piece of a Python file. The tree counts from the piece's start; spans always count from the file's. */
export interface Code {
	/** The whole file. */
	readonly text: string;
	/** Where the parsed piece starts in it. */
	readonly base: number;
	readonly tree: Tree;
}

/** Parse a file, or only a piece of it. Never throws: what is not Python becomes error nodes. */
export function parsePython(text: string, piece: Span = {from: 0, to: text.length}): Code {
	// The grammar does not know the byte order mark. A newline in its place keeps every offset.
	const source = text.slice(piece.from, piece.to).replace(/^\uFEFF/, '\n');
	return {text, base: piece.from, tree: parseSafely(source)};
}

/** The parser recurses into what it builds. Text nested thousands deep, which Python refuses as well, exhausts the stack. */
function parseSafely(source: string): Tree {
	try {
		return parser.parse(source);
	} catch (error) {
		if (error instanceof RangeError) {
			return parser.parse(')');
		}
		throw error;
	}
}

/** Where a node is in the file. */
export function spanOf(code: Code, node: Span): Span {
	return {from: node.from + code.base, to: node.to + code.base};
}

/** The text of a node. */
export function textOf(code: Code, node: Span): string {
	return code.text.slice(node.from + code.base, node.to + code.base);
}

/** The direct children of a node, comments left out. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
	const children: SyntaxNode[] = [];
	for (let child = node.firstChild; child; child = child.nextSibling) {
		if (child.name !== 'Comment') {
			children.push(child);
		}
	}
	return children;
}

/** A node and every node inside of it, in the order of the text. */
export function below(root: SyntaxNode): SyntaxNode[] {
	const found: SyntaxNode[] = [];
	const cursor = root.cursor();
	do {
		if (cursor.from >= root.to && cursor.node.from !== root.from) break;
		found.push(cursor.node);
	} while (cursor.next());
	return found;
}

/** The expression inside any number of parentheses. */
export function unwrap(node: SyntaxNode): SyntaxNode {
	let inner = node;
	while (inner.name === 'ParenthesizedExpression') {
		const next = childrenOf(inner).find(child => child.name !== '(' && child.name !== ')');
		if (!next || next.type.isError) {
			break;
		}
		inner = next;
	}
	return inner;
}

/** Where the first thing is that is no Python, as an offset in the file; null when there is none in the span. */
export function firstError(code: Code, within: Span = {from: 0, to: code.text.length}): number | null {
	const cursor = code.tree.cursor();
	do {
		const span = spanOf(code, cursor);
		if (cursor.type.isError && span.to >= within.from && span.from <= within.to) {
			return span.from;
		}
	} while (cursor.next());
	return null;
}
