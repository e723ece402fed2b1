import test from 'ava';
import {explained, squash} from '../helpers/explained.ts';
import {scenario} from '../helpers/scenario.ts';
import {outerDjangos} from '../referee/django.ts';

const REPLACED = ['0001_initial', '0002_price', '0003_size'] as const;

test('a squash of a squash, before Django 6.0', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', ...REPLACED);
		await git.commit('base');
		await at.manage('migrate', 'shop', '0001');
		const first = files.bytes('db.sqlite3');
		files.remove('db.sqlite3');
		const outer = '0001_squashed_0003_size';
		const is6 = django.version.startsWith('6.');
		const write = async (inner: string) => {
			await squash(story, inner, REPLACED.slice(0, 2), ['price']);
			await squash(story, outer, [inner, REPLACED[2]]);
		};
		// Which of the two is read first hangs on the hash of their names.
		const names: {fails?: string; works?: string} = {};
		for (const letter of is6 ? 'abc' : 'abcdefghijklmnop') {
			const inner = `0001_squashed_0002_${letter}`;
			await write(inner);
			const {exitCode} = await at.manage('migrate');
			names[exitCode === 0 ? 'works' : 'fails'] = inner;
			if (exitCode === 0) {
				// The rows are for the inner one, and none for what that replaces: before 6.0 the next migrate stumbles over them.
				const again = await at.manage('migrate');
				t.is(again.exitCode === 0, is6, again.output);
				files.remove('db.sqlite3');
			}
			if (is6) {
				files.write('db.sqlite3', first);
				await at.isContent();
				t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size']);
				files.remove('db.sqlite3');
			}
			files.remove(`shop/migrations/${inner}.py`);
			if (names.fails && names.works) break;
		}
		t.is(names.fails === undefined, is6, django.version);
		t.truthy(names.works, django.version);
		if (!names.fails) return;
		await write(names.fails);
		if (files.exists('db.sqlite3')) files.remove('db.sqlite3');
		await git.commit('squashed twice');
		for (const text of ['find', 'remove']) {
			// Half of the inner one.
			if (text === 'remove') files.write('db.sqlite3', first);
			const failed = await at.manage('migrate');
			t.regex(failed.output, new RegExp(`Unable to ${text} replacement node`));
			const answer = await at.explain(failed);
			t.is(answer.code, 'node-not-found');
			t.deepEqual(answer.nodes, [`shop.${names.fails}`, `shop.${outer}`]);
			t.regex(answer.cause[0]!, new RegExp(`carried out shop\\.${outer} .* before shop\\.${names.fails}`));
			// The other way is a newer Django: see `works`.
			await at.follow(answer.ways[0]);
			await at.isContent();
			t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size']);
			await git.reset('-q', '--hard');
		}
	});
});

test('squashes that replace each other, or themselves', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop']);
		const [inner, outer] = ['0001_squashed_0002_price', '0001_squashed_0003_size'];
		await git.commit('project');
		await story.django.makemigrations('shop', ...REPLACED);
		await git.commit('base');
		await squash(story, inner, REPLACED.slice(0, 2), ['price']);
		await git.commit('squashed');
		await squash(story, outer, [inner, REPLACED[2]]);
		await git.commit('squashed again');
		files.edit(`shop/migrations/${inner}.py`, 'replaces = [', `replaces = [('shop', '${outer}'), `);
		await git.commit('both ways');
		const is6 = django.version.startsWith('6.');
		const failed = await at.manage('migrate');
		t.regex(failed.output, is6 ? /Cyclical squash replacement found/ : /Unable to find replacement node/);
		const answer = await at.explain(failed);
		t.is(answer.code, is6 ? 'squash-cycle' : 'node-not-found');
		t.deepEqual([...answer.nodes].sort(), [`shop.${inner}`, `shop.${outer}`]);
		t.regex(
			answer.cause.join('\n'),
			/0002_price replaces shop\.0001_squashed_0003_size \(shop\/migrations\/0001_squashed_0002_price\.py:\d+, since \w{9} "both ways"/,
		);
		await at.follow(answer.ways[0]);
		await at.isContent();
		t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size']);

		await git.reset('-q', '--hard', 'HEAD~2');
		files.remove('db.sqlite3');
		files.edit(`shop/migrations/${inner}.py`, 'replaces = [', `replaces = [('shop', '${inner}'), `);
		const self = await at.manage('migrate');
		t.regex(self.output, is6 ? /Cyclical squash replacement found/ : /KeyError: \('shop', '0001_squashed_0002_price'\)/);
		const own = await at.explain(self);
		t.is(own.code, is6 ? 'squash-cycle' : 'node-not-found');
		t.deepEqual(own.nodes, [`shop.${inner}`]);
		await at.follow(own.ways[0]);
		await at.isContent();
		t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size']);
		// With nothing behind it, Django before 6.0 does not even say it.
		if (is6) return;
		await git.reset('-q', '--hard');
		for (const path of ['db.sqlite3', 'shop/migrations/0003_size.py']) files.remove(path);
		files.edit(`shop/migrations/${inner}.py`, 'replaces = [', `replaces = [('shop', '${inner}'), `);
		t.is((await at.manage('migrate')).exitCode, 0);
		t.deepEqual(await at.applied('shop'), []);
	});
});
