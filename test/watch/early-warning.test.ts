import {join} from 'node:path';
import test from 'ava';
import {addField} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';
import {configure} from '../helpers/scenario.ts';
import {concern, type Told, watching} from '../helpers/watching.ts';

/** A coworker's clone, at work on main. */
async function coworker(story: Awaited<ReturnType<typeof forked>>) {
	await story.git('clone', '-q', join(story.folder, 'origin.git'), join(story.folder, 'coworker'));
	const other = story.at('coworker');
	await configure(other.git);
	return other;
}

const collisions = (told: readonly Told[]) =>
	told.filter(({event, concern: about}) => event === 'concern' && about?.kind === 'collision');

test('origin/main moved: what the next merge will do is said, once', async t => {
	const story = await forked(t, {published: true, mainline: []});
	const {git, django} = story;
	await git.checkout('-q', 'feature');
	const other = await coworker(story);
	await other.django.makemigrations('shop', '0003_currency');
	await other.git.commit('coworker: 0003_currency');
	await other.git.push('-q');

	const daemon = await watching(t, story.folder);
	t.deepEqual(collisions(daemon.told), []);
	await git.fetch('-q');
	const {concern: about} = await daemon.until('the collision', concern('collision', 'shop.0003_currency', 'shop.0003_discount'));
	t.is(about?.subject.branch, 'feature');
	t.deepEqual(about?.moves, [{from: 'shop.0003_discount', to: 'shop.0004_discount'}]);
	t.deepEqual(about?.verdicts, []);
	t.is(about?.next, 'git merge origin/main');

	// Something else on main: the branch has nothing to do with it.
	const before = daemon.told.length;
	other.files.write('notes.txt', 'x\n');
	await other.git.commit('coworker: notes');
	await other.git.push('-q');
	await git.fetch('-q');
	await daemon.until('another look', ({event}) => event === 'looked', before);
	t.is(collisions(daemon.told).length, 1, 'said again');
	t.is(daemon.status().concerns.length, 1);

	// One thing more: that is news.
	await other.django.makemigrations('shop', '0004_stock');
	await other.git.commit('coworker: 0004_stock');
	await other.git.push('-q');
	await git.fetch('-q');
	await daemon.until('the second collision', concern('collision', 'shop.0004_stock'));
	await django.makemigrations('shop', '0004_later');
	await daemon.until('the third', concern('collision', 'shop.0004_later'));
	t.is(await daemon.stop(), 0);
});

test('in a repository whose refs are in a reftable', async t => {
	let story: Awaited<ReturnType<typeof forked>>;
	try {
		story = await forked(t, {init: ['--ref-format=reftable']});
	} catch (error) {
		t.regex(String(error), /unknown option|unknown ref storage/, 'this git has no such repositories');
		return;
	}
	const {git, django} = story;
	await git.checkout('-q', 'feature');
	await git('update-ref', 'refs/remotes/origin/main', 'main~');
	const daemon = await watching(t, story.folder);
	t.deepEqual(collisions(daemon.told), []);
	await git('update-ref', 'refs/remotes/origin/main', 'main');
	await daemon.until('the collision', concern('collision', 'shop.0003_currency', 'shop.0003_discount'));
	const before = daemon.told.length;
	await git.checkout('-q', 'main');
	await daemon.until('a look after the switch', ({event}) => event === 'looked', before);
	t.is(collisions(daemon.told).length, 1, 'the branch is the same, wherever it is checked out');
	await django.makemigrations('shop', '0003_stock', {dependencies: [['shop', '0002_price']]});
	await daemon.until('the fork', concern('fork', 'shop.0003_stock'));
	t.is(await daemon.stop(), 0);
});

test('any local branch is warned of, and what does not commute is said', async t => {
	const story = await forked(t, {published: true, mainline: []});
	const {git, django} = story;
	await git.checkout('-q', '-b', 'other', 'main');
	await django.makemigrations('shop', '0003_same', {operations: [addField('rebate')]});
	await git.commit('other: 0003_same');
	await git.checkout('-q', '-b', 'idle', 'main');
	const daemon = await watching(t, story.folder);

	const coming = await coworker(story);
	await coming.django.makemigrations('shop', '0003_rebate', {operations: [addField('rebate')]});
	await coming.git.commit('coworker: 0003_rebate');
	await coming.git.push('-q');
	await git.fetch('-q');
	const {concern: feature} = await daemon.until('feature', concern('collision', 'shop.0003_discount'));
	const {concern: about} = await daemon.until('other', concern('collision', 'shop.0003_same'));
	t.deepEqual(
		[feature?.subject, about?.subject],
		[
			{branch: 'feature', worktree: null},
			{branch: 'other', worktree: null},
		],
	);
	t.is(feature?.next, 'git switch feature && git merge origin/main');
	t.deepEqual(
		about?.verdicts?.map(({verdict}) => verdict),
		['conflict'],
	);
	t.is(about?.next, 'migration-guard conflicts origin/main other');
	t.is(collisions(daemon.told).length, 2, 'main and idle have nothing of their own');

	// Switching branches is no news.
	const before = daemon.told.length;
	await git.checkout('-q', 'other');
	await daemon.until('a look', ({event}) => event === 'looked', before);
	t.deepEqual(
		daemon.told.slice(before).filter(({event, isReplaced}) => event === 'over' && !isReplaced),
		[],
	);
});

test('makemigrations on a stale base: the collision is said as the file appears', async t => {
	const story = await forked(t, {published: true, incoming: []});
	const {git, django, files} = story;
	await git.checkout('-q', 'feature');
	const daemon = await watching(t, story.folder);
	const objects = await git.text('count-objects');
	await django.makemigrations('shop', '0003_stale');
	const {concern: about} = await daemon.until('the collision', concern('collision', 'shop.0003_stale', 'shop.0003_currency'));
	t.deepEqual(about?.uncommitted, ['shop.0003_stale']);
	t.deepEqual(about?.moves, [{from: 'shop.0003_stale', to: 'shop.0004_stale'}]);
	t.is(await git.text('count-objects'), objects, 'nothing was put into the object store');

	// Committed, it is the same collision.
	const before = daemon.told.length;
	await git.commit('feature: 0003_stale');
	await daemon.until('a look', ({event}) => event === 'looked', before);
	files.remove('shop/migrations/0003_stale.py');
	await daemon.until('its end', ({event, concern: gone}) => event === 'over' && gone?.kind === 'collision');
});
