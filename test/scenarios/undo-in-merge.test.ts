import type {ExecutionContext} from 'ava';
import test from 'ava';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const FORK = ['0003_currency', '0003_discount'];

const migration = (operation: string) =>
	`from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "0002_price")]\n    operations = [\n        ${operation},\n    ]\n`;

/** A merge that stops because the sides do not commute, and the renumbering of it undone. */
async function stopped(t: ExecutionContext) {
	const story = await forked(t, {mainline: [], incoming: []});
	const {git, files, guard} = story;
	await git.checkout('-q', 'feature');
	files.write(
		'shop/migrations/0003_longer.py',
		migration('migrations.AlterField("item", "name", models.CharField(max_length=80))'),
	);
	await git.commit('feature: longer names');
	await git.checkout('-q', 'main');
	files.write('shop/migrations/0003_nameless.py', migration('migrations.RemoveField("item", "name")'));
	await git.commit('main: no names');
	t.is((await git.attempt('merge', 'feature')).exitCode, 1);
	t.is((await guard.run('undo')).exitCode, 0);
	t.is(await git.status(), 'A  shop/migrations/0003_longer.py');
	return story;
}

test('undone in a merge that stopped, its commit leaves it alone, and says so', async t => {
	const {git, guard} = await stopped(t);
	const commit = await git.attempt('commit', '--no-edit');
	t.is(commit.exitCode, 0, commit.stderr);
	t.regex(commit.stderr, /concluded as it was shown/);
	t.regex(commit.stderr, /The renumbering of this merge was undone, so it is left alone\.\n {2}shop\.0003_longer\n/);
	t.regex(commit.stderr, / {2}next: migration-guard fix$/);
	t.notRegex(commit.stderr, /->/);
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_longer', '0003_nameless']);
	t.is((await git.parents()).length, 2);
	t.is(await git.status(), '');
	t.is((await guard.run('fix')).exitCode, 0, 'HEAD is another commit now');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
});

for (const how of [
	['commit', '--no-verify', '--no-edit'],
	['merge', '--continue'],
] as const) {
	test(`no hook of git ${how.join(' ')} renumbers what was undone`, async t => {
		const {git, guard} = await stopped(t);
		t.is((await git.attempt(...how)).exitCode, 0);
		t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_longer', '0003_nameless']);
	});
}

test('the same merge anew, from the same HEAD, is still left alone; another one is not', async t => {
	const {git, guard} = await forked(t);
	await git.merge('--no-commit', 'feature');
	t.is((await guard.run('fix')).exitCode, 0);
	t.is((await guard.run('undo')).exitCode, 0);
	await git.merge('--abort');
	const merge = await git.attempt('merge', 'feature');
	t.regex(merge.stderr, /The renumbering of this merge was undone/);
	t.deepEqual(await guard.leaves('shop', 'HEAD'), FORK);
	await git.reset('-q', '--hard', 'HEAD^');
	await git.branch('-q', 'other', 'feature');
	await git.checkout('-q', 'other');
	await git.commit('more', '--allow-empty');
	await git.checkout('-q', 'main');
	await git.merge('other');
	t.is(await guard.history('shop'), LINEAR);
});

test('in a merge, too, plain fix leaves alone what was undone, and names the migration that would move', async t => {
	const {git, guard} = await stopped(t);
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 1);
	t.regex(fix.stderr, / {2}next: migration-guard fix --renumber shop\.0003_longer$/);
	t.is(await git.status(), 'A  shop/migrations/0003_longer.py');
	t.is((await guard.run('fix', '--renumber', 'shop.0003_longer')).exitCode, 0);
	t.is(await git.status(), 'A  shop/migrations/0004_longer.py');
	t.is((await git.attempt('commit', '--no-edit')).exitCode, 0);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
});

test('a squash whose renumbering was undone is committed as git made it', async t => {
	const {git, guard} = await forked(t);
	await git.merge('--squash', 'feature');
	t.is(await guard.history('shop'), LINEAR);
	t.is((await guard.run('undo')).exitCode, 0);
	const commit = await git.attempt('commit', '-m', 'squashed');
	t.regex(commit.stderr, /The renumbering of this squash was undone/);
	t.deepEqual(await guard.leaves('shop', 'HEAD'), FORK);
});
