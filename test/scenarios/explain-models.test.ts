import test from 'ava';
import {explained} from '../helpers/explained.ts';
import {scenario} from '../helpers/scenario.ts';
import {outerDjangos} from '../referee/django.ts';

const column = (name: string) => `        migrations.AddField('item', '${name}', models.IntegerField(null=True)),`;

test('a relation to a model that comes later', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop', 'zoo']);
		await story.django.makemigrations('zoo', '0001_initial');
		await story.django.makemigrations('shop', '0001_initial');
		await story.django.makemigrations('shop', '0002_animal', {
			dependencies: [['shop', '0001_initial']],
			operations: ["        migrations.AddField('item', 'animal', models.ForeignKey('zoo.Item', models.CASCADE, null=True)),"],
		});
		const failed = await at.manage('migrate');
		t.not(failed.exitCode, 0);
		const answer = await at.explain(failed);
		t.is(answer.code, 'unresolved-model', failed.output);
		t.deepEqual(answer.nodes, ['shop.0002_animal', 'zoo.0001_initial']);
		await at.follow(answer.ways[0]);
		await at.isContent();
	});
});

test('a base class that comes later, and a get_model', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop', 'zoo']);
		await story.django.makemigrations('zoo', '0001_initial');
		await story.django.makemigrations('shop', '0001_initial');
		await story.django.makemigrations('shop', '0002_child', {
			dependencies: [['shop', '0001_initial']],
			operations: ["        migrations.CreateModel('Child', [], bases=('zoo.item',)),"],
		});
		const bases = await at.explain(await at.manage('migrate'));
		t.is(bases.code, 'unresolved-model');
		t.true(bases.nodes.includes('shop.0002_child'));

		story.files.edit(
			'shop/migrations/0002_child.py',
			"        migrations.CreateModel('Child', [], bases=('zoo.item',)),",
			"        migrations.RunPython(lambda apps, editor: apps.get_model('zoo', 'Item')),",
		);
		const code = await at.explain(await at.manage('migrate'));
		t.is(code.code, 'unresolved-model');
		t.deepEqual(code.nodes, ['shop.0002_child', 'zoo.0001_initial']);
		await at.follow(code.ways[0]);
		await at.isContent();
	});
});

test('a field that another branch renamed', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('shop', '0003_cost', {
			dependencies: [['shop', '0002_price']],
			operations: ["        migrations.RenameField('item', 'price', 'cost'),"],
		});
		await story.git.commit('renamed');
		await story.django.makemigrations('shop', '0004_index', {
			dependencies: [['shop', '0003_cost']],
			operations: ["        migrations.AddIndex('item', models.Index(fields=['price'], name='ix')),"],
		});
		await story.git.commit('indexed');
		const answer = await at.explain(await at.manage('migrate'));
		t.is(answer.code, 'not-in-state');
		t.deepEqual(answer.nodes, ['shop.0003_cost', 'shop.0004_index']);
		t.regex(
			answer.cause.join('\n'),
			/RenameField item\.price in shop\.0003_cost \(shop\/migrations\/0003_cost\.py:\d+, came with \w{9} "renamed"/,
		);
		t.like(answer.ways[0]!.steps[0], {kind: 'edit', path: 'shop/migrations/0004_index.py'});
		story.files.edit('shop/migrations/0004_index.py', "'price'", "'cost'");
		await at.isContent();

		story.files.edit(
			'shop/migrations/0004_index.py',
			"migrations.AddIndex('item', models.Index(fields=['cost'], name='ix'))",
			"migrations.RemoveField('item', 'price')",
		);
		story.files.remove('db.sqlite3');
		const removed = await at.explain(await at.manage('migrate'));
		t.is(removed.code, 'not-in-state');
		t.deepEqual(removed.nodes, ['shop.0003_cost', 'shop.0004_index']);

		story.files.edit(
			'shop/migrations/0004_index.py',
			"migrations.RemoveField('item', 'price')",
			"migrations.RemoveIndex('item', 'nix')",
		);
		const index = await at.explain(await at.manage('migrate'));
		t.is(index.code, 'not-in-state');
	});
});

test('a model that another branch deleted', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		await story.django.makemigrations('shop', '0002_gone', {
			dependencies: [['shop', '0001_initial']],
			operations: ["        migrations.DeleteModel('Item'),"],
		});
		await story.django.makemigrations('shop', '0003_late', {dependencies: [['shop', '0002_gone']], operations: [column('late')]});
		const answer = await at.explain(await at.manage('migrate'));
		t.is(answer.code, 'not-in-state');
		t.deepEqual(answer.nodes, ['shop.0002_gone', 'shop.0003_late']);
		story.files.edit('shop/migrations/0003_late.py', column('late'), '');
		await at.isContent();
	});
});

test('what cannot be reversed, and how it can', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('shop', '0003_fill', {
			dependencies: [['shop', '0002_price']],
			operations: [
				"        migrations.RunSQL('UPDATE shop_item SET price = 1'),",
				'        migrations.RunPython(lambda apps, editor: None, elidable=True),',
			],
		});
		await at.manage('migrate');
		for (const type of ['RunSQL', 'RunPython']) {
			const failed = await at.manage('migrate', 'shop', '0001');
			t.regex(failed.output, /IrreversibleError/);
			const answer = await at.explain(failed);
			t.is(answer.code, 'irreversible');
			t.regex(answer.cause.join('\n'), new RegExp(`${type} in shop/migrations/0003_fill\\.py:1\\d has no reverse`));
			await at.follow(answer.ways[0], type === 'RunSQL' ? /migrate/ : /^$/);
		}
		t.deepEqual(await at.applied('shop'), ['0001_initial', '0002_price']);
		await at.isContent();
	});
});

test('a helper among the migrations, and conflict markers', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		story.files.write('shop/migrations/utils.py', 'X = 1\n');
		await story.git.commit('base');
		const bad = await at.explain(await at.manage('migrate'));
		t.is(bad.code, 'no-migration-class');
		await at.follow(bad.ways[0]);
		await at.isContent();

		story.files.write(
			'shop/migrations/0002_x.py',
			'from django.db import migrations\n<<<<<<< HEAD\nA = 1\n=======\nA = 2\n>>>>>>> feature\n',
		);
		const marked = await at.explain(await at.manage('migrate'));
		t.is(marked.code, 'unreadable-file');
		t.deepEqual(marked.places, [{path: 'shop/migrations/0002_x.py', line: 2}]);
		t.true(marked.here);
	});
});

test('names on the command line', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price', '0002_size');
		await story.git.commit('base');
		const several = await at.explain(await at.manage('migrate', 'shop', '0002'));
		t.is(several.code, 'unknown-name');
		t.deepEqual(several.nodes, ['shop.0002_price', 'shop.0002_size']);
		await at.follow(several.ways[0]);
		const none = await at.explain(await at.manage('migrate', 'shop', '0003_size'));
		t.deepEqual(none.nodes, ['shop.0002_size']);
		await at.follow(none.ways[0]);
		t.is((await at.explain(await at.manage('migrate', 'shoop'))).code, 'unknown-app');
	});
});
