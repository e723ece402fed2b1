import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {delimiter, dirname, isAbsolute, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Result, run} from '../helpers/command.ts';
import {forked} from '../helpers/forked.ts';
import {GIT} from '../helpers/git.ts';
import {product} from '../helpers/product.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

interface Machine extends Scenario {
	/** The product, with this machine's own configuration. */
	ask(...args: readonly string[]): Promise<Result>;
	readonly env: Record<string, string>;
	/** Everything in the home directory. */
	home(): ReadonlyMap<string, string>;
}

async function machine(t: ExecutionContext, more: Readonly<Record<string, string>> = {}): Promise<Machine> {
	const story = await forked(t, {install: false});
	const home = join(story.folder, 'home');
	const env = {
		PATH: `${isAbsolute(GIT) ? `${dirname(GIT)}${delimiter}` : ''}${process.env.PATH}`,
		HOME: home,
		GIT_CONFIG_NOSYSTEM: '1',
		...more,
	};
	const program = await product();
	return {
		...story,
		env,
		ask: (...args) => run(process.execPath, [program, ...args], {cwd: story.files.root, env}),
		home: () =>
			new Map(
				readdirSync(home, {recursive: true, encoding: 'utf8'})
					.sort()
					.map(path => {
						const stat = lstatSync(join(home, path));
						return [path, stat.isDirectory() ? 'folder' : `${stat.mode.toString(8)} ${readFileSync(join(home, path), 'latin1')}`];
					}),
			),
	};
}

/** git with the machine's configuration, which the stories do without. */
function gitOf({git, env}: Machine): Scenario['git'] {
	return git.with({GIT_CONFIG_GLOBAL: join(env.HOME!, '.gitconfig'), ...env});
}

async function refusedBelow254(t: ExecutionContext, story: Machine): Promise<boolean> {
	const [, major, minor] = /(\d+)\.(\d+)/.exec(await story.git.text('version'))!;
	if (Number(major) > 2 || Number(minor) >= 54) return false;
	const before = story.home();
	const refused = await story.ask('install', '--global');
	t.is(refused.exitCode, 1);
	t.regex(
		refused.stderr,
		/takes hooks from files only\n {2}why: .*2\.54.*\n {2}next: migration-guard install, in each repository$/,
	);
	t.deepEqual(story.home(), before);
	return true;
}

for (const [title, prepare] of [
	['nothing', () => {}],
	[
		'a ~/.gitconfig without its last newline and attributes',
		({at}: Machine) => {
			at('home').files.write('.gitconfig', '[user]\n\tname = J\u00e9r\u00f4me');
			at('home').files.write('.config/git/attributes', '*.png binary\n');
		},
	],
	['a ~/.config/git/config', ({at}: Machine) => at('home').files.write('.config/git/config', '[alias]\n\tst = status\n')],
	[
		'core.attributesFile',
		({at}: Machine) => at('home').files.write('.gitconfig', '[core]\n\tattributesFile = ~/my attributes\n'),
	],
] as const) {
	test(`install --global, again, uninstall --global: every byte of a home with ${title}`, async t => {
		const story = await machine(t);
		if (await refusedBelow254(t, story)) return;
		prepare(story);
		const before = story.home();
		t.is((await story.ask('install', '--global', '--dry-run')).exitCode, 0);
		t.deepEqual(story.home(), before);
		const install = await story.ask('install', '--global');
		t.is(install.exitCode, 0, install.output);
		const once = story.home();
		t.regex((await story.ask('install', '--global')).stdout, /was set up already for all repositories/);
		t.deepEqual(story.home(), once);
		const attribute = await run(GIT, ['check-attr', 'merge', 'a/migrations/0001_x.py'], {cwd: story.files.root, env: story.env});
		t.regex(attribute.stdout, /merge: migration-guard$/);
		const uninstall = await story.ask('uninstall', '--global');
		t.is(uninstall.exitCode, 0, uninstall.output);
		t.deepEqual(story.home(), before);
		t.regex((await story.ask('uninstall', '--global')).stdout, /nothing to do/);
	});
}

test('every Django repository is looked after, linked worktrees too, and doctor knows', async t => {
	const story = await machine(t);
	if (await refusedBelow254(t, story)) return;
	t.is((await story.ask('install', '--global')).exitCode, 0);
	const git = gitOf(story);
	const doctor = await story.ask('doctor');
	t.is(doctor.exitCode, 0, doctor.output);
	t.regex(doctor.stdout, /installed +for all repositories/);
	const merge = await git.merge('feature');
	t.is(await story.guard.history('shop'), LINEAR, merge.output);
	t.regex(merge.output, /migration-guard undo/);
	t.is((await story.ask('undo')).exitCode, 0);
	await git.reset('-q', '--hard', 'HEAD^1');
	await git('worktree', 'add', '-q', '-b', 'linked', '../linked', 'feature');
	await git.in(join(story.folder, 'linked')).merge('main');
	t.is(await story.at('linked').guard.history('shop'), LINEAR);
});

test('the same name on both sides: the merge driver of the machine', async t => {
	const story = await machine(t);
	if (await refusedBelow254(t, story)) return;
	await story.ask('install', '--global');
	const git = gitOf(story);
	await git.checkout('-q', '-b', 'same', 'main~1');
	const {files} = story;
	files.write(
		'shop/migrations/0003_currency.py',
		files.read('shop/migrations/0002_price.py').replace('0001_initial', '0002_price'),
	);
	await git.commit('same: 0003_currency');
	await git.merge('main');
	t.is((await story.guard.leaves('shop')).length, 1);
});

test('a repository with an installation of its own uses that, once', async t => {
	const story = await machine(t);
	if (await refusedBelow254(t, story)) return;
	await story.ask('install', '--global');
	await story.ask('install');
	const merge = await gitOf(story).merge('feature');
	t.is(await story.guard.history('shop'), LINEAR);
	t.is(merge.output.split('migration-guard undo').length, 2, merge.output);
	t.regex((await story.ask('doctor')).stdout, /installed +for this repository/);
});

test('elsewhere nothing is started: no Node, and nothing is left in the repository', async t => {
	const story = await machine(t);
	if (await refusedBelow254(t, story)) return;
	await story.ask('install', '--global');
	const git = gitOf(story);
	story.at('home').files.edit('.config/migration-guard/hook', '[ -x "$node" ]', 'echo "node for $event"; exit 0; [ -x "$node" ]');
	await git.checkout('-q', '--orphan', 'other');
	await git('rm', '-rfq', '.');
	story.files.write('notes.txt', 'notes\n');
	await git.commit('other');
	await git.checkout('-q', '-b', 'side');
	story.files.write('more.txt', 'more\n');
	await git.commit('side');
	await git.checkout('-q', 'other');
	const outputs = [
		await git.merge('--no-ff', 'side'),
		await git('commit', '--allow-empty', '-m', 'empty'),
		await git('commit', '--allow-empty', '--amend', '-m', 'amended'),
	];
	for (const {output} of outputs) t.notRegex(output, /node for|migration-guard/);
	t.false(story.files.exists('.git/migration-guard'));
});

test('what doctor says of an installation that is not whole', async t => {
	const story = await machine(t);
	if (await refusedBelow254(t, story)) return;
	await story.ask('install', '--global');
	story.at('home').files.remove('.config/migration-guard/merge-driver');
	const doctor = await story.ask('doctor');
	t.is(doctor.exitCode, 1);
	t.regex(doctor.stdout, /mend: migration-guard install --global$/m);
	await story.ask('install', '--global');
	t.is((await story.ask('doctor')).exitCode, 0);
});

test('GIT_CONFIG_GLOBAL and XDG_CONFIG_HOME are obeyed', async t => {
	const story = await machine(t);
	if (await refusedBelow254(t, story)) return;
	const home = story.env.HOME!;
	Object.assign(story.env, {GIT_CONFIG_GLOBAL: join(home, 'my config'), XDG_CONFIG_HOME: join(home, "x d g's")});
	t.is((await story.ask('install', '--global')).exitCode, 0);
	await story.git.with(story.env).merge('feature');
	t.is(await story.guard.history('shop'), LINEAR);
	await story.ask('uninstall', '--global');
	t.deepEqual([...story.home().keys()], []);
});
