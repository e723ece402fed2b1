import type {ExecutionContext} from 'ava';
import test from 'ava';
import {type ForkOptions, forked} from '../helpers/forked.ts';

const SHOP = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const USERS = '0001_initial <- 0002_email <- 0003_age <- 0004_phone';

/** `shop` and `users` are forked by one merge that no hook has seen. */
async function twice(t: ExecutionContext, options: ForkOptions = {}) {
	const story = await forked(t, {
		...options,
		mainline: [],
		incoming: [],
		base: async ({django}) => django.makemigrations('users', '0001_initial', '0002_email'),
	});
	const {git, django, files} = story;
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0003_discount');
	await django.makemigrations('users', '0003_phone');
	files.write('users/tests.py', 'MIGRATION = ("users", "0003_phone")\n');
	await git.commit('feature');
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0003_currency');
	await django.makemigrations('users', '0003_age');
	await git.commit('main');
	if (options.published) await git.push('-q', 'origin', 'main');
	return story;
}

const OFF = {MIGRATION_GUARD: '0'};
const TO_BE_NAMED = 'to be named: shop.0003_currency, shop.0003_discount, users.0003_age, users.0003_phone';

for (const [node, why] of [
	['APP.NAME', 'there is no such migration'],
	['users.0003_typo', 'there is no such migration'],
	['users.0001_initial', 'it is in no fork'],
] as const) {
	test(`fix --renumber ${node} is refused: ${why}`, async t => {
		const {git, guard} = await twice(t);
		await git.with(OFF).merge('feature');
		const head = await git.oid();
		const fix = await guard.run('fix', '--renumber', node);
		t.is(fix.exitCode, 2, fix.output);
		t.is(fix.stderr, `migration-guard: --renumber ${node}: ${why}; ${TO_BE_NAMED}`);
		t.is(await git.oid(), head);
		t.is(await git.status(), '');
	});
}

test('fix --renumber where nothing is forked says so', async t => {
	const {guard} = await forked(t);
	const fix = await guard.run('fix', '--renumber', 'shop.0003_currency');
	t.is(fix.exitCode, 2);
	t.regex(fix.stderr, /shop\.0003_currency: it is in no fork, and nothing is forked here/);
});

test('fix --renumber of one app resolves the others as plain fix does, and says which', async t => {
	const {git, guard} = await twice(t);
	await git.with(OFF).merge('feature');
	const fix = await guard.run('fix', '--renumber', 'users.0003_age');
	t.is(fix.exitCode, 0, fix.output);
	t.regex(fix.stdout, /You chose for users; shop is resolved as plain fix does\./);
	t.notRegex(fix.stdout, /WARNING/);
	t.is(await guard.history('users'), '0001_initial <- 0002_email <- 0003_phone <- 0004_age');
	t.is(await guard.history('shop'), SHOP);
});

test('fix --renumber of a published migration warns', async t => {
	const {git, guard} = await twice(t, {published: true});
	await git.with(OFF).merge('feature');
	const dry = await guard.run('fix', '--renumber', 'users.0003_age', '--dry-run');
	const json = await guard.run('fix', '--renumber', 'users.0003_age', '--dry-run', '--json');
	t.regex((JSON.parse(json.stdout) as {notices: string[]}).notices[0]!, /^WARNING: users\.0003_age is published/);
	const fix = await guard.run('fix', '--renumber', 'users.0003_age');
	for (const {exitCode, stdout} of [dry, fix]) {
		t.is(exitCode, 0);
		t.regex(stdout, /WARNING: users\.0003_age is published, and moves only because you named it/);
	}
	t.is(await guard.history('users'), '0001_initial <- 0002_email <- 0003_phone <- 0004_age');
	t.is((await guard.run('fix', '--renumber', 'users.0004_age')).exitCode, 2, 'it is linear now');
});

test('fix --renumber does not go with --against', async t => {
	const {guard} = await forked(t);
	const fix = await guard.run('fix', '--against', 'main', '--commit', '--renumber', 'shop.0003_currency');
	t.is(fix.exitCode, 2);
	t.regex(fix.stderr, /--against goes by what is published: --renumber cannot be said with it/);
});

test('after an undo fix --renumber replaces the merge commit, follows mentions, and resolves the named app alone', async t => {
	const {git, guard, files} = await twice(t);
	await git.merge('feature');
	t.is((await guard.run('undo')).exitCode, 0);
	const plain = await git.oid();
	const refused = await guard.run('fix');
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /next: migration-guard fix --renumber shop\.0003_discount$/);
	t.is((await guard.run('fix', '--renumber', 'APP.NAME')).exitCode, 2, 'a placeholder lifts nothing');

	const fix = await guard.run('fix', '--renumber', 'users.0003_phone');
	t.is(fix.exitCode, 0, fix.output);
	t.regex(fix.stdout, /The merge commit carries it/);
	t.regex(fix.stdout, /1 mention followed: users\/tests\.py:1/);
	t.regex(fix.stdout, /shop is forked, too, and left alone .*: migration-guard fix --renumber shop\.0003_discount/);
	t.is(await git.status(), '');
	t.not(await git.oid(), plain);
	t.is((await git.parents()).length, 2);
	t.is(files.read('users/tests.py'), 'MIGRATION = ("users", "0004_phone")\n');
	t.is(await guard.history('users'), USERS);
	t.deepEqual(await guard.leaves('shop'), ['0003_currency', '0003_discount']);
	t.is((await guard.run('fix', '--renumber', 'shop.0003_discount')).exitCode, 0);
	t.is(await guard.history('shop'), SHOP);
	t.is(await git.status(), '');
});

test('an app whose two migrations travel in one file is left alone, too', async t => {
	const {git, django, guard} = await twice(t);
	for (const [branch, field] of [
		['feature', 'one'],
		['main', 'two'],
	] as const) {
		await git.checkout('-q', branch);
		await django.makemigrations('blog', '0001_initial', {operations: [`        # ${field}`]});
		await git.commit(branch);
	}
	await git.attempt('merge', 'feature');
	t.is((await guard.run('undo')).exitCode, 0);
	const fix = await guard.run('fix', '--renumber', 'users.0003_phone');
	t.is(fix.exitCode, 0, fix.output);
	t.is(await guard.history('users'), USERS);
	t.regex(fix.stdout, /blog is forked, too, and left alone/);
	t.is((await guard.run('fix', '--renumber', 'blog.0001_initial')).exitCode, 0);
	t.is(await guard.history('blog'), '0001_initial <- 0002_initial');
});

test('after an undo fix --merge replaces the merge commit', async t => {
	const {git, guard} = await forked(t);
	await git.merge('feature');
	await guard.run('undo');
	const fix = await guard.run('fix', '--merge');
	t.regex(fix.stdout, /The merge commit carries it/);
	t.is((await guard.leaves('shop')).length, 1);
	t.is(await git.status(), '');
});

test('a push of what was undone is refused with the command that works', async t => {
	const {git, guard} = await forked(t, {published: true});
	await git.merge('feature');
	await guard.run('undo');
	const push = await git.attempt('push', 'origin', 'main');
	t.is(push.exitCode, 1);
	const [, next = ''] = /next: migration-guard (fix.*)$/m.exec(push.stderr) ?? [];
	t.is(next, 'fix --renumber shop.0003_discount');
	t.is((await guard.run(...next.split(' '))).exitCode, 0);
	t.is((await git.attempt('push', 'origin', 'main')).exitCode, 0);
});

test('what is staged is told with the names of the branches, where they are known', async t => {
	const {git, guard, files} = await forked(t, {base: ({files}) => files.write('notes.txt', 'notes\n')});
	await git.with(OFF).merge('feature');
	files.edit('notes.txt', 'notes', 'more notes');
	t.regex(
		(await guard.run('fix', '--dry-run')).stdout,
		/shop was forked; what feature added now follows shop\.0003_currency, the leaf of main\n/,
	);
	await git.commit('notes');
	await git.branch('-q', '-D', 'feature');
	t.regex((await guard.run('fix')).stdout, /what feature added now follows shop\.0003_currency, the leaf of main\n/);
});

test('what lies in the worktree alone is called so', async t => {
	const {git, django, guard} = await forked(t, {mainline: [], incoming: []});
	await django.makemigrations('shop', '0003_currency');
	await git.commit('main: 0003_currency');
	await django.makemigrations('shop', '0003_discount', {dependencies: [['shop', '0002_price']]});
	t.regex((await guard.run('fix')).stdout, /what the worktree added now follows shop\.0003_currency, the leaf of main\n/);
});
