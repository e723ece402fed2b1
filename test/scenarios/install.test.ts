import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {forked} from '../helpers/forked.ts';
import {product} from '../helpers/product.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/** Every file of the git directory that is configuration, hook or ours, with mode and bytes. */
function installed(gitDir: string): ReadonlyMap<string, string> {
	const paths = readdirSync(gitDir, {recursive: true, encoding: 'utf8'})
		.filter(
			path =>
				/^(config|hooks|info|migration-guard)/.test(path) && !path.endsWith('.sample') && statSync(join(gitDir, path)).isFile(),
		)
		.sort();
	return new Map(
		paths.map(path => [path, `${statSync(join(gitDir, path)).mode.toString(8)} ${readFileSync(join(gitDir, path), 'latin1')}`]),
	);
}

test('MIGRATION_GUARD=0 switches hooks and driver off for one command', async t => {
	const {git, guard} = await forked(t);
	await git.checkout('-q', 'feature');
	const tip = await git.oid();
	const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
	const off = await git.with({MIGRATION_GUARD: '0'}).merge('main');
	t.notRegex(off.output, /migration-guard/);
	t.is(await git.oid('HEAD^{tree}'), plain);
	await git.reset('-q', '--hard', tip);
	await git.merge('main');
	t.is(await guard.history('shop'), LINEAR);
});

test('49 second-run-is-noop', async t => {
	const {git, guard} = await forked(t);
	await git.merge('feature');
	const head = await git.oid();
	t.is(await guard.history('shop'), LINEAR);
	for (const command of [
		['hook', 'post-merge', '0'],
		['hook', 'post-commit'],
		['hook', 'post-rewrite', 'rebase'],
		['hook', 'pre-commit'],
		['fix'],
	] as const) {
		const again = await guard.run(...command);
		t.is(again.exitCode, 0, again.output);
		t.is(await git.oid(), head, command.join(' '));
		t.is(await git.status(), '');
	}
});

test('49 two-hooks-active', async t => {
	const {git, guard, files} = await forked(t, {install: false});
	// Someone calls us from a hook of their own, and then installs us as well.
	files.script('.git/hooks/post-merge', `echo own hook; exec '${process.execPath}' '${await product()}' hook post-merge "$@"`);
	await guard.install();
	await guard.install();
	const before = await guard.remember('main', 'feature');
	const merge = await git.merge('feature');
	t.regex(merge.output, /own hook/);
	t.is(await guard.history('shop'), LINEAR);
	t.is((await git.lines('log', '-g', '--format=%gs')).filter(line => line.startsWith('migration-guard')).length, 1);
	t.is(merge.output.split('migration-guard undo').length, 2, merge.output);
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

for (const {title, prepare} of [
	{title: 'an ordinary repository', prepare: {}},
	{title: 'one with a hook, attributes and an odd configuration', prepare: {hook: true}},
]) {
	test(`uninstall leaves no trace: ${title}`, async t => {
		const {git, guard, files} = await forked(t, {install: false});
		if ('hook' in prepare) {
			files.script('.git/hooks/post-merge', 'echo own hook');
			files.script('.git/hooks/pre-commit', 'exit 0');
			files.write('.git/info/attributes', '*.png binary');
			files.write('.git/config', files.read('.git/config').trimEnd());
		}
		const gitDir = join(files.root, '.git');
		const before = installed(gitDir);
		await guard.install();
		t.notDeepEqual(installed(gitDir), before);
		t.true(files.exists('.git/migration-guard'));
		await git.merge('feature');
		t.is(await guard.history('shop'), LINEAR);
		const uninstall = await guard.run('uninstall');
		t.is(uninstall.exitCode, 0, uninstall.output);
		t.deepEqual(installed(gitDir), before);
		t.false(files.exists('.git/migration-guard'));
		t.deepEqual(await git.lines('for-each-ref', 'refs/migration-guard'), []);
		t.is(await git.status(), '');
	});
}

test('install twice is install once', async t => {
	const {guard, files} = await forked(t);
	const gitDir = join(files.root, '.git');
	const once = installed(gitDir);
	await guard.install();
	t.deepEqual(installed(gitDir), once);
});

test('an own hook keeps running, and its exit code counts', async t => {
	const {git, guard, files} = await forked(t, {install: false});
	files.script('.git/hooks/pre-commit', 'echo own pre-commit; exit 1');
	await guard.install();
	files.write('notes.txt', 'notes\n');
	await git.add('-A');
	const refused = await git.attempt('commit', '-m', 'notes');
	t.is(refused.exitCode, 1);
	t.regex(refused.output, /own pre-commit/);
});

test('the installed program is a copy: the one that installed it may vanish', async t => {
	const {git, guard, files} = await forked(t);
	const program = await product();
	for (const path of readdirSync(join(files.root, '.git/migration-guard'), {recursive: true, encoding: 'utf8'})) {
		if (path.endsWith('js') || !statSync(join(files.root, '.git/migration-guard', path)).isFile()) continue;
		t.false(files.read(`.git/migration-guard/${path}`).includes(program), `${path} names the program it was installed from`);
	}
	await git.merge('feature');
	t.is(await guard.history('shop'), LINEAR);
});

test('any directory layout: folders named in the configuration', async t => {
	const {git, guard, files} = await forked(t, {install: false, mainline: [], incoming: []});
	files.write('.migrationguardrc', '{"folders": ["history/*"], "apps": {"history/shop": "shop"}}\n');
	await git.mv('shop/migrations', 'history_shop');
	files.move('history_shop', 'history/shop');
	await git.commit('main: own folders');
	await guard.install();
	const text = files.read('history/shop/0002_price.py').replace("('shop', '0001_initial')", "('shop', '0002_price')");
	for (const [branch, name] of [
		['side', '0003_discount'],
		['main', '0003_currency'],
	] as const) {
		await git.checkout('-q', ...(branch === 'side' ? ['-b', 'side'] : ['main']));
		files.write(
			`history/shop/${name}.py`,
			text.replaceAll('price', name.slice(5)).replace('0002_discount', '0002_price').replace('0002_currency', '0002_price'),
		);
		await git.commit(`${branch}: ${name}`);
	}
	await git.merge('side');
	t.deepEqual(
		files.list('history/shop').filter(name => /^000[34]/.test(name)),
		['0003_currency.py', '0004_discount.py'],
	);
	t.regex(files.read('history/shop/0004_discount.py'), /\('shop', '0003_currency'\)/);
	t.is(await git.status(), '');
});
