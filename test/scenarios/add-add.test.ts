import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {EVENTS} from '../../src/install/layout.ts';
import {addField} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const AUTO = 'shop/migrations/0003_auto.py';
const LINEAR = '0001_initial <- 0002_price <- 0003_auto <- 0004_auto';
/** As someone without the hooks, be they files or (git 2.54) configuration; the driver is a matter of attributes and stays. */
const NO_HOOKS = [
	...['-c', 'core.hooksPath=/dev/null'],
	...EVENTS.flatMap(event => ['-c', `hook.migration-guard-${event}.enabled=false`]),
];

/** Both sides add 0003_auto, each with a field of its own; ends on main. */
async function sameName(t: ExecutionContext): Promise<Scenario> {
	const story = await forked(t, {mainline: [], incoming: []});
	const {git, django} = story;
	for (const [branch, field] of [
		['feature', 'discount'],
		['main', 'currency'],
	] as const) {
		await git.checkout('-q', branch);
		await django.makemigrations('shop', '0003_auto', {operations: [addField(field)]});
		await git.commit(`${branch}: 0003_auto`);
	}
	return story;
}

for (const [into, from, adds] of [
	['main', 'feature', "Merge branch 'feature'"],
	['feature', 'main', "Merge branch 'main' into feature"],
] as const) {
	test(`20 merge-add-add-carry-split: ${from} into ${into}`, async t => {
		const {git, guard, files} = await sameName(t);
		const before = await guard.remember('main', 'feature');
		await git.checkout('-q', into);
		const merge = await git.merge(from);
		t.is(merge.exitCode, 0);
		t.is(await guard.history('shop'), LINEAR);
		t.regex(files.read(AUTO), /currency/);
		t.regex(files.read('shop/migrations/0004_auto.py'), /discount/);
		await guard.invariants(before, {adds: [adds]});
	});
}

test('a migration that builds on the shared name follows its own', async t => {
	const {git, django, guard} = await sameName(t);
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('feature: 0004_stock');
	const before = await guard.remember('main', 'feature');
	await git.merge('main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	await guard.invariants(before, {adds: ["Merge branch 'main' into feature"]});
});

test('20 merge-add-add-carry-split: concluded after a conflict elsewhere', async t => {
	const {git, guard, files} = await sameName(t);
	for (const branch of ['main', 'feature']) {
		await git.checkout('-q', branch);
		files.write('notes.txt', `${branch}\n`);
		await git.commit(`${branch}: notes`);
	}
	const before = await guard.remember('main', 'feature');
	t.is((await git.attempt('merge', 'main')).exitCode, 1);
	files.write('notes.txt', 'both\n');
	await git.add('notes.txt');
	await git('commit', '--no-edit');
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: ["Merge branch 'main' into feature"]});
});

test('21 merge-add-add-no-hooks-fails-closed', async t => {
	const {git, guard, files} = await sameName(t);
	const before = await guard.remember('main', 'feature');
	const merge = await git(...NO_HOOKS, 'merge', 'feature');
	t.is(merge.exitCode, 0);
	const carried = files.read(AUTO);
	t.regex(carried, /currency/);
	t.regex(carried, /discount/);
	t.regex(carried, /^raise ImportError\(.*migration-guard fix/m);
	const check = await guard.run('check');
	t.is(check.exitCode, 1);
	t.regex(check.output, /0003_auto/);
	const fix = await guard.run('fix');
	t.is(fix.exitCode, 0, fix.output);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});

test('fix --markers turns a carry back into git’s own conflict', async t => {
	const {git, guard, files} = await sameName(t);
	await git(...NO_HOOKS, 'merge', 'feature');
	const fix = await guard.run('fix', '--markers');
	t.not(fix.exitCode, 70, fix.output);
	const text = files.read(AUTO);
	t.regex(text, /^<<<<<<< /m);
	t.regex(text, /^>>>>>>> /m);
	t.regex(text, /currency/);
	t.regex(text, /discount/);
	t.notRegex(text, /migration-guard carry/);
});

test('22 merge-driver-missing-gives-markers', async t => {
	const {git, files} = await sameName(t);
	const home = join(files.root, '.git/migration-guard');
	const programs = readdirSync(home, {recursive: true, encoding: 'utf8'}).filter(name => /\.c?js$/.test(name));
	t.true(programs.length > 0, 'install keeps a copy of the program');
	for (const name of programs) rmSync(join(home, name));
	const merge = await git.attempt('merge', 'feature');
	t.is(merge.exitCode, 1);
	const text = files.read(AUTO);
	t.regex(text, /^<<<<<<< /m);
	t.regex(text, /currency/);
	t.regex(text, /discount/);
	t.is(await git.status(), `AA ${AUTO}`);
});

test('a side that cannot be read keeps git’s own conflict', async t => {
	const {git, files} = await sameName(t);
	await git.checkout('-q', 'feature');
	files.edit(AUTO, 'class Migration(', 'class Migration((');
	await git.commit('feature: broken');
	const merge = await git.attempt('merge', 'main');
	t.is(merge.exitCode, 1);
	t.is(await git.status(), `AA ${AUTO}`);
	t.regex(files.read(AUTO), /^<<<<<<< /m);
});

test('the very same file on both sides is one migration', async t => {
	const {git, guard, files} = await forked(t, {mainline: []});
	files.write('notes.txt', 'notes\n');
	await git.commit('main: notes');
	await git.checkout('-q', 'main');
	await git('cherry-pick', 'feature');
	const before = await guard.remember('main', 'feature');
	await git.merge('feature');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount');
	await guard.invariants(before, {adds: ["Merge branch 'feature'"]});
});
