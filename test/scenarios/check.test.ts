import test from 'ava';
import type {Scenario} from '../helpers/scenario.ts';
import {scenario} from '../helpers/scenario.ts';

interface Told {
	readonly code: string;
	readonly title: string;
	readonly why: string;
}

async function check({guard}: Scenario, ...args: readonly string[]) {
	const {exitCode, stdout} = await guard.run('check', '--json', ...args);
	const {findings, silenced} = JSON.parse(stdout) as {findings: Told[]; silenced: {finding: Told; reason: string}[]};
	return {exitCode, findings, silenced, codes: findings.map(({code}) => code)};
}

const FORK = ['0003_a', '0003_b'] as const;

/** `shop` forks: its two leaves stand on 0001_initial. */
async function fork({django}: Scenario): Promise<void> {
	await django.makemigrations('shop', '0001_initial');
	for (const name of FORK) await django.makemigrations('shop', name, {dependencies: [['shop', '0001_initial']]});
}

test('the configuration accepts a finding, with a reason', async t => {
	const story = await scenario(t);
	await fork(story);
	const ignore = (targets: Record<string, string>) =>
		story.files.write('.migrationguardrc.json', JSON.stringify({ignore: {MG001: targets}}));
	t.deepEqual((await check(story)).codes, ['MG001', 'MG101']);

	ignore({shop: 'released so, merged next week'});
	const accepted = await check(story);
	t.is(accepted.exitCode, 0);
	t.deepEqual(accepted.codes, ['MG101']);
	t.deepEqual(
		accepted.silenced.map(({finding, reason}) => [finding.code, reason]),
		[['MG001', 'released so, merged next week']],
	);
	t.regex((await story.guard.run('check')).stdout, /is linear: .*\(1 notice, 1 silenced\)/);

	ignore({'shop.0003_a': 'known', 'shop.0003_b': 'known'});
	t.is((await check(story)).exitCode, 0);
	// A leaf that nobody accepted is news.
	ignore({'shop.0003_a': 'known'});
	t.is((await check(story)).exitCode, 1);
	ignore({other: 'known'});
	t.is((await check(story)).exitCode, 1);
});

test('published migrations that a branch edits or deletes are told, and those that a squash replaces are not', async t => {
	const story = await scenario(t, {origin: true});
	const {git, django, files} = story;
	await django.makemigrations('shop', '0001_initial', '0002_price', '0003_colour');
	await django.makemigrations('pay', '0001_initial');
	await git.commit('base');
	await git.push('-q', '-u', 'origin', 'main');
	t.deepEqual((await check(story)).codes, []);
	await git.checkout('-q', '-b', 'feature');
	await django.makemigrations('shop', '0004_size');
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
	files.remove('pay/migrations/0001_initial.py');
	const worktree = await check(story);
	t.is(worktree.exitCode, 0);
	t.deepEqual(
		worktree.findings.map(({code, title}) => `${code} ${title}`),
		[
			'MG113 pay.0001_initial is published on origin/main and was deleted here',
			'MG112 shop.0002_price is published on origin/main and was edited here',
		],
	);
	await git.commit('edit and delete');
	t.deepEqual((await check(story)).codes, ['MG113', 'MG112']);
	t.deepEqual((await check(story, 'feature')).codes, ['MG113', 'MG112']);
	t.deepEqual((await check(story, 'main')).codes, []);

	// Main goes on: what the branch does not have yet was not deleted by it.
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_weight');
	await git.commit('more');
	await git.push('-q');
	t.deepEqual((await check(story, 'feature')).codes, ['MG113', 'MG112']);

	await git.checkout('-q', '-b', 'squash', 'origin/main');
	await django.makemigrations('shop', '0001_squashed_0002', {
		dependencies: [],
		replaces: [
			['shop', '0001_initial'],
			['shop', '0002_price'],
		],
	});
	for (const name of ['0001_initial', '0002_price']) files.remove(`shop/migrations/${name}.py`);
	t.deepEqual((await check(story)).codes, []);
});

test('a migration that git ignores', async t => {
	const story = await scenario(t);
	const {git, django, files} = story;
	await django.makemigrations('shop', '0001_initial');
	await git.commit('base');
	files.write('.gitignore', '0002*\n');
	await django.makemigrations('shop', '0002_price');
	const {findings, exitCode} = await check(story);
	t.is(exitCode, 0);
	t.deepEqual(
		findings.map(({code, title}) => `${code} ${title}`),
		['MG114 shop/migrations/0002_price.py is ignored by git'],
	);
});

test('a migration that was forgotten, when models changed with it or others need it', async t => {
	const story = await scenario(t);
	const {git, django, files} = story;
	await django.makemigrations('shop', '0001_initial');
	await git.commit('base');
	await django.makemigrations('shop', '0002_price');
	t.deepEqual((await check(story)).codes, [], 'work in progress');
	files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	t.regex((await check(story)).findings[0]!.why, /^shop\/models\.py changed with it/);
	await git('checkout', '-q', 'shop/models.py');
	await django.makemigrations('shop', '0003_colour');
	await git.add('shop/migrations/0003_colour.py');
	const {findings} = await check(story);
	t.deepEqual(
		findings.map(({code, title}) => `${code} ${title}`),
		['MG114 shop/migrations/0002_price.py is not added to git'],
	);
	t.regex(findings[0]!.why, /^shop\.0003_colour depends on it/);
	await git.add('.');
	t.deepEqual((await check(story)).codes, []);
});

test('each of several mainlines is checked for a fork', async t => {
	const story = await scenario(t);
	const {git, django, files} = story;
	await django.makemigrations('shop', '0001_initial');
	await git.commit('base');
	await git.branch('staging');
	await git.checkout('-q', '-b', 'production');
	for (const name of FORK) await django.makemigrations('shop', name, {dependencies: [['shop', '0001_initial']]});
	await git.commit('forked');
	await git.checkout('-q', 'main');
	t.deepEqual((await check(story)).codes, []);
	files.write('.migrationguardrc.json', JSON.stringify({mainline: ['production', 'staging']}));
	const {findings, exitCode} = await check(story);
	t.is(exitCode, 1);
	t.deepEqual(
		findings.map(({code, title}) => `${code} ${title}`),
		['MG001 on production: shop has 2 leaf migrations: shop.0003_a, shop.0003_b'],
	);
});

test('order lists what Django would run', async t => {
	const story = await scenario(t);
	const {django, guard} = story;
	await django.makemigrations('shop', '0001_initial', '0002_price');
	await django.makemigrations('apple', '0001_initial', {
		dependencies: [
			['shop', '0001_initial'],
			['auth', '0001_initial'],
		],
	});
	const order = await guard.run('order');
	t.is(order.exitCode, 0);
	const keys = order.stdout.trim().split('\n');
	t.deepEqual(
		keys.filter(key => !/^(?:auth|contenttypes)\./.test(key)),
		['shop.0001_initial', 'apple.0001_initial', 'shop.0002_price'],
	);
	t.true(keys.includes('contenttypes.0001_initial'));
	const document = JSON.parse((await guard.run('order', '--json')).stdout);
	t.deepEqual(
		document.order.map(({key}: {key: string}) => key),
		keys,
	);
	await django.makemigrations('apple', '0002_x', {dependencies: [['apple', '0009_gone']]});
	const refused = await guard.run('order');
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /MG002/);
});
