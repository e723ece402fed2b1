/** A place where configuration may be, in the order they are tried; the first that has some is the only one read. */
interface Place {
	readonly name: string;
	/** What a file that is there for other reasons must contain to be worth parsing. */
	readonly mention?: string;
}

const places: readonly Place[] = [
	{name: 'package.json', mention: 'migrationguard'},
	{name: '.migrationguardrc'},
	{name: '.migrationguardrc.json'},
	{name: '.migrationguardrc.yaml'},
	{name: '.migrationguardrc.yml'},
	{name: 'pyproject.toml', mention: 'migration-guard'},
];

/** Paths, from the top of the repository, of the files that may hold configuration: what to read from a tree. */
export const CONFIG_FILES: readonly string[] = places.map(({name}) => name);

/** A configuration file of any revision, as text. */
export interface ConfigFile {
	/** One of `CONFIG_FILES`. */
	readonly path: string;
	readonly text: string;
}

/** Whether a file is worth parsing: a cheap look before the parsers are loaded. */
export function mentions({path, text}: ConfigFile): boolean {
	const place = places.find(({name}) => name === path);
	return place !== undefined && (place.mention === undefined || text.includes(place.mention));
}
