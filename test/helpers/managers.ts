import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {ExecutionContext} from 'ava';

/** Real hook managers, as people have them: exact versions from the registries, kept outside of the repository's files. */
const CACHE = resolve(import.meta.dirname, '../../.cache/hook-managers');
const PACKAGES = ['husky@9.1.7', 'lefthook@2.2.2', 'simple-git-hooks@2.14.0'];
const PRE_COMMIT = 'pre-commit==4.6.2';

export interface Managers {
	/** The folder of the executables: goes in front of the PATH. */
	readonly npm: string;
	readonly preCommit: string;
}

/**
 * Fetch them once. Null, said in the test's log, where the registries cannot be reached; with CI=true that fails the test, else
 * nobody would notice that nothing was tested.
 */
export function managers(t: ExecutionContext): Managers | null {
	try {
		return {
			npm: join(fetched('npm', npmInstall), 'node_modules/.bin'),
			preCommit: join(fetched('python', pipInstall), 'venv/bin'),
		};
	} catch (error) {
		if (process.env.CI === 'true') throw error;
		t.log(`skipped: ${(error as Error).message}`);
		t.pass();
		return null;
	}
}

/** One folder for one set of versions, marked when it is whole: a virtual environment cannot be moved to its name afterwards. */
function fetched(name: string, install: (folder: string) => void): string {
	const folder = join(CACHE, `${name}-${[...PACKAGES, PRE_COMMIT].join('-').replace(/[^\w.]+/g, '_')}`);
	const whole = join(folder, 'whole');
	const lock = `${folder}.lock`;
	mkdirSync(CACHE, {recursive: true});
	while (!existsSync(whole) && !tryLock(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
	try {
		if (existsSync(whole)) return folder;
		rmSync(folder, {recursive: true, force: true});
		mkdirSync(folder);
		install(folder);
		writeFileSync(whole, '');
		return folder;
	} finally {
		rmSync(lock, {recursive: true, force: true});
	}
}

function tryLock(lock: string): boolean {
	try {
		mkdirSync(lock);
		return true;
	} catch {
		// A lock whose owner was killed must not stop every later run.
		if (Date.now() - (statSync(lock, {throwIfNoEntry: false})?.mtimeMs ?? 0) > 180_000)
			rmSync(lock, {recursive: true, force: true});
		return false;
	}
}

function npmInstall(folder: string): void {
	// Without their scripts: two of them would install hooks into the repository around them.
	run(folder, 'npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', ...PACKAGES]);
}

function pipInstall(folder: string): void {
	run(folder, 'python3', ['-m', 'venv', 'venv']);
	run(folder, join(folder, 'venv/bin/pip'), ['install', '-q', '--disable-pip-version-check', PRE_COMMIT]);
}

function run(cwd: string, file: string, args: readonly string[]): void {
	const {status, stderr, error} = spawnSync(file, args, {cwd, encoding: 'utf8', timeout: 120_000});
	if (status !== 0) throw new Error(`${file} ${args[0]} failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
}
