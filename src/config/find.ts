import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {type Config, DEFAULTS} from './config.ts';

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

/**
 * The configuration in the worktree, or the defaults. Without any of the files nothing is loaded: a hook in a
 * repository that configures nothing pays six `stat` calls.
 * Throws UsageError naming file and key.
 */
export async function loadConfig(top: string | null): Promise<Config> {
	if (top === null) return DEFAULTS;
	const files = CONFIG_FILES.map(name => path.join(top, name)).filter(file => existsSync(file));
	return files.some(file => mentions({path: path.basename(file), text: readFileSync(file, 'utf8')}))
		? (await import('./load.ts')).searchConfig(top)
		: DEFAULTS;
}

/** The configuration that some files of a revision hold, or the defaults; as `loadConfig`, without a worktree. */
export async function loadConfigFrom(files: readonly ConfigFile[]): Promise<Config> {
	return files.some(mentions) ? (await import('./load.ts')).loadConfigText(files) : DEFAULTS;
}

function mentions({path: name, text}: ConfigFile): boolean {
	const place = places.find(candidate => candidate.name === name);
	return place !== undefined && (place.mention === undefined || text.includes(place.mention));
}
