/** What a migration does, roughly: its operations and the names they carry. Only for telling an edit from another migration. */
export function signatureOf(text: string): string {
	const body = text.slice(Math.max(0, text.search(/^\s+operations\b/m)));
	const calls = body.match(/\bmigrations\.\w+|\b(?:model_name|name|old_name|new_name)\s*=\s*[bu]?["'][^"'\n]*["']/g) ?? [];
	return calls.map(call => call.replace(/\s+/g, '').replace(/"/g, "'")).join('\n');
}

/** Could `after` be an edited version of `before`, rather than another migration that merely looks like it? */
export function isVersionOf(before: string, after: string): boolean {
	return signatureOf(before) === signatureOf(after);
}
