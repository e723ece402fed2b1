import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {type Config, DEFAULTS} from './config.ts';
import {CONFIG_FILES, type ConfigFile, mentions} from './places.ts';

/**
 * The configuration in the worktree, or the defaults. Without any of the files nothing is loaded: a hook in a
 * repository that configures nothing pays six `stat` calls.
 * Throws UsageError naming file and key.
 */
export async function loadConfig(top: string | null): Promise<Config> {
	if (top === null) return DEFAULTS;
	const files = CONFIG_FILES.map(name => path.join(top, name)).filter(isThere);
	return files.some(file => mentions({path: path.basename(file), text: readFileSync(file, 'utf8')}))
		? (await import('./load.ts')).searchConfig(top)
		: DEFAULTS;
}

/** A line that sets a key of the configuration to some strings, as the file has it that a worktree configures us in, or would. */
export function configLine(top: string | null, key: string, values: readonly string[]): {line: string; file: string} {
	const there = CONFIG_FILES.map(name => ({name, file: path.join(top ?? '.', name)})).filter(
		({file}) => top !== null && isThere(file),
	);
	const texts = there.map(({name, file}) => ({path: name, text: readFileSync(file, 'utf8')}));
	const {path: file, text} = texts.find(one => mentions(one) && one.text.trim() !== '') ?? {path: '.migrationguardrc', text: ''};
	const list = `[${values.map(value => JSON.stringify(value)).join(', ')}]`;
	if (file.endsWith('.toml')) return {line: `${key} = ${list}`, file};
	return {line: `${file.endsWith('.json') || text.trimStart().startsWith('{') ? JSON.stringify(key) : key}: ${list}`, file};
}

/** The configuration that some files of a revision hold, or the defaults; as `loadConfig`, without a worktree. */
export async function loadConfigFrom(files: readonly ConfigFile[]): Promise<Config> {
	return files.some(mentions) ? (await import('./load.ts')).loadConfigText(files) : DEFAULTS;
}

/** Reading a device or a pipe that a branch put there as a link might never end. */
function isThere(file: string): boolean {
	const stat = statSync(file, {throwIfNoEntry: false});
	if (stat && !stat.isFile()) throw new UsageError(`${path.basename(file)}: expected a file`);
	return stat !== undefined;
}
