import test from 'ava';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const OLD = ['0001_initial', '0002_price'] as const;
const replacing = (...names: readonly string[]) => names.map(name => ['shop', name] as const);

/** What `squashmigrations` writes: all of it in one file, the replaced ones stay. */
const squash = ({django}: Scenario, name: string, ...names: readonly string[]) =>
	django.makemigrations('shop', name, {dependencies: [], replaces: replacing(...names)});

for (const [how, meet] of [
	['merging the branch', ({git}: Scenario) => git.merge('feature')],
	[
		'merging mainline',
		async ({git}: Scenario) => {
			await git.checkout('-q', 'feature');
			await git.merge('main', '-m', 'main into feature');
		},
	],
	[
		'a rebase',
		async ({git}: Scenario) => {
			await git.checkout('-q', 'feature');
			await git.rebase('main');
		},
	],
	['a range of picks', ({git}: Scenario) => git('cherry-pick', 'main..feature')],
] as const) {
	test(`mainline squashed what the branch depends on: ${how}`, async t => {
		const story = await forked(t, {published: true, incoming: ['0003_discount', '0004_stock']});
		const {git, guard, files} = story;
		await squash(story, '0001_squashed_0003_currency', ...OLD, '0003_currency');
		await git.commit('main: squashed');
		await git.push('-q');
		await meet(story);
		t.is(await guard.history('shop'), '0001_squashed_0003_currency <- 0004_discount <- 0005_stock');
		t.regex(files.read('shop/migrations/0004_discount.py'), /\('shop', '0001_squashed_0003_currency'\)/);
		t.is(await git.status(), '');
		t.is((await guard.run('check')).exitCode, 0);
		if (how === 'a rebase' || how === 'a range of picks')
			t.is(await guard.history('shop', 'HEAD~1'), '0001_squashed_0003_currency <- 0004_discount');
	});
}

test('the branch squashed what mainline did not extend: its squash takes the place, and moves nothing', async t => {
	const story = await forked(t, {published: true, incoming: []});
	const {git, guard} = story;
	await git.checkout('-q', 'feature');
	await squash(story, '0001_squashed_0002_price', ...OLD);
	await git.commit('feature: squashed');
	await git.checkout('-q', 'main');
	const merge = await git.merge('feature');
	t.notRegex(merge.output, /migration-guard/);
	t.is(await guard.history('shop'), '0001_squashed_0002_price <- 0003_currency');
	t.is((await guard.run('check')).exitCode, 0);
});

test('the branch squashed what mainline extended: refused, and without the squash it is renumbered', async t => {
	const story = await forked(t, {published: true});
	const {git, guard, files} = story;
	await git.checkout('-q', 'feature');
	await squash(story, '0001_squashed_0003_discount', ...OLD, '0003_discount');
	await git.commit('feature: squashed');
	await git.checkout('-q', 'main');
	const merge = await git.merge('feature');
	t.regex(merge.output, /shop\.0001_squashed_0003_discount replaces migrations before and after shop\.0003_currency/);
	t.true(files.exists('shop/migrations/0003_discount.py'));
	const check = await guard.run('check');
	t.regex(check.stdout, /MG115 notice: shop has 2 leaf migrations to a database/);
	const [, command] = /(git rm \S+) && migration-guard fix/.exec(merge.output) ?? [];
	await git(...(command ?? '').split(' ').slice(1));
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount');
	await git.commit('without the squash');
	t.is(await git.status(), '');
	t.notRegex((await guard.run('check')).stdout, /MG115/);
});

test('both squashed: refused', async t => {
	const story = await forked(t, {published: true, incoming: [], mainline: []});
	const {git, guard} = story;
	await squash(story, '0001_squashed_0002_price', ...OLD);
	await git.commit('main: squashed');
	await git.checkout('-q', 'feature');
	await squash(story, '0001_squashed_all', ...OLD);
	await git.commit('feature: squashed');
	const merge = await git.merge('main', '-m', 'both');
	t.regex(
		merge.output,
		/shop\.0001_squashed_0002_price and shop\.0001_squashed_all both replace shop\.0001_initial|shop\.0001_squashed_all and shop\.0001_squashed_0002_price both replace/,
	);
	t.is((await guard.run('check')).exitCode, 1);
	await git('rm', '-q', 'shop/migrations/0001_squashed_all.py');
	t.is((await guard.run('check')).exitCode, 0);
});

test('mainline squashed and deleted what it replaced: the branch follows the squash', async t => {
	const story = await forked(t, {published: true, mainline: []});
	const {git, guard} = story;
	await squash(story, '0001_squashed_0002_price', ...OLD);
	await git('rm', '-q', ...OLD.map(name => `shop/migrations/${name}.py`));
	await git.commit('main: squashed, the old ones gone');
	await git.push('-q');
	await git.checkout('-q', 'feature');
	await git.rebase('main');
	t.is(await guard.history('shop'), '0001_squashed_0002_price <- 0003_discount');
	t.is((await guard.run('check')).exitCode, 0);
});

test('mainline began anew, without replaces: the branch follows the new beginning', async t => {
	const story = await forked(t, {published: true, mainline: []});
	const {git, guard, django, files} = story;
	await git('rm', '-q', ...OLD.map(name => `shop/migrations/${name}.py`));
	await django.makemigrations('shop', '0001_squashed_0002_price', {dependencies: []});
	await git.commit('main: began anew');
	await git.push('-q');
	for (const how of ['merge', 'rebase'] as const) {
		await git.checkout('-q', '-B', how, 'feature');
		await git[how]('main');
		t.is(await guard.history('shop'), '0001_squashed_0002_price <- 0003_discount', how);
		t.regex(files.read('shop/migrations/0003_discount.py'), /\('shop', '0001_squashed_0002_price'\)/, how);
		t.is((await guard.run('check')).exitCode, 0, how);
		t.is(await git.status(), '', how);
	}
});
