import {Buffer} from 'node:buffer';
import {Bug} from '../errors.ts';

/** A piece of a text: UTF-16 offsets, half open. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** Put `insert` where the span is. */
export interface TextEdit extends Span {
	readonly insert: string;
}

/** A file's text and how to get its exact bytes back. A byte order mark stays in the text. */
export interface Source {
	readonly text: string;
	readonly encoding: 'utf8' | 'latin1';
}

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/**
 * The text of a file. Bytes that are no valid UTF-8 are read as latin1, which maps every byte to one character:
 * ASCII edits are then right in any single-byte encoding, and the rest comes back byte for byte.
 */
export function decode(bytes: Uint8Array): Source {
	try {
		return {text: utf8.decode(bytes), encoding: 'utf8'};
	} catch {
		return {text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), encoding: 'latin1'};
	}
}

/** The bytes of a text; `encode(decode(bytes))` is `bytes`. Throws Bug on a character that latin1 does not have. */
export function encode(source: Source): Uint8Array {
	if (source.encoding === 'latin1' && /[^\0-\xff]/.test(source.text)) {
		throw new Bug('a character was written into a file whose encoding does not have it');
	}
	return Buffer.from(source.text, source.encoding);
}

/** Apply edits, given in any order; insertions at one place keep their order. Throws Bug when two edits overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
	let result = '';
	let position = 0;
	for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
		if (edit.from < position || edit.to < edit.from || edit.to > text.length) {
			throw new Bug(`edits overlap or lie outside the text, at ${edit.from}-${edit.to}`);
		}
		result += text.slice(position, edit.from) + edit.insert;
		position = edit.to;
	}
	return result + text.slice(position);
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
	let line = 1;
	for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
		line++;
	}
	return line;
}
