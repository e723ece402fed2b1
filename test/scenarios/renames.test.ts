import test, {type ExecutionContext} from 'ava';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/**
 * A branch that two people share: `feature` was renumbered by merging main, `coworker` still has the old name. The two
 * fields differ in one letter, so that git takes the published file for the renamed one.
 */
async function shared(t: ExecutionContext): Promise<Scenario> {
	const story = await forked(t, {mainline: [], incoming: []});
	for (const [branch, name] of [
		['feature', '0003_cast'],
		['main', '0003_cost'],
	] as const) {
		await story.git.checkout('-q', branch);
		await story.django.makemigrations('shop', name, {dependencies: [['shop', '0002_price']], header: false});
		await story.git.commit(`${branch}: ${name}`);
	}
	await story.git.branch('coworker', 'feature');
	await story.git.checkout('-q', 'feature');
	await story.git.merge('main');
	t.is(await story.guard.history('shop'), '0001_initial <- 0002_price <- 0003_cost <- 0004_cast');
	return story;
}

test('25 rename-mismatch-edit-must-not-land-in-mainline-file', async t => {
	const {git, guard, files} = await shared(t);
	await git.checkout('-q', 'coworker');
	files.edit('shop/migrations/0003_cast.py', '    dependencies', '    atomic = False\n\n    dependencies');
	await git.commit('coworker: not atomic');
	await git.checkout('-q', '--detach', 'feature');
	await git.with({MIGRATION_GUARD: '0'}).merge('coworker');
	t.regex(files.read('shop/migrations/0003_cost.py'), /atomic = False/, 'plain git mangles the published file here');

	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature', 'coworker');
	const merge = await git.attempt('merge', 'coworker', '-m', 'together');
	if (merge.exitCode !== 0) {
		await git.add('-A');
		await git('commit', '-m', 'together');
	}
	t.notRegex(files.read('shop/migrations/0003_cost.py'), /atomic = False/);
	t.regex(files.read('shop/migrations/0004_cast.py'), /atomic = False/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_cost <- 0004_cast');
	await guard.invariants(before, {adds: ['together'], except: ['shop/migrations/0004_cast.py', 'shop/migrations/0003_cast.py']});
});

test('26 rename-rename-1to2-both-renumbered', async t => {
	const {git, django, guard} = await forked(t);
	await git.branch('coworker', 'feature');
	await git.checkout('-q', 'feature');
	await git.merge('main');
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_weight');
	await git.commit('main: 0004_weight');
	await git.checkout('-q', 'coworker');
	await git.merge('main');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_weight <- 0005_discount');
	await git.checkout('-q', 'feature');
	t.is(await guard.history('shop'), LINEAR);
	const before = await guard.remember('main', 'feature', 'coworker');
	const merge = await git.attempt('merge', 'coworker', '-m', 'together');
	if (merge.exitCode !== 0) {
		await git.add('-A');
		await git('commit', '-m', 'together');
	}
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_weight <- 0005_discount');
	await guard.invariants(before, {adds: ['together']});
});

test('27 squash-merged-duplicate-detected', async t => {
	const {git, django, guard} = await forked(t);
	await git.merge('--squash', 'feature');
	await git('commit', '-m', 'main: discount, squashed');
	t.is(await guard.history('shop'), LINEAR);
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('feature: 0004_stock');
	const before = await guard.remember('main', 'feature');
	await git.merge('main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	await guard.invariants(before, {adds: ["Merge branch 'main' into feature"]});
});

test('27 squash-merged-duplicate-detected: rebase', async t => {
	const {git, django, guard} = await forked(t);
	await git.merge('--squash', 'feature');
	await git('commit', '-m', 'main: discount, squashed');
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('feature: 0004_stock');
	await git.attempt('rebase', 'main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0005_stock']);
	t.is(await git.status(), '');
});

test('28 stacked-branch-dangling-dependency', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'stacked', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('stacked: 0004_stock');
	await git.checkout('-q', 'feature');
	await git.merge('main');
	await git.checkout('-q', 'stacked');
	const before = await guard.remember('main', 'feature', 'stacked');
	await git.merge('feature');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	await guard.invariants(before, {adds: ["Merge branch 'feature' into stacked"]});
});

test('a stacked branch after the squash merge of the one below', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'stacked', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('stacked: 0004_stock');
	await git.checkout('-q', 'main');
	await git.merge('--squash', 'feature');
	await git('commit', '-m', 'main: discount, squashed');
	for (const [into, from, adds] of [
		['stacked', 'main', "Merge branch 'main' into stacked"],
		['main', 'stacked', "Merge branch 'stacked'"],
	] as const) {
		const before = await guard.remember('main', 'stacked');
		const tip = await git.oid(into);
		await git.checkout('-q', '--detach', into);
		await git.merge('-m', adds, from);
		t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`, adds);
		await guard.invariants(before, {adds: [adds]});
		t.is(await git.oid(into), tip);
	}
});

test('29 directory-move-file-location', async t => {
	const {git, django, guard, files} = await forked(t, {mainline: []});
	files.write('apps/__init__.py', '');
	await git.mv('shop', 'apps/shop');
	files.edit('apps/shop/apps.py', "name = 'shop'", "name = 'apps.shop'");
	await django.makemigrations('apps/shop', '0003_currency');
	await git.commit('main: moved');
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	const merge = await git.attempt('merge', 'main');
	t.is(merge.exitCode, 1);
	t.regex(merge.output, /file location/);
	await git.add('-A');
	await git('commit', '--no-edit');
	t.is(await guard.history('shop'), LINEAR);
	t.false(files.exists('shop/migrations'));
	await guard.invariants({...before, sides: before.sides.slice(0, 1)}, {adds: ["Merge branch 'main' into feature"]});
	t.regex(files.read('apps/shop/migrations/0004_discount.py'), /name='discount'/);
});
