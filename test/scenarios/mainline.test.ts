import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type ForkOptions, forked} from '../helpers/forked.ts';
import {configure, type Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/** Another clone of the fork's origin, with the product installed. */
async function cloneOf(story: Scenario, ...how: readonly string[]) {
	await story.git('clone', '-q', ...how, `file://${join(story.folder, 'origin.git')}`, join(story.folder, 'clone'));
	const clone = story.at('clone');
	await configure(clone.git);
	await clone.guard.install();
	return clone;
}

async function published(t: ExecutionContext, options: ForkOptions = {}): Promise<Scenario> {
	const story = await forked(t, {published: true, install: false, ...options});
	await story.git.push('-q', 'origin', 'feature');
	return story;
}

/** A clone of a fork whose main is as it was when the fork was made; the real repository is a second remote. Ends on the branch, which follows nothing. */
async function forkedRepository(t: ExecutionContext, remote: string) {
	const story = await published(t);
	const {git, folder} = story;
	await git('clone', '-q', '--bare', join(folder, 'origin.git'), join(folder, 'fork.git'));
	await git('-C', join(folder, 'fork.git'), 'update-ref', 'refs/heads/main', await git.oid('main~'));
	await git('clone', '-q', join(folder, 'fork.git'), join(folder, 'clone'));
	const mine = story.at('clone');
	await configure(mine.git);
	await mine.guard.install();
	await mine.git('remote', 'add', remote, join(folder, 'origin.git'));
	await mine.git.fetch('-q', remote);
	// git 2.48 and newer make it.
	await mine.git.attempt('remote', 'set-head', remote, '--delete');
	await mine.git.checkout('-q', '--no-track', '-b', 'feature', 'origin/feature');
	return mine;
}

test('the repository one has a fork of: its main is published, whether or not git made a HEAD for the remote', async t => {
	const mine = await forkedRepository(t, 'upstream');
	await mine.git.merge('upstream/main');
	t.is(await mine.guard.history('shop'), LINEAR);
});

test('what a third remote calls main outranks what nobody has yet', async t => {
	const mine = await forkedRepository(t, 'company');
	await mine.git.merge('company/main');
	t.is(await mine.guard.history('shop'), LINEAR);
});

test('a clone of one branch: main is pulled, and stays', async t => {
	const clone = await cloneOf(await published(t), '--single-branch', '-b', 'feature');
	await clone.git('pull', '-q', '--no-rebase', '--no-edit', 'origin', 'main');
	t.is(await clone.guard.history('shop'), LINEAR);
});

test("main is pulled by its URL, and the branch is nobody else's yet", async t => {
	const story = await published(t);
	const clone = await cloneOf(story);
	await clone.git.checkout('-q', '--no-track', '-b', 'mine', 'origin/feature');
	// Nothing here knows of it yet.
	for (const ref of ['refs/remotes/origin/main', 'refs/heads/main']) await clone.git('update-ref', ref, `${ref}~`);
	await clone.git('pull', '-q', '--no-rebase', '--no-edit', join(story.folder, 'origin.git'), 'main');
	t.is(await clone.guard.history('shop'), LINEAR);
});

test('a mainline that is mistyped makes nothing unpublished, and is named', async t => {
	const {git, guard} = await forked(t, {
		published: true,
		base: ({files}) => files.write('.migrationguardrc', 'mainline: orgin/main\n'),
	});
	await git.checkout('-q', 'feature');
	const merge = await git.merge('--no-edit', 'origin/main');
	t.is(await guard.history('shop'), LINEAR);
	t.regex(
		merge.output,
		/The mainline orgin\/main of the configuration is no ref here; origin\/main counted as published\. More: migration-guard doctor/,
	);
	t.is((await guard.run('doctor')).exitCode, 1);
});

test('fix does not believe a mainline that is no ref', async t => {
	const {git, guard} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('--no-edit', 'feature');
	const {exitCode, stderr} = await guard.run('fix', '--mainline', 'orgin/main');
	t.is(exitCode, 2);
	t.is(stderr, 'migration-guard: --mainline: orgin/main is no ref here');
	t.is((await guard.leaves('shop')).length, 2);
});

test('a branch that is ahead of mainline and renamed what is published: no fork is foreseen', async t => {
	const {git, guard, django} = await forked(t, {published: true});
	await git.checkout('-q', '-b', 'ahead');
	await git('mv', 'shop/migrations/0003_currency.py', 'shop/migrations/0003_money.py');
	await django.makemigrations('shop', '0004_more');
	await git.commit('renamed');
	const {exitCode, stdout} = await guard.run('check', '--against', 'origin/main');
	t.is(exitCode, 0, stdout);
	t.notRegex(stdout, /MG203/);
	t.regex(stdout, /MG113 notice: shop\.0003_currency is published on origin\/main/);
});
