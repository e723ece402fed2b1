import test from 'ava';
import {ALL_COLUMNS, applied, TEA} from '../helpers/applied.ts';
import {djangos} from '../referee/django.ts';

const STRAIGHT = ['0001_initial', '0002_price', '0003_currency', '0004_discount'];

for (const step of ['database-migrated', 'database-renamed', 'database-finished']) {
	test(`killed at ${step}: the next repair finishes it, and the data is there`, async t => {
		const django = (await djangos()).at(-1);
		if (django) {
			const {git, manage, db, dbWith} = await applied(t, django);
			await git.merge('main');
			const killed = await dbWith({MIGRATION_GUARD_FAIL: step}, 'repair', '--yes', '--command', manage.command);
			t.not(killed.exitCode, 0, killed.output);
			t.is((await db('status')).exitCode, step === 'database-migrated' ? 1 : 0);
			const again = await db('repair', '--yes');
			t.is(again.exitCode, 0, again.output);
			t.deepEqual(await manage.applied(), STRAIGHT);
			t.deepEqual(await manage.sql(ALL_COLUMNS), TEA);
			t.is((await db('repair', '--yes')).stdout, 'default: nothing to repair');
		}
		t.pass();
	});
}

for (const [step, rows] of [
	['database-away', ['0001_initial', '0002_price', '0003_discount']],
	['database-gone-back', ['0001_initial', '0002_price']],
] as const) {
	test(`--back killed at ${step}: any db command returns to the branch, and repair finishes`, async t => {
		const django = (await djangos()).at(-1);
		if (django) {
			const {git, manage, db, dbWith} = await applied(t, django);
			await git.merge('main');
			const head = await git.oid();
			await dbWith({MIGRATION_GUARD_FAIL: step}, 'repair', '--yes', '--back', '--command', manage.command);
			t.not(await git.oid(), head, 'the old tip is checked out');
			t.is(await git.status(), '');
			const status = await db('status');
			t.regex(status.stderr, /an interrupted repair was back on feature/);
			t.is(await git.text('symbolic-ref', '--short', 'HEAD'), 'feature');
			t.is(await git.oid(), head);
			t.is(await git.status(), '');
			t.deepEqual(await manage.applied(), rows);
			const again = await db('repair', '--yes', '--back');
			t.is(again.exitCode, 0, again.output);
			t.deepEqual(await manage.applied(), STRAIGHT);
			t.deepEqual(await manage.columns('shop_item'), ['currency', 'discount', 'id', 'name', 'price']);
		}
		t.pass();
	});
}

test('killed on the old tip, and somebody went elsewhere since: their checkout stays', async t => {
	const django = (await djangos()).at(-1);
	if (django) {
		const {git, manage, db, dbWith} = await applied(t, django);
		await git.merge('main');
		await dbWith({MIGRATION_GUARD_FAIL: 'database-away'}, 'repair', '--yes', '--back', '--command', manage.command);
		await git.checkout('-q', 'main');
		await db('status');
		t.is(await git.text('symbolic-ref', '--short', 'HEAD'), 'main');
	}
	t.pass();
});

test('a local edit keeps --back from going anywhere', async t => {
	const django = (await djangos()).at(-1);
	if (django) {
		const {git, files, db, manage} = await applied(t, django);
		await git.merge('main');
		files.edit('shop/models.py', 'max_length=50', 'max_length=51');
		const refused = await db('repair', '--yes', '--back');
		t.is(refused.exitCode, 1);
		t.regex(refused.stderr, /the worktree is not clean: +M shop\/models\.py/);
		t.deepEqual(await manage.applied(), ['0001_initial', '0002_price', '0003_discount']);
	}
	t.pass();
});
