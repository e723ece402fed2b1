import {chmodSync, existsSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {mergeForked} from '../helpers/hosted.ts';
import {mended, type Patient, patient} from '../helpers/patient.ts';

const AT = 'origin.git';
const INSTALL = /^migration-guard install --server$/;

interface Served extends Patient {
	readonly bare: Patient['files'];
	readonly origin: string;
}

/** The fork of the README and a bare repository that refuses it; nothing is installed on this side. */
async function served(t: ExecutionContext, ...options: readonly string[]): Promise<Served> {
	const story = await patient(t, {published: true, install: false});
	const {guard, files} = story.at(AT);
	const done = await guard.run('install', '--server', ...options);
	t.is(done.exitCode, 0, done.output);
	return {...story, bare: files, origin: join(story.folder, AT)};
}

/** The push that would fork main is refused, after whatever was done. */
async function refuses(t: ExecutionContext, story: Served): Promise<void> {
	await mergeForked(story);
	const refused = await story.git.attempt('push', 'origin', 'main');
	t.not(refused.exitCode, 0, refused.output);
	t.regex(refused.output, /main is protected/);
}

test('a server is recognised, and all is well there', async t => {
	for (const [options, event] of [
		[[], 'pre-receive'],
		[['--each-ref'], 'update'],
	] as const) {
		const story = await served(t, ...options);
		t.deepEqual([...(await story.doctor(AT)).keys()], []);
		const {stdout} = await story.sh('migration-guard doctor', AT);
		t.regex(stdout, /installed +as a server, which refuses pushes\n/);
		t.regex(
			stdout,
			new RegExp(
				`\n +${event} +ours, hooks/${event}\n +node of the hooks +v\\d[^\n]*\n +protected +main\n\nEverything is in place`,
			),
		);
		t.notRegex(stdout, /post-merge|mainline/);
		const {installed, protected: branches} = JSON.parse((await story.sh('migration-guard doctor --json', AT)).stdout);
		t.deepEqual([installed, branches], ['server', ['main']]);
	}
});

test('a bare repository where nothing is installed', async t => {
	const story = await patient(t, {published: true, install: false});
	await mended(t, story, 'not-installed', INSTALL, AT);
	await refuses(t, {...story, bare: story.at(AT).files, origin: join(story.folder, AT)});
});

const BROKEN: readonly {code: string; title: string; how: (story: Served) => unknown}[] = [
	{code: 'program-missing', title: 'the program is gone', how: ({bare}) => bare.remove('migration-guard/program')},
	{
		code: 'program-version',
		title: 'the program is another version',
		how: ({bare}) => bare.edit('migration-guard/installed.json', '"program": "', '"program": "0.0.'),
	},
	{
		code: 'program-changed',
		title: 'the program was changed',
		how: ({bare}) => bare.write('migration-guard/program/main.cjs', 'process.exit(0)\n'),
	},
	{code: 'stub-changed', title: 'the script of the hook is gone', how: ({bare}) => bare.remove('migration-guard/server-hook')},
	{
		code: 'stub-changed',
		title: 'the hook leads to the script of the hooks of a clone, as it once did',
		how: ({bare}) => bare.write('hooks/pre-receive', bare.read('hooks/pre-receive').replaceAll('$mg/server-hook', '$mg/hook')),
	},
	{code: 'hook-silent', title: 'the hook is gone', how: ({bare}) => bare.remove('hooks/pre-receive')},
	{
		code: 'hook-silent',
		title: 'the hook is not executable',
		how: ({origin}) => chmodSync(join(origin, 'hooks/pre-receive'), 0o644),
	},
	{
		code: 'hook-silent',
		title: 'somebody wrote a hook over ours',
		how: ({bare}) => bare.script('hooks/pre-receive', 'cat >/dev/null'),
	},
	{
		code: 'hook-twice',
		title: 'an older installation left the other hook',
		how: ({bare}) =>
			bare.script('hooks/update', ...bare.read('hooks/pre-receive').replaceAll('pre-receive', 'update').split('\n')),
	},
];

for (const {code, title, how} of BROKEN) {
	test(`${code}: ${title}`, async t => {
		const story = await served(t);
		await how(story);
		await mended(t, story, code, INSTALL, AT);
		t.false(existsSync(join(story.origin, 'hooks/update')));
		await refuses(t, story);
	});
}

test('the mend keeps the variant', async t => {
	const story = await served(t, '--each-ref');
	story.bare.remove('hooks/update');
	await mended(t, story, 'hook-silent', /^migration-guard install --server --each-ref$/, AT);
	t.true(existsSync(join(story.origin, 'hooks/update')));
});

test('folders-changed: MIGRATION_MODULES sends an app elsewhere', async t => {
	const story = await served(t);
	const {git, files} = story;
	files.write('settings.py', "MIGRATION_MODULES = {'shop': 'history.shop'}\n");
	files.write('history/shop/__init__.py', '');
	await git.commit('elsewhere');
	await git.push('-q', 'origin', 'main');
	await mended(t, story, 'folders-changed', INSTALL, AT);
});

test('nothing-protected: HEAD names a branch that is not there, and a pattern that means none', async t => {
	const story = await served(t);
	const bare = story.git.in(story.origin);
	await bare('symbolic-ref', 'HEAD', 'refs/heads/master');
	await mended(t, story, 'nothing-protected', /^git config --add migration-guard\.protected main$/, AT);
	await bare('config', '--unset-all', 'migration-guard.protected');
	await bare('config', 'migration-guard.protected', 'mian');
	await mended(t, story, 'nothing-protected', /^git config --add migration-guard\.protected main$/, AT);
	await refuses(t, story);
	await bare('config', '--unset-all', 'migration-guard.protected');
	await bare('config', 'migration-guard.protected', 'm*');
	t.deepEqual([...(await story.doctor(AT)).keys()], []);
});

test('hooks in another place: the script there is found, and what lies beside it is mended there', async t => {
	const story = await served(t);
	const {git, origin, bare, folder} = story;
	const there = story.at('hooks-of-the-server').files;
	there.script('commit-msg', 'true');
	await git('-C', origin, 'config', 'core.hooksPath', join(folder, 'hooks-of-the-server'));
	t.deepEqual([...(await story.doctor(AT))], [['hook-silent', 'docs/server.md, "Hooks in another place"']]);
	there.script('pre-receive', '. "$(git rev-parse --absolute-git-dir)/migration-guard/server-hook"');
	t.deepEqual([...(await story.doctor(AT)).keys()], []);
	bare.remove('migration-guard/program');
	await mended(t, story, 'program-missing', /^GIT_CONFIG_COUNT=1 .* migration-guard install --server$/, AT);
	await git('-C', origin, 'config', '--unset', 'core.hooksPath');
	bare.remove('hooks/pre-receive');
	bare.script('custom_hooks/pre-receive.d/guard', '. "$(git rev-parse --absolute-git-dir)/migration-guard/server-hook"');
	t.deepEqual([...(await story.doctor(AT)).keys()], []);
});

test('a bare repository with worktrees: each is looked at as what it is', async t => {
	const story = await patient(t, {published: true, install: false});
	await story.git('-C', join(story.folder, AT), 'worktree', 'add', '-q', '-b', 'there', '../there');
	t.deepEqual([...(await story.doctor('there'))], [['not-installed', 'migration-guard install']]);
	await mended(t, story, 'not-installed', /^cd \S+\/there && migration-guard install$/, AT);
	t.deepEqual([...(await story.doctor('there')).keys()], []);
	t.is((await story.at(AT).guard.run('install', '--server')).exitCode, 0);
	for (const at of ['there', AT]) t.deepEqual([...(await story.doctor(at)).keys()], [], at);
	t.is((await story.at(AT).guard.run('uninstall')).exitCode, 0);
	t.is((await story.at(AT).guard.run('install', '--server')).exitCode, 0);
	t.deepEqual([...(await story.doctor('there'))], [['not-installed', 'migration-guard install']]);
	t.deepEqual([...(await story.doctor(AT)).keys()], []);
});
