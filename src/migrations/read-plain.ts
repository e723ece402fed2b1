import {lineAt, type Span} from '../python/source.ts';
import type {Header} from './header.ts';
import type {EdgeList, Migration, Reference} from './migration.ts';
import {scanOperations} from './operations.ts';

type Edges = 'dependencies' | 'replaces' | 'run_before';

const CLASS = /class[ \t]+Migration[ \t]*\([ \t]*migrations\.Migration[ \t]*\)[ \t]*:[ \t]*\n/y;
const BLANK = /(?:[ \t]*\n)*/y;
const INDENT = /[ \t]+/y;
const FLAG = /(?:initial|atomic)[ \t]*=[ \t]*(?:True|False)[ \t]*\n/y;
const LIST = /(dependencies|replaces|run_before)[ \t]*=[ \t]*\[/y;
const PAIR = /\s*\(\s*(?:'([^'"\\\n]*)'|"([^'"\\\n]*)")\s*,\s*(?:'([^'"\\\n]*)'|"([^'"\\\n]*)")\s*,?\s*\)/y;
const SWAPPABLE = /\s*migrations\.swappable_dependency\(\s*settings\.(\w+)\s*\)/y;
const COMMA = /\s*,/y;
const CLOSE = /\s*\][ \t]*\n/y;

/**
 * Read a header of exactly the shape in which Django writes it (writer.py:MIGRATION_TEMPLATE), as most are: what the parser would
 * make of it, at a tenth of the time. Null: it has something else in it, if only a comment or CRLF.
 */
export function readPlain(text: string, header: Header): Migration | null {
	let at = header.from;
	const skip = (pattern: RegExp): boolean => {
		pattern.lastIndex = at;
		const isThere = pattern.test(text);
		if (isThere) at = pattern.lastIndex;
		return isThere;
	};
	const take = (pattern: RegExp): RegExpExecArray | null => {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (match) at = pattern.lastIndex;
		return match;
	};
	if (!skip(CLASS)) return null;
	const lists: Partial<Record<Edges, EdgeList>> = {};
	let first: {at: number; indent: string} | null = null;
	let end = at;
	for (;;) {
		skip(BLANK);
		// It ends in front of the line with the operations.
		if (at >= header.to) break;
		const indent = take(INDENT)?.[0];
		if (indent === undefined || (first && indent !== first.indent)) return null;
		first ??= {at, indent};
		if (!skip(FLAG)) {
			const name = take(LIST)?.[1] as Edges | undefined;
			if (!name || lists[name]) return null;
			const list = readList(text, at - 1, take);
			if (!list) return null;
			lists[name] = list;
		}
		end = at;
	}
	if (!first) return null;
	return {
		dependencies: lists.dependencies ?? NONE,
		replaces: lists.replaces ?? NONE,
		runBefore: lists.run_before ?? NONE,
		classSpan: {from: header.from, to: end},
		line: lineAt(text, header.from),
		operations: scanOperations(text, header),
		insertAt: first.at,
		indent: first.indent,
	};
}

const NONE: EdgeList = {items: [], values: [], list: null, dynamic: null};

/** The elements of a list and its closing bracket; `from` is where the opening one is. */
function readList(text: string, from: number, take: (pattern: RegExp) => RegExpExecArray | null): EdgeList | null {
	const items: Reference[] = [];
	for (let closed = take(CLOSE); ; closed = take(CLOSE)) {
		if (closed) {
			const list = {from, to: closed.index + closed[0].indexOf(']') + 1};
			return {items, values: [list], list, dynamic: null};
		}
		if (items.length > 0 && !take(COMMA)) return null;
		const last = items.length > 0 ? take(CLOSE) : null;
		if (last) {
			const list = {from, to: last.index + last[0].indexOf(']') + 1};
			return {items, values: [list], list, dynamic: null};
		}
		const pair = take(PAIR);
		const swappable = pair ? null : take(SWAPPABLE);
		if (pair) items.push(pairOf(text, pair));
		else if (swappable) items.push({kind: 'swappable', setting: swappable[1]!, span: spanOf(swappable)});
		else return null;
	}
}

function pairOf(text: string, match: RegExpExecArray): Reference {
	const span = spanOf(match);
	const [app, name] = [match[1] ?? match[2]!, match[3] ?? match[4]!];
	const appAt = text.indexOf(match[1] === undefined ? '"' : "'", span.from) + 1;
	const nameAt = text.indexOf(match[3] === undefined ? '"' : "'", appAt + app.length + 1) + 1;
	return {
		kind: 'node',
		app,
		name,
		span,
		appSpan: {from: appAt, to: appAt + app.length},
		nameSpan: {from: nameAt, to: nameAt + name.length},
	};
}

/** Where a match is, without the blanks in front. */
function spanOf(match: RegExpExecArray): Span {
	return {from: match.index + match[0].search(/\S/), to: match.index + match[0].length};
}
