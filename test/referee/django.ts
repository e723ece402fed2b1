import {existsSync, readdirSync} from 'node:fs';
import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';

/** A Python with a Django in it. */
export interface Django {
	/** As Django says it: `5.2.8`. */
	readonly version: string;
	/** The interpreter of its virtual environment. */
	readonly python: string;
}

/** Which Django lines judge us, and the Python versions each runs on, best first. */
const WANTED = [
	{line: '3.2', pythons: ['3.10', '3.9', '3.8']},
	{line: '4.2', pythons: ['3.11', '3.12', '3.10', '3.9', '3.8']},
	{line: '5.2', pythons: ['3.11', '3.12', '3.13', '3.14', '3.10']},
	{line: '6.0', pythons: ['3.13', '3.12', '3.14']},
];

const ROOM = fileURLToPath(new URL('../../.venvs/', import.meta.url));
const ORACLE = fileURLToPath(new URL('oracle.py', import.meta.url));
const ROLLBACK = fileURLToPath(new URL('rollback.py', import.meta.url));

let found: Promise<readonly Django[]> | null = null;

/**
 * The Djangos to be had here, oldest first. Each is installed once, from the network, and kept in `.venvs`. Empty without
 * Python or network: then the tests skip. With CI=true that is an error, so that a referee cannot go missing unseen.
 */
export function djangos(): Promise<readonly Django[]> {
	found ??= findDjangos();
	return found;
}

async function findDjangos(): Promise<readonly Django[]> {
	const list: Django[] = [];
	for (const {line, pythons} of WANTED) {
		const django = (await kept(line)) ?? (await install(line, pythons));
		if (django) {
			list.push(django);
		}
	}
	if (list.length === 0 && process.env.CI === 'true') {
		throw new Error('no Django could be installed to judge the tests');
	}
	return list;
}

function environment(folder: string): string {
	return path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

async function kept(line: string): Promise<Django | null> {
	const folder = path.join(ROOM, `django-${line}`);
	const marker = path.join(folder, 'version.txt');
	return existsSync(marker) ? {version: (await readFile(marker, 'utf8')).trim(), python: environment(folder)} : null;
}

/** Several test processes may do this at once: each builds its own, and the first to finish gives it the name. */
async function install(line: string, pythons: readonly string[]): Promise<Django | null> {
	const python = await findPython(pythons);
	if (!python) {
		return null;
	}
	const building = path.join(ROOM, `building-${line}-${process.pid}`);
	try {
		await mkdir(ROOM, {recursive: true});
		await execa(python, ['-m', 'venv', building]);
		const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20'];
		await execa(environment(building), [...pip, `Django~=${line}.0`]);
		const {stdout} = await execa(environment(building), ['-m', 'django', '--version']);
		await writeFile(path.join(building, 'version.txt'), stdout);
		await rename(building, path.join(ROOM, `django-${line}`)).catch(() => {});
	} catch {
		// No network, or a Python without venv: the same as no Django.
	}
	await rm(building, {recursive: true, force: true});
	return kept(line);
}

/** The first of these versions that really runs: a name on the PATH may be a stub that does not. */
async function findPython(versions: readonly string[]): Promise<string | null> {
	const pyenv = path.join(homedir(), '.pyenv/versions');
	const installed = existsSync(pyenv) ? readdirSync(pyenv) : [];
	for (const version of versions) {
		const own = installed.filter(name => name.startsWith(`${version}.`)).map(name => path.join(pyenv, name, 'bin/python'));
		for (const candidate of [...own, `python${version}`, 'python3', 'python']) {
			const probe = ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'];
			const {stdout} = await execa(candidate, probe, {reject: false});
			if (stdout === version) {
				return candidate;
			}
		}
	}
	return null;
}

/** Let every Django judge. Without one the test passes and its log says that nobody judged. */
export async function eachDjango(t: ExecutionContext, judge: (django: Django) => Promise<void>): Promise<void> {
	return letJudge(t, await djangos(), judge);
}

/** The same for stories that start it dozens of times: the oldest and the newest, and every one in `npm run test:all`. */
export async function outerDjangos(t: ExecutionContext, judge: (django: Django) => Promise<void>): Promise<void> {
	const all = await djangos();
	const isEach = process.env.MIGRATION_GUARD_TEST_ALL === '1';
	return letJudge(
		t,
		all.filter((_, index) => isEach || index === 0 || index === all.length - 1),
		judge,
	);
}

async function letJudge(
	t: ExecutionContext,
	referees: readonly Django[],
	judge: (django: Django) => Promise<void>,
): Promise<void> {
	for (const django of referees) {
		await judge(django);
	}
	if (referees.length === 0) {
		t.log('not judged: no Django could be installed here');
	}
	t.pass();
}

/** A small project for Django to judge; oracle.py describes the fields. */
export interface Question {
	readonly files?: Readonly<Record<string, string>>;
	readonly installed?: readonly string[];
	/** Which of Django's own apps are installed; all that have migrations when it is not said. */
	readonly contrib?: readonly string[];
	readonly migrationModules?: Readonly<Record<string, string>>;
	readonly userModel?: string | null;
	readonly migrate?: boolean;
	/** Rows of databases that are migrated, too, without running anything. */
	readonly databases?: readonly (readonly (readonly [app: string, name: string])[])[];
	readonly merge?: boolean;
	/** Ask django-linear-migrations, too, which `env` of `ask` must lead to. */
	readonly linearMigrations?: boolean;
	readonly firstParty?: readonly string[];
	readonly numbers?: readonly string[];
}

/** What `migrate` makes of a database: a fork it sees, what is not applied afterwards, the error that stopped it. */
export interface DatabaseVerdict {
	readonly conflicts: Readonly<Record<string, readonly string[]>>;
	readonly left: readonly string[];
	readonly error: {readonly type: string; readonly message: string} | null;
}

export interface Verdict {
	readonly labels?: Readonly<Record<string, string>>;
	readonly error: {readonly type: string; readonly message: string; readonly node: readonly [string, string] | null} | null;
	readonly leaves?: Readonly<Record<string, readonly string[]>>;
	readonly roots?: Readonly<Record<string, readonly string[]>>;
	readonly conflicts?: Readonly<Record<string, readonly string[]>>;
	readonly plan?: readonly (readonly [string, string])[];
	readonly migrated?: {readonly type: string; readonly message: string} | null;
	readonly databases?: readonly DatabaseVerdict[];
	readonly merged?: Readonly<Record<string, string>>;
	readonly linear?: readonly (readonly [id: string, message: string])[] | {readonly type: string; readonly message: string};
	readonly numbers: readonly (number | null)[];
}

/** Put questions to real Django, many at a time: a start of Python takes longer than the answers. */
export async function ask(
	django: Django,
	questions: readonly Question[],
	more: Readonly<Record<string, string>> = {},
): Promise<readonly Verdict[]> {
	return (await put(django, ORACLE, questions, more)) as readonly Verdict[];
}

/** What is to be reversed: `migrate APP NAME` for each target (null: `zero`), with everything applied. */
export interface RollbackQuestion extends Question {
	readonly targets: readonly (readonly [app: string, name: string | null])[];
}

/** rollback.py describes the fields. */
export interface RollbackVerdict {
	readonly error?: Verdict['error'];
	readonly plans?: readonly (readonly (readonly [string, string])[] | {readonly error: string})[];
	readonly reversible?: Readonly<Record<string, readonly boolean[]>>;
}

/** Ask real Django what it would reverse. */
export async function askRollback(django: Django, questions: readonly RollbackQuestion[]): Promise<readonly RollbackVerdict[]> {
	return (await put(django, ROLLBACK, questions)) as readonly RollbackVerdict[];
}

async function put(
	django: Django,
	script: string,
	questions: readonly unknown[],
	more: Readonly<Record<string, string>> = {},
): Promise<unknown[]> {
	// Up to Django 6.0 the order of reading depends on the hash seed.
	const env = {PYTHONHASHSEED: '0', PYTHONPATH: '', DJANGO_SETTINGS_MODULE: '', ...more};
	const input = questions.map(question => `${JSON.stringify(question)}\n`).join('');
	const {stdout} = await execa(django.python, ['-W', 'ignore', script], {input, env, maxBuffer: 1e9});
	return stdout.split('\n').map(line => JSON.parse(line) as unknown);
}
