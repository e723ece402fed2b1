import {chmodSync, lchownSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {run} from '../helpers/command.ts';
import {forked} from '../helpers/forked.ts';
import {scenario} from '../helpers/scenario.ts';

const FORK = ['0003_currency', '0003_discount'];

test('not a repository', async t => {
	const {at, folder} = await scenario(t, {install: false});
	mkdirSync(join(folder, 'nowhere'));
	const {guard, files} = at('nowhere');
	for (const command of ['check', 'fix', 'install', 'undo', 'graph']) {
		const result = await guard.run(command);
		t.is(result.exitCode, 2, `${command}: ${result.output}`);
		t.regex(result.stderr, /not a git repository|not in a git repository|no git repository/i, command);
	}
	t.deepEqual(files.list('.'), []);
});

test('an unknown command and an unknown revision', async t => {
	const {guard} = await forked(t);
	t.is((await guard.run('frobnicate')).exitCode, 2);
	const check = await guard.run('check', 'no-such-branch');
	t.is(check.exitCode, 2);
	t.regex(check.stderr, /no-such-branch/);
});

test('check: linear, forked, another revision', async t => {
	const {git, guard} = await forked(t);
	const linear = await guard.run('check');
	t.is(linear.exitCode, 0, linear.output);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const fork = await guard.run('check');
	t.is(fork.exitCode, 1);
	for (const name of FORK) t.true(fork.output.includes(`shop.${name}`), fork.output);
	t.is((await guard.run('check', 'feature')).exitCode, 0);
});

test('check: no migrations at all is fine, with a word', async t => {
	const {git, guard, files} = await scenario(t);
	files.write('README', 'nothing here\n');
	await git.commit('readme');
	const check = await guard.run('check');
	t.is(check.exitCode, 0);
	t.regex(check.output, /no migrations/i);
});

test('check: a bare repository', async t => {
	const {git, guard, folder, at} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	await git('clone', '-q', '--bare', '.', join(folder, 'bare.git'));
	const bare = at('bare.git');
	t.is((await bare.guard.run('check', 'feature')).exitCode, 0);
	t.is((await bare.guard.run('check', 'main')).exitCode, 1);
	t.is((await guard.run('check')).exitCode, 1);
});

test('unreadable Python: check names file and line', async t => {
	const {guard, files} = await forked(t);
	files.edit('shop/migrations/0003_currency.py', '    operations = [', '    operations = [[[');
	const check = await guard.run('check');
	t.is(check.exitCode, 1);
	t.regex(check.output, /shop\/migrations\/0003_currency\.py(:\d+)?/);
});

test('conflict markers in a migration', async t => {
	const {guard, files} = await forked(t);
	files.edit('shop/migrations/0003_currency.py', '    operations', '<<<<<<< HEAD\n=======\n>>>>>>> feature\n    operations');
	const check = await guard.run('check');
	t.is(check.exitCode, 1);
	t.regex(check.output, /0003_currency/);
	t.regex(check.output, /conflict marker/i);
});

test('missing nodes', async t => {
	const {git, guard, files} = await forked(t);
	files.edit('shop/migrations/0003_currency.py', "('shop', '0002_price')", "('shop', '0002_gone')");
	await git.commit('main: dangling');
	const check = await guard.run('check');
	t.is(check.exitCode, 1);
	t.regex(check.output, /shop\.0002_gone/);
	t.regex(check.output, /shop\.0003_currency/);
	const plain = await git.text('merge-tree', '--write-tree', 'main', 'feature');
	const merge = await git.merge('feature');
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.regex(merge.output, /0002_gone/);
	t.is(await git.status(), '');
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 1, fix.output);
	t.is(await git.status(), '', 'a name that nobody knows is not replaced by a guess');
});

test('a cycle', async t => {
	const {git, guard, files} = await forked(t);
	files.edit('shop/migrations/0002_price.py', "('shop', '0001_initial')", "('shop', '0003_currency')");
	await git.commit('main: cycle');
	const check = await guard.run('check');
	t.is(check.exitCode, 1);
	t.regex(check.output, /cycle|circular/i);
	t.regex(check.output, /shop\.0003_currency/);
	const head = await git.oid();
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 1, fix.output);
	t.is(await git.oid(), head);
	t.is(await git.status(), '');
});

test('a cycle on mainline: git’s merge stands, and that is said', async t => {
	const {git, guard, files} = await forked(t);
	files.edit('shop/migrations/0002_price.py', "('shop', '0001_initial')", "('shop', '0003_currency')");
	await git.commit('main: cycle');
	const plain = await git.text('merge-tree', '--write-tree', 'main', 'feature');
	const merge = await git.merge('feature');
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.regex(merge.output, /cycle|circular/i);
	t.is((await guard.run('check')).exitCode, 1);
});

test('dynamic dependencies of a migration that must move are refused with the reason', async t => {
	const {git, guard, files} = await forked(t, {incoming: []});
	await git.checkout('-q', 'feature');
	files.write(
		'shop/migrations/0003_discount.py',
		`from django.db import migrations\n\nfrom shop.history import latest\n\n\nclass Migration(migrations.Migration):\n\n    dependencies = latest('shop')\n\n    operations = [\n        migrations.RunSQL('select 1'),\n    ]\n`,
	);
	await git.commit('feature: dynamic');
	const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
	const merge = await git.merge('main');
	t.is(merge.exitCode, 0);
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.regex(merge.output, /shop\.0003_discount|0003_discount\.py/);
	t.regex(merge.output, /function call|dynamic/i);
	t.is((await guard.run('fix')).exitCode, 1);
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.is(await git.status(), '');
});

for (const {title, ignored, content} of [
	{title: 'a local file', ignored: false, content: '# mine\n'},
	{title: 'an ignored file', ignored: true, content: '# ignored, and mine\n'},
]) {
	test(`${title} where a renamed migration must go`, async t => {
		const {git, guard, files} = await forked(t);
		const target = 'shop/migrations/0004_discount.py';
		await git.with({MIGRATION_GUARD: '0'}).merge('feature');
		if (ignored) files.write('.git/info/exclude', '0004_*\n');
		files.write(target, content);
		const [head, status] = [await git.oid(), await git.status()];
		const fix = await guard.run('fix');
		t.is(fix.exitCode, 1, fix.output);
		t.true(fix.output.includes(target), fix.output);
		t.is(files.read(target), content);
		t.is(await git.oid(), head);
		t.is(await git.status(), status);
		t.true(files.exists('shop/migrations/0003_discount.py'));
	});
}

test('a directory that cannot be written', async t => {
	const {git, guard, files, folder} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const [head, before] = [await git.oid(), files.list('shop/migrations')];
	// Root writes everywhere: the story belongs to someone else where it can be given away.
	const uid = process.getuid?.() === 0 ? 65534 : undefined;
	if (uid !== undefined)
		for (const path of ['', ...readdirSync(folder, {recursive: true, encoding: 'utf8'})])
			lchownSync(join(folder, path), uid, uid);
	const migrations = join(files.root, 'shop/migrations');
	chmodSync(migrations, 0o555);
	const probe = await run('touch', ['probe'], {
		cwd: migrations,
		env: {PATH: process.env.PATH ?? ''},
		...(uid === undefined ? {} : {uid}),
	});
	t.not(probe.exitCode, 0, 'the folder really refuses a write');
	const fix = await guard.runAs(uid, 'fix');
	chmodSync(migrations, 0o755);
	if (uid !== undefined)
		for (const path of ['', ...readdirSync(folder, {recursive: true, encoding: 'utf8'})]) lchownSync(join(folder, path), 0, 0);
	t.is(fix.exitCode, 1, fix.output);
	t.regex(fix.output, /shop\/migrations/);
	t.is(await git.oid(), head);
	t.deepEqual(files.list('shop/migrations'), before);
	t.is(await git.status(), '');
});

test('56 mainline-undecidable-refuses', async t => {
	const {git, django, guard, files} = await scenario(t);
	await git.checkout('-q', '-b', 'alpha');
	await django.makemigrations('shop', '0001_alpha');
	await git.commit('alpha');
	await git.checkout('-q', '--orphan', 'beta');
	await git('rm', '-rfq', '.');
	t.false(files.exists('shop/migrations/0001_alpha.py'));
	const other = "        migrations.CreateModel(name='Other', fields=[('id', models.BigAutoField(primary_key=True))]),";
	await django.makemigrations('shop', '0001_beta', {operations: [other]});
	await git.commit('beta');
	const head = await git.oid();
	const merge = await git.merge('--allow-unrelated-histories', '-m', 'unrelated', 'alpha');
	t.is(merge.exitCode, 0);
	t.is(await git.oid('HEAD^1'), head);
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0001_alpha', '0001_beta']);
	t.regex(merge.output, /--mainline/);
	t.is((await guard.run('check')).exitCode, 1);
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 1);
	t.regex(fix.output, /--mainline/);
	t.is(await git.status(), '');
	const chosen = await guard.run('fix', '--mainline', 'alpha');
	t.is(chosen.exitCode, 0, chosen.output);
	t.is(await guard.history('shop'), '0001_alpha <- 0002_beta');
});
