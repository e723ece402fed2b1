import test, {type ExecutionContext} from 'ava';
import {mergeMigrationText} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const FORK = ['0003_currency', '0003_discount'];

/** Two mainlines, both on the remote: main has 0003_currency, staging has the other. */
async function twoMainlines(t: ExecutionContext, staging: string): Promise<Scenario> {
	const story = await forked(t, {
		published: true,
		incoming: [staging],
		base: ({files}) => files.write('.migrationguardrc', '{"mainline": ["origin/main", "origin/staging"]}\n'),
	});
	await story.git.push('-q', 'origin', 'feature:staging');
	await story.git.fetch('-q', 'origin');
	return story;
}

test('both sides published: a merge migration with Django’s bytes and name', async t => {
	const {git, guard, files} = await twoMainlines(t, '0003_discount');
	const before = await guard.remember('main', 'feature');
	const merge = await git.merge('feature');
	t.is(merge.exitCode, 0);
	t.is(files.read('shop/migrations/0004_merge_0003_currency_0003_discount.py'), mergeMigrationText('shop', ...FORK));
	t.regex(merge.output, /shop\.0004_merge_0003_currency_0003_discount/);
	await guard.invariants(
		{...before, published: new Map([...before.sides[0]!, ...before.sides[1]!])},
		{adds: ["Merge branch 'feature'"]},
	);
});

test('a merge migration is named the same whoever makes it', async t => {
	const {git, guard, files} = await twoMainlines(t, '0003_discount_with_a_very_long_name_for_a_migration');
	const newest = Number(await git.text('log', '-1', '--format=%ct', 'main'));
	const stamp = new Date(newest * 1000).toISOString();
	const name = `0004_merge_${stamp.slice(0, 10).replaceAll('-', '')}_${stamp.slice(11, 16).replace(':', '')}`;
	for (const [into, from] of [
		['main', 'feature'],
		['feature', 'main'],
	] as const) {
		await git.checkout('-q', '--detach', into);
		await git.merge('-m', 'merged', from);
		t.is(
			files.read(`shop/migrations/${name}.py`),
			mergeMigrationText('shop', '0003_currency', '0003_discount_with_a_very_long_name_for_a_migration'),
		);
		t.is((await guard.run('check')).exitCode, 0);
	}
});

test('a fork that is published already is answered by a merge migration in the worktree', async t => {
	const {git, guard, files} = await forked(t, {published: true});
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	await git.with({MIGRATION_GUARD: '0'}).push('-q', 'origin', 'main');
	const head = await git.oid();
	const fix = await guard.run('fix');
	t.is(await git.oid(), head);
	t.is(files.read('shop/migrations/0004_merge_0003_currency_0003_discount.py'), mergeMigrationText('shop', ...FORK));
	t.is(await git.status(), 'A  shop/migrations/0004_merge_0003_currency_0003_discount.py');
	t.regex(fix.output, /git commit/);
});

test('55 pushed-tip-never-rewritten', async t => {
	const {git, guard} = await forked(t, {published: true});
	await git.checkout('-q', 'feature');
	await git.with({MIGRATION_GUARD: '0'}).merge('main');
	await git.with({MIGRATION_GUARD: '0'}).push('-q', 'origin', 'feature');
	const head = await git.oid();
	const before = await guard.remember('main', 'feature');
	const fix = await guard.run('fix');
	t.is(await git.oid(), head);
	t.regex(fix.output, /git commit/);
	t.is(await guard.history('shop'), LINEAR);
	t.is(await git.status(), 'R  shop/migrations/0003_discount.py -> shop/migrations/0004_discount.py');
	await git('commit', '-m', 'renumbered');
	t.is(await git.oid('HEAD~1'), head);
	await guard.invariants(before, {adds: ['renumbered']});
});

test('55 pushed-tip-never-rewritten: fix --commit adds one', async t => {
	const {git, guard} = await forked(t, {published: true});
	await git.checkout('-q', 'feature');
	await git.with({MIGRATION_GUARD: '0'}).merge('main');
	await git.with({MIGRATION_GUARD: '0'}).push('-q', 'origin', 'feature');
	const head = await git.oid();
	const before = await guard.remember('main', 'feature');
	const fix = await guard.run('fix', '--commit');
	t.is(fix.exitCode, 0, fix.output);
	t.is(await git.oid('HEAD~1'), head);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: await git.lines('log', '-1', '--format=%s')});
});

test('a branch’s own edit of a published migration is merged as git merges it, and reported', async t => {
	const {git, guard, files} = await forked(t, {published: true});
	const edited = 'shop/migrations/0002_price.py';
	await git.checkout('-q', 'feature');
	files.edit(edited, 'default=0', 'default=7');
	await git.commit('feature: price');
	const before = await guard.remember('main', 'feature');
	const merge = await git.merge('main');
	t.regex(files.read(edited), /default=7/);
	t.is(await guard.history('shop'), LINEAR);
	t.regex(merge.output, /shop\.0002_price|0002_price\.py/);
	await guard.invariants(before, {adds: ["Merge branch 'main' into feature"], except: [edited]});
});

test('the side that is on the remote stays, even when the merge is made from it', async t => {
	const {git, guard} = await forked(t, {published: true});
	// Local main goes on with a migration of its own; the branch meets it there.
	await git.checkout('-q', 'feature');
	const before = await guard.remember('origin/main', 'feature');
	await git.merge('origin/main', '-m', 'merged');
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: ['merged']});
});
