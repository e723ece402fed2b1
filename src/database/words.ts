/**
 * Cut a command line into words as a POSIX shell would, for quotes and backslashes; nothing is expanded, no shell is started. Null: a quote
 * is not closed. A backslash before anything but a quote, a blank or itself stays, so that Windows paths do.
 */
export function wordsOf(line: string): readonly string[] | null {
	const words: string[] = [];
	let word: string | null = null;
	let quote = '';
	for (let at = 0; at < line.length; at++) {
		const character = line[at]!;
		if (quote !== '') {
			if (character === quote) quote = '';
			else if (character === '\\' && quote === '"' && /["\\]/.test(line[at + 1] ?? '')) word += line[++at]!;
			else word += character;
		} else if (/\s/.test(character)) {
			if (word !== null) words.push(word);
			word = null;
		} else {
			word ??= '';
			if (character === '"' || character === "'") quote = character;
			else if (character === '\\' && /[\s"'\\]/.test(line[at + 1] ?? '')) word += line[++at]!;
			else word += character;
		}
	}
	if (quote !== '') return null;
	return word === null ? words : [...words, word];
}
