import {putBlock, removeBlock} from './marked-block.ts';

const ownConfig = 'migration-guard/config';

/**
 * A configuration of the user's with one line of ours, at the end: an included `core.hooksPath` wins only over what
 * was read before it. A missing file is ignored by git, so a removed folder harms nobody (git-config: include.path).
 * @param file what to include; a relative path is relative to the including file
 */
export function withInclude(text: string, file = ownConfig): string {
	const include = includeLine(file);
	return putBlock(text, ['[include]', include], inside => foreignInclude(inside, include));
}

/** The same configuration without our line. */
export function withoutInclude(text: string, file = ownConfig): string {
	return removeBlock(text, inside => foreignInclude(inside, includeLine(file)));
}

function includeLine(file: string): string {
	return `\tpath = ${file === ownConfig ? file : quote(file)}`;
}

/** `git config --add include.path` puts its line into the section it finds, and that is ours. */
function foreignInclude(inside: string, include: string): string {
	const rest = inside.replace(`${include}\n`, '');
	return rest.trim() === '[include]' ? '' : rest;
}

/**
 * A configuration file in git's format.
 * @param settings section (`merge.migration-guard`: first dot splits off the subsection) → variable → value
 */
export function configText(settings: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
	const lines = ['# Written by `migration-guard install`; `migration-guard uninstall` takes it away.'];
	for (const [section, variables] of Object.entries(settings)) {
		const [, name = section, subsection] = /^([^.]*)\.(.*)$/.exec(section) ?? [];
		lines.push(subsection === undefined ? `[${name}]` : `[${name} ${quote(subsection)}]`);
		for (const [variable, value] of Object.entries(variables)) lines.push(`\t${variable} = ${quote(value)}`);
	}
	return `${lines.join('\n')}\n`;
}

function quote(value: string): string {
	return `"${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
