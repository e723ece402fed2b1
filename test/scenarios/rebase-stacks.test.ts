import test from 'ava';
import {forked} from '../helpers/forked.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const LINEAR = `${BASE} <- 0004_discount`;

test('34 rebase-update-refs-stack', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'stacked', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('stacked: 0004_stock');
	const before = await guard.remember('main', 'stacked');
	await git.rebase('--update-refs', 'main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is(await git.oid('feature'), await git.oid('stacked~1'));
	t.is(await guard.history('shop', 'feature'), LINEAR);
	await guard.invariants(before);
});

test('35 rebase-merges-internal-merge', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'side', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('side: 0004_stock');
	await git.checkout('-q', 'feature');
	await django.makemigrations('users', '0001_initial');
	await git.commit('feature: users');
	await git.merge('--no-ff', '-m', 'side into feature', 'side');
	const before = await guard.remember('main', 'feature');
	await git.rebase('--rebase-merges', 'main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is((await git.parents()).length, 2, 'a merge inside the branch stays a merge');
	t.is(await guard.history('shop', 'HEAD^1'), LINEAR);
	t.is(await guard.history('shop', 'HEAD^2'), `${LINEAR} <- 0005_stock`);
	t.is(await guard.history('shop', 'HEAD^1~1'), LINEAR);
	t.is(await git.oid('HEAD^1~2'), await git.oid('main'));
	await guard.invariants(before);
});

test('35 rebase-merges where the inner merge forks by itself', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'side', 'feature~1');
	await django.makemigrations('shop', '0003_stock');
	await git.commit('side: 0003_stock');
	await git.checkout('-q', 'feature');
	await git.merge('--no-ff', '-m', 'side into feature', 'side');
	const before = await guard.remember('main', 'feature');
	await git.rebase('--rebase-merges', 'main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is((await git.parents()).length, 2);
	for (const parent of ['HEAD^1', 'HEAD^2']) t.is((await guard.leaves('shop', parent)).length, 1, parent);
	await guard.invariants(before);
});

test('34 rebase-update-refs: three on each other, by configuration, notes too; a branch in another worktree stays', async t => {
	const {git, django, guard, files} = await forked(t);
	await git.config('rebase.updateRefs', 'true');
	await git.config('notes.rewriteRef', 'refs/notes/*');
	for (const [branch, from, name] of [
		['second', 'feature', '0004_stock'],
		['third', 'second', '0005_origin'],
	] as const) {
		await git.checkout('-q', '-b', branch, from);
		await django.makemigrations('shop', name);
		await git.commit(`${branch}: ${name}`);
	}
	await git.branch('elsewhere', 'second');
	await git('notes', 'add', '-m', 'a note', 'second');
	await git('worktree', 'add', '-q', '../linked', 'elsewhere');
	const [before, elsewhere] = [await guard.remember('main', 'third'), await git.oid('elsewhere')];
	const tips = await Promise.all(['feature', 'second', 'third'].map(git.oid));
	await git.rebase('main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock <- 0006_origin`);
	t.is(await git.oid('second'), await git.oid('third~1'));
	t.is(await git.oid('feature'), await git.oid('third~2'));
	t.is(await guard.history('shop', 'second'), `${LINEAR} <- 0005_stock`);
	t.is(await git.text('notes', 'show', 'second'), 'a note');
	t.is(await git.oid('elsewhere'), elsewhere, 'git does not move what is checked out elsewhere, nor do we');
	t.is(await git.in(`${files.root}/../linked`).text('status', '--porcelain'), '');
	await guard.invariants(before);
	t.is((await guard.run('undo', '--to-start')).exitCode, 0);
	t.deepEqual(await Promise.all(['feature', 'second', 'third'].map(git.oid)), tips);
});

test('34 rebase-update-refs with a stop, and with --abort', async t => {
	const {git, django, guard, files} = await forked(t);
	files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	await git.commit('main: longer names');
	await git.checkout('-q', '-b', 'stacked', 'feature');
	await django.makemigrations('shop', '0004_stock');
	files.edit('shop/models.py', 'max_length=50', 'max_length=70');
	await git.commit('stacked: 0004_stock');
	const tips = await Promise.all(['feature', 'stacked'].map(git.oid));
	const before = await guard.remember('main', 'stacked');
	t.is((await git.attempt('rebase', '--update-refs', 'main')).exitCode, 1);
	await git.rebase('--abort');
	t.deepEqual(await Promise.all(['feature', 'stacked'].map(git.oid)), tips);
	t.is((await git.attempt('rebase', '--update-refs', 'main')).exitCode, 1);
	files.write('shop/models.py', 'max_length = 80\n');
	await git.add('-A');
	await git.rebase('--continue');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is(await git.oid('feature'), await git.oid('stacked~1'));
	t.is(await guard.history('shop', 'feature'), LINEAR);
	await guard.invariants(before);
});

test('35 rebase-merges: a merge of main into the branch stays a merge', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', 'feature');
	await git.merge('-m', 'main into feature', 'main');
	await django.makemigrations('shop', '0005_stock');
	await git.commit('feature: 0005_stock');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_weight');
	await git.commit('main: 0004_weight');
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	await git.rebase('--rebase-merges', 'main');
	t.is((await git.parents('HEAD~1')).length, 2);
	t.is(await guard.history('shop'), `${BASE} <- 0004_weight <- 0005_discount <- 0006_stock`);
	for (const revision of await git.lines('rev-list', 'main..')) t.is((await guard.leaves('shop', revision)).length, 1, revision);
	await guard.invariants(before);
});
