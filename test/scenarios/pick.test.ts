import test from 'ava';
import {forked} from '../helpers/forked.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const LINEAR = `${BASE} <- 0004_discount`;

test('41 cherry-pick-single', async t => {
	const {git, guard} = await forked(t);
	const before = await guard.remember('main', 'feature');
	const pick = await git('cherry-pick', 'feature');
	t.is(await guard.history('shop'), LINEAR);
	t.deepEqual(await git.changes(), ['A shop/migrations/0004_discount.py']);
	t.is(await git.oid('HEAD~1'), await git.oid('ORIG_HEAD').catch(() => git.oid('HEAD~1')));
	t.regex(pick.output, /shop\.0003_discount -> shop\.0004_discount/);
	t.regex(pick.output, /picked commit/);
	t.notRegex(pick.output, /rebase/i);
	t.regex(pick.output, /the leaf of main/);
	await guard.invariants(before);
	t.is((await guard.run('undo')).exitCode, 0);
	t.deepEqual(await git.changes(), ['A shop/migrations/0003_discount.py']);
	t.is((await guard.run('undo', '--to-start')).exitCode, 0);
	t.is(await git.oid(), await git.oid('main@{0}'));
	t.is(await guard.history('shop'), BASE);
});

test('41 cherry-pick-range', async t => {
	const {git, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
	await git.commit('feature: default');
	await git.checkout('-q', 'main');
	const before = await guard.remember('main', 'feature');
	const start = await git.oid();
	const pick = await git('cherry-pick', 'main..feature');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.deepEqual(await git.changes('HEAD~2'), ['A shop/migrations/0004_discount.py']);
	t.deepEqual(await git.changes('HEAD~1'), ['A shop/migrations/0005_stock.py']);
	t.deepEqual(await git.changes('HEAD'), ['M shop/migrations/0004_discount.py']);
	t.is(await git.oid('HEAD~3'), start);
	t.is(pick.output.match(/was forked/g)?.length, 1, 'said once, at the end');
	await guard.invariants(before);
	t.is((await guard.run('undo', '--to-start')).exitCode, 0);
	t.is(await git.oid(), start);
});

for (const [how, conclude] of [
	['git commit', ['commit', '--no-edit']],
	['--continue', ['cherry-pick', '--continue']],
	['--no-verify', ['commit', '--no-edit', '--no-verify']],
] as const) {
	test(`41 cherry-pick-conflict, concluded by ${how}`, async t => {
		const {git, guard, files} = await forked(t, {incoming: []});
		files.edit('shop/models.py', 'max_length=50', 'max_length=60');
		await git.commit('main: longer names');
		await git.checkout('-q', 'feature');
		await forkedWork();
		await git.checkout('-q', 'main');
		const before = await guard.remember('main', 'feature');
		t.is((await git.attempt('cherry-pick', 'feature')).exitCode, 1);
		files.write('shop/models.py', 'max_length = 80\n');
		await git.add('shop/models.py');
		await git(...conclude);
		t.is(await guard.history('shop'), LINEAR);
		t.deepEqual(await git.changes(), ['M shop/models.py', 'A shop/migrations/0004_discount.py'].sort());
		await guard.invariants(before);

		async function forkedWork() {
			files.edit('shop/models.py', 'max_length=50', 'max_length=70');
			files.write(
				'shop/migrations/0003_discount.py',
				files.read('shop/migrations/0002_price.py').replaceAll('price', 'discount').replaceAll('0001_initial', '0002_price'),
			);
			await git.commit('feature: discount and longer names');
		}
	});
}

for (const last of [false, true]) {
	test(`41 cherry-pick-range with a conflict in ${last ? 'the last commit' : 'the middle'}`, async t => {
		const {git, django, guard, files} = await forked(t);
		files.edit('shop/models.py', 'max_length=50', 'max_length=60');
		await git.commit('main: longer names');
		await git.checkout('-q', 'feature');
		files.edit('shop/models.py', 'max_length=50', 'max_length=70');
		await git.commit('feature: longer names');
		if (!last) {
			await django.makemigrations('shop', '0004_stock');
			await git.commit('feature: 0004_stock');
		}
		await git.checkout('-q', 'main');
		const before = await guard.remember('main', 'feature');
		t.is((await git.attempt('cherry-pick', 'main..feature')).exitCode, 1);
		t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount'], 'nothing moves while picks are left');
		files.write('shop/models.py', 'max_length = 80\n');
		await git.add('shop/models.py');
		const done = await git('cherry-pick', '--continue');
		if (last) {
			t.regex(done.output, /migration-guard fix/, 'git holds its index in memory: nothing may move now');
			t.is((await guard.run('fix')).exitCode, 0);
		}
		t.is(await guard.history('shop'), last ? LINEAR : `${LINEAR} <- 0005_stock`);
		t.is(await guard.history('shop', last ? 'HEAD~1' : 'HEAD~2'), LINEAR);
		await guard.invariants(before);
	});
}

test('41 cherry-pick-n: check tells, fix resolves, before the commit and after it', async t => {
	const {git, guard} = await forked(t);
	const before = {...(await guard.remember('main', 'feature')), subjects: await git.lines('log', '--format=%s', 'main')};
	for (const committed of [false, true]) {
		await git('cherry-pick', '-n', 'feature');
		if (committed) await git('commit', '-q', '-m', 'picked');
		t.deepEqual(await guard.leaves('shop'), ['0003_currency', '0003_discount']);
		t.is((await guard.run('check')).exitCode, 1);
		t.is((await guard.run('fix')).exitCode, 0);
		t.is(await guard.history('shop'), LINEAR);
		await git('commit', '-q', '-m', 'linear');
		await guard.invariants(before, {adds: committed ? ['picked', 'linear'] : ['linear']});
		await git.reset('-q', '--hard', committed ? 'HEAD~2' : 'HEAD~1');
	}
});

test('41 cherry-pick --ff and an empty pick change nothing', async t => {
	const {git, guard} = await forked(t, {mainline: []});
	const pick = await git('cherry-pick', '--ff', 'feature');
	t.is(await git.oid(), await git.oid('feature'));
	t.notRegex(pick.output, /migration-guard/);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount');
});

test('a commit picked after the one it builds on was renumbered follows it', async t => {
	const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git('cherry-pick', 'feature~1');
	t.is(await guard.history('shop'), LINEAR);
	await git('cherry-pick', 'feature');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is(await git.status(), '');
});

test('a migration picked without the one it was built on follows the leaf, and that is said', async t => {
	const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	const pick = await git('cherry-pick', 'feature');
	t.is(await guard.history('shop'), `${BASE} <- 0004_stock`);
	t.regex(pick.output, /shop\.0004_stock was built on shop\.0003_discount, which is not here/);
	t.is(await git.status(), '');
	t.is((await guard.run('check')).exitCode, 0);
});

/** main is published: 0003_currency, 0004_weight; `release` left it before and has its own 0003_hotfix. */
async function released(t: Parameters<typeof forked>[0], backport?: string) {
	const story = await forked(t, {
		published: true,
		incoming: [],
		mainline: ['0003_currency', '0004_weight'],
		base: ({files}) => {
			if (backport) files.write('.migrationguardrc', `{"backport": "${backport}"}\n`);
		},
	});
	await story.git.checkout('-q', '-b', 'release', 'feature');
	return story;
}

test('a picked migration that is published keeps name and number', async t => {
	const {git, guard} = await released(t);
	const pick = await git('cherry-pick', 'main~1');
	t.is(await guard.history('shop'), BASE);
	t.notRegex(pick.output, /migration-guard/);
	t.is(await git.oid('HEAD^{tree}'), await git.oid('main~1^{tree}'));
});

test('a picked published migration without its parent: on a release branch it is repointed to the leaf, and said so', async t => {
	const {git, guard} = await released(t);
	const pick = await git('cherry-pick', 'main');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0004_weight');
	t.regex(pick.output, /shop\.0004_weight now depends on 0002_price|shop\.0004_weight now depends on shop\.0002_price/);
	t.regex(pick.output, /published and keeps its name/);
	t.is(await git.status(), '');
	t.is((await guard.run('check')).exitCode, 0);
});

test('backport: a picked published migration beside one of the release branch', async t => {
	for (const [backport, history] of [
		['repoint', '0001_initial <- 0002_price <- 0003_hotfix <- 0003_currency'],
		[
			'merge',
			'0001_initial <- 0002_price <- 0003_currency, 0003_hotfix(0002_price), 0004_merge_0003_currency_0003_hotfix(0003_currency 0003_hotfix)',
		],
		['refuse', null],
	] as const) {
		const {git, django, guard} = await released(t, backport);
		await django.makemigrations('shop', '0003_hotfix');
		await git.commit('release: 0003_hotfix');
		const pick = await git('cherry-pick', 'main~1');
		if (history === null) {
			t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_hotfix']);
			t.regex(pick.output, /backport: refuse/);
		} else {
			t.is(await guard.history('shop'), history);
			t.is((await guard.run('check')).exitCode, 0);
		}
		t.is(await git.status(), '');
	}
});

test('42 am-3-range', async t => {
	const {git, guard, folder} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git('format-patch', '-q', '-o', `${folder}/patches`, 'main..feature');
	const before = await guard.remember('main', 'feature');
	const start = await git.oid();
	const am = await git(
		'am',
		'-3',
		`${folder}/patches/0001-feature-0003_discount.patch`,
		`${folder}/patches/0002-feature-0004_stock.patch`,
	);
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.deepEqual(await git.changes('HEAD~1'), ['A shop/migrations/0004_discount.py']);
	t.deepEqual(await git.changes('HEAD'), ['A shop/migrations/0005_stock.py']);
	t.regex(am.output, /applied patch/);
	await guard.invariants(before);
	t.is((await guard.run('undo', '--to-start')).exitCode, 0);
	t.is(await git.oid(), start);
});

test('42 am-3 with a conflict, and with a file of one name on both sides', async t => {
	const {git, django, guard, files, folder} = await forked(t, {mainline: [], incoming: []});
	for (const [branch, length] of [
		['feature', 70],
		['main', 60],
	] as const) {
		await git.checkout('-q', branch);
		await django.makemigrations('shop', '0003_auto', {operations: [`        migrations.RunSQL('${branch}'),`]});
		await git.commit(`${branch}: 0003_auto`);
		files.edit('shop/models.py', 'max_length=50', `max_length=${length}`);
		await git.commit(`${branch}: longer names`);
	}
	await git('format-patch', '-q', '-o', `${folder}/patches`, 'main..feature');
	const before = await guard.remember('main', 'feature');
	const am = await git.attempt(
		'am',
		'-3',
		`${folder}/patches/0001-feature-0003_auto.patch`,
		`${folder}/patches/0002-feature-longer-names.patch`,
	);
	t.not(am.exitCode, 0);
	files.write('shop/models.py', 'max_length = 80\n');
	await git.add('-A');
	const done = await git('am', '--continue');
	t.is(done.exitCode, 0, 'git holds its index in memory: nothing may move now');
	t.regex(done.output, /migration-guard fix/);
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_auto <- 0004_auto');
	t.regex(files.read('shop/migrations/0003_auto.py'), /main/);
	await guard.invariants(before);
});
