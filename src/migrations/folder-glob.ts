/** Whether a folder matches a glob of the configuration: `*` and `?` stay within one part of the path, `**` does not. */
export function matchesGlob(folder: string, glob: string): boolean {
	let pattern = compiled.get(glob);
	if (!pattern) {
		pattern = compile(glob);
		compiled.set(glob, pattern);
	}
	return pattern.test(folder);
}

const compiled = new Map<string, RegExp>();

function compile(glob: string): RegExp {
	const body = glob
		.replace(/^\.\/|\/+$/g, '')
		.split(/(\*\*\/|\*\*|\*|\?)/)
		.map(part => WILDCARDS[part] ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'))
		.join('');
	return new RegExp(`^${body}$`, 'u');
}

const WILDCARDS: Readonly<Record<string, string>> = {'**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]'};
