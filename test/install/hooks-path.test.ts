import {readdirSync, readFileSync, statSync} from 'node:fs';
import {delimiter, dirname, isAbsolute, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {run} from '../helpers/command.ts';
import {forked} from '../helpers/forked.ts';
import {GIT} from '../helpers/git.ts';
import {product} from '../helpers/product.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/** A machine whose ~/.gitconfig sends every repository to one folder of hooks. */
async function machine(t: ExecutionContext) {
	const story = await forked(t, {install: false});
	const home = story.at('home').files;
	home.write('.gitconfig', '[core]\n\thooksPath = ~/my hooks\n');
	for (const name of ['post-merge', 'commit-msg']) home.script(`my hooks/${name}`, `echo "machine ${name}"`);
	const env = {GIT_CONFIG_GLOBAL: join(home.root, '.gitconfig'), HOME: home.root};
	const PATH = `${isAbsolute(GIT) ? `${dirname(GIT)}${delimiter}` : ''}${process.env.PATH}`;
	const program = await product();
	const ask = (...args: readonly string[]) =>
		run(process.execPath, [program, ...args], {
			cwd: story.files.root,
			env: {PATH, GIT_CONFIG_NOSYSTEM: '1', ...env},
		});
	return {...story, home, ask, git: story.git.with(env)};
}

/** Everything below a folder but git's objects and logs: mode and bytes. */
function everything(folder: string): ReadonlyMap<string, string> {
	const paths = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(
		path => !/^(objects|logs|index)/.test(path) && statSync(join(folder, path)).isFile(),
	);
	return new Map(
		paths
			.sort()
			.map(path => [path, `${statSync(join(folder, path)).mode.toString(8)} ${readFileSync(join(folder, path), 'latin1')}`]),
	);
}

test('51 install-uninstall-byte-identical with a core.hooksPath for the whole machine', async t => {
	const {ask, files, home} = await machine(t);
	const folders = [join(files.root, '.git'), home.root];
	const before = folders.map(everything);
	t.is((await ask('install')).exitCode, 0);
	const once = folders.map(everything);
	t.deepEqual(once[1], before[1], 'nothing outside of the repository');
	t.is((await ask('install')).exitCode, 0);
	t.deepEqual(folders.map(everything), once);
	t.is((await ask('uninstall')).exitCode, 0);
	t.deepEqual(folders.map(everything), before);
});

test('a core.hooksPath for the whole machine: its hooks and ours run, and doctor is content', async t => {
	const {ask, git, guard, home} = await machine(t);
	t.is((await ask('install')).exitCode, 0);
	const doctor = await ask('doctor');
	t.is(doctor.exitCode, 0, doctor.output);
	const merge = await git.merge('feature');
	t.is(await guard.history('shop', 'HEAD'), LINEAR, merge.output);
	t.is(merge.output.split('machine post-merge').length, 2, merge.output);
	// A hook that is added later runs, too.
	home.script('my hooks/post-commit', 'echo "machine post-commit"');
	t.regex((await git('commit', '--allow-empty', '-m', 'empty')).output, /machine commit-msg[\s\S]*machine post-commit/);
	await git('config', '--global', 'core.hooksPath', '/nowhere');
	t.is((await git.attempt('commit', '--allow-empty', '-m', 'again')).exitCode, 0);
});

test('a core.hooksPath for the whole machine that is set after us', async t => {
	const {ask, git, guard, home} = await machine(t);
	home.remove('.gitconfig');
	home.write('.gitconfig', '');
	t.is((await ask('install')).exitCode, 0);
	await git('config', '--global', 'core.hooksPath', '~/my hooks');
	const doctor = await ask('doctor');
	if (doctor.exitCode !== 0) {
		t.regex(doctor.stdout, /mend: migration-guard install$/m);
		t.is((await ask('install')).exitCode, 0);
		t.is((await ask('doctor')).exitCode, 0);
	}
	const merge = await git.merge('feature');
	t.is(await guard.history('shop', 'HEAD'), LINEAR, merge.output);
	t.regex(merge.output, /machine post-merge/);
});
