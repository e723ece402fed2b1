import type {NodeKey} from '../migrations/key.ts';
import type {Trouble} from './diagnosis.ts';

/** A text that is being read. */
export interface Reading {
	/** All of it on one line, see python/terminal.ts. */
	readonly flat: string;
	/** The migration that `migrate` was at, where the text shows it. */
	readonly applying: NodeKey | null;
}

/** One wording of one error. Null: it only looked like it. */
export interface Recogniser {
	/** With the flag `g`. */
	readonly pattern: RegExp;
	read(match: RegExpMatchArray, reading: Reading): Trouble | null;
}

/** App label and migration name in a text; names may hold hyphens and more, but no quotes, brackets, blanks or commas. */
export const NODE = String.raw`([A-Za-z_]\w*\.[^\s,'"()\[\]]+)`;
/** `('shop', '0002_price')`, as Python prints a key. */
export const TUPLE = String.raw`\(['"](\w+)['"], ['"]([^'"]+)['"]\)`;
