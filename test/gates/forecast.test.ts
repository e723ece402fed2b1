import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {DEFAULTS} from '../../src/config/config.ts';
import {openGround} from '../../src/doors/ground.ts';
import {resolveMergeCommit} from '../../src/doors/merge.ts';
import {settingsOf} from '../../src/doors/read-settings.ts';
import {type Forecast, forecast, forecaster} from '../../src/gates/forecast.ts';
import {openRepo} from '../../src/git/repo.ts';
import type {Step} from '../../src/plan/plan.ts';
import {addField} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';
import {buildHistory} from '../helpers/objects.ts';
import {at} from '../helpers/repository.ts';
import type {Scenario} from '../helpers/scenario.ts';
import {bytes, type RandomMeeting, randomMeeting} from '../plan/random-meeting.ts';

const SETTINGS = settingsOf(DEFAULTS, []);

async function foreseen({git, files}: Scenario, mainline = 'main', incoming = 'feature'): Promise<Forecast> {
	const sides = {mainline: await git.oid(mainline), incoming: await git.oid(incoming)};
	const repo = openRepo(files.root)!;
	return forecast(openGround(repo, sides.mainline, SETTINGS.load), sides, SETTINGS);
}

/** What is foreseen for `feature`, and then really done to it. */
async function foreseenAndDone(
	t: ExecutionContext,
	story: Scenario,
	apps = ['shop'],
	except: readonly string[] = [],
): Promise<Forecast> {
	const {git, guard} = story;
	await git.checkout('-q', 'feature');
	const found = await foreseen(story);
	const before = await guard.migrations('HEAD');
	await git.merge('-q', '--no-edit', 'main');
	const now = new Set((await guard.migrations('HEAD')).keys());
	for (const step of found.plan.steps) {
		if (step.kind !== 'renumber') continue;
		t.false(now.has(step.path), `${step.path} was to move`);
		t.true(now.has(step.newPath), `${step.newPath} was to appear`);
	}
	const moved = found.plan.steps.flatMap(step => (step.kind === 'renumber' ? [step.path] : []));
	const gone = [...before.keys()].filter(path => !now.has(path));
	t.deepEqual(
		gone.filter(path => !except.includes(path)),
		moved.sort(),
	);
	for (const app of apps) t.is((await guard.leaves(app)).length, 1);
	return found;
}

const RENUMBERED = {kind: 'renumber', from: 'shop.0003_discount', to: 'shop.0004_discount'} as const;

test('one migration on each side', async t => {
	const story = await forked(t);
	const found = await foreseenAndDone(t, story);
	t.is(found.base, await story.git.oid('main~1'));
	t.deepEqual(found.meets, ['shop']);
	t.deepEqual(found.added, {mainline: ['shop.0003_currency'], incoming: ['shop.0003_discount']});
	t.like(found.plan.steps[0], RENUMBERED);
	t.deepEqual(found.verdicts(), []);
});

test('chains, cross-app references and a max_migration.txt', async t => {
	const story = await forked(t, {
		mainline: ['0003_currency', '0004_tax'],
		base: ({files}) => files.write('shop/migrations/max_migration.txt', '0002_price\n'),
	});
	const {git, django} = story;
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0004_rebate');
	await django.makemigrations('blog', '0001_initial', {dependencies: [['shop', '0004_rebate']]});
	await git.commit('feature: more');
	const found = await foreseenAndDone(t, story, ['shop', 'blog']);
	t.deepEqual(found.meets, ['shop']);
	t.deepEqual(found.added.incoming, ['blog.0001_initial', 'shop.0003_discount', 'shop.0004_rebate']);
});

test('two files of one name', async t => {
	const story = await forked(t, {mainline: ['0003_auto'], incoming: []});
	const {git, django} = story;
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0003_auto', {operations: ["        migrations.RunSQL('SELECT 1'),"]});
	await git.commit('feature: 0003_auto');
	const found = await foreseen(story);
	t.like(found.plan.steps[0], {kind: 'renumber', from: 'shop.0003_auto', to: 'shop.0004_auto'});
	await git.merge('-q', '--no-edit', 'main');
	t.is(await story.guard.history('shop'), '0001_initial <- 0002_price <- 0003_auto <- 0004_auto');
});

test('mainline renumbered what the branch stands on', async t => {
	const story = await forked(t, {mainline: []});
	const {git, files} = story;
	await git.mv('shop/migrations/0002_price.py', 'shop/migrations/0002_cost.py');
	await git.commit('main: another name');
	const found = await foreseenAndDone(t, story, ['shop'], ['shop/migrations/0002_price.py']);
	t.deepEqual(found.meets, []);
	t.regex(files.read('shop/migrations/0003_discount.py'), /0002_cost/);
});

test('both edited one migration', async t => {
	const story = await forked(t);
	const {git, files} = story;
	for (const [branch, from, to] of [
		['main', 'from django.db', '# of the shop\nfrom django.db'],
		['feature', 'IntegerField', 'BigIntegerField'],
	] as const) {
		await git.checkout('-q', branch);
		files.edit('shop/migrations/0002_price.py', from, to);
		await git.commit(`${branch}: edit`);
	}
	await git.checkout('-q', 'feature');
	const found = await foreseen(story);
	t.like(found.plan.steps[0], RENUMBERED);
});

test('the same migration on both sides is added by neither', async t => {
	const story = await forked(t, {mainline: []});
	const {git, django} = story;
	await git('cherry-pick', 'feature');
	await django.makemigrations('shop', '0004_tax');
	await git.commit('main: 0004_tax');
	const found = await foreseen(story);
	t.deepEqual(found.meets, []);
	t.deepEqual(found.added, {mainline: ['shop.0004_tax'], incoming: []});
	t.deepEqual(found.plan.steps, []);
});

test('a branch in another app is not planned at all', async t => {
	const story = await forked(t, {incoming: []});
	const {git, django} = story;
	await git.checkout('-q', 'feature');
	await django.makemigrations('blog', '0001_initial');
	await git.commit('feature: blog');
	const found = await foreseenAndDone(t, story, ['shop', 'blog']);
	t.deepEqual(found.meets, []);
	t.deepEqual(found.added.incoming, ['blog.0001_initial']);
});

test('what is published stays, whichever side it is on', async t => {
	const story = await forked(t, {published: true});
	const found = await foreseen(story, 'feature', 'main');
	t.like(found.plan.steps[0], RENUMBERED);
});

test('histories without a common ancestor, of which none is mainline', async t => {
	const story = await forked(t);
	const {git} = story;
	await git.checkout('-q', '--orphan', 'other', 'feature');
	await git.commit('other');
	await git.branch('-m', 'main', 'one');
	const found = await foreseen(story, 'one', 'other');
	t.is(found.base, null);
	t.deepEqual(
		found.plan.refusals.map(({code}) => code),
		['mainline-undecidable'],
	);
});

test('what does not commute is told', async t => {
	const story = await forked(t, {mainline: [], incoming: []});
	const {git, django} = story;
	for (const [branch, name] of [
		['main', '0003_a'],
		['feature', '0003_b'],
	] as const) {
		await git.checkout('-q', branch);
		const operations = ["        migrations.RemoveField(model_name='item', name='price'),"];
		await django.makemigrations('shop', name, {operations});
		await git.commit(`${branch}: ${name}`);
	}
	const verdicts = (await foreseen(story)).verdicts();
	t.deepEqual(
		verdicts.map(({verdict, mainline, incoming}) => [verdict, mainline.key, incoming.key]),
		[['conflict', 'shop.0003_a', 'shop.0003_b']],
	);
});

test('the same field under two names is met by both, and does not commute', async t => {
	const story = await forked(t, {mainline: [], incoming: []});
	const {git, django} = story;
	for (const [branch, name] of [
		['main', '0003_price_tag'],
		['feature', '0003_tag'],
	] as const) {
		await git.checkout('-q', branch);
		await django.makemigrations('shop', name, {operations: [addField('tag')], header: false});
		await git.commit(`${branch}: ${name}`);
	}
	const found = await foreseen(story);
	t.deepEqual(found.meets, ['shop']);
	t.like(found.plan.steps[0], {kind: 'renumber', from: 'shop.0003_tag'});
	t.deepEqual(
		found.verdicts().map(({verdict}) => verdict),
		['conflict'],
	);
});

test('many branches, announced at once, are foreseen as one by one', async t => {
	const story = await forked(t, {mainline: ['0003_currency', '0004_tax']});
	const {git, django, files} = story;
	for (const name of ['one', 'two', 'three']) {
		await git.checkout('-q', '-b', name, 'main~1');
		await django.makemigrations(name === 'two' ? 'blog' : 'shop', name === 'two' ? '0001_initial' : `0004_${name}`);
		await git.commit(name);
	}
	const mainline = await git.oid('main');
	const tips = await Promise.all(['feature', 'one', 'two', 'three'].map(name => git.oid(name)));
	const ground = openGround(openRepo(files.root)!, mainline, SETTINGS.load);
	const bases = [await git.oid('main~2'), await git.oid('main~1')];
	ground.announce([...tips, ...bases]);
	const foresee = forecaster(ground, SETTINGS);
	for (const [index, incoming] of tips.entries()) {
		const one = await foreseen(story, mainline, incoming);
		const {verdicts, ...rest} = foresee({mainline, incoming, base: index === 0 ? bases[0]! : bases[1]!});
		t.deepEqual([rest.base, rest.meets, rest.added, rest.plan.steps], [one.base, one.meets, one.added, one.plan.steps]);
		t.deepEqual(verdicts(), one.verdicts());
	}
});

/** Git's merge, as it is without our driver, of what differs from it by name only. */
test('a random meeting comes out as git’s merge and the hook make it', async t => {
	const runs = Number(process.env.MIGRATION_GUARD_TEST_RUNS ?? 25);
	await fc.assert(
		fc.asyncProperty(randomMeeting({distinct: true}), async random => {
			const dir = mkdtempSync(join(tmpdir(), 'migration-guard-forecast-'));
			try {
				const [expected, found] = await merged(dir, random);
				assert.deepEqual(movesOf(found), movesOf(expected));
			} finally {
				rmSync(dir, {recursive: true, force: true});
			}
		}),
		{numRuns: runs, seed: 20_260_102, includeErrorInReport: true},
	);
	t.pass();
});

async function merged(dir: string, {base, sides}: RandomMeeting): Promise<[readonly Step[], readonly Step[]]> {
	const [first, second] = sides as [RandomMeeting['base'], RandomMeeting['base']];
	const {branches} = await buildHistory(dir, [
		{branch: 'main', files: {...bytes(base), README: 'x'}},
		{branch: 'feature', parents: ['main'], files: difference(base, second)},
		{branch: 'main', files: difference(base, first)},
	]);
	const {git} = at(dir);
	const options = ['-c', 'merge.conflictStyle=merge'];
	let tree: string;
	try {
		tree = git(...options, 'merge-tree', '--write-tree', '--no-messages', 'main', 'feature');
	} catch (error) {
		tree = String((error as {stdout: string}).stdout).split('\n')[0]!;
	}
	const commit = git('commit-tree', tree, '-p', branches.main!, '-p', branches.feature!, '-m', 'merge');
	git('checkout', '-q', '--detach', commit);
	const repo = openRepo(dir)!;
	const outcome = resolveMergeCommit(repo, SETTINGS, 'git', {dryRun: true});
	const expected = 'plan' in outcome ? (outcome.plan?.steps ?? []) : [];
	const found = forecast(
		openGround(repo, branches.main!, SETTINGS.load),
		{mainline: branches.main!, incoming: branches.feature!},
		SETTINGS,
	);
	return [expected, found.plan.steps];
}

function difference(before: RandomMeeting['base'], after: RandomMeeting['base']): Record<string, Uint8Array | null> {
	const gone = Object.keys(before).filter(path => !(path in after));
	const changed = Object.entries(after).filter(([path, text]) => before[path] !== text);
	return {...bytes(Object.fromEntries(changed)), ...Object.fromEntries(gone.map(path => [path, null]))};
}

function movesOf(steps: readonly Step[]): readonly Step[] {
	return steps.filter(({kind}) => kind === 'renumber' || kind === 'repoint' || kind === 'recognise');
}
