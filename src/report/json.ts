/** The version of every `--json` document; it grows when a field changes its meaning or goes away. */
export const JSON_VERSION = 1;

/** The one document that `--json` prints: `{"version": 1, …fields}` and a newline. */
export function jsonDocument(fields: Readonly<Record<string, unknown>>): string {
	return `${JSON.stringify({version: JSON_VERSION, ...fields}, null, '\t')}\n`;
}
