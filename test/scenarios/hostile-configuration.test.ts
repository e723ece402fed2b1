import {execFileSync} from 'node:child_process';
import {symlinkSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const REDIRECT = '{"strategy": "merge", "mainline": ["feature"]}\n';

/** The branch carries a configuration of its own; ends on main. */
async function carrying({git, files}: Scenario, text = REDIRECT): Promise<void> {
	await git.checkout('-q', 'feature');
	files.write('.migrationguardrc', text);
	await git.commit('feature: configuration');
	await git.checkout('-q', 'main');
}

test('merge: the configuration of the merged branch holds from the next command on', async t => {
	const story = await forked(t);
	const {git, guard} = story;
	await carrying(story);
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('merge: a branch that takes the configuration away does not take it away from its own merge', async t => {
	const {git, guard, files} = await forked(t, {
		base: ({files}) => files.write('.migrationguardrc', '{"mainline": ["feature"]}\n'),
	});
	await git.checkout('-q', 'feature');
	files.remove('.migrationguardrc');
	await git.commit('feature: no configuration');
	await git.checkout('-q', 'main');
	await git.merge('feature');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount <- 0004_currency');
});

test('merge: a broken configuration on the branch does not keep its merge from being mended', async t => {
	const story = await forked(t);
	await carrying(story, '{"strategy": \n');
	await story.git.merge('feature');
	t.is(await story.guard.history('shop'), LINEAR);
});

test('merge concluded by hand: the index holds the configuration of the branch, HEAD’s is read', async t => {
	const story = await forked(t);
	await carrying(story);
	await story.git.attempt('merge', '--no-commit', 'feature');
	await story.git('commit', '-m', 'merged by hand');
	t.is(await story.guard.history('shop'), LINEAR);
});

test('merge --squash: HEAD’s is read', async t => {
	const story = await forked(t);
	await carrying(story);
	await story.git.merge('--squash', 'feature');
	t.is(await story.guard.history('shop'), LINEAR);
});

test('cherry-pick: the configuration of the picked commit is not read', async t => {
	const {git, guard, files} = await forked(t, {incoming: []});
	await git.checkout('-q', 'feature');
	files.write('.migrationguardrc', REDIRECT);
	files.write(
		'shop/migrations/0003_discount.py',
		files.read('shop/migrations/0002_price.py').replaceAll('price', 'discount').replace('0001_initial', '0002_price'),
	);
	await git.commit('feature: both at once');
	await git.checkout('-q', 'main');
	await git('cherry-pick', 'feature');
	t.is(await guard.history('shop'), LINEAR);
});

for (const backend of ['--merge', '--apply']) {
	test(`rebase ${backend}: the configuration of the branch that is rebased is read, not that of what it is put on`, async t => {
		const {git, guard, files} = await forked(t);
		files.write('.migrationguardrc', REDIRECT);
		await git.commit('main: configuration');
		await git.checkout('-q', 'feature');
		await git.rebase(backend, 'main');
		t.is(await guard.history('shop'), LINEAR);
	});
}

test('what the user has not committed holds, as before', async t => {
	const {git, guard, files} = await forked(t);
	files.write('.migrationguardrc', '{"mainline": ["feature"]}\n');
	await git.merge('feature');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount <- 0004_currency');
});

test('a configuration that is a link to a pipe is named, and git’s own merge stands', async t => {
	const {git, guard, files} = await forked(t);
	execFileSync('mkfifo', [join(files.root, '.git/pipe')]);
	symlinkSync('.git/pipe', join(files.root, '.migrationguardrc'));
	await git.commit('main: a link');
	const plain = await git.text('merge-tree', '--write-tree', 'main', 'feature');
	const merge = await git.merge('feature');
	t.regex(merge.output, /git's own result stands: \.migrationguardrc: expected a file/);
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.is((await guard.run('check')).exitCode, 2);
});

test('configuration is data: a program in its place is not run, nor is one that the branch calls configuration', async t => {
	const {git, guard, files} = await forked(t);
	for (const name of ['.migrationguardrc.js', '.migrationguardrc.cjs', 'migrationguard.config.js', 'migrationguard.config.mjs']) {
		files.write(name, `require('node:fs').writeFileSync('${join(files.root, 'ran')}', '')\n`);
	}
	files.write('.migrationguardrc', '--- !!js/function >\n  function () { return 1 }\n');
	await git.checkout('-q', '-b', 'evil', 'feature');
	await git.commit('evil');
	await git.checkout('-q', 'main');
	await git.merge('evil');
	t.is(await guard.history('shop'), LINEAR);
	const check = await guard.run('check');
	t.is(check.exitCode, 2, check.output);
	t.false(files.exists('ran'));
});

test('attributes of a branch do not switch the merge driver off', async t => {
	const {git, guard, files} = await forked(t, {mainline: ['0003_same'], incoming: []});
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_same.py', files.read('shop/migrations/0002_price.py').replace('0001_initial', '0002_price'));
	files.write('.gitattributes', '*.py merge=ours -merge\n* merge=union\n');
	await git.commit('feature: the same name, and attributes');
	for (const [here, there] of [
		['main', 'feature'],
		['feature', 'main'],
	] as const) {
		await git.checkout('-q', '-B', 'trial', here);
		await git.merge(there);
		t.is((await guard.leaves('shop')).length, 1, `${there} into ${here}`);
		t.is(files.list('shop/migrations').filter(name => /^000[34]/.test(name)).length, 2, `${there} into ${here}`);
	}
});
