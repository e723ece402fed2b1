/** The message of a workflow command of GitHub Actions (actions/toolkit: command.ts escapeData). */
export function escapeData(text: string): string {
	return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A property of one (actions/toolkit: command.ts escapeProperty). */
export function escapeProperty(text: string): string {
	return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
