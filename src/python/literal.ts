import type {SyntaxNode} from '@lezer/common';
import {type Code, childrenOf, spanOf, textOf} from './parse.ts';
import type {Span} from './source.ts';

/** A string that could be read. */
export interface StringLiteral {
	readonly value: string;
	/** Inside the quotes, where the text there is the value as it stands; else null (escapes, several pieces). */
	readonly inside: Span | null;
}

/** Read a string literal, with any prefix and implicit concatenation; null for anything computed (f-strings too). */
export function readString(code: Code, node: SyntaxNode): StringLiteral | null {
	if (node.name === 'String') {
		return readPiece(code, node);
	}
	if (node.name !== 'ContinuedString') {
		return null;
	}
	const pieces = childrenOf(node).map(child => (child.name === 'String' ? readPiece(code, child) : null));
	return pieces.every(piece => piece !== null) ? {value: pieces.map(piece => piece.value).join(''), inside: null} : null;
}

const OPENING = /^([A-Za-z]*)("""|'''|"|')/;

function readPiece(code: Code, node: SyntaxNode): StringLiteral | null {
	const text = textOf(code, node);
	const [opening, prefix, quote] = OPENING.exec(text) ?? ['', '', ''];
	if (!opening || !quote || text.length < opening.length + quote.length || !text.endsWith(quote)) {
		return null;
	}
	const {from, to} = spanOf(code, node);
	const raw = text.slice(opening.length, -quote.length);
	if (/r/i.test(prefix ?? '') || !raw.includes('\\')) {
		return {value: raw, inside: {from: from + opening.length, to: to - quote.length}};
	}
	return {value: withoutEscapes(raw), inside: null};
}

const ESCAPE = /\\(?:\r?\n|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[0-7]{1,3}|[\\'"abfnrtv])/g;
const SIMPLE: Readonly<Record<string, string>> = {a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'};

function withoutEscapes(raw: string): string {
	return raw.replace(ESCAPE, sequence => {
		const what = sequence[1] as string;
		if (what === '\n' || what === '\r') {
			return '';
		}
		if (/[0-7]/.test(what)) {
			return String.fromCharCode(Number.parseInt(sequence.slice(1), 8));
		}
		if (sequence.length > 2) {
			const point = Number.parseInt(sequence.slice(2), 16);
			return point > 0x10ffff ? sequence : String.fromCodePoint(point);
		}
		return SIMPLE[what] ?? what;
	});
}
