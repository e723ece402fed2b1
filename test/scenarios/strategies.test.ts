import test from 'ava';
import {addField} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const LINEAR = `${BASE} <- 0004_discount`;
const MERGED = "Merge branch 'main' into feature";

for (const options of [
	['-X', 'ours'],
	['-X', 'theirs'],
	['-s', 'resolve'],
	['-s', 'recursive', '-X', 'no-renames'],
	['-X', 'find-renames=10'],
] as const) {
	test(`merge ${options.join(' ')}: no side is lost`, async t => {
		const {git, guard} = await forked(t);
		await git.checkout('-q', 'feature');
		const before = await guard.remember('main', 'feature');
		await git.merge(...options, 'main');
		t.is(await guard.history('shop'), LINEAR);
		await guard.invariants(before, {adds: [MERGED]});
	});
}

for (const options of [
	['-X', 'ours'],
	['-X', 'theirs'],
] as const) {
	test(`merge ${options.join(' ')}, one file name on both sides: both migrations are kept`, async t => {
		const {git, django, guard} = await forked(t, {mainline: [], incoming: []});
		for (const [branch, field] of [
			['feature', 'discount'],
			['main', 'currency'],
		] as const) {
			await git.checkout('-q', branch);
			await django.makemigrations('shop', '0003_auto', {operations: [addField(field)]});
			await git.commit(`${branch}: 0003_auto`);
		}
		await git.checkout('-q', 'feature');
		const before = await guard.remember('main', 'feature');
		await git.merge(...options, 'main');
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_auto <- 0004_auto');
		await guard.invariants(before, {adds: [MERGED]});
	});
}

test('merge -s ours: what a person left out on purpose is not brought back', async t => {
	const {git, guard} = await forked(t);
	const tree = await git.text('rev-parse', 'main^{tree}');
	await git.merge('-s', 'ours', 'feature');
	t.is(await git.text('rev-parse', 'HEAD^{tree}'), tree);
	t.is(await git.status(), '');
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await git.text('rev-parse', 'HEAD^{tree}'), tree);
	t.is((await guard.run('check')).exitCode, 0);
});

test('merge -X subtree: a project below a folder', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', '-b', 'nested', 'main');
	files.move('shop', '../moved');
	files.move('../moved', 'vendor/shop');
	await git.commit('nested: vendor');
	await git.merge('-X', 'subtree=vendor', 'feature');
	t.is(await guard.history('shop'), LINEAR);
	t.false(files.exists('shop'));
	t.is(await git.status(), '');
	t.is((await guard.run('check')).exitCode, 0);
});

test('10 octopus with one file name twice: git itself refuses', async t => {
	const {git, django, guard} = await forked(t, {incoming: ['0003_same']});
	await git.checkout('-q', '-b', 'other', 'feature~1');
	await django.makemigrations('shop', '0003_same', {operations: [addField('weight')]});
	await git.commit('other: 0003_same');
	await git.checkout('-q', 'main');
	const tip = await git.oid();
	const merge = await git.attempt('merge', 'feature', 'other');
	t.not(merge.exitCode, 0, merge.output);
	t.is(await git.status(), 'AA shop/migrations/0003_same.py');
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 1, fix.output);
	t.regex(fix.output, /conflicts left to resolve/);
	await git.reset('-q', '--hard');
	t.is(await git.oid(), tip);
	t.is(await guard.history('shop'), BASE);
});

test('10 octopus concluded by hand', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'other', 'feature~1');
	await django.makemigrations('shop', '0003_weight');
	await git.commit('other: 0003_weight');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature', 'other');
	await git.merge('--no-commit', 'feature', 'other');
	await git('commit', '-q', '-m', 'octopus');
	t.is((await git.parents()).length, 3);
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_weight`);
	await guard.invariants(before, {adds: ['octopus']});
});

test('pull --rebase=merges, --squash and --autostash', async t => {
	const {git, guard, files} = await forked(t, {published: true});
	await git.checkout('-q', 'feature');
	const tip = await git.oid();
	files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
	await git.pull('-q', '--rebase=merges', '--autostash', 'origin', 'main');
	t.is(await guard.history('shop'), LINEAR);
	t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
	t.is(await git.status(), ' M shop/migrations/0004_discount.py');
	await git.reset('-q', '--hard', tip);
	await git.pull('-q', '--squash', 'origin', 'main');
	t.is(await guard.history('shop'), LINEAR);
	await git('commit', '-q', '-m', 'squashed');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	await git.reset('-q', '--hard', tip);
	files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
	await git.pull('-q', '--no-rebase', '--autostash', 'origin', 'main');
	t.is(await guard.history('shop'), LINEAR);
	t.is(await git.status(), ' M shop/migrations/0004_discount.py');
});
