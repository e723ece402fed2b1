import {existsSync, mkdirSync, readdirSync, rmSync} from 'node:fs';
import {delimiter, dirname, isAbsolute, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {expectSuccess, run} from '../helpers/command.ts';
import {forked} from '../helpers/forked.ts';
import {GIT} from '../helpers/git.ts';
import {PROJECT, product} from '../helpers/product.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/** The package as npm packs it, and `npx migration-guard …` of it with a cache of its own. Nothing is fetched: it has no dependencies. */
async function packed(t: ExecutionContext) {
	const story = await forked(t, {install: false});
	const [cache, packages] = ['npm-cache', 'packages'].map(name => join(story.folder, name)) as [string, string];
	mkdirSync(packages);
	await product();
	const env = {
		PATH: [...(isAbsolute(GIT) ? [dirname(GIT)] : []), process.env.PATH].join(delimiter),
		HOME: join(story.folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		npm_config_cache: cache,
		npm_config_update_notifier: 'false',
	};
	const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', packages];
	expectSuccess(await run('npm', pack, {cwd: PROJECT, env}));
	const archive = join(packages, readdirSync(packages)[0]!);
	const npx = (...args: readonly string[]) =>
		run('npx', ['--yes', '--offline', '--package', archive, '--', 'migration-guard', ...args], {cwd: story.files.root, env});
	/** The copy that was kept: the package leaves out what a clone's `dist` has besides. */
	const kept = (...args: readonly string[]) =>
		run(process.execPath, ['.git/migration-guard/program/cli.cjs', ...args], {cwd: story.files.root, env});
	return {...story, npx, kept, cache};
}

test('npx migration-guard install goes on when npx’s cache is emptied', async t => {
	const {git, guard, npx, kept, cache} = await packed(t);
	const install = await npx('install');
	t.is(install.exitCode, 0, install.output);
	t.true(existsSync(join(cache, '_npx')));
	rmSync(cache, {recursive: true});
	const doctor = await kept('doctor');
	t.is(doctor.exitCode, 0, doctor.output);
	const merge = await git.merge('feature');
	t.is(await guard.history('shop', 'HEAD'), LINEAR, merge.output);
	const uninstall = await npx('uninstall');
	t.is(uninstall.exitCode, 0, uninstall.output);
});

test('when Node is updated the hooks take the new one, and doctor notices', async t => {
	const {git, guard, files, npx, kept} = await packed(t);
	expectSuccess(await npx('install'));
	// The path of a version manager's Node, which is gone with its version.
	for (const path of ['installed.json', 'hook', 'merge-driver'])
		files.edit(`.git/migration-guard/${path}`, process.execPath, '/versions/node/v20.19.0/bin/node');
	const doctor = await kept('doctor');
	t.is(doctor.exitCode, 1, doctor.output);
	t.regex(
		doctor.stdout,
		/the hooks take Node v\S+ from the PATH\n +why: +\/versions\/.* is gone\n +mend: migration-guard install$/m,
	);
	const merge = await git.merge('feature');
	t.is(await guard.history('shop', 'HEAD'), LINEAR, merge.output);
	expectSuccess(await npx('install'));
	t.is((await kept('doctor')).exitCode, 0);
});
