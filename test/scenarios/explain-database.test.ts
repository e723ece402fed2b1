import test from 'ava';
import {explained} from '../helpers/explained.ts';
import {scenario} from '../helpers/scenario.ts';
import {outerDjangos} from '../referee/django.ts';

test('a dependency that was added after its child was applied', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop', 'pay']);
		await story.django.makemigrations('shop', '0001_initial');
		await story.django.makemigrations('pay', '0001_initial', '0002_fee');
		await git.commit('base');
		await at.manage('migrate');
		await story.django.makemigrations('shop', '0002_price');
		files.edit(
			'pay/migrations/0002_fee.py',
			"('pay', '0001_initial'),",
			"('pay', '0001_initial'),\n        ('shop', '0002_price'),",
		);
		await git.commit('pay needs price');
		const failed = await at.manage('migrate');
		const answer = await at.explain(failed);
		t.is(answer.code, 'inconsistent-history', failed.output);
		t.deepEqual(answer.nodes, ['pay.0002_fee', 'shop.0002_price']);
		t.regex(
			answer.cause[0]!,
			/pay\.0002_fee depends on shop\.0002_price \(pay\/migrations\/0002_fee\.py:\d+, since \w{9} "pay needs price"/,
		);
		const before = files.bytes('db.sqlite3');
		const text = files.read('pay/migrations/0002_fee.py');
		await at.follow(answer.ways[0]);
		await at.isContent();
		t.is(files.read('pay/migrations/0002_fee.py'), text);
		// The other way: back to where it was not so.
		files.write('db.sqlite3', before);
		await at.follow(answer.ways[1]);
		await at.isContent();
	});
});

test('a column that was faked', async t => {
	await outerDjangos(t, async django => {
		// There SQLite makes the table anew for each column, and so the faked one, too.
		if (django.version.startsWith('3.')) return;
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		const column = (name: string) => `        migrations.AddField('item', '${name}', models.IntegerField(null=True)),`;
		await story.django.makemigrations('shop', '0002_price', {
			dependencies: [['shop', '0001_initial']],
			operations: [column('price')],
		});
		await story.django.makemigrations('shop', '0003_size', {
			dependencies: [['shop', '0002_price']],
			operations: [column('size')],
		});
		await at.manage('migrate', 'shop', '0001');
		await at.manage('migrate', '--fake', 'shop', '0002');
		await at.manage('migrate');
		t.false((await at.columns('shop_item')).includes('price'));
		const failed = await at.python(
			"from django.db import connection; connection.cursor().execute('SELECT price FROM shop_item')",
		);
		const answer = await at.explain(failed);
		t.is(answer.code, 'does-not-exist');
		t.deepEqual(answer.nodes, ['shop.0002_price']);
		await at.follow(answer.ways[1]);
		t.true((await at.columns('shop_item')).includes('price'));
		await at.isContent();
	});
});

test('tables that were there before the migrations', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await at.manage('migrate', 'shop', '0001');
		await at.python("from django.db import connection; connection.cursor().execute('DELETE FROM django_migrations')");
		const answer = await at.explain(await at.manage('migrate'));
		t.is(answer.code, 'already-exists');
		t.deepEqual(answer.nodes, ['shop.0001_initial']);
		await at.follow(answer.ways[0]);
		await at.isContent();
	});
});

test('a table of applied migrations that cannot be made, and that two made at once', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		// What the slower one of two sees.
		const race = await at.python(
			"from django.core.management import call_command; from django.db import connection; from django.db.migrations.recorder import MigrationRecorder as R; R(connection).ensure_schema(); R.has_table = lambda self: False; call_command('migrate', verbosity=0)",
		);
		const answer = await at.explain(race);
		t.is(answer.code, 'schema-missing', race.output);
		t.regex(answer.title, /because it is there/, `${django.version} ${answer.said}`);
		await at.follow(answer.ways[0]);
		await at.isContent();
	});
});

test('what is passed on, tried: --run-syncdb runs everything, database_backwards is never called', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('shop', '0003_drop', {
			dependencies: [['shop', '0002_price']],
			operations: ["        migrations.RemoveField('item', 'price'),"],
		});
		const path = 'shop/migrations/0003_drop.py';
		story.files.write(
			path,
			`${story.files.read(path)}\n    def database_backwards(self, app_label, schema_editor, from_state, to_state):\n        raise SystemExit('called')\n\n\ndef database_backwards(self, app_label, schema_editor, from_state, to_state):\n    raise SystemExit('called')\n`,
		);
		t.is((await at.manage('migrate', '--run-syncdb')).exitCode, 0);
		t.deepEqual(await at.applied('shop'), ['0001_initial', '0002_price', '0003_drop']);
		t.is((await at.manage('migrate', 'shop', '0002')).exitCode, 0);
		t.true((await at.columns('shop_item')).includes('price'));
		t.is((await at.explain(story.files.read(path))).genuine, false);
	});
});
