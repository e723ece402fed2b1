import type {ExecutionContext} from 'ava';
import test from 'ava';
import {forked} from '../helpers/forked.ts';

/*
 * Work that does not commute, looked for when it has met already: at the push, and in CI.
 */

const migration = (operation: string, after = '0002_price') =>
	`from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "${after}")]\n    operations = [\n        ${operation},\n    ]\n`;

const ORDERING = (field: string) => `migrations.AlterModelOptions("item", {"ordering": ["${field}"]})`;

/** Main, which is published, and `feature`, which is pushed, both set the ordering of a model; ends on `feature`. */
async function overwriting(t: ExecutionContext, config = '') {
	const story = await forked(t, {
		published: true,
		start: new Date(Date.now() - 3_600_000),
		mainline: [],
		incoming: [],
		base: ({files}) => void (config && files.write('.migrationguardrc', config)),
	});
	const {git, files} = story;
	files.write('shop/migrations/0003_by_name.py', migration(ORDERING('name')));
	await git.commit('main: by name');
	await git.push('-q', 'origin', 'main');
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_by_id.py', migration(ORDERING('id')));
	await git.commit('feature: by id');
	return story;
}

test('a merge past the hook is stopped at the push', async t => {
	const {git} = await overwriting(t);
	await git.merge('--no-verify', '--no-edit', 'main');
	const push = await git.attempt('push', 'origin', 'feature');
	t.not(push.exitCode, 0);
	t.regex(push.stderr, /AlterModelOptions item and AlterModelOptions item do not commute: both set Item: ordering/);
	t.regex(
		push.stderr,
		/^ {2}shop\.0003_by_name \(shop\/migrations\/0003_by_name\.py:7\)\n {2}shop\.0004_by_id \(shop\/migrations\/0004_by_id\.py:7\)$/m,
	);
	t.regex(push.stderr, /ignore, MG201, "shop\.0003_by_name\.\.\.shop\.0004_by_id"/);
});

test('a merge that was concluded as it was shown is only called to mind', async t => {
	const {git} = await overwriting(t);
	t.is((await git.attempt('merge', '--no-edit', 'main')).exitCode, 1);
	await git('commit', '--no-edit');
	const push = await git.attempt('push', 'origin', 'feature');
	t.is(push.exitCode, 0, push.stderr);
	t.regex(push.stderr, /do not commute[\s\S]*it was shown when the merge was made/);
});

test('what a person mended in the merge is not told', async t => {
	const {git, files} = await overwriting(t);
	await git.attempt('merge', '--no-edit', 'main');
	files.write(
		'shop/migrations/0004_by_id.py',
		migration('migrations.AddField("item", "rank", models.IntegerField(default=0))', '0003_by_name'),
	);
	await git.add('shop');
	await git('commit', '--no-edit');
	t.notRegex((await git.push('origin', 'feature')).stderr, /commute/);
});

test('a rebased branch that the remote knows is stopped at the push', async t => {
	const {git} = await overwriting(t);
	await git.push('-q', '--no-verify', '-u', 'origin', 'feature');
	await git.rebase('main');
	const push = await git.attempt('push', '--force-with-lease', 'origin', 'feature');
	t.not(push.exitCode, 0);
	t.regex(push.stderr, /do not commute: both set Item: ordering/);
	await git.push('-q', '--no-verify', '--force-with-lease', 'origin', 'feature');
	t.notRegex((await git.push('origin', 'feature')).stderr, /commute/);
});

test('a rebased branch that the remote never had is known by the journal', async t => {
	const {git} = await overwriting(t);
	await git.rebase('main');
	const push = await git.attempt('push', '-u', 'origin', 'feature');
	t.not(push.exitCode, 0);
	t.regex(push.stderr, /do not commute: both set Item: ordering/);
});

for (const config of [
	'conflicts: warn\n',
	'conflicts: off\n',
	'ignore:\n  MG201:\n    shop.0003_by_name...shop.0003_by_id: by id is right\n',
]) {
	test(`a push goes on with ${config.split('\n')[0]}`, async t => {
		const {git} = await overwriting(t, config);
		await git.merge('--no-verify', '--no-edit', 'main');
		t.is((await git.attempt('push', 'origin', 'feature')).exitCode, 0);
	});
}

test('CI judges the merges of a branch, and a branch that diverges', async t => {
	const {git, guard} = await overwriting(t);
	const diverging = await guard.run('check', '--against', 'origin/main');
	t.is(diverging.exitCode, 1);
	t.regex(diverging.stdout, /MG201/);
	await git.merge('--no-verify', '--no-edit', 'main');
	const merged = await guard.run('check', '--against', 'origin/main');
	t.is(merged.exitCode, 1);
	t.regex(merged.stdout, /MG201[\s\S]*both set Item: ordering/);
});

test('CI says what fails in a linear branch, in the order that stands', async t => {
	const {git, guard, files} = await overwriting(t);
	await git.reset('-q', '--hard', 'main');
	files.write('shop/migrations/0004_gone.py', migration('migrations.RemoveField("item", "name")', '0003_by_name'));
	files.write(
		'shop/migrations/0005_longer.py',
		migration('migrations.AlterField("item", "name", models.TextField())', '0004_gone'),
	);
	await git.commit('feature: on main');
	const found = await guard.run('check', '--against', 'origin/main');
	t.is(found.exitCode, 1);
	t.regex(found.stdout, /MG206[\s\S]*AlterField item\.name in shop\.0005_longer fails in the order that stands/);
	t.regex(found.stdout, /FieldDoesNotExist: Item has no field named 'name'/);
});
