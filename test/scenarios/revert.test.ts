import test from 'ava';
import {forked} from '../helpers/forked.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const _LINEAR = `${BASE} <- 0004_discount`;

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

test('44 a range of reverts, and one with a conflict', async t => {
	const {git, django, guard, files} = await forked(t, {mainline: []});
	await git.merge('feature');
	await git.commit('empty', '--allow-empty');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('main: 0004_stock');
	await git('revert', '--no-edit', 'HEAD', 'HEAD~2');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price');
	await django.makemigrations('shop', '0003_weight');
	files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	await git.commit('main: 0003_weight');
	await git('revert', '--no-edit', 'HEAD~1', 'HEAD~2');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_weight <- 0004_discount <- 0005_stock');
	t.is(await git.status(), '');
});
