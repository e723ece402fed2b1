import test from 'ava';
import {type Explained, explained} from '../helpers/explained.ts';
import {forked} from '../helpers/forked.ts';
import {type Scenario, scenario} from '../helpers/scenario.ts';
import {type Django, outerDjangos} from '../referee/django.ts';

/** A repository without hooks whose two branches were merged as git alone does it. */
async function mergedFork(t: Parameters<typeof forked>[0], django: Django): Promise<{story: Scenario; at: Explained}> {
	const story = await forked(t, {install: false});
	const at = explained(t, story, django, ['shop']);
	await story.git.commit('project');
	await story.git.merge('-q', '--no-edit', 'feature');
	return {story, at};
}

/** A nullable column: SQLite adds it without making the table anew, so that a second one fails. */
function column(name: string): string {
	return `        migrations.AddField(
            model_name='item',
            name='${name}',
            field=models.IntegerField(null=True),
        ),`;
}

/** The branch `feature` applied 0003_discount and 0004_size in its database; then it merged main, and they were renumbered. Ends on `feature`. */
async function renumberedAfterMigrate(
	t: Parameters<typeof forked>[0],
	django: Django,
): Promise<{story: Scenario; at: Explained}> {
	const story = await scenario(t, {install: false});
	const {git, guard} = story;
	const at = explained(t, story, django, ['shop']);
	await story.django.makemigrations('shop', '0001_initial', '0002_price');
	await git.commit('base');
	await git.checkout('-q', '-b', 'feature');
	await story.django.makemigrations('shop', '0003_discount', {
		operations: [column('discount')],
		dependencies: [['shop', '0002_price']],
	});
	await story.django.makemigrations('shop', '0004_size', {
		operations: [column('size')],
		dependencies: [['shop', '0003_discount']],
	});
	await git.commit('feature');
	t.is((await at.manage('migrate')).exitCode, 0);
	await git.checkout('-q', 'main');
	await story.django.makemigrations('shop', '0003_currency', {
		operations: [column('currency')],
		dependencies: [['shop', '0002_price']],
	});
	await git.commit('main');
	await git.checkout('-q', 'feature');
	await guard.install();
	await git.merge('-q', '--no-edit', 'main');
	t.deepEqual(await guard.leaves('shop'), ['0005_size']);
	return {story, at};
}

test('conflicting migrations: renumbered, or merged', async t => {
	await outerDjangos(t, async django => {
		const {at} = await mergedFork(t, django);
		const failed = await at.manage('migrate');
		t.not(failed.exitCode, 0);
		const answer = await at.explain(failed);
		t.is(answer.code, 'conflicting-migrations');
		t.true(answer.genuine && answer.here);
		t.deepEqual(answer.nodes, ['shop.0003_currency', 'shop.0003_discount']);
		t.regex(
			answer.cause.join('\n'),
			/part after 0002_price[\s\S]*0003_discount came with \w{9} "feature: 0003_discount" \(Ada Lovelace, 2024-01-15\)/,
		);
		await at.follow(answer.ways[0]);
		await at.isContent();
		t.deepEqual(await at.applied('shop'), ['0001_initial', '0002_price', '0003_currency', '0004_discount']);
	});
	await outerDjangos(t, async django => {
		const {at} = await mergedFork(t, django);
		// makemigrations says it, too.
		const answer = await at.explain(await at.manage('makemigrations', '--check'));
		t.is(answer.code, 'conflicting-migrations');
		await at.follow(answer.ways[1]);
		await at.isContent();
		t.is((await at.applied('shop')).length, 5);
	});
});

test('a dependency on a migration that was deleted, renamed, forgotten, or left on another branch', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop', 'pay']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('pay', '0001_initial', {dependencies: [['shop', '0002_price']], operations: []});
		await git.commit('base');

		files.remove('shop/migrations/0002_price.py');
		await git.commit('cleaned up');
		const deleted = await at.explain(await at.manage('migrate'));
		t.is(deleted.code, 'node-not-found');
		t.deepEqual(deleted.places, [{path: 'pay/migrations/0001_initial.py', line: 9}]);
		t.regex(deleted.cause.join('\n'), /shop\.0002_price was deleted by \w{9} "cleaned up"/);
		await at.follow(deleted.ways[0]);
		await at.isContent();
		await git.commit('back again');

		files.move('shop/migrations/0002_price.py', 'shop/migrations/0002_cost.py');
		const moved = await at.explain(await at.manage('showmigrations'));
		t.regex(moved.cause.join('\n'), /shop\.0002_price is called shop\.0002_cost now, since a change that is not committed yet/);
		files.remove('db.sqlite3');
		await at.follow(moved.ways[0]);
		await at.isContent();
		await git.commit('renamed');

		await git.checkout('-q', '-b', 'other');
		await story.django.makemigrations('shop', '0003_size');
		await git.commit('size');
		await git.checkout('-q', 'main');
		files.edit('pay/migrations/0001_initial.py', '0002_cost', '0003_size');
		await git.commit('needs size');
		const elsewhere = await at.explain(await at.manage('migrate', '--plan'));
		t.regex(elsewhere.cause.join('\n'), /was never in this history\. It is on other\./);
		files.remove('db.sqlite3');
		await at.follow(elsewhere.ways[0]);
		await at.isContent();

		files.edit('pay/migrations/0001_initial.py', '0003_size', '0009_size');
		const mistyped = await at.explain(await at.manage('migrate'));
		t.regex(mistyped.cause.join('\n'), /never committed in any branch/);
		await at.follow(mistyped.ways[0]);
		await at.isContent();
	});
});

test('a circular dependency: the newest edge is named, and goes', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop', 'pay']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('pay', '0001_initial', {dependencies: [['shop', '0002_price']], operations: []});
		await git.commit('base');
		files.edit(
			'shop/migrations/0002_price.py',
			"        ('shop', '0001_initial'),\n",
			"        ('shop', '0001_initial'),\n        ('pay', '0001_initial'),\n",
		);
		await git.commit('both ways');
		const answer = await at.explain(await at.manage('migrate'));
		t.is(answer.code, 'circular-dependency');
		t.deepEqual([...answer.nodes].sort(), ['pay.0001_initial', 'shop.0002_price']);
		t.regex(
			answer.cause.join('\n'),
			/shop\.0002_price depends on pay\.0001_initial \(shop\/migrations\/0002_price\.py:\d+, since \w{9} "both ways"/,
		);
		await at.follow(answer.ways[0]);
		await at.isContent();
	});
});

test('a column that is there already: applied under the old name, then renumbered', async t => {
	await outerDjangos(t, async django => {
		if (django.version.startsWith('3.')) return; // There SQLite makes the table anew and says nothing.
		const {at} = await renumberedAfterMigrate(t, django);
		const failed = await at.manage('migrate');
		t.not(failed.exitCode, 0);
		const answer = await at.explain(failed);
		t.is(answer.code, 'already-exists');
		t.deepEqual(answer.nodes, ['shop.0004_discount']);
		t.regex(answer.cause.join('\n'), /It was shop\.0003_discount before it was renumbered/);
		t.regex(answer.notes.join('\n'), /shop\.0005_size was renumbered with it/);
		// The first way ends at the next of the chain, in the same manner.
		await at.follow(answer.ways[1], /migrate$/);
		const next = await at.explain(await at.manage('migrate'));
		t.deepEqual(next.nodes, ['shop.0005_size']);
		await at.follow(next.ways[1]);
		await at.isContent();
		t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'discount', 'size', 'currency']);
	});
});

test('the same, repaired', async t => {
	await outerDjangos(t, async django => {
		if (django.version.startsWith('3.')) return;
		const {at} = await renumberedAfterMigrate(t, django);
		const answer = await at.explain(await at.manage('migrate'));
		await at.follow(answer.ways[0]);
		await at.isContent();
		t.deepEqual([...(await at.columns('shop_item'))].sort(), ['currency', 'discount', 'id', 'name', 'price', 'size']);
	});
});

test('the same, on the way back to the fork point', async t => {
	await outerDjangos(t, async django => {
		const {at} = await renumberedAfterMigrate(t, django);
		const text = 'Applying shop.0004_discount...Traceback:\ndjango.db.utils.OperationalError: duplicate column name: discount';
		const answer = await at.explain(text);
		await at.follow(answer.ways[2]);
		await at.isContent();
		t.deepEqual(await at.applied('shop'), ['0001_initial', '0002_price', '0003_currency', '0004_discount', '0005_size']);
		t.deepEqual([...(await at.columns('shop_item'))].sort(), ['currency', 'discount', 'id', 'name', 'price', 'size']);
	});
});

test('two branches that add one column', async t => {
	await outerDjangos(t, async django => {
		if (django.version.startsWith('3.')) return;
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('shop', '0003_price_again', {
			dependencies: [['shop', '0002_price']],
			operations: [column('price')],
		});
		await story.git.commit('base');
		const answer = await at.explain(await at.manage('migrate'));
		t.is(answer.code, 'already-exists');
		t.deepEqual([...answer.nodes].sort(), ['shop.0002_price', 'shop.0003_price_again']);
		const [step] = answer.ways[0]!.steps;
		t.like(step, {
			kind: 'edit',
			path: 'shop/migrations/0003_price_again.py',
			line: 13,
			before: 'AddField item.price',
			after: null,
		});
		story.files.edit('shop/migrations/0003_price_again.py', `${column('price')}\n`, '');
		await at.isContent();
	});
});
