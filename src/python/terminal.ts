const ESCAPES = new RegExp(
	[
		String.raw`\u001b\[[0-9;?]*[ -/]*[@-~]`, // colours and cursors
		String.raw`\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)`, // titles and links
		String.raw`\u001b[@-Z\\^_]`,
	].join('|'),
	'g',
);

/** What CI systems, docker compose, pytest, pdb and mail put before a line. */
const PREFIX =
	/^(?:\uFEFF)?(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\s+)?(?:[\w.-]+\s*\|\s)?(?:##\[\w+\]\s?|E {2,}|> )?/;

/**
 * A pasted or piped text as the program printed it: without colours, carriage returns and what was put before each line. `lines` keep
 * their order and are trimmed; `flat` is all of them with single blanks, because messages are wrapped wherever they are shown.
 */
export function asPrinted(text: string): {readonly lines: readonly string[]; readonly flat: string} {
	const lines = text
		.replace(ESCAPES, '')
		.split(/\r\n|\n|\r/)
		.map(line => line.replace(PREFIX, '').trim());
	return {lines, flat: lines.join(' ').replace(/\s+/g, ' ').trim()};
}
