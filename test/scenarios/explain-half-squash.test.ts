import test from 'ava';
import {addField} from '../helpers/django.ts';
import {explained, squash} from '../helpers/explained.ts';
import {scenario} from '../helpers/scenario.ts';
import {outerDjangos} from '../referee/django.ts';

const REPLACED = ['0001_initial', '0002_price', '0003_size'] as const;

test('half a squash is applied, and what it replaces is deleted', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', ...REPLACED);
		await git.commit('base');
		await at.manage('migrate', 'shop', '0002');
		const half = files.bytes('db.sqlite3');
		await squash(story, '0001_squashed_0003_size', REPLACED);
		await git.commit('squashed');
		await story.django.makemigrations('shop', '0004_late', {dependencies: [['shop', '0003_size']]});
		for (const name of REPLACED) files.remove(`shop/migrations/${name}.py`);
		await git.commit('cleaned up');

		const failed = await at.manage('migrate');
		t.regex(failed.output, /depends on nonexistent node \('shop', '0003_size'\)\. Django tried to replace/);
		const answer = await at.explain(failed);
		t.is(answer.code, 'node-not-found');
		t.true(answer.here);
		t.deepEqual(answer.nodes, ['shop.0004_late', 'shop.0003_size', 'shop.0001_squashed_0003_size']);
		t.regex(
			answer.cause.join('\n'),
			/shop\.0001_squashed_0003_size replaces .*\n.*shop\.0003_size are deleted, by \w{9} "cleaned up"/,
		);
		t.is(answer.ways.length, 2);
		for (const way of answer.ways) {
			files.write('db.sqlite3', half);
			await at.follow(way);
			await at.isContent();
			await git.reset('-q', '--hard');
			// Also without the files: the squash counts now.
			await at.isContent();
			t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size', 'late']);
		}

		// The same, and the only one who asks is the command.
		await git.checkout('-q', 'HEAD~1');
		for (const name of REPLACED) files.remove(`shop/migrations/${name}.py`);
		files.write('db.sqlite3', half);
		const named = await at.explain(await at.manage('migrate', 'shop', '0001_squashed_0003_size'));
		t.is(named.code, 'node-not-found');
		t.true(named.nodes.includes('shop.0001_squashed_0003_size'));
		await at.follow(named.ways[0]);
		await at.isContent();
		t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size']);
	});
});

test('half a squash is applied, and Django speaks of something else', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', ...REPLACED);
		await git.commit('base');
		await at.manage('migrate', 'shop', '0002');
		const half = files.bytes('db.sqlite3');
		await squash(story, '0001_squashed_0003_size', REPLACED);
		const late = {dependencies: [['shop', '0001_squashed_0003_size']] as const};
		const steps = {
			'not-in-state': "        migrations.RenameField('item', 'name', 'title'),",
			'unresolved-model':
				"        migrations.RunPython(lambda apps, editor: apps.get_model('shop', 'Item'), lambda apps, editor: None),",
		};
		for (const [code, operation] of Object.entries(steps)) {
			await story.django.makemigrations('shop', '0004_late', {...late, operations: [operation]});
			await git.commit('squashed');
			for (const name of REPLACED) files.remove(`shop/migrations/${name}.py`);
			await git.commit('cleaned up');
			const answer = await at.explain(await at.manage('migrate'));
			t.is(answer.code, code as 'not-in-state');
			t.deepEqual(answer.nodes, ['shop.0004_late', 'shop.0001_squashed_0003_size']);
			for (const way of answer.ways) {
				files.write('db.sqlite3', half);
				await at.follow(way);
				await at.isContent();
				await git.reset('-q', '--hard');
				await at.isContent();
			}
			files.write('db.sqlite3', half);
			await git.checkout('-q', 'HEAD~1');
		}
		// With a part of the app before the squash, what is behind it is a leaf like that part.
		await git.checkout('-q', ':/base');
		await story.django.makemigrations('shop', '0002_squashed_0003_size', {
			replaces: [
				['shop', '0002_price'],
				['shop', '0003_size'],
			],
			dependencies: [['shop', '0001_initial']],
			operations: ['price', 'size'].map(addField),
		});
		await story.django.makemigrations('shop', '0004_late', {dependencies: [['shop', '0002_squashed_0003_size']]});
		await git.commit('squashed');
		for (const name of REPLACED.slice(1)) files.remove(`shop/migrations/${name}.py`);
		await git.commit('cleaned up');
		const answer = await at.explain(await at.manage('migrate'));
		t.is(answer.code, 'conflicting-migrations');
		t.deepEqual(answer.nodes, ['shop.0001_initial', 'shop.0004_late', 'shop.0002_squashed_0003_size']);
		await at.follow(answer.ways[0]);
		await at.isContent();
		t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size', 'late']);
	});
});

test('a migration that a squash replaces, by its name', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', ...REPLACED);
		await git.commit('base');
		await squash(story, '0001_squashed_0003_size', REPLACED);
		await git.commit('squashed');
		const [, major] = /^(\d+)/.exec(django.version)!;
		for (const from of ['nothing', 'all'] as const) {
			if (files.exists('db.sqlite3')) files.remove('db.sqlite3');
			if (from === 'all') await at.manage('migrate');
			const before = from === 'all' ? files.bytes('db.sqlite3') : null;
			const failed = await at.manage('migrate', 'shop', '0002');
			const fails = from === 'all' ? Number(major) < 4 : Number(major) < 6;
			t.is(failed.exitCode !== 0, fails, `${django.version} from ${from}: ${failed.output}`);
			if (!fails) continue;
			const answer = await at.explain(failed);
			t.is(answer.code, 'node-not-found', failed.output);
			t.true(answer.here);
			t.deepEqual(answer.nodes, ['shop.0002_price', 'shop.0001_squashed_0003_size']);
			await at.follow(answer.ways[0]);
			await at.isContent();
			before === null ? files.remove('db.sqlite3') : files.write('db.sqlite3', before);
			await at.follow(answer.ways[1]);
			t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price']);
			// Half of the squash, which 3.2 does not know by its name then.
			const half = await at.manage('migrate', 'shop', '0001_squashed_0003_size', '--plan');
			if (half.exitCode !== 0) await at.follow((await at.explain(half)).ways[0]);
			await at.isContent();
			t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size']);
		}
	});
});
