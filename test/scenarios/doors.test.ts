import fs from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import isomorphic from 'isomorphic-git';
import {forked} from '../helpers/forked.ts';
import {shimIn} from '../helpers/shim.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const LINEAR = `${BASE} <- 0004_discount`;

test('43 stash-pop-over-renumbering', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
	await git.stash('-q');
	await git.merge('main');
	t.is(await guard.history('shop'), LINEAR);
	const pop = await git.attempt('stash', 'pop');
	t.regex(files.read('shop/migrations/0003_currency.py'), /default=0/, 'the published file is not edited');
	if (pop.exitCode === 0) t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
	else t.is(await git.text('stash', 'list').then(list => list.split('\n').length), 1, 'a conflict keeps the stash');
	await git.reset('-q', '--hard');
	await guard.invariants(before, {adds: ["Merge branch 'main' into feature"]});
});

test('43 a stash that brings a fork: check tells, fix resolves', async t => {
	const {git, django, guard} = await forked(t, {incoming: []});
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0003_discount');
	await git.stash('-q', '--include-untracked');
	await git.merge('-q', 'main');
	await git.stash('pop', '-q');
	t.deepEqual(await guard.leaves('shop'), ['0003_currency', '0003_discount']);
	t.is((await guard.run('check')).exitCode, 1);
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
	t.is((await guard.run('check')).exitCode, 0);
});

test('45 commit-partial-path-index-consistent', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	await git.with({MIGRATION_GUARD: '0'}).merge('--squash', 'main');
	files.write('notes.txt', 'notes\n');
	await git.add('notes.txt');
	const commit = await git('commit', '-m', 'only one', '--', 'shop/migrations/0003_currency.py');
	t.deepEqual(await git.changes(), ['A shop/migrations/0003_currency.py']);
	t.is(await git.status(), 'A  notes.txt', 'the index that stays has nothing reversed');
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
	t.regex(commit.output, /only some paths/);
	t.is((await guard.run('fix')).exitCode, 0);
	t.is((await guard.leaves('shop')).length, 1);
	await git('commit', '-m', 'linear', '--', 'shop');
	t.is((await guard.leaves('shop', 'HEAD')).length, 1);
	t.is(await git.status(), 'A  notes.txt');
});

test('47 git-killed-in-hook-stale-MERGE_HEAD', async t => {
	const {git, guard, files, folder} = await forked(t);
	const shim = shimIn(folder);
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	const start = await git.oid();
	for (let step = 1; ; step++) {
		await git.checkout('-q', '-f', '-B', 'feature', start);
		// The parent of the program is the stub's shell, the parent of that one is git.
		shim.arm(step, 'stub=$(cut -d" " -f4 /proc/$PPID/stat); kill -9 "$(cut -d" " -f4 /proc/$stub/stat)" $stub $PPID; exit 1');
		const killed = await git.with(shim.env).attempt('merge', 'main');
		if (shim.calls().length < step) break;
		const where = `${step} ${shim.calls().at(-1)}`;
		t.not(killed.exitCode, 0, where);
		t.true(files.exists('.git/MERGE_HEAD'), `${where}: git had no time to tidy up`);
		const fix = await guard.run('fix');
		t.is(fix.exitCode, 0, `${where}\n${fix.output}`);
		// Killed before the commit was made, it is a merge to be concluded.
		if ((await git.oid()) === start) await git('commit', '--no-edit');
		t.is(await guard.history('shop', 'HEAD'), LINEAR, where);
		t.is(await git.status(), '', where);
		if (files.exists('.git/MERGE_HEAD')) await git.merge('--quit');
		await guard.invariants(before, {adds: [await git.text('log', '-1', '--format=%s')]});
	}
});

test('47 git killed before it wrote down what it merges: a merge to be concluded, or aborted', async t => {
	const {git, guard, folder, files} = await forked(t);
	const shim = shimIn(folder);
	await git.checkout('-q', 'feature');
	const tip = await git.oid();
	const before = await guard.remember('main', 'feature');
	for (const isAborted of [true, false]) {
		shim.arm(1, 'stub=$(cut -d" " -f4 /proc/$PPID/stat); kill -9 "$(cut -d" " -f4 /proc/$stub/stat)" $stub $PPID; exit 1');
		await git.with(shim.env).attempt('merge', '-m', 'never said', 'main');
		t.is(await git.oid(), tip, 'killed in pre-merge-commit');
		t.is(files.read('.git/MERGE_HEAD'), `${await git.oid('main')}\n`);
		await (isAborted ? git.merge('--abort') : git('commit', '--no-edit'));
		t.is(await git.status(), '');
	}
	t.is((await git.parents()).length, 2);
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	await guard.invariants(before, {adds: ['Merge main']});
});

test('a merge that git goes on with says and keeps what git says and keeps', async t => {
	const {git, files} = await forked(t);
	await git('tag', '-a', '-m', 'a release', 'v1', 'feature');
	const said = [];
	for (const off of ['', '0']) {
		await git.checkout('-q', '-B', 'trial', 'main');
		const merge = await git.with({MIGRATION_GUARD: off}).merge('--no-ff', '--log', 'v1');
		said.push([await git.text('log', '-1', '--format=%B'), await git.parents(), merge.exitCode]);
		for (const name of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE']) t.false(files.exists(`.git/${name}`), name);
	}
	t.deepEqual(said[0], said[1]);
});

test('apply: check tells, fix resolves', async t => {
	const {git, guard, folder} = await forked(t);
	const patch = join(folder, 'patch');
	await git('diff', `--output=${patch}`, 'feature~1', 'feature');
	for (const how of [[], ['--index'], ['-3']]) {
		await git('apply', ...how, patch);
		t.is((await guard.run('check')).exitCode, 1);
		t.is((await guard.run('fix')).exitCode, 0);
		t.is(await guard.history('shop'), LINEAR);
		await git.reset('-q', '--hard');
		await git('clean', '-qfd');
	}
});

test('a merge made without hooks (a server, a GUI): check tells, fix replaces the merge commit', async t => {
	const {git, guard} = await forked(t);
	const before = await guard.remember('main', 'feature');
	const merged = await git.text('merge-tree', '--write-tree', 'main', 'feature');
	const commit = await git.text('commit-tree', merged, '-p', 'main', '-p', 'feature', '-m', 'merged elsewhere');
	await git.reset('-q', '--hard', commit);
	t.is((await guard.run('check')).exitCode, 1);
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	await guard.invariants(before, {adds: ['merged elsewhere']});
});

test('a merge made without hooks, by another implementation of git: check tells, fix replaces the merge commit', async t => {
	const {git, guard, files} = await forked(t);
	const before = await guard.remember('main', 'feature');
	const author = {name: 'Grace Hopper', email: 'grace@example.org'};
	await isomorphic.merge({fs, dir: files.root, ours: 'main', theirs: 'feature', author, message: 'merged elsewhere\n'});
	await git.reset('-q', '--hard');
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
	t.is((await guard.run('check')).exitCode, 1);
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	t.is(await git.text('log', '-1', '--format=%an'), 'Grace Hopper');
	await guard.invariants(before, {adds: ['merged elsewhere']});
});

test('git replay: check tells, fix resolves', async t => {
	const {git, guard} = await forked(t);
	const replay = await git.attempt('replay', '--onto', 'main', 'main..feature');
	if (replay.exitCode !== 0) {
		t.pass('this git has no replay');
		return;
	}
	if (replay.stdout.startsWith('update'))
		for (const line of replay.stdout.split('\n')) await git('update-ref', ...line.split(' ').slice(1));
	await git.checkout('-q', '-f', 'feature');
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
	t.is((await guard.run('check')).exitCode, 1);
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
});
