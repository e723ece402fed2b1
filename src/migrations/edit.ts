import {childrenOf, parsePython, spanOf} from '../python/parse.ts';
import type {Span, TextEdit} from '../python/source.ts';
import type {Migration, NodeReference} from './migration.ts';

/** Write another name into a reference: only the text inside its quotes. Null when that is not one plain literal. */
export function renameReference(reference: NodeReference, name: string): TextEdit[] | null {
	return reference.nameSpan.from === -1 ? null : [{...reference.nameSpan, insert: name}];
}

/**
 * Add a pair to `dependencies`, in the style of the list: one element a line or all in one, its quotes, its trailing
 * comma. A migration without `dependencies` gets the statement. Null when that cannot be done safely.
 */
export function addDependency(text: string, migration: Migration, app: string, name: string): TextEdit[] | null {
	const {list, dynamic, values} = migration.dependencies;
	if (list) {
		return addElement(text, list, pair(text, list, app, name), migration.indent);
	}
	if (migration.insertAt === null || dynamic !== null || values.length > 0) {
		return null;
	}
	const eol = newlineOf(text);
	const {indent, insertAt: at} = migration;
	const lines = [
		'dependencies = [',
		`${indent}${unit(indent)}${pair(text, migration.classSpan, app, name)},`,
		`${indent}]`,
		'',
		indent,
	];
	return [{from: at, to: at, insert: lines.join(eol)}];
}

function addElement(text: string, list: Span, element: string, indent: string): TextEdit[] | null {
	const code = parsePython(text, list);
	const literal = code.tree.topNode.firstChild?.firstChild;
	if (!literal || !/^(?:Array|Tuple)Expression$/.test(literal.name)) {
		return null;
	}
	const parts = childrenOf(literal);
	const closing = parts.at(-1);
	const lastPart = parts.at(-2);
	if (!closing || !lastPart || closing.type.isError) {
		return null;
	}
	const close = spanOf(code, closing).from;
	if (parts.length === 2) {
		return addFirst(text, list, close, element, indent);
	}
	const trailingComma = lastPart.name === ',';
	const last = spanOf(code, trailingComma ? (parts.at(-3) ?? lastPart) : lastPart);
	const end = trailingComma ? spanOf(code, lastPart).to : last.to;
	const lineIndent = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, last.from))?.[1];
	const lineEnd = text.indexOf('\n', end);
	if (lineIndent === undefined || lineEnd === -1 || lineEnd > close) {
		// All on one line, or the elements flow: go on behind the last one.
		return [{from: end, to: end, insert: trailingComma ? ` ${element},` : `, ${element}`}];
	}
	// A line of its own below the last one, whose comment stays where it is.
	const line = `${lineIndent}${element}${trailingComma || literal.name === 'ArrayExpression' ? ',' : ''}${newlineOf(text)}`;
	const added = {from: lineEnd + 1, to: lineEnd + 1, insert: line};
	return trailingComma ? [added] : [{from: end, to: end, insert: ','}, added];
}

/** The first element: on a line of its own, as Django writes it; before the comments that an empty list may hold. */
function addFirst(text: string, list: Span, close: number, element: string, indent: string): TextEdit[] {
	const eol = newlineOf(text);
	const line = `${eol}${indent}${unit(indent)}${element},`;
	const at = list.from + 1;
	return [{from: at, to: at, insert: text.slice(at, close).includes('\n') ? line : `${line}${eol}${indent}`}];
}

function pair(text: string, near: Span, app: string, name: string): string {
	const quote = quoteOf(text, near);
	return `(${quote}${app}${quote}, ${quote}${name}${quote})`;
}

/** The quote that is used in a piece of text, else in the whole file; single as Django's own when there is none. */
function quoteOf(text: string, near: Span): string {
	const inside = /['"]/.exec(text.slice(near.from, near.to))?.[0];
	return inside ?? (text.split('"').length > text.split("'").length ? '"' : "'");
}

function newlineOf(text: string): string {
	const first = text.indexOf('\n');
	return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** One level of indentation. */
function unit(indent: string): string {
	return indent.includes('\t') ? '\t' : indent;
}
