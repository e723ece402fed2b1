import test from 'ava';
import {addField} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

test('1 merge-main-into-feature-clean', async t => {
	const {git, guard} = await forked(t);
	await git.checkout('feature');
	const before = await guard.remember('main', 'feature');
	const parents = [await git.oid('feature'), await git.oid('main')];
	const merge = await git.merge('main');
	t.is(merge.exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
	t.deepEqual(await git.parents(), parents);
	t.is(await git.oid('ORIG_HEAD'), parents[0]!);
	await guard.invariants(before, {adds: ["Merge branch 'main' into feature"]});
});

test('2 merge-feature-into-main-clean', async t => {
	const {git, guard} = await forked(t);
	const before = await guard.remember('main', 'feature');
	const parents = [await git.oid('main'), await git.oid('feature')];
	const merge = await git.merge('feature');
	t.is(merge.exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
	t.deepEqual(await git.parents(), parents);
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('the merge commit differs from git’s own in its tree alone', async t => {
	const {git, guard} = await forked(t);
	await git.config('i18n.commitEncoding', 'ISO-8859-1');
	await git
		.with({GIT_AUTHOR_NAME: 'Grace Hopper', GIT_AUTHOR_DATE: '1710000000 -0500'})
		.merge('-m', 'merged by Grace', 'feature');
	const raw = async (revision: string) => (await git.text('cat-file', 'commit', revision)).replace(/^tree .*/, '');
	t.is(await raw('HEAD'), await raw('HEAD@{1}'));
	t.regex(await raw('HEAD'), /^encoding ISO-8859-1$/m);
	t.not(await git.oid('HEAD^{tree}'), await git.oid('HEAD@{1}^{tree}'));
	t.is(await guard.history('shop'), LINEAR);
});

test('both directions of a merge give the same tree', async t => {
	const {git, guard} = await forked(t);
	await git.checkout('-q', '-b', 'one', 'feature');
	await git.merge('main');
	t.is(await guard.history('shop'), LINEAR);
	await git.checkout('-q', '-b', 'other', 'main');
	await git.merge('feature');
	t.is(await git.oid('one^{tree}'), await git.oid('other^{tree}'));
});

test('9 merge-ff-and-up-to-date-noop', async t => {
	const {git, guard} = await forked(t, {mainline: []});
	const feature = await git.oid('feature');
	const forward = await git.merge('feature');
	t.regex(forward.output, /Fast-forward/);
	t.notRegex(forward.output, /migration-guard/);
	t.is(await git.oid(), feature);
	const again = await git.merge('feature');
	t.regex(again.output, /Already up to date/);
	t.notRegex(again.output, /migration-guard/);
	t.is(await git.oid(), feature);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount');
});

test('10 merge-octopus-two-features', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'second', 'feature~1');
	await django.makemigrations('shop', '0003_stock');
	await git.commit('second: 0003_stock');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature', 'second');
	const merge = await git.merge('feature', 'second');
	t.is(merge.exitCode, 0);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount <- 0005_stock');
	t.is((await git.parents()).length, 3);
	await guard.invariants(before, {adds: ["Merge branches 'feature' and 'second'"]});
});

test('24 merge-criss-cross-max-migration', async t => {
	const {git, django, guard, files} = await forked(t, {
		base: ({files}) => files.write('shop/migrations/max_migration.txt', '0002_price\n'),
	});
	await git.branch('feature-before', 'feature');
	await git.checkout('-q', 'feature');
	await git.merge('main');
	await git.checkout('-q', 'main');
	await git.merge('feature-before');
	t.is((await git.lines('merge-base', '--all', 'main', 'feature')).length, 2);
	await django.makemigrations('shop', '0005_weight');
	await git.commit('main: 0005_weight');
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0005_stock');
	await git.commit('feature: 0005_stock');
	const before = await guard.remember('main', 'feature');
	await git.merge('main', '-m', 'criss-cross');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_weight <- 0006_stock`);
	t.is(files.read('shop/migrations/max_migration.txt'), '0006_stock\n');
	await guard.invariants(before, {adds: ['criss-cross'], except: ['shop/migrations/max_migration.txt']});
});

test('max_migration.txt follows the new leaf', async t => {
	const {git, guard, files} = await forked(t, {
		base: ({files}) => files.write('shop/migrations/max_migration.txt', '0002_price\n'),
	});
	const before = await guard.remember('main', 'feature');
	const merge = await git.merge('feature');
	t.is(merge.exitCode, 0);
	t.is(files.read('shop/migrations/max_migration.txt'), '0004_discount\n');
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('a chain of three stays a chain', async t => {
	const {git, guard} = await forked(t, {
		mainline: ['0003_currency', '0004_weight'],
		incoming: ['0003_discount', '0004_stock', '0005_origin'],
	});
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(
		await guard.history('shop'),
		'0001_initial <- 0002_price <- 0003_currency <- 0004_weight <- 0005_discount <- 0006_stock <- 0007_origin',
	);
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('a new name never equals an old name of the branch', async t => {
	const {git, django, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0005_stock', {
		dependencies: [['shop', '0004_stock']],
		operations: [addField('stock_reserved')],
	});
	await git.commit('feature: 0005_stock');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	// 0004_stock would become 0005_stock, which databases of the branch know as another migration.
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount <- 0005_stock_2 <- 0006_stock');
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('a diamond inside the branch stays a diamond', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0004_left', {dependencies: [['shop', '0003_discount']]});
	await django.makemigrations('shop', '0004_right', {dependencies: [['shop', '0003_discount']]});
	await django.makemigrations('shop', '0005_merge', {
		dependencies: [
			['shop', '0004_left'],
			['shop', '0004_right'],
		],
		operations: [],
	});
	await git.commit('feature: diamond');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_left, 0005_right(0004_discount), 0006_merge(0005_left 0005_right)`);
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('a detached HEAD is as good as a branch', async t => {
	const {git, guard} = await forked(t);
	await git.checkout('-q', '--detach', 'feature');
	const before = await guard.remember('main', 'feature');
	await git.merge('main', '-m', 'merged while detached');
	t.is(await guard.history('shop'), LINEAR);
	t.is((await git.attempt('symbolic-ref', '-q', 'HEAD')).exitCode, 1);
	t.not(await git.oid(), await git.oid('feature'));
	await guard.invariants(before, {adds: ['merged while detached']});
});

test('from a subdirectory', async t => {
	const {git, guard, at} = await forked(t);
	const before = await guard.remember('main', 'feature');
	await at('repo/shop').git.merge('feature');
	t.is(await guard.history('shop'), LINEAR);
	t.is(await git.oid('HEAD^1'), await git.oid('ORIG_HEAD'));
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('what forked nowhere is left alone, byte for byte', async t => {
	const {git, django, guard} = await forked(t, {mainline: []});
	await django.makemigrations('users', '0001_initial');
	await git.commit('main: users');
	const plain = await git.text('merge-tree', '--write-tree', 'main', 'feature');
	const merge = await git.merge('feature');
	t.notRegex(merge.output, /migration-guard/);
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.is(await guard.history('users'), '0001_initial');
});

test('no migrations at all: silent', async t => {
	const {git, files} = await forked(t, {mainline: [], incoming: []});
	await git.checkout('-q', '--orphan', 'plain');
	await git('rm', '-rq', '--cached', '.');
	files.remove('shop');
	for (const branch of ['plain', 'side']) {
		if (branch === 'side') await git.checkout('-q', '-b', 'side', 'plain');
		files.write(`${branch}.txt`, `${branch}\n`);
		await git.commit(branch);
	}
	await git.checkout('-q', 'plain');
	files.write('more.txt', 'more\n');
	await git.commit('more');
	const merge = await git.merge('side');
	t.is(merge.exitCode, 0);
	t.notRegex(merge.output, /migration-guard/);
});
