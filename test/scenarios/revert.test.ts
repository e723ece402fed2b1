import test from 'ava';
import {forked} from '../helpers/forked.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const LINEAR = `${BASE} <- 0004_discount`;

test('44 revert-of-renumbered-merge', async t => {
	const {git, django, guard} = await forked(t);
	await git.merge('feature');
	const merge = await git.oid();
	const reverted = await git('revert', '--no-edit', '-m', '1', 'HEAD');
	t.is(await guard.history('shop'), BASE);
	t.notRegex(reverted.output, /migration-guard/);
	await django.makemigrations('shop', '0004_weight');
	await git.commit('main: 0004_weight');
	const again = await git('revert', '--no-edit', 'HEAD~1');
	t.is(await guard.history('shop'), `${BASE} <- 0004_weight <- 0005_discount`);
	t.regex(again.output, /The revert carries it/);
	t.notRegex(again.output, /rebase/);
	t.deepEqual(await git.changes(), ['A shop/migrations/0005_discount.py']);
	t.is(await git.oid('HEAD~3'), merge);
	t.is(await git.status(), '');
	t.is((await guard.run('check')).exitCode, 0);
});

test('44 a revert that takes away what others are built on is reported, and stays', async t => {
	const {git, django, guard} = await forked(t);
	await git.merge('feature');
	await django.makemigrations('shop', '0005_weight');
	await git.commit('main: 0005_weight');
	const revert = await git('revert', '--no-edit', '-m', '1', 'HEAD~1');
	t.deepEqual(await git.changes(), ['D shop/migrations/0004_discount.py']);
	t.regex(revert.output, /shop\.0005_weight without shop\.0004_discount/);
	t.is(await git.status(), '');
	t.is((await guard.run('check')).exitCode, 1);
});

test('44 a range of reverts', async t => {
	const {git, django, guard} = await forked(t, {mainline: []});
	await git.merge('feature');
	await git.commit('empty', '--allow-empty');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('main: 0004_stock');
	await git('revert', '--no-edit', 'HEAD', 'HEAD~2');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price');
	await django.makemigrations('shop', '0003_weight');
	await git.commit('main: 0003_weight');
	await git('revert', '--no-edit', 'HEAD~1', 'HEAD~2');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_weight <- 0004_discount <- 0005_stock');
	t.is(await git.status(), '');
});

for (const conclude of [
	['revert', '--continue'],
	['commit', '--no-edit', '--no-verify'],
] as const) {
	test(`44 a revert of a revert with a conflict, concluded by ${conclude[0]}`, async t => {
		const {git, django, guard, files} = await forked(t);
		await git.checkout('-q', 'feature');
		files.edit('shop/models.py', 'max_length=50', 'max_length=70');
		await git('commit', '-qa', '--amend', '--no-edit');
		await git.checkout('-q', 'main');
		await git.merge('feature');
		await git('revert', '--no-edit', '-m', '1', 'HEAD');
		await django.makemigrations('shop', '0004_weight');
		files.edit('shop/models.py', 'max_length=50', 'max_length=60');
		await git.commit('main: 0004_weight');
		t.is((await git.attempt('revert', '--no-edit', 'HEAD~1')).exitCode, 1);
		files.write('shop/models.py', 'max_length = 80\n');
		await git.add('-A');
		await git(...conclude);
		t.is(await guard.history('shop', 'HEAD'), `${BASE} <- 0004_weight <- 0005_discount`);
		t.is(await git.status(), '');
		t.false(files.exists('.git/REVERT_HEAD'));
	});
}

test('44 revert -n: check tells, fix resolves', async t => {
	const {git, django, guard} = await forked(t);
	await git.merge('feature');
	await git('revert', '--no-edit', '-m', '1', 'HEAD');
	await django.makemigrations('shop', '0004_weight');
	await git.commit('main: 0004_weight');
	await git('revert', '-n', 'HEAD~1');
	t.is((await guard.run('check')).exitCode, 1);
	await git('commit', '-q', '-m', 'back');
	t.is((await guard.run('fix')).exitCode, 0);
	// What entered the branch first stays, even when it was away for a while.
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_weight`);
	await git('commit', '-q', '-m', 'linear');
	t.is(await git.status(), '');
});
