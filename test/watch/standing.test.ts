import {existsSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';
import {concern, type Told, watching} from '../helpers/watching.ts';

const FORK = concern('fork', 'shop.0003_currency', 'shop.0003_discount');
const forks = (told: readonly Told[]) => told.filter(({event, concern: about}) => event === 'concern' && about?.kind === 'fork');
const copyDiscount = async ({git, files}: Scenario) =>
	files.write('shop/migrations/0003_discount.py', `${await git.text('show', 'feature:shop/migrations/0003_discount.py')}\n`);

/** Ways by which a fork comes in that no hook sees; the story stands on main, which has 0003_currency. */
const DOORS: Readonly<Record<string, (story: Scenario, t: ExecutionContext) => Promise<unknown>>> = {
	'a copied file': copyDiscount,
	'cherry-pick -n': ({git}) => git('cherry-pick', '-n', 'feature'),
	'stash pop': async story => {
		const {git} = story;
		await git.checkout('-q', 'main~1');
		await copyDiscount(story);
		await git.stash('-q', '-u');
		await git.checkout('-q', 'main');
		return git.stash('pop', '-q');
	},
	'git apply': async ({git, files}) => {
		files.write('../a.patch', `${await git.text('format-patch', '-1', '--stdout', 'feature')}\n`);
		return git('apply', '../a.patch');
	},
	'a merge without hooks': ({git}) => git('-c', 'core.hooksPath=/dev/null', 'merge', '-q', '--no-edit', 'feature'),
	'a pulled ref under a worktree that is reset': async ({git}) => {
		const tree = await git.text('merge-tree', '--write-tree', 'main', 'feature');
		const commit = await git.text('commit-tree', '-p', 'main', '-p', 'feature', '-m', 'by a library', tree);
		return git.reset('-q', '--hard', commit);
	},
};

for (const [door, enter] of Object.entries(DOORS)) {
	test(`${door}: the fork that stands is said with the command that resolves it`, async t => {
		const story = await forked(t, {install: false});
		const daemon = await watching(t, story.folder);
		t.deepEqual(forks(daemon.told), []);
		await enter(story, t);
		const {concern: about} = await daemon.until('the fork', FORK);
		t.is(about?.next, 'migration-guard fix');
		t.is(about?.subject.worktree, join(story.folder, 'repo'));
		const before = daemon.told.length;
		const fixed = await story.guard.run('fix');
		t.is(fixed.exitCode, 0, fixed.output);
		await daemon.until('its end', ({event, concern: gone}) => event === 'over' && gone?.kind === 'fork', before);
		t.is(forks(daemon.told).length, 1, 'said once');
	});
}

test('57 daemon-idle-only-no-lock-contention: while git is in the middle of something, or holds a lock, nothing is said', async t => {
	const story = await forked(t, {install: false});
	const {git, files} = story;
	for (const [branch, length] of [
		['main', 60],
		['feature', 70],
	] as const) {
		await git.checkout('-q', branch);
		files.edit('shop/models.py', 'max_length=50', `max_length=${length}`);
		await git.commit(`${branch}: longer`);
	}
	const daemon = await watching(t, story.folder);
	const lock = join(story.folder, 'repo/.git/index.lock');
	await git.attempt('merge', '-q', 'main');
	t.true(existsSync(join(story.folder, 'repo/.git/MERGE_HEAD')));
	files.write('shop/models.py', 'from django.db import models\n');
	await git.add('-A');
	writeFileSync(lock, '');
	t.deepEqual(forks(daemon.told), []);
	rmSync(lock);
	await git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '--no-edit');
	await daemon.until('the fork', FORK);

	// A lock that stands keeps everything from being said, for as long as it stands.
	const fixed = await story.guard.run('fix');
	t.is(fixed.exitCode, 0, fixed.output);
	await daemon.until('its end', ({event, concern: gone}) => event === 'over' && gone?.kind === 'fork');
	const before = daemon.told.length;
	writeFileSync(lock, '');
	files.write('shop/migrations/0004_copy.py', files.read('shop/migrations/0003_currency.py'));
	await daemon.quiet(1500);
	// A look that was over before the lock was there may be told of after it; it has nothing to say.
	t.deepEqual(
		daemon.told.slice(before).filter(({event}) => event !== 'looked'),
		[],
	);
	rmSync(lock);
	await daemon.until('the second fork', concern('fork', 'shop.0004_copy'), before);
});

test('our own hooks are not run ahead of: a merge they resolve is never called a fork', async t => {
	const story = await forked(t);
	const daemon = await watching(t, story.folder);
	await story.git.merge('-q', '--no-edit', 'feature');
	await daemon.settled('five migrations', () => daemon.status().worktrees[0]?.migrations === 4);
	t.deepEqual(forks(daemon.told), []);
	t.deepEqual(await story.guard.leaves('shop'), ['0004_discount']);
});

test('watch.autoFix: resolved as fix does it, taken back by undo, and then left alone', async t => {
	const story = await forked(t, {
		install: false,
		base: ({files}) => files.write('.migrationguardrc', 'watch: {autoFix: true}\n'),
	});
	const {git, guard} = story;
	const daemon = await watching(t, story.folder);
	await git('-c', 'core.hooksPath=/dev/null', 'merge', '-q', '--no-edit', 'feature');
	const plain = await git.oid();
	const fixed = await daemon.until('the fix', ({event}) => event === 'fixed');
	t.is(fixed.worktree, join(story.folder, 'repo'));
	t.regex(fixed.lines!.join('\n'), /shop\.0003_discount -> shop\.0004_discount/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount');
	t.is(await git.status(), '');
	await daemon.settled('the new state', () => daemon.status().worktrees[0]?.findings.length === 0);
	t.deepEqual(forks(daemon.told), [], 'what was resolved is not complained of');

	const before = daemon.told.length;
	const undone = await guard.run('undo');
	t.is(undone.exitCode, 0, undone.output);
	t.is(await git.oid(), plain);
	const refused = await daemon.until('the refusal', ({event}) => event === 'refused', before);
	t.deepEqual(
		refused.refusals?.map(({code}) => code),
		['undone'],
	);
	await daemon.until('the fork', FORK, before);
	t.is(await git.oid(), plain, 'what was undone stays undone');
	t.is(daemon.told.filter(({event}) => event === 'refused').length, 1);
});

test('every worktree is watched, those that come later too', async t => {
	const story = await forked(t, {install: false});
	const {git} = story;
	const daemon = await watching(t, story.folder);
	await git('worktree', 'add', '-q', '../second', '-b', 'second', 'main');
	await daemon.settled('the second worktree', () => daemon.status().worktrees.length === 2);
	const second = story.at('second');
	await copyDiscount({...story, ...second});
	const {concern: about} = await daemon.until('the fork', FORK);
	t.deepEqual(about?.subject, {branch: 'second', worktree: join(story.folder, 'second')});
	t.is(await git.text('rev-parse', '--git-path', 'migration-guard/prompt'), '.git/migration-guard/prompt');
	const prompt = await second.git.text('rev-parse', '--git-path', 'migration-guard/prompt');
	t.regex(second.files.read(`../${prompt.slice(prompt.indexOf('repo/'))}`), /^fork shop\n\d+\n$/);

	await git('worktree', 'remove', '--force', '../second');
	await daemon.until('its end', ({event, concern: gone}) => event === 'over' && gone?.kind === 'fork');
	await daemon.settled('one worktree', () => daemon.status().worktrees.length === 1);
	t.is(await daemon.stop(), 0);
});

test('a new app, and its first migrations, in folders nobody has watched', async t => {
	const story = await forked(t, {install: false});
	const daemon = await watching(t, story.folder);
	await story.django.makemigrations('pay', '0001_initial');
	await daemon.settled('the new app', () => daemon.status().worktrees[0]?.apps === 2);
	await story.django.makemigrations('pay', '0002_a');
	story.files.write('pay/migrations/0002_b.py', story.files.read('pay/migrations/0002_a.py'));
	await daemon.until('the fork', concern('fork', 'pay.0002_a', 'pay.0002_b'));
	t.pass();
});
