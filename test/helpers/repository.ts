import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, isAbsolute, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {copyCommit, objectBatch, writeTree} from '../../src/git/objects.ts';
import {openRepo, type Repo} from '../../src/git/repo.ts';
import {buildHistory} from './objects.ts';

const testGit = process.env.MIGRATION_GUARD_TEST_GIT || 'git';

// The rooms under test read the environment of their own process: this one is made hermetic as a whole.
for (const name of Object.keys(process.env).filter(key => key.startsWith('GIT_'))) {
	delete process.env[name];
}

Object.assign(process.env, {
	PATH: isAbsolute(testGit) ? `${dirname(testGit)}${delimiter}${process.env.PATH}` : process.env.PATH,
	HOME: join(tmpdir(), 'migration-guard-no-home'),
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_AUTHOR_NAME: 'Ada',
	GIT_AUTHOR_EMAIL: 'ada@example.org',
	GIT_COMMITTER_NAME: 'Ada',
	GIT_COMMITTER_EMAIL: 'ada@example.org',
	GIT_AUTHOR_DATE: '1700000000 +0000',
	GIT_COMMITTER_DATE: '1700000000 +0000',
	GIT_EDITOR: ':',
	GIT_TERMINAL_PROMPT: '0',
	LC_ALL: 'C',
	TZ: 'UTC',
});

export interface Sandbox {
	readonly dir: string;
	/** Output of a git that must succeed, without the last newline. */
	git(...args: readonly string[]): string;
	/** Exit code and all output of a git that may fail. */
	attempt(...args: readonly string[]): {code: number; output: string};
	write(path: string, content: string | Uint8Array): void;
	read(path: string): string;
	status(): string;
	open(): Repo;
	/** The same for another worktree. */
	at(dir: string): Sandbox;
}

export function folder(t: ExecutionContext): string {
	const dir = realpathSync(mkdtempSync(join(tmpdir(), 'migration-guard-test-')));
	t.teardown(() => rmSync(dir, {recursive: true, force: true}));
	return dir;
}

/** An empty repository in a temporary folder. */
export function sandbox(t: ExecutionContext, ...init: readonly string[]): Sandbox {
	const dir = folder(t);
	execFileSync('git', ['init', '-q', '-b', 'main', ...init, dir]);
	return at(dir);
}

export function at(dir: string): Sandbox {
	const git = (...args: readonly string[]): string =>
		execFileSync('git', args, {cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 30}).replace(
			/\n$/,
			'',
		);
	return {
		dir,
		git,
		attempt(...args) {
			const {status, stdout, stderr} = spawnSync('git', args, {cwd: dir, encoding: 'utf8'});
			return {code: status ?? -1, output: stdout + stderr};
		},
		write(path, content) {
			mkdirSync(dirname(join(dir, path)), {recursive: true});
			writeFileSync(join(dir, path), content);
		},
		read: path => readFileSync(join(dir, path), 'utf8'),
		status: () => git('status', '--porcelain', '--untracked-files=all'),
		open: () => openRepo(dir)!,
		at,
	};
}

export const MIGRATION = (name: string, parent: string): string =>
	`from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n\tdependencies = [("users", "${parent}")]\n\toperations = []  # ${name}\n`;

export interface Merged extends Sandbox {
	/** The tip of `feature` before the merge, the merge git made, the renumbered one. HEAD is at `old`. */
	readonly start: string;
	readonly old: string;
	readonly new: string;
	readonly repo: Repo;
}

const incoming = 'app/migrations/0003_feat.py';
const renumbered = 'app/migrations/0004_feat.py';

export const PATHS = {incoming, renumbered, published: 'app/migrations/0003_main.py'} as const;

/** `feature` has merged `main`, both with their own 0003; the commit that ought to replace the merge is made and not yet used. */
export async function merged(
	t: ExecutionContext,
	options: {sha256?: boolean; extra?: Readonly<Record<string, string>>} = {},
): Promise<Merged> {
	const box = sandbox(t, ...(options.sha256 ? ['--object-format=sha256'] : []));
	const base = {
		'app/models.py': 'models\n',
		'app/migrations/0001_initial.py': MIGRATION('0001', ''),
		'notes.txt': 'notes\n',
		...options.extra,
	};
	if (options.sha256) {
		for (const [path, text] of Object.entries(base)) {
			box.write(path, text);
		}

		commit(box, 'base');
		box.git('checkout', '-q', '-b', 'feature');
		box.write(incoming, MIGRATION('feat', '0001_initial'));
		commit(box, 'feat');
		box.git('checkout', '-q', 'main');
		box.write(PATHS.published, MIGRATION('main', '0001_initial'));
		commit(box, 'main');
	} else {
		await buildHistory(box.dir, [
			{branch: 'main', message: 'base', files: base},
			{branch: 'feature', parents: ['main'], message: 'feat', files: {[incoming]: MIGRATION('feat', '0001_initial')}},
			{branch: 'main', message: 'main', files: {[PATHS.published]: MIGRATION('main', '0001_initial')}},
		]);
	}

	box.git('checkout', '-q', '-f', 'feature');
	const start = box.git('rev-parse', 'HEAD');
	box.git('merge', '-q', '--no-edit', 'main');
	const repo = box.open();
	return {...box, repo, start, old: box.git('rev-parse', 'HEAD'), new: renumber(repo, 'HEAD')};
}

/** The commit with 0003_feat renumbered to 0004_feat. */
export function renumber(repo: Repo, rev: string): string {
	const batch = objectBatch(repo);
	const oid = batch.blob(Buffer.from(MIGRATION('feat', '0003_main')));
	const tree = writeTree(
		repo,
		rev,
		[
			{path: incoming, oid: null, mode: ''},
			{path: renumbered, oid, mode: '100644'},
		],
		batch,
	);
	const copy = copyCommit(repo, rev, {tree}, batch);
	batch.flush();
	return copy.oid;
}

export function commit(box: Sandbox, message: string): string {
	box.git('add', '-A');
	box.git('commit', '-q', '-m', message);
	return box.git('rev-parse', 'HEAD');
}

export interface Acted {
	readonly signal: NodeJS.Signals | null;
	readonly code: number | null;
	readonly result: unknown;
	readonly stderr: string;
}

/** Call a function of the worktree room in a process of its own, which may be killed at a step. */
export function act(cwd: string, action: string, argument: unknown, env: Readonly<Record<string, string>> = {}): Acted {
	const script = fileURLToPath(new URL('act.ts', import.meta.url));
	const {status, signal, stdout, stderr} = spawnSync(
		process.execPath,
		['--import=tsx', script, cwd, action, JSON.stringify(argument)],
		{
			cwd: fileURLToPath(new URL('../..', import.meta.url)),
			env: {...process.env, ...env},
			encoding: 'utf8',
		},
	);
	return {signal, code: status, result: stdout ? (JSON.parse(stdout) as unknown) : null, stderr};
}
