import type {ExecutionContext} from 'ava';
import test from 'ava';
import {type ForkOptions, forked} from '../helpers/forked.ts';

const migration = (operation: string, after = '0002_price') =>
	`from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "${after}")]\n    operations = [\n        ${operation},\n    ]\n`;

const ALTER = (length: number) => `migrations.AlterField("item", "name", models.CharField(max_length=${length}))`;
const REMOVE = 'migrations.RemoveField("item", "name")';

/** Main removes a field that `feature` alters; ends on `main`. */
async function clashing(
	t: ExecutionContext,
	options: ForkOptions = {},
	[ours, theirs]: readonly [string, string] = [REMOVE, ALTER(80)],
) {
	const story = await forked(t, {...options, mainline: [], incoming: []});
	const {git, files} = story;
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_longer.py', migration(theirs));
	await git.commit('feature: longer names');
	await git.checkout('-q', 'main');
	files.write('shop/migrations/0003_nameless.py', migration(ours));
	await git.commit('main: no names');
	return story;
}

test('a conflict stops the merge before it is committed, with the renumbered result in place', async t => {
	const {git, guard, files} = await clashing(t);
	const tip = await git.oid();
	const merge = await git.attempt('merge', 'feature');
	t.is(merge.exitCode, 1);
	t.is(await git.oid(), tip);
	t.is(await git.status(), 'A  shop/migrations/0004_longer.py');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
	t.regex(merge.stderr, /this merge stops for 1 pair of operations that does not commute\nCONFLICT\n/);
	t.regex(merge.stderr, /RemoveField item\.name in shop\.0003_nameless \(shop\/migrations\/0003_nameless\.py:7\)/);
	t.regex(merge.stderr, /AlterField item\.name in shop\.0004_longer \(shop\/migrations\/0004_longer\.py:7\)/);
	t.regex(merge.stderr, /FieldDoesNotExist: Item has no field named 'name'/);
	t.regex(merge.stderr, /change shop\/migrations\/0004_longer\.py:7 so that it works/);
	t.regex(merge.stderr, /shop\.0003_longer -> shop\.0004_longer/);
	t.regex(merge.stderr, /git merge --abort/);
	t.true(files.exists('.git/MERGE_HEAD'));
});

test('the same commit again concludes it as it is: only a reminder, and nothing is renumbered twice', async t => {
	const {git, guard} = await clashing(t);
	const [ours, theirs] = [await git.oid(), await git.oid('feature')];
	await git.attempt('merge', 'feature');
	const commit = await git.attempt('commit', '--no-edit');
	t.is(commit.exitCode, 0, commit.stderr);
	t.regex(commit.stderr, /concluded as it was shown.*\n {2}RemoveField item\.name \(shop\/migrations\/0003_nameless\.py:7\) and/);
	t.notRegex(commit.stderr, /CONFLICT|->/);
	t.deepEqual(await git.parents(), [ours, theirs]);
	t.is(await git.status(), '');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
});

test('edited as it was asked for, it concludes without a word', async t => {
	const {git, guard, files} = await clashing(t);
	await git.attempt('merge', 'feature');
	files.write(
		'shop/migrations/0004_longer.py',
		migration('migrations.AddField("item", "title", models.TextField(default=""))', '0003_nameless'),
	);
	await git.add('shop');
	const commit = await git.attempt('commit', '--no-edit');
	t.is(commit.exitCode, 0);
	t.notRegex(commit.stderr, /migration-guard/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
	t.regex(files.read('shop/migrations/0004_longer.py'), /title/);
	t.is(await git.status(), '');
});

test('an edit that brings another conflict stops once more', async t => {
	const {git, files} = await clashing(t);
	await git.attempt('merge', 'feature');
	files.write('shop/migrations/0004_longer.py', migration('migrations.RenameField("item", "name", "title")', '0003_nameless'));
	await git.add('shop');
	const commit = await git.attempt('commit', '--no-edit');
	t.is(commit.exitCode, 1);
	t.regex(commit.stderr, /this commit stops for 1 pair[\s\S]*RenameField item\.name/);
	t.is((await git.attempt('commit', '--no-edit')).exitCode, 0);
});

test('git merge --abort returns clean, and the merge stops again', async t => {
	const {git, guard} = await clashing(t);
	const tip = await git.oid();
	await git.attempt('merge', 'feature');
	await git.merge('--abort');
	t.is(await git.oid(), tip);
	t.is(await git.status(), '');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless');
	t.is((await git.attempt('merge', 'feature')).exitCode, 1);
});

test('merged the other way round the same side comes first: the published one', async t => {
	const {git, guard} = await clashing(t, {published: true});
	await git.push('-q', 'origin', 'main');
	await git.checkout('-q', 'feature');
	const merge = await git.attempt('merge', 'main');
	t.is(merge.exitCode, 1);
	t.regex(merge.stderr, /mainline {2}RemoveField/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
});

test('two files of one name are split where it stops', async t => {
	const {git, guard, files} = await forked(t, {mainline: [], incoming: []});
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_name.py', migration(ALTER(80)));
	await git.commit('feature');
	await git.checkout('-q', 'main');
	files.write('shop/migrations/0003_name.py', migration(REMOVE));
	await git.commit('main');
	const merge = await git.attempt('merge', 'feature');
	t.is(merge.exitCode, 1);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_name <- 0004_name');
	t.regex(merge.stderr, /RemoveField item\.name in shop\.0003_name [\s\S]*AlterField item\.name in shop\.0004_name /);
	t.is((await git.attempt('commit', '--no-edit')).exitCode, 0);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_name <- 0004_name');
});

test('git pull stops, too', async t => {
	const {git, guard} = await clashing(t, {published: true});
	await git.push('-q', 'origin', 'feature');
	const pull = await git.attempt('pull', '-q', '--no-rebase', '--no-edit', 'origin', 'feature');
	t.is(pull.exitCode, 1);
	t.regex(pull.stderr, /this merge stops/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
});

test('an octopus stops as well', async t => {
	const {git, files, guard} = await clashing(t);
	await git.checkout('-q', '-b', 'other', 'main^');
	files.write('shop/migrations/0003_other.py', migration('migrations.AddField("item", "other", models.TextField(default=""))'));
	await git.commit('other');
	await git.checkout('-q', 'main');
	const merge = await git.attempt('merge', 'other', 'feature');
	t.is(merge.exitCode, 1, merge.stderr);
	t.regex(merge.stderr, /this merge stops for 1 pair/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_other <- 0005_longer');
	t.is((await git.attempt('commit', '--no-edit')).exitCode, 0);
	t.is((await git.parents()).length, 3);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_other <- 0005_longer');
});

test('--no-verify and a fast-forward pass', async t => {
	const {git, guard} = await clashing(t);
	await git.checkout('-q', '-b', 'behind', 'main^');
	t.is((await git.attempt('merge', 'main')).exitCode, 0);
	await git.checkout('-q', 'main');
	t.is((await git.attempt('merge', '--no-verify', 'feature')).exitCode, 0);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
});

test('a squash tells, and its commit reminds', async t => {
	const {git, guard} = await clashing(t);
	const squash = await git.attempt('merge', '--squash', 'feature');
	t.is(squash.exitCode, 0);
	t.regex(squash.stderr, /look at 1 pair of operations that does not commute\nCONFLICT/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
	const commit = await git.attempt('commit', '-m', 'squashed');
	t.is(commit.exitCode, 0);
	t.regex(commit.stderr, /concluded as it was shown/);
});

// `commit -a` has an index of its own, which is gone when it stops.
for (const [how, stands] of [
	[['commit', '--no-edit'], '0004_longer'],
	[['commit', '-a', '--no-edit'], '0003_longer'],
	[['merge', '--continue'], '0004_longer'],
] as const) {
	test(`a merge concluded by hand stops once: git ${how.join(' ')}`, async t => {
		const {git, guard} = await clashing(t);
		await git.merge('--no-commit', 'feature');
		const stopped = await git.attempt(...how);
		t.is(stopped.exitCode, 1);
		t.regex(
			stopped.stderr,
			new RegExp(`this commit stops for 1 pair[\\s\\S]*${stands}\\.py:7[\\s\\S]*the same commit again concludes`),
		);
		t.is(await git.status(), `A  shop/migrations/${stands}.py`);
		const concluded = await git.attempt(...how);
		t.is(concluded.exitCode, 0, concluded.stderr);
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
		t.is(await git.status(), '');
	});
}

test('a merge concluded by hand that stopped can be taken back', async t => {
	const {git, guard} = await clashing(t);
	const head = await git.oid();
	await git.merge('--no-commit', 'feature');
	t.is((await git.attempt('commit', '--no-edit')).exitCode, 1);
	t.is((await git.attempt('merge', '--abort')).exitCode, 0);
	t.is(await git.oid(), head);
	t.is(await git.status(), '');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless');
});

for (const backend of ['--merge', '--apply']) {
	test(`a rebase (${backend}) renumbers and tells`, async t => {
		const {git, guard} = await clashing(t);
		const rebase = await git.attempt('rebase', backend, 'main', 'feature');
		t.is(rebase.exitCode, 0, rebase.stderr);
		t.regex(rebase.stderr, /look at 1 pair of operations that does not commute\nCONFLICT\n {2}mainline {2}RemoveField/);
		t.regex(rebase.stderr, /AlterField item\.name in shop\.0004_longer/);
		t.regex(rebase.stderr, /No hook can stop here/);
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
	});
}

test('a pick tells, too; a revert has nothing to tell', async t => {
	const {git, guard} = await clashing(t);
	const pick = await git.attempt('cherry-pick', 'feature');
	t.regex(pick.stderr, /CONFLICT\n {2}mainline {2}RemoveField/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
	t.notRegex((await git.attempt('revert', '--no-edit', 'HEAD')).stderr, /CONFLICT/);
});

test('a file of one name on both sides is told of after a rebase', async t => {
	const {git, guard, files} = await forked(t, {mainline: [], incoming: []});
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_name.py', migration(ALTER(80)));
	await git.commit('feature');
	await git.checkout('-q', 'main');
	files.write('shop/migrations/0003_name.py', migration(REMOVE));
	await git.commit('main');
	const rebase = await git.attempt('rebase', 'main', 'feature');
	t.regex(rebase.stderr, /RemoveField item\.name in shop\.0003_name [\s\S]*AlterField item\.name in shop\.0004_name /);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_name <- 0004_name');
});

const LOST: [string, string] = [
	'migrations.AlterModelOptions("item", {"ordering": ["name"]})',
	'migrations.AlterModelOptions("item", {"ordering": ["id"]})',
];

test('a lost update stops, although Django has nothing to say', async t => {
	const {git} = await clashing(t, {}, LOST);
	const merge = await git.attempt('merge', 'feature');
	t.is(merge.exitCode, 1);
	t.regex(merge.stderr, /both set Item: ordering: mainline's value is lost/);
});

test('a review prints and goes on', async t => {
	const {git, guard} = await clashing(t, {}, [ALTER(80), 'migrations.RenameField("item", "name", "title")']);
	const merge = await git.attempt('merge', 'feature');
	t.is(merge.exitCode, 0, merge.stderr);
	t.regex(merge.stderr, /1 pair of operations to review\nreview\n {2}mainline {2}AlterField/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
});

const CONFIGURED = [
	{title: 'conflicts: warn', config: 'conflicts: warn\n', exitCode: 0, says: /look at|to review/},
	{title: 'conflicts: off', config: 'conflicts: off\n', exitCode: 0, says: /^(?![\s\S]*CONFLICT)/},
	{
		title: 'a pair with a reason',
		config: 'ignore:\n  MG201:\n    shop.0003_nameless...shop.0003_longer: the field is gone\n',
		exitCode: 0,
		says: /^(?![\s\S]*CONFLICT)/,
	},
	{title: 'an app with a reason', config: 'ignore:\n  MG201:\n    shop: we know\n', exitCode: 0, says: /^(?![\s\S]*CONFLICT)/},
	{
		title: 'another pair',
		config: 'ignore:\n  MG201:\n    shop.0003_nameless...shop.0003_shorter: no\n',
		exitCode: 1,
		says: /CONFLICT/,
	},
] as const;

for (const {title, config, exitCode, says} of CONFIGURED) {
	test(`configured: ${title}`, async t => {
		const {git, guard} = await clashing(t, {base: ({files}) => void files.write('.migrationguardrc', config)});
		const merge = await git.attempt('merge', 'feature');
		t.is(merge.exitCode, exitCode, merge.stderr);
		t.regex(merge.stderr, says);
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_nameless <- 0004_longer');
	});
}

test('reviews: stop', async t => {
	const {git} = await clashing(t, {base: ({files}) => void files.write('.migrationguardrc', 'reviews: stop\n')}, [
		ALTER(80),
		'migrations.RenameField("item", "name", "title")',
	]);
	t.is((await git.attempt('merge', 'feature')).exitCode, 1);
});
