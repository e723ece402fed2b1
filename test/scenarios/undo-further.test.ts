import type {ExecutionContext} from 'ava';
import test from 'ava';
import {type ForkOptions, forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const FORK = ['0003_currency', '0003_discount'];
const FIXED = 'Make the migration history linear';

/** A fork that came with a merge which no hook has seen; on top of it another commit, so that `fix` stages. */
async function standing(t: ExecutionContext, options: ForkOptions = {}) {
	const story = await forked(t, options);
	const {git, files} = story;
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	files.write('notes.txt', 'notes\n');
	await git.commit('notes');
	return story;
}

test('undo of a fix that was committed by itself takes the commit away', async t => {
	const {git, guard} = await standing(t);
	const before = await git.oid();
	t.is((await guard.run('fix')).exitCode, 0);
	await git.commit(FIXED);
	const fixed = await git.oid();
	t.is(await guard.history('shop'), LINEAR);
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 0, undo.output);
	t.is(await git.oid(), before);
	t.is(await git.status(), '');
	t.deepEqual(await guard.leaves('shop'), FORK);
	t.regex((await guard.run('fix')).stderr, /next: migration-guard fix --renumber shop\.0003_discount$/);
	await git.reset('-q', '--hard', fixed);
	t.is(await guard.history('shop'), LINEAR, 'it is still there');
});

test('undo of a fix that was committed with other work keeps the commit, and says so', async t => {
	const {git, guard, files} = await standing(t);
	const before = await git.oid();
	files.write('more.txt', 'more\n');
	await git.add('more.txt');
	t.is((await guard.run('fix')).exitCode, 0);
	await git('commit', '-q', '-m', 'more, and linear');
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 0, undo.output);
	t.regex(undo.stdout, /The commit "more, and linear" stays: it holds other work, too\./);
	t.deepEqual(await git.parents(), [before]);
	t.deepEqual(await git.changes(), ['A more.txt']);
	t.deepEqual(await guard.leaves('shop'), FORK);
	t.is(await git.status(), '');
});

test('undo of a fix never moves past a later commit', async t => {
	const {git, guard, files} = await standing(t);
	t.is((await guard.run('fix')).exitCode, 0);
	await git.commit(FIXED);
	files.write('more.txt', 'more\n');
	await git.commit('later');
	const head = await git.oid();
	t.regex((await guard.run('undo')).stderr, /HEAD moved since/);
	t.is(await git.oid(), head);
});

test('undo refused for a local edit names git stash, and then works', async t => {
	const {git, guard, files} = await forked(t);
	await git.merge('feature');
	files.edit('shop/migrations/0004_discount.py', 'default=0', 'default=7');
	const refused = await guard.run('undo');
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /Stash them, then run this again\.\n {2}next: git stash$/);
	await git.stash();
	t.is((await guard.run('undo')).exitCode, 0);
	await git.stash('pop');
	t.regex(files.read('shop/migrations/0003_discount.py'), /default=7/);
});

test('undo of what is staged refused for a local edit does not name git stash, which would take the staging along', async t => {
	const {git, guard, files} = await forked(t);
	await git.merge('--no-commit', 'feature');
	t.is((await guard.run('fix')).exitCode, 0);
	files.edit('shop/migrations/0004_discount.py', 'default=0', 'default=7');
	const refused = await guard.run('undo');
	t.is(refused.exitCode, 1);
	const file = 'shop/migrations/0004_discount.py';
	t.true(refused.stderr.endsWith(`next: git diff -- ${file} > edits.patch && git checkout -- ${file}`), refused.stderr);
	files.write('edits.patch', await git.text('diff', '--', file));
	await git.checkout('--', file);
	t.is((await guard.run('undo')).exitCode, 0);
	t.is(await git.status(), 'A  shop/migrations/0003_discount.py\n?? edits.patch');
	t.regex(files.read('edits.patch'), /default=7/);
});

test('undo of what was staged and edited in the index since says so', async t => {
	const {git, guard, files} = await standing(t);
	t.is((await guard.run('fix')).exitCode, 0);
	files.edit('shop/migrations/0004_discount.py', 'default=0', 'default=7');
	await git.add('shop');
	const refused = await guard.run('undo');
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /Nothing was undone: what was staged has changed since\./);
	t.notRegex(refused.stderr, /HEAD is another commit/);
});

test('undo of a pushed fix: a revert would be made linear again, so nothing is to be done', async t => {
	const {git, guard} = await standing(t, {published: true});
	t.is((await guard.run('fix')).exitCode, 0);
	await git.commit(FIXED);
	await git.push('-q', 'origin', 'main');
	const refused = await guard.run('undo');
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /next: nothing: what is pushed is linear, and stays$/);
	await git('revert', '--no-edit', 'HEAD');
	t.is(await guard.history('shop'), LINEAR);
});

test('undo of a pushed merge: nothing is to be done; undo --to-start names the revert of the merge', async t => {
	const {git, guard} = await forked(t, {published: true});
	await git.merge('feature');
	await git.push('-q', 'origin', 'main');
	const oid = (await git.oid()).slice(0, 10);
	const refused = await guard.run('undo');
	t.regex(refused.stderr, /Without the renumbering their history would be forked again\./);
	t.regex(refused.stderr, /next: nothing: what is pushed is linear, and stays$/);
	const toStart = await guard.run('undo', '--to-start');
	t.true(toStart.stderr.endsWith(`next: git revert -m 1 ${oid}`), toStart.stderr);
	await git('revert', '--no-edit', '-m', '1', oid);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency');
});
