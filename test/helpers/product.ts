import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, rmdirSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {expectSuccess, run} from './command.ts';

/** The project's own checkout: stories never run inside it. */
export const PROJECT = resolve(import.meta.dirname, '../..');

let built: Promise<string> | undefined;

/**
 * The path of the program under test: `dist/cli.cjs`, built anew when a source is younger.
 * MIGRATION_GUARD_TEST_CLI names another build to test.
 */
export function product(): Promise<string> {
	built ??= process.env.MIGRATION_GUARD_TEST_CLI ? Promise.resolve(resolve(process.env.MIGRATION_GUARD_TEST_CLI)) : build();
	return built;
}

async function build(): Promise<string> {
	const cli = join(PROJECT, 'dist/cli.cjs');
	// Each test file is its own process: only one of them may write dist, the others wait for it.
	const lock = join(tmpdir(), `migration-guard-build-${createHash('sha256').update(PROJECT).digest('hex').slice(0, 12)}`);
	while (!tryLock(lock)) await setTimeout(50);
	try {
		if (modified(cli) < Math.max(...['src', 'hooks'].map(folder => newest(join(PROJECT, folder))))) {
			const {PATH = '', HOME = ''} = process.env;
			expectSuccess(await run('npm', ['run', 'build'], {cwd: PROJECT, env: {PATH, HOME}}));
		}
		return cli;
	} finally {
		rmdirSync(lock);
	}
}

function tryLock(lock: string): boolean {
	try {
		mkdirSync(lock);
		return true;
	} catch {
		// A lock whose owner was killed must not stop every later run.
		if (Date.now() - modified(lock) > 120_000) rmdirSync(lock);
		return false;
	}
}

function newest(folder: string): number {
	return Math.max(
		...readdirSync(folder, {recursive: true, withFileTypes: true})
			.filter(entry => entry.isFile())
			.map(entry => modified(join(entry.parentPath, entry.name))),
	);
}

/** Modification time in milliseconds; a file that is not there is older than every other. */
function modified(path: string): number {
	return statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}
