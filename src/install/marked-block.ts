const begin = '# >>> migration-guard';
const end = '# <<< migration-guard';
/** Follows `begin` where the text before it had no final newline, so that taking the block away gives back the very bytes. */
const joined = ' (no newline before)';
const block = /(\r?\n)?^# >>> migration-guard( \(no newline before\))?\r?\n([\s\S]*?)^# <<< migration-guard(?:\r?\n|$)/m;

/**
 * Put our lines at the end of a text, between two comment lines, in place of a block that is there already.
 * `removeBlock(putBlock(text, lines))` is `text`, byte for byte.
 */
export function putBlock(text: string, lines: readonly string[], foreign?: (inside: string) => string): string {
	const rest = removeBlock(text, foreign);
	const open = rest === '' || rest.endsWith('\n') ? begin : `\n${begin}${joined}`;
	return `${rest}${[open, ...lines, end].join('\n')}\n`;
}

/** Take our block away. `foreign` says what inside of it is not ours and has to stay. */
export function removeBlock(text: string, foreign: (inside: string) => string = () => ''): string {
	const match = block.exec(text);
	if (!match) return text;
	const [whole, newline = '', wasJoined, inside = ''] = match;
	const after = text.slice(match.index + whole.length);
	const kept = foreign(inside);
	return text.slice(0, match.index) + (wasJoined && kept + after === '' ? '' : newline) + kept + after;
}

/** Whether our block is there. */
export function hasBlock(text: string): boolean {
	return block.test(text);
}
