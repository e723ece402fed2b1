import {type Scan, scan} from '../python/scan.ts';
import type {Span} from '../python/source.ts';

/** The part of an ordinary migration that holds all its edges: from its class line to its operations. */
export interface Header extends Span {
	/** Offset of the value of `operations`. */
	readonly operations: number;
	/** The text from there on. */
	readonly rest: Scan;
}

const CLASS = /^class[ \t]+Migration[ \t]*\([ \t]*migrations\.Migration[ \t]*\)[ \t]*:/gm;
const OPERATIONS = /^[ \t]+operations[ \t]*(?::[^=\n]*)?=(?!=)/gm;
const ABOVE = /\b(?:dependencies|replaces|run_before|Migration)\b/g;
/** A class may have its operations under a condition, further down. */
const BELOW = /\b(?:dependencies|replaces|run_before|Migration|operations)\b/g;

/**
 * Find the header, so that the (large) rest of the file need not be parsed; null when the file is not of the ordinary
 * shape or anything outside the header could bear on the edges: then the whole file has to be parsed.
 */
export function findHeader(text: string): Header | null {
	CLASS.lastIndex = 0;
	const start = CLASS.exec(text);
	if (!start) {
		return null;
	}
	const from = start.index;
	OPERATIONS.lastIndex = CLASS.lastIndex;
	const end = OPERATIONS.exec(text);
	if (!end || mentions(ABOVE, text, 0, from) || mentions(BELOW, text, OPERATIONS.lastIndex, text.length)) {
		return null;
	}
	// The class may stand in a string, or the header's end may; brackets left open make the file no Python at all.
	const operations = end.index + end[0].length;
	const rest = scan(text, operations, text.length);
	if (!rest.balanced || !scan(text, 0, from).balanced || !scan(text, end.index, operations).balanced) {
		return null;
	}
	return {from, to: end.index, operations, rest};
}

function mentions(words: RegExp, text: string, from: number, to: number): boolean {
	words.lastIndex = from;
	const match = words.exec(text);
	return match !== null && match.index < to;
}
