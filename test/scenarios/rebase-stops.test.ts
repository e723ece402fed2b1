import test from 'ava';
import {forked} from '../helpers/forked.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const LINEAR = `${BASE} <- 0004_discount`;

test('37 rebase-conflict-continue-skip-abort', async t => {
	const {git, django, guard, files} = await forked(t);
	files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	await git.commit('main: longer names');
	await git.checkout('-q', 'feature');
	files.edit('shop/models.py', 'max_length=50', 'max_length=70');
	await git.commit('feature: longer names');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('feature: 0004_stock');
	const tip = await git.oid();
	const before = await guard.remember('main', 'feature');

	t.is((await git.attempt('rebase', 'main')).exitCode, 1);
	await git.rebase('--abort');
	t.is(await git.oid('feature'), tip);
	t.is(await git.status(), '');
	t.deepEqual(await guard.leaves('shop'), ['0004_stock']);

	t.is((await git.attempt('rebase', 'main')).exitCode, 1);
	await git.rebase('--skip');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.deepEqual(await git.lines('log', '--format=%s', 'main..'), ['feature: 0004_stock', 'feature: 0003_discount']);
	t.is(await git.status(), '');

	await git.reset('-q', '--hard', tip);
	t.is((await git.attempt('rebase', 'main')).exitCode, 1);
	files.write('shop/models.py', 'max_length = 80\n');
	await git.add('shop/models.py');
	await git.rebase('--continue');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	await guard.invariants(before);
});

test('an interactive rebase with a stop, an amend and a squash', async t => {
	const {git, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock', '0005_origin']});
	await git.checkout('-q', 'feature');
	const editor = 'sed -i -e "1s/^pick/edit/" -e "3s/^pick/fixup/"';
	await git.with({GIT_SEQUENCE_EDITOR: editor}).rebase('-i', 'main');
	files.write('notes.txt', 'amended\n');
	await git.add('notes.txt');
	await git('commit', '--amend', '--no-edit');
	await git.rebase('--continue');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock <- 0006_origin`);
	t.deepEqual(await git.changes('HEAD~1'), ['A notes.txt', 'A shop/migrations/0004_discount.py']);
	t.deepEqual(await git.changes('HEAD'), ['A shop/migrations/0005_stock.py', 'A shop/migrations/0006_origin.py']);
	t.is(await git.status(), '');
	t.is(await git.oid('HEAD~2'), await git.oid('main'));
});

test('36 rebase-i-edit-extra-commit-reorder-squash', async t => {
	const {git, django, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock', '0005_origin']});
	await git.checkout('-q', 'feature');
	for (const name of ['one', 'two']) {
		files.write(`${name}.txt`, `${name}\n`);
		await git.commit(name);
	}
	// pick 0003, edit 0004, then two before one, 0005 squashed into the last.
	const editor = [
		'awk',
		'\'/0003/{a=$0} /0004/{sub(/^pick/,"edit");b=$0} /0005/{sub(/^pick/,"squash");e=$0} / one$/{d=$0} / two$/{c=$0}',
		'END{print a; print b; print c; print d; print e}\' "$1" > "$1.new" && mv "$1.new" "$1" && true',
	].join(' ');
	files.write('../editor', `#!/bin/sh\n${editor}\n`);
	files.script('../editor', editor);
	await git.with({GIT_SEQUENCE_EDITOR: '../editor'}).rebase('-i', 'main');
	await django.makemigrations('users', '0001_initial');
	await git.commit('an extra commit at the stop');
	t.deepEqual(await guard.leaves('shop'), ['0003_currency', '0004_stock'], 'nothing moves while the rebase goes on');
	await git.rebase('--continue');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock <- 0006_origin`);
	t.is(await guard.history('users'), '0001_initial');
	t.deepEqual(await git.lines('log', '--reverse', '--format=%s', 'main..'), [
		'feature: 0003_discount',
		'feature: 0004_stock',
		'an extra commit at the stop',
		'two',
		'one',
	]);
	t.deepEqual(await git.changes('HEAD'), ['A one.txt', 'A shop/migrations/0006_origin.py']);
	t.deepEqual(await git.changes('HEAD~4'), ['A shop/migrations/0004_discount.py']);
	for (const revision of ['HEAD', 'HEAD~1', 'HEAD~2', 'HEAD~3', 'HEAD~4'])
		t.is((await guard.leaves('shop', revision)).length, 1, revision);
	t.is(await git.status(), '');
	t.is((await guard.run('check')).exitCode, 0);
});

test('rebase --exec: its steps see what git made, the end is linear, commits of theirs included', async t => {
	const {git, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	files.script('../step', 'ls shop/migrations | grep -c "^0003" >>../seen', 'git commit -q --allow-empty -m step');
	await git.rebase('--exec', '../step', 'main');
	t.is(files.read('../seen'), '2\n2\n');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.deepEqual(await git.lines('log', '--reverse', '--format=%s', 'main..'), [
		'feature: 0003_discount',
		'step',
		'feature: 0004_stock',
		'step',
	]);
	for (const revision of ['HEAD', 'HEAD~1', 'HEAD~2', 'HEAD~3']) t.is((await guard.leaves('shop', revision)).length, 1, revision);
	await guard.invariants(before, {adds: ['step', 'step']});
});

test('rebase --exec that fails, is mended and goes on', async t => {
	const {git, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	files.script('../step', '[ -e ../mended ]');
	const stopped = await git.attempt('rebase', '--exec', '../step', 'main');
	t.is(stopped.exitCode, 1);
	t.is((await guard.run('fix')).exitCode, 1, 'not while the rebase goes on');
	files.write('../mended', '');
	await git.rebase('--continue');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	await guard.invariants(before);
});

test('rebase -i that drops what a later migration is built on: git’s own stands, and that is said', async t => {
	const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	const rebase = await git.with({GIT_SEQUENCE_EDITOR: 'sed -i -e 1s/^pick/drop/'}).rebase('-i', 'main');
	t.regex(rebase.output, /shop\.0004_stock depends on shop\.0003_discount, which does not exist/);
	t.deepEqual(await git.changes(), ['A shop/migrations/0004_stock.py']);
	t.is((await guard.run('check')).exitCode, 1);
	t.is(await git.status(), '');
});

test('rebase -i with reword, break, fixup and drop of a commit without migrations', async t => {
	const {git, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	for (const name of ['one', 'two']) {
		files.write(`${name}.txt`, `${name}\n`);
		await git.commit(name);
	}
	files.script('../editor', 'sed -i -e "1s/^pick/reword/" -e "2s/^/break\\n/" -e "3s/^pick/drop/" -e "4s/^pick/fixup/" "$1"');
	files.script('../message', 'echo "feature: a better message" >"$1"');
	await git.with({GIT_SEQUENCE_EDITOR: '../editor', GIT_EDITOR: '../message'}).rebase('-i', 'main');
	await git.rebase('--continue');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.deepEqual(await git.lines('log', '--reverse', '--format=%s', 'main..'), ['feature: a better message', 'feature: 0004_stock']);
	t.deepEqual(await git.changes('HEAD~1'), ['A shop/migrations/0004_discount.py']);
	t.deepEqual(await git.changes('HEAD'), ['A shop/migrations/0005_stock.py', 'A two.txt']);
	t.is(await git.status(), '');
});
