import test from 'ava';
import {mergeMigrationText} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const MERGED = "Merge branch 'feature'";

test('strategy merge: always a merge migration', async t => {
	const {git, guard, files} = await forked(t, {base: ({files}) => files.write('.migrationguardrc', '{"strategy": "merge"}\n')});
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(
		files.read('shop/migrations/0004_merge_0003_currency_0003_discount.py'),
		mergeMigrationText('shop', '0003_currency', '0003_discount'),
	);
	t.true(files.exists('shop/migrations/0003_discount.py'));
	await guard.invariants(before, {adds: [MERGED]});
});

test('commit separate: git’s merge commit stays, a commit follows', async t => {
	const {git, guard} = await forked(t, {
		base: ({files}) => files.write('package.json', '{"migrationguard": {"commit": "separate"}}\n'),
	});
	const before = await guard.remember('main', 'feature');
	const plain = await git.text('merge-tree', '--write-tree', 'main', 'feature');
	await git.merge('feature');
	t.is(await git.oid('HEAD~1^{tree}'), plain);
	t.is((await git.parents('HEAD~1')).length, 2);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED, await git.text('log', '-1', '--format=%s')]});
});

test('mainline in pyproject.toml: another branch is the one that stays', async t => {
	const {git, guard} = await forked(t, {
		base: ({files}) => files.write('pyproject.toml', '[tool.migration-guard]\nmainline = ["feature"]\n'),
	});
	const before = await guard.remember('feature', 'main');
	await git.merge('feature');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount <- 0004_currency');
	await guard.invariants(before, {adds: [MERGED]});
});

test('a configuration that cannot be understood: file and key are named, git’s merge stands', async t => {
	const {git, guard, files} = await forked(t);
	files.write('.migrationguardrc', '{"strategy": "magic"}\n');
	await git.commit('main: magic');
	const plain = await git.text('merge-tree', '--write-tree', 'main', 'feature');
	const merge = await git.merge('feature');
	t.is(merge.exitCode, 0);
	t.is(await git.oid('HEAD^{tree}'), plain);
	const check = await guard.run('check');
	t.is(check.exitCode, 2, check.output);
	for (const {output} of [merge, check]) {
		t.regex(output, /\.migrationguardrc/);
		t.regex(output, /strategy/);
	}
});
