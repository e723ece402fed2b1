/*
 * Which paths are looked at, three times in git's three languages. A folder is a repository path, or a glob of them.
 * By default every folder whose name ends in `migrations`; the folders are what that rule does not find.
 */

/** Pathspecs for the stub's `git diff --quiet` (gitglossary: pathspec; there `*` matches `/` too). */
export function pathspecs(folders: readonly string[]): string[] {
	return ['*migrations/*.py', '*migrations/max_migration.txt', ...folders.map(folder => `:(top,glob)${folder}/**`)];
}

/**
 * Lines for info/attributes (gitattributes: there `*` does not match `/`). Migrations only: `__init__.py` and helpers, whose
 * names begin with `_` or `~` (Django: loader.py load_disk), keep the merge they have.
 */
export function attributeLines(folders: readonly string[]): string[] {
	const places = ['**/*migrations', ...folders.map(folder => `/${folder}`)];
	return places
		.flatMap(place => [`${place}/[!_~]*.py`, `${place}/max_migration.txt`])
		.map(line => `${attributePattern(line)} merge=migration-guard`);
}

/** A path that git will read as itself where it expects a glob. */
export function literal(folder: string): string {
	return folder.replace(/[*?[\]\\]/g, '\\$&');
}

/** With white space, or a quote in front, a pattern has to be quoted as a C string. */
function attributePattern(pattern: string): string {
	return /^"|\s/.test(pattern) ? `"${pattern.replace(/["\\]/g, '\\$&')}"` : pattern;
}
