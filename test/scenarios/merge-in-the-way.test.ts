import test from 'ava';
import {conflicting, forked, resolveModels} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const MERGED = "Merge branch 'main' into feature";
const OLD = 'shop/migrations/0003_discount.py';
const NEW = 'shop/migrations/0004_discount.py';

test('13 merge-autostash-touches-renamed-file', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	files.edit(OLD, 'default=0', 'default=7');
	const merge = await git.merge('--autostash', 'main');
	t.regex(merge.output, /Applied autostash/);
	t.regex(files.read(NEW), /default=7/);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED], dirty: [` M ${NEW}`]});
});

for (const verify of ['--verify', '--no-verify']) {
	test(`13 merge-autostash of a conflicted merge, concluded with ${verify}`, async t => {
		const story = await conflicting(t);
		const {git, guard, files} = story;
		const before = await guard.remember('main', 'feature');
		files.edit(OLD, 'default=0', 'default=7');
		t.is((await git.attempt('merge', '--autostash', 'main')).exitCode, 1);
		resolveModels(story);
		await git.add('shop/models.py');
		await git('commit', '--no-edit', verify);
		t.is(await guard.history('shop'), LINEAR);
		t.regex(files.read(NEW), /default=7/);
		t.notRegex(files.read('shop/migrations/0003_currency.py'), /default=7/);
		await guard.invariants(before, {adds: [MERGED], dirty: [` M ${NEW}`]});
	});
}

test('13 merge-autostash of a merge that is aborted', async t => {
	const {git, guard, files} = await conflicting(t);
	const tip = await git.oid();
	files.edit(OLD, 'default=0', 'default=7');
	t.is((await git.attempt('merge', '--autostash', 'main')).exitCode, 1);
	await git.merge('--abort');
	t.is(await git.oid(), tip);
	t.regex(files.read(OLD), /default=7/);
	t.is(await git.status(), ` M ${OLD}`);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount');
});

test('14 merge-dirty-file-in-the-way-defers', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	files.edit(OLD, 'default=0', 'default=7');
	const mine = files.read(OLD);
	const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
	const merge = await git.merge('main');
	t.is(merge.exitCode, 0);
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.is(files.read(OLD), mine);
	t.is(await git.status(), ` M ${OLD}`);
	t.regex(merge.output, /shop\/migrations\/0003_discount\.py/);
	t.regex(merge.output, /migration-guard fix/);
	t.is((await guard.run('check')).exitCode, 1);
	await git.stash();
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED]});
});

test('14 merge-dirty-file-in-the-way-defers: staged', async t => {
	const {git, guard, files} = await forked(t);
	files.edit('shop/models.py', 'max_length=50', 'max_length=99');
	await git.checkout('-q', 'feature');
	files.edit(OLD, 'default=0', 'default=7');
	const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
	await git.merge('main');
	t.is(await git.oid('HEAD^{tree}'), plain);
	await git.add('-A');
	const status = await git.status();
	t.is(status, `M  ${OLD}\nM  shop/models.py`);
	const fix = await guard.run('fix');
	// A dirty worktree: index and worktree only; the edit goes along or everything stays.
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.regex(files.read(fix.exitCode === 0 ? NEW : OLD), /default=7/);
	t.regex(files.read('shop/models.py'), /max_length=99/);
});

test('unrelated local edits, staged and not, stay as they are', async t => {
	const {git, guard, files} = await forked(t, {base: ({files}) => files.write('notes.txt', 'notes\n')});
	const before = await guard.remember('main', 'feature');
	files.write('staged.txt', 'staged\n');
	await git.checkout('-q', 'feature');
	files.edit('notes.txt', 'notes', 'more notes');
	files.write('untracked.txt', 'untracked\n');
	await git.merge('main');
	t.is(await guard.history('shop'), LINEAR);
	t.is(files.read('untracked.txt'), 'untracked\n');
	await guard.invariants(before, {adds: [MERGED], dirty: [' M notes.txt', '?? staged.txt', '?? untracked.txt']});
});

for (const {title, ignored} of [
	{title: '15 merge-untracked-at-target-defers', ignored: false},
	{title: '16 merge-IGNORED-at-target-defers', ignored: true},
]) {
	test(title, async t => {
		const {git, guard, files} = await forked(t);
		await git.checkout('-q', 'feature');
		const before = await guard.remember('main', 'feature');
		if (ignored) files.write('.git/info/exclude', '0004_*\n');
		files.write(NEW, '# mine, and nowhere else\n');
		t.is(await git.status(), ignored ? '' : `?? ${NEW}`);
		const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
		const merge = await git.merge('main');
		t.is(merge.exitCode, 0);
		t.is(await git.oid('HEAD^{tree}'), plain);
		t.is(files.read(NEW), '# mine, and nowhere else\n');
		t.is(await git.status(), ignored ? '' : `?? ${NEW}`);
		t.regex(merge.output, /shop\/migrations\/0004_discount\.py/);
		files.remove(NEW);
		t.is((await guard.run('fix')).exitCode, 0);
		t.is(await guard.history('shop'), LINEAR);
		await guard.invariants(before, {adds: [MERGED]});
	});
}

test('18 merge-linked-worktree', async t => {
	const {git, guard, at, files} = await forked(t);
	const before = await guard.remember('main', 'feature');
	await git('worktree', 'add', '-q', '../linked', 'feature');
	const linked = at('linked');
	const status = await git.status();
	const merge = await linked.git.merge('main');
	t.is(merge.exitCode, 0);
	t.is(await linked.guard.history('shop'), LINEAR);
	await linked.guard.invariants(before, {adds: [MERGED]});
	t.is(await git.status(), status);
	t.deepEqual(files.list('shop/migrations'), ['0001_initial.py', '0002_price.py', '0003_currency.py', '__init__.py']);
});

test('18 husky-worktree', async t => {
	const {git, guard, at, files} = await forked(t, {install: false});
	const before = await guard.remember('main', 'feature');
	// As husky 9 leaves it: generated hooks in an ignored folder that a linked worktree does not have.
	files.write('.git/info/exclude', '.husky\n');
	files.script('.husky/_/post-merge', 'echo husky was here');
	await git.config('core.hooksPath', '.husky/_');
	await guard.install();
	await git('worktree', 'add', '-q', '../linked', 'feature');
	const linked = at('linked');
	await linked.git.merge('main');
	t.is(await linked.guard.history('shop'), LINEAR);
	await linked.guard.invariants(before, {adds: [MERGED]});

	const merge = await git.merge('feature');
	t.is(merge.exitCode, 0);
	t.regex(merge.output, /husky was here/);
	t.is(await git.oid(), await git.oid('feature'), 'a fast forward');
});
