/** Two columns, the first as wide as its longest cell, each line indented by two. */
export function table(rows: readonly (readonly [left: string, right: string])[]): string[] {
	const width = Math.max(0, ...rows.map(([left]) => left.length));
	return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
	return `${number} ${number === 1 ? noun : plural}`;
}

/**
 * A line that holds names from a repository, safe in a terminal and in a log: a line break in a file's name would begin a line that
 * a CI may take for a command, an escape would paint the screen, and marks of direction show something else than what is there.
 */
export function oneLine(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, character =>
		character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
