import {mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {type Result, run} from '../helpers/command.ts';
import {filesIn} from '../helpers/files.ts';
import {GIT} from '../helpers/git.ts';
import {product} from '../helpers/product.ts';
import {ask} from '../referee/django.ts';
import type {LinearMigrations} from '../referee/linear-migrations.ts';
import {BASE, type Files, INCOMING, MAINLINE, type Scenario} from './scenarios.ts';

/** Whose tool resolves what git leaves. */
export type Tool = 'theirs' | 'ours';

interface Ended {
	/** A refusal, in the tool's words. */
	readonly refused: string | null;
	/** The tool was not asked: git saw no conflict. */
	readonly isUnnoticed: boolean;
	/** The files of the apps, as they lie there. */
	readonly files: Readonly<Record<string, string>>;
	/** What happened to texts that should have stayed. */
	readonly losses: readonly string[];
}

/** Play every scenario with both tools; real Django and the checks of the real package judge what comes out. One text each. */
export async function playAll(
	scenarios: readonly Scenario[],
	real: LinearMigrations,
): Promise<readonly Readonly<Record<Tool, string>>[]> {
	const tools: readonly Tool[] = ['theirs', 'ours'];
	const ended = await Promise.all(scenarios.map(scenario => Promise.all(tools.map(tool => play(scenario, tool, real)))));
	const questions = ended.flat().map(({files}) => {
		const installed = [...new Set(Object.keys(files).map(path => path.split('/')[0]!))];
		return {files, installed, contrib: [], linearMigrations: true};
	});
	const verdicts = await ask(real.django, questions, real.env);
	const texts = ended.flat().map((end, index) => describe(end, verdicts[index]!));
	return scenarios.map((_, index) => ({theirs: texts[2 * index]!, ours: texts[2 * index + 1]!}));
}

/** Whether an outcome is the stated one; of a refusal the beginning is enough. */
export function isAsStated(outcome: string, stated: string): boolean {
	return outcome === stated || (stated.startsWith('refused: ') && outcome.startsWith(stated));
}

async function play(scenario: Scenario, tool: Tool, real: LinearMigrations): Promise<Ended> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'migration-guard-parity-')));
	try {
		return await playIn(folder, scenario, tool, real);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

async function playIn(folder: string, scenario: Scenario, tool: Tool, real: LinearMigrations): Promise<Ended> {
	const {base = {}, mainline = MAINLINE, incoming = INCOMING, way = 'rebase', config = {}, applied = false} = scenario;
	const root = join(folder, 'repo');
	const {PATH = ''} = process.env;
	const env = {
		PATH,
		HOME: folder,
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_EDITOR: ':',
		LC_ALL: 'C.UTF-8',
		PYTHONPATH: [root, real.env.PYTHONPATH].join(delimiter),
		PYTHONDONTWRITEBYTECODE: '1',
		DJANGO_SETTINGS_MODULE: 'site_settings',
	};
	await run(GIT, ['init', '-q', '--initial-branch=main', root], {cwd: folder, env});
	const git = (...args: readonly string[]): Promise<Result> => run(GIT, args, {cwd: root, env});
	const manage = (...args: readonly string[]): Promise<Result> =>
		run(real.django.python, ['-W', 'ignore', '-m', 'django', ...args], {cwd: root, env});
	const files = filesIn(root);
	const commit = async (message: string, changes: Files) => {
		for (const [path, text] of Object.entries(changes)) {
			if (text !== null) files.write(path, text);
			else if (files.exists(path)) files.remove(path);
		}
		await git('add', '-A');
		await git('commit', '-q', '--allow-empty', '-m', message);
	};
	const settings = {'user.name': 'Ada', 'user.email': 'ada@example.org', 'core.autocrlf': 'false', ...config};
	for (const [key, value] of Object.entries(settings)) await git('config', key, value);
	await run(GIT, ['init', '-q', '--bare', '--initial-branch=main', join(folder, 'origin.git')], {cwd: folder, env});
	await git('remote', 'add', 'origin', join(folder, 'origin.git'));
	await commit('base', {...BASE, ...base});
	await git('checkout', '-q', '-b', 'feature');
	for (const [index, changes] of incoming.entries()) await commit(`feature ${index}`, changes);
	if (applied) await manage('migrate', '--skip-checks');
	await git('checkout', '-q', 'main');
	await commit('main', mainline);
	await git('push', '-q', '-u', 'origin', 'main');
	if (tool === 'ours') await run(process.execPath, [await product(), 'install'], {cwd: root, env});
	if (way !== 'merge the branch into mainline') await git('checkout', '-q', 'feature');
	const met = await (way === 'rebase'
		? git('rebase', 'main')
		: git('merge', way === 'merge mainline into the branch' ? 'main' : 'feature'));
	const isConflict = met.exitCode !== 0;
	const refused =
		tool === 'theirs'
			? isConflict
				? await resolve(git, manage)
				: null
			: (refusalIn(met.output) ??
				(isConflict ? `git: ${met.output.split('\n').find(line => /^CONFLICT/.test(line)) ?? met.output}` : null));
	const losses = lossesOf({...BASE, ...base, ...mainline}, incoming, files);
	return {refused, isUnnoticed: tool === 'theirs' && !isConflict, files: appsIn(root), losses};
}

/** As its documentation says: `rebase_migration` for each app in conflict, add, go on, until git has no conflict left. */
async function resolve(
	git: (...args: readonly string[]) => Promise<Result>,
	manage: (...args: readonly string[]) => Promise<Result>,
): Promise<string | null> {
	for (let step = 0; step < 5; step++) {
		const unmerged = (await git('diff', '--name-only', '--diff-filter=U')).stdout.split('\n').filter(Boolean);
		const apps = unmerged.filter(path => path.endsWith('/max_migration.txt')).map(path => path.split('/')[0]!);
		if (apps.length < unmerged.length) return `git: a conflict in ${unmerged.find(path => !path.endsWith('.txt'))} is left`;
		for (const app of apps) {
			const done = await manage('rebase_migration', app);
			if (done.exitCode !== 0) return done.output.replace(/^[\s\S]*CommandError: /, '').trim();
		}
		await git('add', '-A');
		const isRebasing = (await git('rev-parse', '-q', '--verify', 'REBASE_HEAD')).exitCode === 0;
		const next = isRebasing ? await git('rebase', '--continue') : await git('commit', '--no-edit');
		if (next.exitCode === 0) return null;
	}
	return 'still in conflict';
}

/** The first refusal among what a hook says. */
function refusalIn(output: string): string | null {
	return /^(?:migration-guard: )?(\S.* so \w+ was left as git merged it\.)/m.exec(output)?.[1] ?? null;
}

/** What happened to mainline's files, and to the text of the branch's besides the names in it. */
function lossesOf(published: Files, incoming: readonly Files[], files: ReturnType<typeof filesIn>): string[] {
	const moved = Object.keys(published).filter(
		path => /\d_\w+\.py$/.test(path) && published[path] !== null && (!files.exists(path) || files.read(path) !== published[path]),
	);
	const losses = moved.map(path => `mainline's ${path.split('/').at(-1)} was renamed or edited`);
	const after = ['shop', 'pay'].flatMap(app =>
		files
			.list(`${app}/migrations`)
			.filter(name => name.endsWith('.py'))
			.map(name => files.read(`${app}/migrations/${name}`)),
	);
	for (const [path, text] of incoming.flatMap(part => Object.entries(part))) {
		if (text === null || !path.endsWith('.py')) continue;
		const body = text.replaceAll('\r\n', '\n').slice(text.replaceAll('\r\n', '\n').lastIndexOf('operations ='));
		const now = after.find(other => other.replaceAll('\r\n', '\n').includes(body));
		if (now === undefined) losses.push('text lost');
		else if (bare(now) !== bare(text)) losses.push(difference(text, now));
	}
	return [...new Set(losses)];
}

/** A text without the names of migrations, and without a dependency that was added. */
function bare(text: string): string {
	return text
		.replace(/(["'])\d{4}_\w+\1/g, '""')
		.replace(/\s*dependencies = \[\s*\("shop", ""\),?\s*\]|\s*\("shop", ""\),?/g, '');
}

function difference(before: string, after: string): string {
	if (before.includes('\r\n') && !after.includes('\r\n')) return 'CRLF lost';
	const comments = before.match(/#.*$/gm) ?? [];
	return comments.some(comment => !after.includes(comment)) ? 'a comment lost' : 'dependencies written anew';
}

function appsIn(root: string): Record<string, string> {
	const found = readdirSync(root, {recursive: true, encoding: 'utf8'}).map(path => path.replaceAll('\\', '/'));
	const kept = found.filter(
		path => /\/migrations\/.*\.(?:pyc?|txt)$|\/__init__\.py$/.test(path) && !path.includes('__pycache__'),
	);
	return Object.fromEntries(kept.map(path => [path, readFileSync(join(root, path), 'utf8')]));
}

function describe({refused, isUnnoticed, losses}: Ended, verdict: Awaited<ReturnType<typeof ask>>[number]): string {
	if (refused !== null) return `refused: ${refused}`;
	const {error, conflicts = {}, linear = []} = verdict;
	const forks = Object.keys(conflicts);
	const checks = 'type' in linear ? [linear.type] : linear.map(([id]) => id);
	const state =
		error !== null
			? `error: ${error.type}`
			: forks.length > 0
				? 'forked'
				: checks.length > 0
					? `linear, ${checks.join(', ')}`
					: 'linear';
	const noticed = isUnnoticed ? `${state === 'linear' ? 'nothing to do' : 'nothing was noticed'}: ` : '';
	return [noticed + state, ...losses].join('; ');
}
