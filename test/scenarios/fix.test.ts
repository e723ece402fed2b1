import test from 'ava';
import {mergeMigrationText} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const FORK = ['0003_currency', '0003_discount'];

test('fix with nothing to do says so', async t => {
	const {git, guard} = await forked(t);
	const head = await git.oid();
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 0);
	t.is(await git.oid(), head);
	t.is(await git.status(), '');
});

test('fix --dry-run prints the plan and changes nothing', async t => {
	const {git, guard} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const head = await git.oid();
	const dry = await guard.run('fix', '--dry-run');
	for (const key of ['shop.0003_discount', 'shop.0004_discount']) t.true(dry.output.includes(key), dry.output);
	t.is(await git.oid(), head);
	t.is(await git.status(), '');
	t.deepEqual(await guard.leaves('shop'), FORK);
	t.deepEqual(await git.lines('for-each-ref', 'refs/migration-guard'), []);
});

test('fix --merge makes Django’s merge migration', async t => {
	const {git, guard, files} = await forked(t);
	const before = await guard.remember('main', 'feature');
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const fix = await guard.run('fix', '--merge');
	t.is(fix.exitCode, 0, fix.output);
	t.is(files.read('shop/migrations/0004_merge_0003_currency_0003_discount.py'), mergeMigrationText('shop', ...FORK));
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('fix --renumber chooses who moves', async t => {
	const {git, guard} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const fix = await guard.run('fix', '--renumber', 'shop.0003_currency');
	t.is(fix.exitCode, 0, fix.output);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount <- 0004_currency');
	t.is(await git.status(), '');
});

test('fix replaces an unpushed forking merge, and keeps who made it and when', async t => {
	const {git, guard} = await forked(t);
	const before = await guard.remember('main', 'feature');
	await git
		.with({MIGRATION_GUARD: '0', GIT_AUTHOR_NAME: 'Grace Hopper', GIT_COMMITTER_NAME: 'Linus'})
		.merge('feature', '-m', 'Ärger\n\nmit Umlaut');
	const who = '--format=%an %ae %ad %cn %ce %cd %B';
	const [identity, parents] = [await git.text('log', '-1', '--date=raw', who), await git.parents()];
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await git.text('log', '-1', '--date=raw', who), identity);
	t.deepEqual(await git.parents(), parents);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: ['Ärger']});
});

test('fix on a dirty worktree edits worktree and index only', async t => {
	const {git, guard, files} = await forked(t, {base: ({files}) => files.write('notes.txt', 'notes\n')});
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	files.edit('notes.txt', 'notes', 'more notes');
	const head = await git.oid();
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 0, fix.output);
	t.is(await git.oid(), head);
	t.is(await guard.history('shop'), LINEAR);
	t.is(files.read('notes.txt'), 'more notes\n');
	t.is(await git.status(), ' M notes.txt\nR  shop/migrations/0003_discount.py -> shop/migrations/0004_discount.py');
});

test('fix of a fork that stands in the worktree alone', async t => {
	const {git, django, guard} = await forked(t, {mainline: [], incoming: []});
	await django.makemigrations('shop', '0003_currency');
	await git.commit('main: 0003_currency');
	// As a file copied over from elsewhere, or `git checkout other -- path`.
	await django.makemigrations('shop', '0003_discount', {dependencies: [['shop', '0002_price']]});
	const head = await git.oid();
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 0, fix.output);
	t.is(await git.oid(), head);
	t.is(await guard.history('shop'), LINEAR);
});
