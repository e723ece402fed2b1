import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {ExecutionContext} from 'ava';
import {expectSuccess, type Result, run, transcript} from './command.ts';
import type {Files} from './files.ts';
import type {Git} from './git.ts';
import {GIT} from './git.ts';
import {collectForDjango} from './judge.ts';
import {product} from './product.ts';
import {danglingOf, historyOf, identityIn, isEmpty, isMigration, leavesOf, type MigrationFiles} from './reader.ts';

/** Two or more sides as they were before a command, for `invariants` afterwards. */
export interface Before {
	readonly sides: readonly MigrationFiles[];
	/** Paths and content that no one may change: what the first side, the mainline, has. */
	readonly published: MigrationFiles;
	/** Subjects of all commits of the sides. */
	readonly subjects: readonly string[];
}

export interface Expectations {
	/** Subjects of commits that the command adds. */
	readonly adds?: readonly string[];
	/** Lines of `git status --porcelain` that were there before, or that the story is about. */
	readonly dirty?: readonly string[];
	/** Paths of migrations that the sides themselves edited or dropped, so that they need not be found again. */
	readonly except?: readonly string[];
}

/** The product under test, and the tests' own eyes on what it did. */
export type Guard = ReturnType<typeof guardIn>;

/** Files and folders in the git directory that tell of something unfinished, git's or ours. */
const UNFINISHED = [
	'MERGE_HEAD',
	'CHERRY_PICK_HEAD',
	'REVERT_HEAD',
	'rebase-merge',
	'rebase-apply',
	'sequencer',
	'index.lock',
	'migration-guard/open',
	'migration-guard/lock',
];

export function guardIn(t: ExecutionContext, git: Git, files: Files, environment: () => Record<string, string>) {
	const start = (...args: readonly string[]): Promise<Result> => startAs(undefined, ...args);
	const startAs = async (uid: number | undefined, ...args: readonly string[]): Promise<Result> =>
		run(process.execPath, [await product(), ...args], {cwd: files.root, env: environment(), ...(uid === undefined ? {} : {uid})});

	/** Migration files of a revision, or of the worktree as they lie on disk. */
	async function migrations(revision?: string): Promise<MigrationFiles> {
		return revision === undefined ? worktreeMigrations(files) : revisionMigrations(files.root, revision);
	}

	/** Remember the sides; the first is the mainline. */
	async function remember(mainline: string, ...incoming: readonly string[]): Promise<Before> {
		const published = await migrations(mainline);
		const sides = [published, ...(await Promise.all(incoming.map(migrations)))];
		return {sides, published, subjects: await git.lines('log', '--format=%s', mainline, ...incoming)};
	}

	/** Assert what holds after every story: nothing lost, nothing published touched, linear, clean, whole. */
	async function invariants(before: Before, expected: Expectations = {}): Promise<void> {
		const {adds = [], dirty = [], except = []} = expected;
		const result = await migrations('HEAD');
		for (const [path, text] of before.published) {
			if (!except.includes(path) && isMigration(path)) t.is(result.get(path), text, `published ${path} changed`);
		}
		assertNothingLost(t, before, result, except);
		for (const [app, leaves] of leavesOf(result)) t.is(leaves.length, 1, `leaves of ${app}: ${leaves.join(', ')}`);
		t.deepEqual(danglingOf(result), [], 'dependencies on migrations that are not there');
		t.is(await git.status(), dirty.join('\n'), 'status');
		t.deepEqual(
			[...(await git.lines('log', '--format=%s', 'HEAD'))].sort(),
			[...before.subjects, ...adds].sort(),
			'commits by subject',
		);
		const folders = [
			await git.text('rev-parse', '--absolute-git-dir'),
			resolve(files.root, await git.text('rev-parse', '--git-common-dir')),
		];
		const left = folders.flatMap(folder => UNFINISHED.filter(name => existsSync(join(folder, name))));
		t.deepEqual(left, [], 'left in the git directory');
		const fsck = await git.attempt('fsck', '--no-dangling', '--no-progress');
		t.is(fsck.exitCode, 0, transcript(fsck));
		collectForDjango(t.title, result);
	}

	return {
		/** Run the product, whatever it answers. */
		run: start,
		/** The product as another user (only root can ask for one). */
		runAs: startAs,
		install: async (...args: readonly string[]) => expectSuccess(await start('install', ...args)),
		/** The history of an app on disk or in a revision, in the notation of `historyOf`. */
		history: async (app: string, revision?: string) => historyOf(await migrations(revision), app),
		/** Leaves of an app on disk or in a revision. */
		leaves: async (app: string, revision?: string) => leavesOf(await migrations(revision)).get(app) ?? [],
		migrations,
		remember,
		invariants,
	};
}

/** Every migration of every side must stand in the result, by what it says, in exactly one file. */
function assertNothingLost(t: ExecutionContext, before: Before, result: MigrationFiles, except: readonly string[]): void {
	const found = [...result]
		.filter(([path]) => isMigration(path))
		.map(([path, text]) => ({folder: path.replace(/[^/]*$/, ''), text: identityIn(text)}));
	for (const side of before.sides) {
		for (const [path, text] of side) {
			if (!isMigration(path) || except.includes(path)) continue;
			const identity = identityIn(text);
			const copies = found.filter(other => other.text === identity && path.startsWith(other.folder)).length;
			if (isEmpty(text)) t.true(copies > 0, `${path} is lost`);
			else t.is(copies, 1, `${path} must be there once`);
		}
	}
}

function worktreeMigrations(files: Files): MigrationFiles {
	const output = execFileSync(GIT, ['ls-files', '-z', '--cached', '--others'], {cwd: files.root, encoding: 'utf8'});
	const paths = [...new Set(output.split('\0'))].filter(path => inMigrations(path) && files.exists(path));
	return new Map(paths.sort().map(path => [path, files.bytes(path).toString('latin1')]));
}

function revisionMigrations(cwd: string, revision: string): MigrationFiles {
	const paths = execFileSync(GIT, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', revision], {cwd, encoding: 'utf8'})
		.split('\0')
		.filter(inMigrations);
	const input = paths.map(path => `${revision}:${path}\n`).join('');
	const output = execFileSync(GIT, ['cat-file', '--batch'], {cwd, input}).toString('latin1');
	const files = new Map<string, string>();
	let at = 0;
	for (const path of paths) {
		const end = output.indexOf('\n', at);
		const size = Number(output.slice(at, end).split(' ')[2]);
		files.set(path, output.slice(end + 1, end + 1 + size));
		at = end + 1 + size + 1;
	}
	return files;
}

function inMigrations(path: string): boolean {
	return /(^|\/)\w*migrations\/[^/]+$/.test(path);
}
