import test from 'ava';
import {forked} from '../helpers/forked.ts';

const MERGED = "Merge branch 'feature'";

test('several apps, cross-app dependencies and run_before follow', async t => {
	const {git, django, guard, files} = await forked(t, {
		base: async ({django}) => {
			await django.makemigrations('users', '0001_initial', '0002_name');
			await django.makemigrations('orders', '0001_initial');
		},
	});
	await django.makemigrations('users', '0003_add_email');
	await git.commit('main: users.0003_add_email');
	await git.checkout('-q', 'feature');
	await django.makemigrations('users', '0003_add_phone', {
		dependencies: [
			['users', '0002_name'],
			['shop', '0003_discount'],
		],
	});
	await django.makemigrations('orders', '0002_buyer', {
		dependencies: [
			['orders', '0001_initial'],
			['users', '0003_add_phone'],
		],
	});
	await django.makemigrations('shop', '0004_stock', {
		dependencies: [['shop', '0003_discount']],
		runBefore: [['users', '0003_add_phone']],
	});
	await git.commit('feature: users and orders');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	const merge = await git.merge('feature');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount <- 0005_stock');
	t.is(await guard.history('users'), '0001_initial <- 0002_name <- 0003_add_email <- 0004_add_phone');
	t.is(await guard.history('orders'), '0001_initial <- 0002_buyer');
	t.regex(files.read('users/migrations/0004_add_phone.py'), /\('shop', '0004_discount'\)/);
	t.regex(files.read('orders/migrations/0002_buyer.py'), /\('users', '0004_add_phone'\)/);
	t.regex(files.read('shop/migrations/0005_stock.py'), /run_before = \[\s*\('users', '0004_add_phone'\)/);
	for (const key of ['shop.0003_discount', 'users.0003_add_phone', 'users.0004_add_phone'])
		t.true(merge.output.includes(key), key);
	await guard.invariants(before, {adds: [MERGED]});
});

test('replaces follows', async t => {
	const {git, django, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0003_discount_squashed_0004_stock', {
		dependencies: [['shop', '0002_price']],
		replaces: [
			['shop', '0003_discount'],
			['shop', '0004_stock'],
		],
	});
	await git.commit('feature: squashed');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	const squash = files.list('shop/migrations').find(name => name.includes('squashed'))!;
	const text = files.read(`shop/migrations/${squash}`);
	t.regex(text, /replaces = \[\('shop', '0004_discount'\), \('shop', '0005_stock'\)\]/);
	t.regex(text, /\('shop', '0003_currency'\)/);
	await guard.invariants(before, {adds: [MERGED]});
});

const TESTS = `from importlib import import_module

from .base import MigrationTest

NODE = ("shop", "0003_discount")
OTHER = ("users", "0003_discount")


class DiscountTest(MigrationTest):
    app = "shop"
    migrate_from = "0002_price"
    migrate_to = "0003_discount"

    def test_text(self):
        module = import_module("shop.migrations.0003_discount")
        self.assertIn("about 0003_discount in prose", module.__doc__)
`;

test('string references of the incoming side follow', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	files.write('shop/tests/test_migrations.py', TESTS);
	await git.commit('feature: tests');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(
		files.read('shop/tests/test_migrations.py'),
		TESTS.replace('("shop", "0003_discount")', '("shop", "0004_discount")')
			.replace('migrate_to = "0003_discount"', 'migrate_to = "0004_discount"')
			.replace('shop.migrations.0003_discount', 'shop.migrations.0004_discount'),
	);
	await guard.invariants(before, {adds: [MERGED]});
});

test('string references follow through a rebase, commit by commit', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	files.write('shop/tests/test_migrations.py', TESTS);
	await git.commit('feature: tests');
	const before = await guard.remember('main', 'feature');
	await git.rebase('main');
	t.deepEqual(await git.changes('HEAD~1'), ['A shop/migrations/0004_discount.py']);
	t.deepEqual(await git.changes('HEAD'), ['A shop/tests/test_migrations.py']);
	t.regex(files.read('shop/tests/test_migrations.py'), /"shop", "0004_discount"/);
	await guard.invariants(before);
});

test('references that mainline owns are reported with file and line, never edited', async t => {
	const owned = 'EXPECTED = 1\nNODE = ("shop", "0003_discount")\n';
	const {git, guard, files} = await forked(t, {base: ({files}) => files.write('tools/expected.py', owned)});
	const before = await guard.remember('main', 'feature');
	const merge = await git.merge('feature');
	t.is(files.read('tools/expected.py'), owned);
	t.regex(merge.output, /tools\/expected\.py:2/);
	await guard.invariants(before, {adds: [MERGED]});
});

test('a line that the incoming side added to a file of mainline follows, its neighbours stay', async t => {
	const {git, guard, files} = await forked(t, {
		base: ({files}) => files.write('tools/expected.py', 'NODES = [\n    ("shop", "0002_price"),\n]\n'),
	});
	await git.checkout('-q', 'feature');
	files.edit('tools/expected.py', '\n]', '\n    ("shop", "0003_discount"),\n]');
	await git.commit('feature: expected');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(files.read('tools/expected.py'), 'NODES = [\n    ("shop", "0002_price"),\n    ("shop", "0004_discount"),\n]\n');
	await guard.invariants(before, {adds: [MERGED]});
});

test('a migration of mainline may itself depend on another app: its text never moves', async t => {
	const {git, django, guard} = await forked(t, {base: ({django}) => django.makemigrations('users', '0001_initial')});
	await django.makemigrations('users', '0002_name', {
		dependencies: [
			['users', '0001_initial'],
			['shop', '0003_currency'],
		],
	});
	await git.commit('main: users.0002_name');
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(await guard.history('users'), '0001_initial <- 0002_name');
	await guard.invariants(before, {adds: [MERGED]});
});
