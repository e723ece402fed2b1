import {readdirSync, readFileSync, statSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {expectSuccess, type Result, run} from '../helpers/command.ts';
import {forked} from '../helpers/forked.ts';
import {type Managers, managers} from '../helpers/managers.ts';
import {product} from '../helpers/product.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

interface Manager {
	readonly name: string;
	/** The files that a team commits for it. */
	readonly configure: (story: Scenario) => void;
	/** Its own installation; run a second time, its reinstallation. */
	readonly install: (story: Scenario, tools: Managers) => Promise<Result>;
	/** What its hook of post-merge prints. */
	readonly says: RegExp;
}

const MANAGERS: readonly Manager[] = [
	{
		name: 'husky',
		configure: ({files}) => files.write('.husky/post-merge', 'echo "team post-merge $1"\n'),
		install: (story, tools) => tool(story, tools, 'husky'),
		says: /^team post-merge 0$/m,
	},
	{
		name: 'lefthook',
		configure: ({files}) => files.write('lefthook.yml', 'post-merge:\n  jobs:\n    - run: echo "team post-merge {0}"\n'),
		install: (story, tools) => tool(story, tools, 'lefthook', 'install', '--force'),
		says: /^team post-merge 0$/m,
	},
	{
		name: 'simple-git-hooks',
		configure: ({files}) =>
			files.write('package.json', '{"simple-git-hooks": {"post-merge": "echo team post-merge $1", "commit-msg": "true"}}\n'),
		install: (story, tools) => tool(story, tools, 'simple-git-hooks'),
		says: /^team post-merge 0$/m,
	},
	{
		name: 'pre-commit',
		configure: ({files}) =>
			files.write(
				'.pre-commit-config.yaml',
				'repos:\n- repo: local\n  hooks:\n  - {id: team, name: team, language: system, entry: echo team post-merge, verbose: true, always_run: true, pass_filenames: false, stages: [post-merge]}\n',
			),
		install: (story, tools) => tool(story, tools, 'pre-commit', 'install', '-t', 'post-merge', '-t', 'pre-commit'),
		says: /^team post-merge$/m,
	},
];

function environment(story: Scenario, {npm, preCommit}: Managers): Record<string, string> {
	const PATH = [npm, preCommit, process.env.PATH].join(delimiter);
	return {
		PATH: pathWithGit(PATH),
		PRE_COMMIT_HOME: join(story.folder, 'pre-commit-cache'),
		LEFTHOOK_OUTPUT: 'execution_out',
		NO_COLOR: '1',
	};
}

async function tool(story: Scenario, tools: Managers, name: string, ...args: readonly string[]): Promise<Result> {
	const env = {
		...environment(story, tools),
		HOME: join(story.folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
	};
	return expectSuccess(await run(name, args, {cwd: story.files.root, env}));
}

/** The git under test has to be the one that the manager finds. */
function pathWithGit(path: string): string {
	const git = process.env.MIGRATION_GUARD_TEST_GIT;
	return git?.includes('/') ? `${git.slice(0, git.lastIndexOf('/'))}${delimiter}${path}` : path;
}

function gitDirectory(story: Scenario): ReadonlyMap<string, string> {
	const root = join(story.files.root, '.git');
	const paths = readdirSync(root, {recursive: true, encoding: 'utf8'}).filter(
		path => /^(config|hooks|info|migration-guard)/.test(path) && statSync(join(root, path)).isFile(),
	);
	return new Map(
		paths
			.sort()
			.map(path => [path, `${statSync(join(root, path)).mode.toString(8)} ${readFileSync(join(root, path), 'latin1')}`]),
	);
}

/** A fork is coming, and a hook manager is at work. */
async function managed(t: ExecutionContext, manager: Manager, tools: Managers): Promise<Scenario> {
	const story = await forked(t, {install: false, base: manager.configure});
	await manager.install(story, tools);
	return story;
}

/** Merge, with the managers on the PATH, and hand back what was printed. */
async function merge(story: Scenario, tools: Managers): Promise<string> {
	return (await story.git.with(environment(story, tools)).merge('feature')).output;
}

for (const manager of MANAGERS) {
	test(`51 install-uninstall-byte-identical beside ${manager.name}`, async t => {
		const tools = managers(t);
		if (!tools) return;
		const story = await managed(t, manager, tools);
		const before = gitDirectory(story);
		await story.guard.install();
		const once = gitDirectory(story);
		await story.guard.install();
		t.deepEqual(gitDirectory(story), once);
		await story.guard.run('uninstall');
		t.deepEqual(gitDirectory(story), before);
		t.is(await story.git.status(), '');
	});

	test(`beside ${manager.name}: both run`, async t => {
		const tools = managers(t);
		if (!tools) return;
		const story = await managed(t, manager, tools);
		await story.guard.install();
		t.is((await story.guard.run('doctor')).exitCode, 0);
		const output = await merge(story, tools);
		t.regex(output, manager.says);
		t.is(await story.guard.history('shop'), LINEAR, output);
	});

	for (const isFirst of [true, false]) {
		const order = isFirst ? 'installed after us' : 'installed again';
		test(`52 reinstall-keeps-us-working: ${manager.name} ${order}`, async t => {
			const tools = managers(t);
			if (!tools) return;
			const story = isFirst ? await forked(t, {install: false, base: manager.configure}) : await managed(t, manager, tools);
			const {git, guard} = story;
			await guard.install();
			await manager.install(story, tools);
			const doctor = await guard.run('doctor');
			t.log(`git ${(await git.text('version')).split(' ')[2]}: ${doctor.exitCode === 0 ? 'both run' : 'to be mended'}`);
			if (doctor.exitCode !== 0) {
				const mends = [...doctor.stdout.matchAll(/^ +mend: (.*)$/gm)].map(match => match[1]);
				t.deepEqual([...new Set(mends)], ['migration-guard install'], doctor.output);
				t.regex(doctor.stdout, new RegExp(`why: .*(${manager.name}|no hook that runs)`));
				await guard.install();
				const again = await guard.run('doctor');
				t.is(again.exitCode, 0, again.output);
			}
			const output = await merge(story, tools);
			t.regex(output, manager.says);
			t.is(await guard.history('shop'), LINEAR, output);
			await guard.run('uninstall');
			t.deepEqual(
				[...gitDirectory(story)].filter(([path, text]) => `${path} ${text}`.includes('migration-guard')),
				[],
			);
			t.deepEqual(
				[...gitDirectory(story).keys()].filter(path => /\.(old|legacy)$|before/.test(path)),
				[],
			);
		});
	}
}

/** What a team has before a push; each reads what git says, as git-lfs does. */
const BEFORE_A_PUSH: readonly (readonly [manager: string, file: string, text: string])[] = [
	['husky', '.husky/pre-push', 'cat >/dev/null; echo "team pre-push"\n'],
	['lefthook', 'lefthook.yml', 'pre-push:\n  jobs:\n    - run: cat >/dev/null; echo "team pre-push"\n      use_stdin: true\n'],
	['simple-git-hooks', 'package.json', '{"simple-git-hooks": {"pre-push": "cat >/dev/null; echo team pre-push"}}\n'],
	[
		'pre-commit',
		'.pre-commit-config.yaml',
		'repos:\n- repo: local\n  hooks:\n  - {id: team, name: team, language: system, entry: echo team pre-push, verbose: true, always_run: true, pass_filenames: false, stages: [pre-push]}\n',
	],
];

for (const [name, file, text] of BEFORE_A_PUSH) {
	test(`beside ${name}: both look at a push, and what git says reaches both`, async t => {
		const tools = managers(t);
		if (!tools) return;
		const story = await forked(t, {install: false, published: true, base: ({files}) => files.write(file, text)});
		const {git, guard} = story;
		if (name === 'pre-commit') await tool(story, tools, 'pre-commit', 'install', '-t', 'pre-push');
		else await MANAGERS.find(manager => manager.name === name)!.install(story, tools);
		await guard.install();
		// lefthook leaves its jobs out where the branch that is checked out has nothing to push.
		await git.checkout('-q', 'feature');
		const {output} = await git.with(environment(story, tools)).push('origin', 'feature');
		t.regex(output, /^team pre-push$/m);
		t.regex(output, /^ {2}shop\.0003_discount -> 0004_discount$/m, output);
	});
}

for (const [name, file, cut] of [
	['husky', '.husky/post-merge', /\.husky\/post-merge\n {4}(.*)\n/],
	['lefthook', 'lefthook-local.yml', /^ {4}(post-merge:\n(?: {5,}.*\n)+)/m],
] as const) {
	test(`the snippet of install --shared for ${name} calls us, whatever it does to our own hooks`, async t => {
		const tools = managers(t);
		if (!tools) return;
		const manager = MANAGERS.find(one => one.name === name)!;
		const story = await forked(t, {base: manager.configure});
		const {files, guard} = story;
		const [, snippet = ''] = cut.exec((await guard.run('install', '--shared')).stdout) ?? [];
		const before = files.exists(file) ? files.read(file) : '';
		files.write(file, `${before}${snippet.replace(/^ {4}/gm, '')}\n`);
		await manager.install(story, tools);
		const output = await merge(story, tools);
		t.regex(output, manager.says);
		t.is(await guard.history('shop'), LINEAR, output);
		t.is(output.split('migration-guard undo').length, 2, output);
	});
}

test('the hook for pre-commit users refuses a fork, at the stages it names', async t => {
	const tools = managers(t);
	if (!tools) return;
	const story = await forked(t, {install: false});
	const {files, git} = story;
	const env = environment(story, tools);
	const withTools = git.with(env);
	// As .pre-commit-hooks.yaml says it, but for the language: node would fetch one.
	const [hook = ''] = readFileSync(join(import.meta.dirname, '../../.pre-commit-hooks.yaml'), 'utf8').split('\n\n');
	const entry = `"${process.execPath}" "${await product()}" check`;
	const local = hook.replace('language: node', 'language: system').replace('entry: migration-guard check', `entry: '${entry}'`);
	files.write('.pre-commit-config.yaml', `repos:\n- repo: local\n  hooks:\n${local.replace(/^/gm, '  ')}`.trimEnd());
	await git.commit('main: pre-commit');
	await tool(story, tools, 'pre-commit', 'install', '-t', 'pre-commit', '-t', 'pre-push');
	await git.with({MIGRATION_GUARD: '0'}).merge('--no-ff', 'feature');
	files.write('notes.txt', 'notes\n');
	await git.add('-A');
	const refused = await withTools.attempt('commit', '-m', 'notes');
	t.is(refused.exitCode, 1, refused.output);
	t.regex(refused.output, /migration-guard check\.*Failed/);
	t.regex(refused.output, /0003_currency/);
	const manual = await run('pre-commit', ['run', '--hook-stage', 'manual', '--all-files'], {
		cwd: files.root,
		env: {
			...env,
			HOME: join(story.folder, 'home'),
			GIT_CONFIG_NOSYSTEM: '1',
			GIT_CONFIG_GLOBAL: '/dev/null',
		},
	});
	t.regex(manual.output, /migration-guard check\.*Failed/);
});
