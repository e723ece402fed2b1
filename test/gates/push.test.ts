import {join} from 'node:path';
import test from 'ava';
import {filesIn} from '../helpers/files.ts';
import {cloned, proposed, proposeMerge, type Site} from '../helpers/proposed.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const PUSH = ['fix', '--against', 'origin/main', '--commit', '--push'] as const;

/** What a CI has checked out for the pull request: the merge that the forge made, and both branches. */
async function checkedOut(story: Scenario): Promise<Site> {
	await proposeMerge(story);
	const clone = await cloned(story, 'refs/pull/1/merge');
	await clone.git.fetch('-q', 'origin', '+refs/heads/*:refs/remotes/origin/*');
	return clone;
}

async function told({guard}: Site, ...args: readonly string[]) {
	const {exitCode, stdout, stderr} = await guard.run(...PUSH, '--json', ...args);
	const {outcome, pushed, refusals} = JSON.parse(stdout || '{}') as {
		outcome: string;
		pushed: unknown;
		refusals: {code: string; what: string; why: string; paths: string[]}[];
	};
	return {exitCode, outcome, pushed, refusals, codes: refusals?.map(({code}) => code), stderr};
}

test('the renumbering is pushed to the branch, once', async t => {
	const story = await proposed(t);
	const clone = await checkedOut(story);
	const before = await story.git.oid('feature');
	const first = await told(clone, '--branch', 'feature');
	t.deepEqual([first.exitCode, first.outcome], [0, 'done'], JSON.stringify(first));
	t.deepEqual(first.pushed, {remote: 'origin', branch: 'feature', result: 'pushed'});
	await story.git.fetch('-q');
	t.deepEqual(await story.git.parents('origin/feature'), [before, await story.git.oid('origin/main')]);
	t.is(await story.guard.history('shop', 'origin/feature'), LINEAR);
	t.is(await clone.git.status(), '');

	// The same event runs again, on what it had checked out.
	const again = await told(clone, '--branch', 'feature');
	t.is(again.exitCode, 1);
	t.deepEqual(again.codes, ['moved-on']);
	t.deepEqual(again.pushed, {remote: 'origin', branch: 'feature', result: 'refused'});
	// The push starts a run of its own.
	await story.git.checkout('-q', '--detach', 'origin/feature');
	const next = await told(story, '--branch', 'feature');
	t.deepEqual([next.exitCode, next.outcome, next.pushed], [0, 'nothing', null]);
	t.is(
		await story.git.text('ls-remote', 'origin', 'refs/heads/feature'),
		`${await story.git.oid('origin/feature')}\trefs/heads/feature`,
	);
});

test('on the branch itself the branch follows, and can be taken back before it is pushed', async t => {
	const story = await proposed(t, {install: true});
	const {git, guard} = story;
	const tip = await git.oid();
	const made = await guard.run('fix', '--against', 'origin/main', '--commit');
	t.is(made.exitCode, 0, made.output);
	t.is(await guard.history('shop'), LINEAR);
	t.is(await git.status(), '');
	t.is((await guard.run('undo')).exitCode, 0);
	t.is(await git.oid(), tip);
	t.is((await guard.run(...PUSH)).exitCode, 0);
	t.is(await git.text('ls-remote', 'origin', 'refs/heads/feature'), `${await git.oid()}\trefs/heads/feature`);
});

test('a remote that does not take it is quoted, and nothing is claimed', async t => {
	const story = await proposed(t);
	const clone = await checkedOut(story);
	filesIn(join(story.folder, 'origin.git')).script('hooks/pre-receive', 'echo "only owners may push" >&2', 'exit 1');
	const refused = await told(clone, '--branch', 'feature');
	t.is(refused.exitCode, 1);
	t.deepEqual(refused.codes, ['push-failed']);
	t.regex(refused.refusals[0]!.why, /only owners may push/);
	t.regex(refused.refusals[0]!.what, /nothing was pushed/);
	const text = await clone.guard.run(...PUSH, '--branch', 'feature');
	t.notRegex(text.stdout, /Pushed/);
	await clone.git('remote', 'set-url', 'origin', '/nowhere');
	t.deepEqual((await told(clone, '--branch', 'feature')).codes, ['push-failed']);
});

test('what a person has to decide is not decided', async t => {
	const conflict = await proposed(t);
	conflict.files.edit('shop/models.py', 'max_length=50', 'max_length=70');
	await conflict.git.commit('feature: models');
	await conflict.git.checkout('-q', '--detach', 'origin/main');
	conflict.files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	await conflict.git.commit('main: models');
	await conflict.git.push('-q', 'origin', 'HEAD:main');
	await conflict.git.checkout('-q', 'feature');
	const refused = await told(conflict);
	t.deepEqual([refused.exitCode, refused.codes, refused.refusals[0]?.paths], [1, ['other-conflicts'], ['shop/models.py']]);

	const apart = await proposed(t, {incoming: []});
	const alter = (length: number) => ({
		dependencies: [['shop', '0002_price']] as const,
		operations: [`        migrations.AlterField('item', 'name', models.CharField(max_length=${length})),`],
	});
	await apart.django.makemigrations('shop', '0003_long', alter(100));
	await apart.git.commit('feature');
	await apart.git.checkout('-q', '--detach', 'origin/main');
	await apart.django.makemigrations('shop', '0004_short', {...alter(20), dependencies: [['shop', '0003_currency']]});
	await apart.git.commit('main');
	await apart.git.push('-q', 'origin', 'HEAD:main');
	await apart.git.checkout('-q', 'feature');
	t.deepEqual((await told(apart)).codes, ['not-together']);
	// Nor where both edited one migration.
	const edited = await proposed(t);
	edited.files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
	await edited.git.commit('feature: edit');
	await edited.git.checkout('-q', '--detach', 'origin/main');
	edited.files.edit('shop/migrations/0002_price.py', 'default=0', 'default=2');
	await edited.git.commit('main: edit');
	await edited.git.push('-q', 'origin', 'HEAD:main');
	await edited.git.checkout('-q', 'feature');
	t.deepEqual((await told(edited)).refusals[0]?.paths, ['shop/migrations/0002_price.py']);
	for (const {git} of [conflict, apart, edited])
		t.not(await git.text('ls-remote', 'origin', 'refs/heads/feature'), `${await git.oid('origin/main')}\trefs/heads/feature`);
});

test('two files of one name, and max_migration.txt', async t => {
	const story = await proposed(t, {
		mainline: ['0003_same'],
		incoming: [],
		base: ({files}) => files.write('shop/migrations/max_migration.txt', '0002_price\n'),
	});
	const {git, django, files, guard} = story;
	await django.makemigrations('shop', '0003_same', {
		operations: ["        migrations.AddField('item', 'other', models.IntegerField(default=0)),"],
	});
	await git.commit('feature');
	await git.push('-q', 'origin', 'feature');
	const clone = await cloned(story, 'feature');
	await clone.git.fetch('-q', 'origin', '+refs/heads/main:refs/remotes/origin/main');
	t.is((await told(clone, '--branch', 'feature')).exitCode, 0);
	await git.fetch('-q');
	t.is(await guard.history('shop', 'origin/feature'), '0001_initial <- 0002_price <- 0003_same <- 0004_same');
	t.is(await git.text('show', 'origin/feature:shop/migrations/max_migration.txt'), '0004_same');
	t.is(files.exists('shop/migrations/0004_same.py'), false);
});

test('the branch has no say: not by its configuration, not by its attributes', async t => {
	const story = await proposed(t);
	const {git, files} = story;
	files.write('.migrationguardrc.json', JSON.stringify({strategy: 'merge', conflicts: 'off'}));
	files.write('.gitattributes', '* merge=evil filter=evil\n');
	// What both sides change is what a driver would be asked about.
	files.edit('shop/models.py', 'from django.db', '# the top\nfrom django.db');
	await git.commit('feature: evil');
	await git.push('-q', 'origin', 'feature');
	await git.checkout('-q', '--detach', 'origin/main');
	files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	await git.commit('main: models');
	await git.push('-q', 'origin', 'HEAD:main');
	await git.checkout('-q', 'feature');
	for (const key of ['merge.evil.driver', 'filter.evil.clean', 'filter.evil.smudge'])
		await git.config(key, `touch '${files.root}/ran'`);
	await git.checkout('-q', '--detach');
	if (files.exists('ran')) files.remove('ran');
	t.is((await told(story, '--branch', 'feature')).exitCode, 0);
	await git.fetch('-q');
	t.is(await story.guard.history('shop', 'origin/feature'), LINEAR);
	t.false(files.exists('ran'));
});

test('a fork that stands in the branch already', async t => {
	const story = await proposed(t);
	const {git, guard} = story;
	await git.merge('-q', '--no-edit', 'origin/main');
	await git.push('-q', '-u', 'origin', 'feature');
	const fixed = await guard.run('fix', '--commit', '--push');
	t.is(fixed.exitCode, 0, fixed.output);
	t.regex(fixed.stdout, /Pushed to feature at origin/);
	t.is(await git.text('ls-remote', 'origin', 'refs/heads/feature'), `${await git.oid()}\trefs/heads/feature`);
	t.is(await guard.history('shop'), LINEAR);
});

test('what is missing is asked for', async t => {
	const story = await proposed(t);
	const {git, guard} = story;
	for (const [args, message] of [
		[['--push'], /--push pushes a commit: say --commit/],
		[['--against', 'origin/main'], /say --commit, or --dry-run/],
	] as const) {
		const {exitCode, stderr} = await guard.run('fix', ...args);
		t.is(exitCode, 2);
		t.regex(stderr, message);
	}
	const dry = await guard.run('fix', '--against', 'origin/main', '--dry-run');
	t.regex(dry.stdout, /shop\.0003_discount -> shop\.0004_discount\n.*Nothing was changed/s);
	const clone = await cloned(story, 'feature', '--depth=1');
	await clone.git.fetch('-q', '--depth=1', 'origin', '+refs/heads/main:refs/remotes/origin/main');
	const detached = await clone.guard.run(...PUSH);
	t.is(detached.exitCode, 2);
	t.regex(detached.stderr, /--push --branch NAME/);
	const shallow = await told(clone, '--branch', 'feature');
	t.deepEqual(shallow.codes, ['no-history']);
	await git('config', '--unset', 'user.name');
	await git('config', '--unset', 'user.email');
	await git.config('user.useConfigOnly', 'true');
	const nobody = await guard.run(...PUSH);
	t.is(nobody.exitCode, 2);
	t.regex(nobody.stderr, /git does not know who makes the commit/);
});
