import {cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {execa} from 'execa';
import {build} from '../scripts/build.mjs';
import type {ProjectFiles} from './project.ts';

/** A temporary folder with the program, built now, and an environment cut off from the machine's git configuration. */
export interface Stage {
	readonly folder: string;
	readonly env: Readonly<Record<string, string>>;
	/** The program, as a command line without arguments. */
	readonly guard: readonly [node: string, cli: string];
	git(cwd: string, args: readonly string[], input?: string): Promise<string>;
	remove(): void;
}

export async function openStage(): Promise<Stage> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'migration-guard-bench-')));
	mkdirSync(join(folder, 'home'));
	const program = join(folder, 'program');
	await build(program);
	const {PATH = ''} = process.env;
	// NODE_EXTRA_CA_CERTS is not in it: it would slow down `node -e 0`, what everything is compared with, more than the product.
	const env = {
		PATH,
		HOME: join(folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_AUTHOR_NAME: 'Ada',
		GIT_AUTHOR_EMAIL: 'ada@example.org',
		GIT_COMMITTER_NAME: 'Ada',
		GIT_COMMITTER_EMAIL: 'ada@example.org',
		GIT_EDITOR: ':',
		LC_ALL: 'C',
		TZ: 'UTC',
		PYTHONHASHSEED: '0',
	};
	return {
		folder,
		env,
		guard: [process.execPath, join(program, 'cli.cjs')],
		async git(cwd, args, input = '') {
			return (await execa('git', args, {cwd, env, extendEnv: false, input})).stdout;
		},
		remove: () => rmSync(folder, {recursive: true, force: true}),
	};
}

/** A commit to be made: on `branch`, which begins at `from`. */
export interface BenchCommit {
	readonly branch: string;
	readonly from?: string;
	readonly files: ProjectFiles;
}

/** Make a repository of some commits with one `git fast-import`, and check out `main`. */
export async function makeRepository(stage: Stage, name: string, commits: readonly BenchCommit[]): Promise<string> {
	const dir = join(stage.folder, name);
	await stage.git(stage.folder, ['init', '-q', '-b', 'main', dir]);
	for (const [key, value] of [
		['gc.auto', '0'],
		['maintenance.auto', 'false'],
	] as const)
		await stage.git(dir, ['config', key, value]);
	await stage.git(dir, ['fast-import', '--quiet'], commits.map(fastImport).join(''));
	// As a clone has it: fast-import packs every blob as it is, which takes git twice as long to read.
	await stage.git(dir, ['repack', '-q', '-a', '-d', '-f']);
	await stage.git(dir, ['checkout', '-q', 'main']);
	return dir;
}

/** The same repository once more, with worktree, and with the product installed. */
export async function installedCopy(stage: Stage, dir: string): Promise<string> {
	const copy = `${dir}-installed`;
	cpSync(dir, copy, {recursive: true});
	// Copied files have new times: git looks at all of them once, now and not while it is measured. Those of the second in which the index is
	// written it would look at each time (git's Documentation/technical/racy-git.txt).
	await setTimeout(1100);
	await stage.git(copy, ['update-index', '-q', '--refresh']);
	const [node, cli] = stage.guard;
	await execa(node, [cli, 'install'], {cwd: copy, env: stage.env, extendEnv: false});
	return copy;
}

function fastImport({branch, from, files}: BenchCommit, index: number): string {
	const text = (value: string) => `data ${Buffer.byteLength(value)}\n${value}\n`;
	const head = `commit refs/heads/${branch}\ncommitter Ada <ada@example.org> ${1_700_000_000 + 60 * index} +0000\n${text(`${branch} ${index}`)}`;
	const parent = from === undefined ? '' : `from refs/heads/${from}\n`;
	return `${head}${parent}${[...files].map(([path, content]) => `M 100644 inline ${path}\n${text(content)}`).join('')}\n`;
}
