import {chmodSync, mkdirSync, renameSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {EVENTS} from '../../src/install/layout.ts';
import {mended, type Patient, patient, takesConfiguredHooks} from '../helpers/patient.ts';
import type {Scenario} from '../helpers/scenario.ts';

const INSTALL = /^migration-guard install$/;

/** Ways to break an installation that the next one mends. */
const BROKEN: readonly {
	code: string;
	title: string;
	how: (story: Patient) => unknown;
	hooks?: 'files' | 'configuration';
}[] = [
	{
		code: 'program-missing',
		title: 'the copy of the program is gone',
		how: ({files}) => files.remove('.git/migration-guard/program'),
	},
	{
		code: 'program-version',
		title: 'the copy is another version',
		how: ({files}) => files.edit('.git/migration-guard/installed.json', '"program": "', '"program": "0.0.'),
	},
	{
		code: 'program-changed',
		title: 'the copy was changed',
		how: ({files}) => files.write('.git/migration-guard/program/hook.cjs', 'process.exit(0)\n'),
	},
	{
		code: 'folders-changed',
		title: 'the configuration names another folder',
		how: ({files}) => files.write('.migrationguardrc', '{"folders": ["history"]}\n'),
	},
	{code: 'stub-changed', title: 'the script of the hooks is gone', how: ({files}) => files.remove('.git/migration-guard/hook')},
	{
		code: 'driver-changed',
		title: 'the script of the merge driver is gone',
		how: ({files}) => files.remove('.git/migration-guard/merge-driver'),
	},
	{
		code: 'driver-unknown',
		title: 'another merge driver has our name',
		how: ({git}) => git.config('merge.migration-guard.driver', 'true'),
	},
	{
		code: 'attributes',
		title: 'a later line of the attributes wins',
		how: ({files}) => append(files, '.git/info/attributes', '*.py merge=union\n'),
	},
	{code: 'attributes', title: 'the attributes are gone', how: ({files}) => files.remove('.git/info/attributes')},
	{
		code: 'node-old',
		title: 'the Node of the hooks is too old',
		how(story) {
			story.at('old').files.script('node', 'echo v18.20.1');
			withNode(story, join(story.folder, 'old/node'));
		},
	},
	{code: 'hook-silent', title: 'a hook is gone', hooks: 'files', how: ({files}) => files.remove('.git/hooks/post-merge')},
	{
		code: 'hook-silent',
		title: 'a hook is not executable',
		hooks: 'files',
		how: ({files}) => chmodSync(join(files.root, '.git/hooks/post-merge'), 0o644),
	},
	{
		code: 'hook-silent',
		title: 'somebody wrote a hook over ours',
		hooks: 'files',
		how: ({files}) => files.script('.git/hooks/pre-commit', 'true'),
	},
	{
		code: 'hook-silent',
		title: 'a core.hooksPath was set later',
		hooks: 'files',
		how: ({git}) => git.config('core.hooksPath', '.hooks'),
	},
];

for (const {code, title, how, hooks} of BROKEN) {
	test(`${code}: ${title}`, async t => {
		const story = await patient(t);
		if (hooks !== undefined && (await takesConfiguredHooks(story)) !== (hooks === 'configuration')) {
			t.log(`only where hooks are ${hooks}`);
			t.pass();
			return;
		}
		await how(story);
		await mended(t, story, code, INSTALL);
	});
}

test('all is well after an installation, and for people it is said in words', async t => {
	const story = await patient(t);
	t.deepEqual([...(await story.doctor()).keys()], []);
	const {stdout} = await story.sh('migration-guard doctor');
	t.regex(stdout, /installed +for this repository\n(.*\n)* +post-merge +ours, /);
	t.regex(stdout, /node of the hooks +v\d+\.\d+/);
	t.regex(stdout, /mainline +refs\/heads\/main\n/);
	t.regex(stdout, /\nEverything is in place\.$/);
});

test('looking changes nothing', async t => {
	const story = await patient(t);
	const before = [...story.files.list('.git'), ...story.files.list('.git/migration-guard')];
	await story.doctor();
	t.deepEqual([...story.files.list('.git'), ...story.files.list('.git/migration-guard')], before);
	t.is(await story.git.status(), '');
});

test('not-installed', async t => mended(t, await patient(t, {install: false}), 'not-installed', INSTALL));

test('switched-off', async t => {
	const story = await patient(t);
	story.env.MIGRATION_GUARD = '0';
	const found = await story.doctor();
	t.deepEqual([...found.keys()], ['switched-off']);
	t.is((await story.sh(`${found.get('switched-off')}; migration-guard doctor`)).exitCode, 0);
});

test('node-missing', async t => {
	const story = await patient(t);
	withNode(story, '/no/node');
	const bin = join(story.folder, 'few');
	mkdirSync(bin);
	symlinkSync(join(story.folder, 'bin/migration-guard'), join(bin, 'migration-guard'));
	symlinkSync((await story.sh('command -v git')).stdout, join(bin, 'git'));
	story.env.PATH = bin;
	await mended(t, story, 'node-missing', INSTALL);
});

test('hook-off: one of our hooks, and an event', async t => {
	const story = await patient(t);
	if (!(await takesConfiguredHooks(story))) {
		t.log('only where hooks are configuration');
		t.pass();
		return;
	}
	await story.git.config('hook.migration-guard-post-merge.enabled', 'false');
	await mended(t, story, 'hook-off', /^git config --local --unset-all hook\.migration-guard-post-merge\.enabled$/);
	await story.git.config('hook.pre-commit.enabled', 'false');
	await mended(t, story, 'hook-off', /^git config --local --unset-all hook\.pre-commit\.enabled$/);
});

test('moved: a whole path leads to where the repository was', async t => {
	const story = await patient(t, {
		install: false,
		base: ({files}) => files.script('.husky/_/commit-msg', 'true'),
	});
	await story.git.config('core.hooksPath', '.husky/_');
	await story.guard.install();
	renameSync(story.files.root, join(story.folder, 'elsewhere'));
	if (await takesConfiguredHooks(story.at('elsewhere') as Patient)) {
		t.deepEqual([...(await story.doctor('elsewhere')).keys()], []);
		return;
	}
	await mended(t, story, 'moved', INSTALL, 'elsewhere');
	t.notRegex(story.at('elsewhere').files.read('.git/migration-guard/hooks/commit-msg'), /repo\/\.git/);
});

test('hidden-in-worktree: here, and in a linked one', async t => {
	const story = await patient(t);
	const {git, folder} = story;
	await git.config('extensions.worktreeConfig', 'true');
	await git('worktree', 'add', '-q', "../a linked one's", 'feature');
	const isConfiguration = await takesConfiguredHooks(story);
	for (const at of ['repo', "a linked one's"]) {
		await git.in(join(folder, at)).config('--worktree', 'core.hooksPath', '.mine');
		if (isConfiguration) t.deepEqual([...(await story.doctor()).keys()], []);
		else await mended(t, story, 'hidden-in-worktree', /config --worktree --unset-all core\.hooksPath$/);
	}
});

test('worktree-silent: the hooks of another manager are in one worktree only', async t => {
	const story = await patient(t);
	const {git, files} = story;
	for (const event of EVENTS) {
		files.script(`.husky/_/${event}`, '. "$(dirname "$0")/h"');
		files.write(`.husky/${event}`, 'migration-guard\n');
	}
	await git.config('core.hooksPath', '.husky/_');
	t.deepEqual([...(await story.doctor()).keys()], []);
	await git('worktree', 'add', '-q', '../linked', 'feature');
	if (await takesConfiguredHooks(story)) t.deepEqual([...(await story.doctor()).keys()], []);
	else await mended(t, story, 'worktree-silent', INSTALL);
});

test('mainline: a configured ref was never fetched', async t => {
	const story = await patient(t, {
		published: true,
		base: ({files}) => files.write('.migrationguardrc', 'mainline: [origin/production]\n'),
	});
	await story.git.push('-q', 'origin', 'main:production');
	await story.git('update-ref', '-d', 'refs/remotes/origin/production');
	await mended(t, story, 'mainline', /^git fetch origin production:refs\/remotes\/origin\/production$/);
});

test('mainline: the remote calls its default branch something else', async t => {
	const story = await patient(t, {published: true});
	const {git, folder} = story;
	// Since 2.48 git sets a remote's HEAD by itself, unless it is told not to.
	await git.config('remote.origin.followRemoteHEAD', 'never');
	await git.push('-q', 'origin', 'main:develop');
	await git.in(join(folder, 'origin.git'))('symbolic-ref', 'HEAD', 'refs/heads/develop');
	await git.push('-q', 'origin', ':main');
	await git.fetch('-q', 'origin');
	await git.branch('-m', 'main', 'develop');
	await mended(t, story, 'mainline', /^git fetch origin && git remote set-head origin --auto$/);
});

test('open-journal: a run was killed', async t => {
	const story = await patient(t);
	const before = await story.guard.remember('main', 'feature');
	await story.git.with({MIGRATION_GUARD_FAIL: 'worktree'}).attempt('merge', 'feature');
	await mended(t, story, 'open-journal', /^migration-guard fix$/);
	await story.guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('stale-merge-head: git was killed after the merge', async t => {
	const story = await patient(t);
	await story.git.merge('feature');
	story.files.write('.git/MERGE_HEAD', `${await story.git.oid('feature')}\n`);
	await mended(t, story, 'stale-merge-head', /^git merge --quit$/);
	t.false(story.files.exists('.git/MERGE_HEAD'));
});

test('carry: the hook that splits it did not run', async t => {
	const story = await patient(t, {mainline: ['0003_same'], incoming: []});
	const {git, files, guard} = story;
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_same.py', files.read('shop/migrations/0002_price.py').replace('0001_initial', '0002_price'));
	await git.commit('feature: 0003_same');
	files.move('.git/migration-guard/hook', 'hook');
	await git.merge('main');
	files.move('hook', '.git/migration-guard/hook');
	await mended(t, story, 'carry', /^migration-guard fix$/);
	t.is((await guard.leaves('shop')).length, 1);
});

test('rerere: git remembers how a conflict in a migration was resolved', async t => {
	const story = await patient(t, {mainline: [], incoming: []});
	const {git, files} = story;
	const path = 'shop/migrations/0002_price.py';
	await git.config('rerere.enabled', 'true');
	for (const branch of ['main', 'feature']) {
		await git.checkout('-q', branch);
		files.edit(path, 'price', `price_${branch}`);
		await git.commit(`${branch}: price`);
	}
	await git.attempt('merge', 'main');
	files.write(path, files.read(path).replace(/^<{7}[\s\S]*?={7}\n|^>{7}.*\n/gm, ''));
	await git.add('-A');
	await git('commit', '-m', 'merged');
	await mended(t, story, 'rerere', /^rm -r .*\/rr-cache\/[0-9a-f]+$/);
	t.is((await story.sh('migration-guard check')).exitCode, 0);
});

test('outside of a repository, and with a configuration that cannot be read: usage', async t => {
	const story = await patient(t);
	t.is((await story.sh('migration-guard doctor', 'home')).exitCode, 2);
	story.files.write('.migrationguardrc', 'mainline: 1\n');
	const {exitCode, output} = await story.sh('migration-guard doctor');
	t.is(exitCode, 2);
	t.regex(output, /\.migrationguardrc: mainline/);
});

function append(files: Scenario['files'], path: string, text: string): void {
	files.write(path, files.read(path) + text);
}

/** Have the installation believe in another Node. */
function withNode({files}: Scenario, node: string): void {
	for (const path of ['installed.json', 'hook', 'merge-driver'])
		files.edit(`.git/migration-guard/${path}`, process.execPath, node);
}
