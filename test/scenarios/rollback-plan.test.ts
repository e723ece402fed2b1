import test from 'ava';
import {project} from '../helpers/manage.ts';
import {scenario} from '../helpers/scenario.ts';
import {eachDjango} from '../referee/django.ts';

const column = (name: string) => `        migrations.AddField('item', '${name}', models.IntegerField(null=True)),`;

test('what is listed is what Django reverses, and where it stops', async t => {
	await eachDjango(t, async django => {
		const story = await scenario(t, {install: false});
		const {guard, files, git} = story;
		const at = project(story, django, ['shop', 'pay']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('shop', '0003_fill', {
			dependencies: [['shop', '0002_price']],
			operations: ["        migrations.RunSQL('UPDATE shop_item SET price = 1'),"],
		});
		await story.django.makemigrations('shop', '0004_size', {dependencies: [['shop', '0003_fill']], operations: [column('size')]});
		await story.django.makemigrations('pay', '0001_initial');
		await story.django.makemigrations('pay', '0002_fee', {
			dependencies: [
				['pay', '0001_initial'],
				['shop', '0004_size'],
			],
			operations: [column('fee')],
		});
		await git.commit('base');
		t.is((await at.manage('migrate')).exitCode, 0);

		const plan = await guard.run('rollback-plan', 'shop', '0001');
		t.is(plan.exitCode, 1);
		t.is(
			plan.stdout,
			`  1. pay.0002_fee
       loses data: AddField item.fee (pay/migrations/0002_fee.py:14): drops the column pay_item.fee with what is in it
  2. shop.0004_size
       loses data: AddField item.size (shop/migrations/0004_size.py:13): drops the column shop_item.size with what is in it
  3. shop.0003_fill
       IRREVERSIBLE: RunSQL (shop/migrations/0003_fill.py:13): it has no reverse_sql
  4. shop.0002_price
       loses data: AddField item.price (shop/migrations/0002_price.py:13): drops the column shop_item.price with what is in it
Going back to shop.0001_initial stops at shop.0003_fill, which is irreversible; 2 migrations are reversed by then and would stay so.`,
		);
		const failed = await at.manage('migrate', 'shop', '0001');
		t.regex(failed.stderr, /IrreversibleError: Operation <RunSQL.*> in shop\.0003_fill is not reversible/);
		t.deepEqual(await at.applied('pay'), ['0001_initial']);
		t.deepEqual(await at.applied('shop'), ['0001_initial', '0002_price', '0003_fill']);
		t.deepEqual(await at.columns('pay_item'), ['id', 'name']);

		// RemoveField comes back, where there are no rows that it would leave without a value.
		files.remove('db.sqlite3');
		files.edit('shop/migrations/0003_fill.py', "SET price = 1')", "SET price = 1', migrations.RunSQL.noop)");
		files.edit('shop/migrations/0004_size.py', column('size'), "        migrations.RemoveField('item', 'name'),");
		t.is((await at.manage('migrate')).exitCode, 0);
		await at.python("from django.db import connection; connection.cursor().execute('INSERT INTO shop_item (price) VALUES (7)')");
		const back = await guard.run('rollback-plan', 'shop', '0001', '--json');
		t.is(back.exitCode, 0);
		t.deepEqual(
			JSON.parse(back.stdout).plan.map(({key, operations}: {key: string; operations: {effect: string}[]}) => [
				key,
				operations.map(({effect}) => effect),
			]),
			[
				['pay.0002_fee', ['loses-data']],
				['shop.0004_size', ['may-fail']],
				['shop.0003_fill', ['undoes-nothing']],
				['shop.0002_price', ['loses-data']],
			],
		);
		const full = await at.manage('migrate', 'shop', '0001');
		t.regex(full.stderr, /IntegrityError: NOT NULL constraint failed: \w*shop_item\.name/);
		await at.manage('migrate');
		await at.python("from django.db import connection; connection.cursor().execute('DELETE FROM shop_item')");
		const gone = await at.manage('migrate', 'shop', '0001');
		t.is(gone.exitCode, 0, gone.output);
		t.deepEqual(
			[...gone.stdout.matchAll(/Unapplying (\S+)\.\.\./g)].map(([, key]) => key),
			['pay.0002_fee', 'shop.0004_size', 'shop.0003_fill', 'shop.0002_price'],
		);
		t.deepEqual([...(await at.columns('shop_item'))].sort(), ['id', 'name']);
	});
});

test('inside SeparateDatabaseAndState Django notices only on the way', async t => {
	await eachDjango(t, async django => {
		const story = await scenario(t, {install: false});
		const at = project(story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		await story.django.makemigrations('shop', '0002_x', {
			dependencies: [['shop', '0001_initial']],
			operations: ["        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL('SELECT 1')]),"],
		});
		t.is((await at.manage('migrate')).exitCode, 0);
		t.regex(
			(await story.guard.run('rollback-plan', 'shop', '0001')).stdout,
			/IRREVERSIBLE: SeparateDatabaseAndState.*RunSQL: it has no reverse_sql/,
		);
		t.regex((await at.manage('migrate', 'shop', '0001')).stderr, /NotImplementedError: You cannot reverse this operation/);
	});
});

test('names that mean nothing, or several migrations', async t => {
	const {django, guard} = await scenario(t, {install: false});
	await django.makemigrations('shop', '0001_initial', '0002_price', '0002_price_again');
	const said = async (...args: readonly string[]) => {
		const {exitCode, stderr} = await guard.run('rollback-plan', ...args);
		t.is(exitCode, 2);
		return stderr;
	};
	t.regex(await said('shop'), /say APP and NAME/);
	t.regex(
		await said('shop', '0009'),
		/no migration of shop begins with 0009; there are 0001_initial, 0002_price, 0002_price_again/,
	);
	t.regex(await said('pay', 'zero'), /no app pay with migrations; there are shop/);
	// Django, too, takes a whole name for the beginning of others (loader.py:get_migration_by_prefix).
	t.regex(await said('shop', '0002_price'), /several migrations of shop begin with 0002_price/);
	t.is(
		(await guard.run('rollback-plan', 'shop', '0002_price_')).stdout,
		'Nothing comes after shop.0002_price_again: migrate would reverse nothing.',
	);
});
