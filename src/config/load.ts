/*
 * The heavy half: cosmiconfig, YAML, TOML and valibot. Built into dist/config.cjs and loaded only where there is a
 * configuration to read (see find.ts).
 */
import path from 'node:path';
import {cosmiconfigSync, defaultLoadersSync, type LoaderSync} from 'cosmiconfig';
import {parse as parseToml} from 'smol-toml';
import {UsageError} from '../errors.ts';
import {type Config, DEFAULTS} from './config.ts';
import {CONFIG_FILES, type ConfigFile} from './places.ts';
import {checkConfig} from './schema.ts';

// No JavaScript, no TypeScript: configuration is data, and a checkout may be a stranger's.
const loaders: Readonly<Record<string, LoaderSync>> = {
	noExt: defaultLoadersSync['.yaml'],
	'.json': defaultLoadersSync['.json'],
	'.yaml': defaultLoadersSync['.yaml'],
	'.yml': defaultLoadersSync['.yaml'],
	'.toml': (file, text) => toolTable(readToml(file, text)) ?? null,
};

/** Find, read and check the configuration at the top of a worktree. Throws UsageError naming file and key. */
export function searchConfig(top: string): Config {
	const explorer = cosmiconfigSync('migrationguard', {searchPlaces: [...CONFIG_FILES], loaders, searchStrategy: 'none'});
	const found = reported(top, () => explorer.search(top));
	return found === null || found.isEmpty ? DEFAULTS : checkConfig(path.relative(top, found.filepath), found.config);
}

/** Read and check the configuration among some files, by the same rules and in the same order. Pure. Throws UsageError. */
export function loadConfigText(files: readonly ConfigFile[]): Config {
	for (const name of CONFIG_FILES) {
		const file = files.find(candidate => candidate.path === name);
		const content: unknown = file && reported('', () => loaderOf(name)(name, file.text));
		const settings = name === 'package.json' ? (content as {migrationguard?: unknown} | undefined)?.migrationguard : content;
		if (settings !== undefined && settings !== null) return checkConfig(name, settings);
	}
	return DEFAULTS;
}

function loaderOf(name: string): LoaderSync {
	return loaders[name.startsWith('.') && path.extname(name) === '' ? 'noExt' : path.extname(name)]!;
}

/** With the name of the file in the error, as the other loaders do. */
function readToml(file: string, text: string): Readonly<Record<string, unknown>> {
	try {
		return parseToml(text);
	} catch (error) {
		throw new Error(`TOML Error in ${file}:\n${(error as Error).message}`);
	}
}

function toolTable(document: Readonly<Record<string, unknown>>): unknown {
	return (document.tool as Record<string, unknown> | undefined)?.['migration-guard'];
}

/** Syntax errors of the parsers are the user's; they name the file, and below `top` that is enough. */
function reported<T>(top: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new UsageError((error as Error).message.replaceAll(`${top}${path.sep}`, ''));
	}
}
