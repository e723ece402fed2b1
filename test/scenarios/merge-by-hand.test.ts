import test from 'ava';
import {mergeMigrationText} from '../helpers/django.ts';
import {conflicting, forked, resolveModels} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const MERGED = "Merge branch 'main' into feature";

test('merge-conflict-resolved-by-hand-is-kept: renumbered by hand', async t => {
	const story = await conflicting(t);
	const {git, guard, files} = story;
	const before = await guard.remember('main', 'feature');
	await git.attempt('merge', 'main');
	resolveModels(story);
	await git.mv('shop/migrations/0003_discount.py', 'shop/migrations/0004_our_discount.py');
	files.edit('shop/migrations/0004_our_discount.py', "('shop', '0002_price')", "('shop', '0003_currency')");
	const resolved = files.read('shop/migrations/0004_our_discount.py');
	await git.add('-A');
	const tree = await git.text('write-tree');
	await git('commit', '--no-edit');
	t.is(await git.oid('HEAD^{tree}'), tree);
	t.is(files.read('shop/migrations/0004_our_discount.py'), resolved);
	await guard.invariants(before, {adds: [MERGED]});
});

test('merge-conflict-resolved-by-hand-is-kept: makemigrations --merge', async t => {
	const story = await conflicting(t);
	const {git, guard, files} = story;
	const before = await guard.remember('main', 'feature');
	await git.attempt('merge', 'main');
	resolveModels(story);
	files.write('shop/migrations/0004_merge_20240115_1000.py', mergeMigrationText('shop', '0003_currency', '0003_discount'));
	await git.add('-A');
	const tree = await git.text('write-tree');
	await git('commit', '--no-edit');
	t.is(await git.oid('HEAD^{tree}'), tree);
	t.is(
		await guard.history('shop'),
		'0001_initial <- 0002_price <- 0003_currency, 0003_discount(0002_price), 0004_merge_20240115_1000(0003_currency 0003_discount)',
	);
	await guard.invariants(before, {adds: [MERGED]});
});

test('merge-conflict-resolved-by-hand-is-kept: an edited file', async t => {
	const story = await conflicting(t);
	const {git, guard, files} = story;
	const edited = 'shop/migrations/0003_discount.py';
	const before = await guard.remember('main', 'feature');
	await git.attempt('merge', 'main');
	resolveModels(story);
	files.edit(edited, 'default=0', 'default=7');
	await git.add('-A');
	const commit = await git('commit', '--no-edit');
	if (files.exists(edited)) {
		// Refused: what the user wrote stands untouched, and is told.
		t.regex(files.read(edited), /default=7/);
		t.regex(commit.output, /migration-guard/);
		t.is((await guard.run('check')).exitCode, 1);
	} else {
		t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
		await guard.invariants(before, {adds: [MERGED], except: [edited]});
	}
});

test('merge-conflict-resolved-by-hand-is-kept: an edited published file', async t => {
	const story = await conflicting(t);
	const {git, guard, files} = story;
	const published = 'shop/migrations/0003_currency.py';
	const before = await guard.remember('main', 'feature');
	await git.attempt('merge', 'main');
	resolveModels(story);
	files.edit(published, 'default=0', 'default=7');
	await git.add('-A');
	await git('commit', '--no-edit');
	t.regex(files.read(published), /default=7/);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED], except: [published]});
});

test('what a person settled stands, what is still forked is finished', async t => {
	const story = await forked(t, {base: ({django}) => django.makemigrations('users', '0001_initial')});
	const {git, django, guard, files} = story;
	for (const [branch, name] of [
		['main', '0002_email'],
		['feature', '0002_phone'],
	] as const) {
		await git.checkout('-q', branch);
		await django.makemigrations('users', name);
		await git.commit(`${branch}: users.${name}`);
	}
	const before = await guard.remember('main', 'feature');
	await git.merge('--no-commit', 'main');
	await git.mv('users/migrations/0002_phone.py', 'users/migrations/0003_my_phone.py');
	files.edit('users/migrations/0003_my_phone.py', "('users', '0001_initial')", "('users', '0002_email')");
	await git.add('-A');
	const settled = files.read('users/migrations/0003_my_phone.py');
	await git('commit', '--no-edit');
	t.is(files.read('users/migrations/0003_my_phone.py'), settled);
	t.is(await guard.history('users'), '0001_initial <- 0002_email <- 0003_my_phone');
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED]});
});
