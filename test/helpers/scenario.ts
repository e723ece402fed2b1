import {mkdirSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, isAbsolute, join, sep} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Django, djangoIn} from './django.ts';
import {type Files, filesIn} from './files.ts';
import {GIT, type Git, gitIn} from './git.ts';
import {type Guard, guardIn} from './guard.ts';
import {PROJECT} from './product.ts';
import {leavesOf, type MigrationFiles} from './reader.ts';

export interface ScenarioOptions {
	/** Install migration-guard before the story begins (default), or leave that to the story. */
	readonly install?: boolean;
	/** The time of the first commit; each git command is a minute later. Default: a winter day long ago. */
	readonly start?: Date;
	/** Give the repository an empty `origin` beside it. */
	readonly origin?: boolean;
	/** More for `git init`: another object or ref format. */
	readonly init?: readonly string[];
}

export interface Scenario {
	readonly git: Git;
	readonly django: Django;
	readonly guard: Guard;
	readonly files: Files;
	/** The folder that holds the repository, its origin and its home; free for whatever else a story needs. */
	readonly folder: string;
	/** The same eyes and hands for another worktree or clone below `folder`. */
	at(path: string): Omit<Scenario, 'at' | 'folder'>;
}

/** A repository of its own in a temporary folder, cut off from the machine's git configuration, time and language. */
export async function scenario(t: ExecutionContext, options: ScenarioOptions = {}): Promise<Scenario> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'migration-guard-')));
	if (`${folder}${sep}`.startsWith(`${PROJECT}${sep}`)) throw new Error(`stories never run inside the project: ${folder}`);
	t.teardown(() => {
		if (process.env.KEEP && !t.passed) t.log(`kept: ${folder}`);
		else rmSync(folder, {recursive: true, force: true});
	});
	for (const name of ['home', 'repo']) mkdirSync(join(folder, name));
	let time = (options.start ?? new Date('2024-01-15T09:00:00Z')).getTime();
	const clock = () => {
		time += 60_000;
		return new Date(time);
	};
	const environment = () => hermetic(folder, clock());

	const at = (path: string) => {
		const root = join(folder, path);
		const git = gitIn(root, environment);
		const files = filesIn(root);
		return {
			git,
			files,
			guard: guardIn(t, git, files, environment),
			django: djangoIn(files, app => leafOnDisk(files, app), clock),
		};
	};
	const main = at('repo');
	await main.git('init', '--quiet', '--initial-branch=main', ...(options.init ?? []));
	await configure(main.git);
	if (options.origin) {
		await main.git('init', '--quiet', '--bare', '--initial-branch=main', join(folder, 'origin.git'));
		await main.git('remote', 'add', 'origin', join(folder, 'origin.git'));
	}
	if (options.install ?? true) await main.guard.install();
	return {...main, folder, at};
}

/** What a new repository or clone needs: an identity in its own configuration, and no background work. */
export async function configure(git: Git): Promise<void> {
	for (const [key, value] of [
		['user.name', 'Ada Lovelace'],
		['user.email', 'ada@example.org'],
		['gc.auto', '0'],
		['maintenance.auto', 'false'],
		['advice.detachedHead', 'false'],
		['pull.rebase', 'false'],
	] as const) {
		await git.config(key, value);
	}
}

function hermetic(folder: string, now: Date): Record<string, string> {
	const {PATH = ''} = process.env;
	const stamp = `${Math.floor(now.getTime() / 1000)} +0000`;
	return {
		// A git named by its path must also be the one that the hooks find.
		PATH: isAbsolute(GIT) ? `${dirname(GIT)}${delimiter}${PATH}` : PATH,
		HOME: join(folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_EDITOR: ':',
		GIT_TERMINAL_PROMPT: '0',
		GIT_AUTHOR_DATE: stamp,
		GIT_COMMITTER_DATE: stamp,
		LC_ALL: 'C',
		TZ: 'UTC',
	};
}

/** The leaf Django would build on: the first by name, as MigrationAutodetector.arrange_for_graph takes it. */
function leafOnDisk(files: Files, app: string): string | null {
	const names = files.list(`${app}/migrations`).filter(name => name.endsWith('.py'));
	const texts: MigrationFiles = new Map(
		names.map(name => [`${app}/migrations/${name}`, files.bytes(`${app}/migrations/${name}`).toString('latin1')]),
	);
	return leavesOf(texts).get(app.split('/').at(-1)!)?.[0] ?? null;
}
