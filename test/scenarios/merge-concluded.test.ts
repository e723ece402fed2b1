import test from 'ava';
import {conflicting, forked, resolveModels} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const MERGED = "Merge branch 'main' into feature";

test('3 merge-no-commit-then-commit', async t => {
	const {git, guard} = await forked(t);
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	await git.merge('--no-commit', 'main');
	await git('commit', '--no-edit');
	t.is(await guard.history('shop'), LINEAR);
	t.is((await git.parents()).length, 2);
	await guard.invariants(before, {adds: [MERGED]});
});

const CONCLUSIONS = [
	{title: '4 merge-conflict-models-commit', stage: true, conclude: ['commit', '--no-edit']},
	{title: '5 merge-conflict-merge-continue', stage: true, conclude: ['merge', '--continue']},
	{title: '6 merge-conflict-commit-a', stage: false, conclude: ['commit', '-a', '--no-edit']},
	{title: '7 merge-conflict-no-verify', stage: true, conclude: ['commit', '--no-verify', '--no-edit']},
] as const;

for (const {title, stage, conclude} of CONCLUSIONS) {
	test(title, async t => {
		const story = await conflicting(t);
		const {git, guard, files} = story;
		const before = await guard.remember('main', 'feature');
		const parents = [await git.oid('feature'), await git.oid('main')];
		t.is((await git.attempt('merge', 'main')).exitCode, 1);
		resolveModels(story);
		if (stage) await git.add('shop/models.py');
		await git(...conclude);
		t.is(await guard.history('shop'), LINEAR);
		t.deepEqual(await git.parents(), parents);
		t.regex(files.read('shop/models.py'), /max_length=80/);
		await guard.invariants(before, {adds: [MERGED]});
	});
}

for (const verify of ['--verify', '--no-verify']) {
	test(`a merge concluded with ${verify} keeps message, author, dates and parents`, async t => {
		const story = await conflicting(t);
		const {git, guard} = story;
		const parents = [await git.oid('feature'), await git.oid('main')];
		await git.attempt('merge', 'main');
		resolveModels(story);
		await git.add('shop/models.py');
		await git
			.with({GIT_COMMITTER_DATE: '1720000000 +0200'})
			.commit('Ärger beigelegt', verify, '--author=Grace Hopper <grace@example.org>', '--date=1710000000 -0500');
		t.is(
			await git.text('log', '-1', '--date=raw', '--format=%an <%ae> %ad'),
			'Grace Hopper <grace@example.org> 1710000000 -0500',
		);
		t.is(await git.text('log', '-1', '--date=raw', '--format=%cn <%ce> %cd'), 'Ada Lovelace <ada@example.org> 1720000000 +0200');
		t.is(await git.text('log', '-1', '--format=%B'), 'Ärger beigelegt\n');
		t.deepEqual(await git.parents(), parents);
		t.is(await guard.history('shop'), LINEAR);
	});
}

test('8 merge-squash-clean', async t => {
	const {git, guard} = await forked(t);
	const before = await guard.remember('main', 'feature');
	const main = await git.oid();
	await git.merge('--squash', 'feature');
	t.is(await git.oid(), main);
	t.is(await guard.history('shop'), LINEAR);
	await git('commit', '-m', 'squashed');
	t.deepEqual(await git.changes(), ['A shop/migrations/0004_discount.py']);
	t.deepEqual(await git.parents(), [main]);
	await guard.invariants({...before, subjects: await git.lines('log', '--format=%s', main)}, {adds: ['squashed']});
});

test('8 merge-squash-conflict', async t => {
	const story = await conflicting(t);
	const {git, guard} = story;
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	const main = await git.oid();
	t.is((await git.attempt('merge', '--squash', 'feature')).exitCode, 1);
	resolveModels(story);
	await git.add('shop/models.py');
	await git('commit', '-m', 'squashed');
	t.is(await guard.history('shop'), LINEAR);
	t.deepEqual(await git.parents(), [main]);
	await guard.invariants({...before, subjects: await git.lines('log', '--format=%s', main)}, {adds: ['squashed']});
});

test('an aborted merge leaves no trace', async t => {
	const story = await conflicting(t);
	const {git, guard} = story;
	const tip = await git.oid();
	await git.attempt('merge', 'main');
	await git.merge('--abort');
	t.is(await git.oid(), tip);
	t.is(await git.status(), '');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount');
});
