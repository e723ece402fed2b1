import test from 'ava';
import {ALL_COLUMNS, applied, TEA} from '../helpers/applied.ts';
import {eachDjango} from '../referee/django.ts';

const STRAIGHT = ['0001_initial', '0002_price', '0003_currency', '0004_discount'];

test('a branch that was applied and renumbered by a merge: status says it, repair keeps the data, a second one does nothing', async t => {
	await eachDjango(t, async django => {
		const {git, manage, db, files} = await applied(t, django);
		t.is((await db('status')).exitCode, 0);
		await git.merge('main');
		const status = await db('status');
		t.is(status.exitCode, 1, status.output);
		t.regex(
			status.stdout,
			/shop\.0003_discount is applied; it is 0004_discount now\n {2}shop\.0003_currency is not applied, and has to come before/,
		);
		const shown = await db('repair', '--dry-run');
		t.regex(
			shown.stdout,
			/1\. migrate shop 0003_currency.*\n {2}2\. rename the row shop\.0003_discount to 0004_discount\n {2}3\. migrate/,
		);
		const asked = await db('repair');
		t.is(asked.exitCode, 1);
		t.regex(asked.stderr, /nobody can be asked here/);
		t.deepEqual(await manage.applied(), ['0001_initial', '0002_price', '0003_discount'], 'nothing was changed so far');

		const repaired = await db('repair', '--yes');
		t.is(repaired.exitCode, 0, repaired.output);
		t.deepEqual(await manage.applied(), STRAIGHT);
		t.deepEqual(await manage.sql(ALL_COLUMNS), TEA);
		t.regex((await manage.run('migrate')).stdout, /No migrations to apply/);
		t.is(await git.status(), '');
		t.deepEqual(
			files.list('.git/migration-guard/database').filter(name => name.endsWith('.sqlite3')),
			['default-1.sqlite3'],
		);
		const again = await db('repair', '--yes');
		t.is(again.stdout, 'default: nothing to repair');
		t.is((await db('status')).exitCode, 0);
	});
});

test('--back: to the fork point on the old tip, in this checkout, and forwards again; the data in what the branch added is lost', async t => {
	await eachDjango(t, async django => {
		const {git, manage, db, files} = await applied(t, django);
		files.write('.env', 'SECRET=1\n');
		await git.merge('main');
		const repaired = await db('repair', '--yes', '--back');
		t.is(repaired.exitCode, 0, repaired.output);
		t.regex(repaired.stdout, /This loses the data in what these migrations added/);
		t.deepEqual(await manage.applied(), STRAIGHT);
		t.deepEqual(await manage.sql(ALL_COLUMNS), [['tea', 3, 0, 0]]);
		t.is(await git.text('symbolic-ref', '--short', 'HEAD'), 'feature');
		t.is(await git.status(), '?? .env');
	});
});
