import type {ExecutionContext} from 'ava';
import test from 'ava';
import {type ForkOptions, forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const MAX = 'shop/migrations/max_migration.txt';
const BASE = '0001_initial <- 0002_price';

/** `shop` keeps a max_migration.txt. */
const kept = (t: ExecutionContext, options: ForkOptions = {}) =>
	forked(t, {incoming: [], mainline: [], ...options, base: ({files}) => files.write(MAX, '0002_price\n')});

/** Django alone: nobody writes max_migration.txt. */
async function plain({files, django}: Scenario, ...names: readonly [string, ...string[]]): Promise<void> {
	const before = files.read(MAX);
	await django.makemigrations('shop', ...names);
	files.write(MAX, before);
}

const committed = ({git}: Scenario, revision = 'HEAD') => git.text('show', `${revision}:${MAX}`);

test('a plain makemigrations is followed by the next commit', async t => {
	const story = await kept(t);
	const {git, files, guard} = story;
	await plain(story, '0003_stock');
	const commit = await git.commit('0003_stock');
	t.is(await committed(story), '0003_stock');
	t.is(files.read(MAX), '0003_stock\n');
	t.is(await git.status(), '');
	t.deepEqual(await git.changes(), ['A shop/migrations/0003_stock.py', `M ${MAX}`]);
	t.is(commit.output.match(/migration-guard: .*/g)?.join(), `migration-guard: ${MAX} names 0003_stock`);
	t.is((await guard.run('check')).exitCode, 0);
	files.write('notes.txt', 'no migration\n');
	t.notRegex((await git.commit('notes')).output, /migration-guard/);
});

for (const [how, args] of [
	['the migration alone is added', ['commit', '-m', 'x']],
	['-a', ['commit', '-a', '-m', 'x']],
	['-- PATH', ['commit', '-m', 'x', '--', 'shop/migrations/0003_stock.py']],
	['--include PATH', ['commit', '-m', 'x', '--include', 'shop/migrations/0003_stock.py']],
] as const) {
	test(`git commit, ${how}: nothing else enters it, nothing is left behind`, async t => {
		const story = await kept(t);
		const {git, files} = story;
		files.write('half.txt', 'one\n');
		files.write('other.txt', 'one\n');
		await git.commit('half');
		await plain(story, '0003_stock');
		files.write('half.txt', 'staged\n');
		await git.add('shop/migrations/0003_stock.py', 'half.txt');
		files.write('half.txt', 'staged and more\n');
		files.write('other.txt', 'not staged\n');
		await git(...args);
		t.is(await committed(story), '0003_stock');
		t.is(files.read(MAX), '0003_stock\n');
		const status = await git.status();
		t.notRegex(status, /migrations/, 'index and worktree have what was committed');
		t.is(files.read('half.txt'), 'staged and more\n');
		if (how === '-- PATH') t.is(status, 'MM half.txt\n M other.txt');
		else if (how === '-a') t.is(status, '');
		else t.is(status, ' M half.txt\n M other.txt');
	});
}

test('who does it himself is not disturbed', async t => {
	const story = await kept(t);
	const {git, files, django} = story;
	await django.makemigrations('shop', '0003_stock');
	t.notRegex((await git.commit('0003_stock')).output, /migration-guard/);
	t.is(await committed(story), '0003_stock');

	// Written for both, and only one is committed: the commit says what it has, the file on disk what is there.
	await django.makemigrations('shop', '0004_weight', '0005_origin');
	await git.add('shop/migrations/0004_weight.py');
	await git('commit', '-m', '0004_weight');
	t.is(await committed(story), '0004_weight');
	t.is(files.read(MAX), '0005_origin\n');
	await git.commit('0005_origin');
	t.is(await committed(story), '0005_origin');
	t.is(await git.status(), '');
});

test('what somebody wrote into the file on disk stays there', async t => {
	const story = await kept(t);
	const {git, files} = story;
	await plain(story, '0003_stock');
	files.write(MAX, 'my own\n');
	await git.add('shop/migrations/0003_stock.py');
	await git('commit', '-m', '0003_stock');
	t.is(await committed(story), '0003_stock');
	t.is(files.read(MAX), 'my own\n');

	await plain(story, '0004_weight');
	await git.add('shop/migrations/0004_weight.py');
	await git('rm', '-q', '--cached', MAX);
	await git('commit', '-m', 'without the file');
	t.is((await git.attempt('cat-file', '-e', `HEAD:${MAX}`)).exitCode, 128, 'who drops it need not have it');
});

test('with two partial commits, what was staged of the file stays staged', async t => {
	const story = await kept(t);
	const {git, files} = story;
	await plain(story, '0003_stock');
	files.write(MAX, '0003_stock\n\n');
	await git.add('shop');
	await git('commit', '-m', 'x', '--', 'shop/migrations/0003_stock.py');
	t.is(await committed(story), '0003_stock');
	t.is(await git.status(), `M  ${MAX}`);
	t.is(files.read(MAX), '0003_stock\n\n');
});

test('an amended commit: what it renames and what it drops', async t => {
	const story = await kept(t);
	const {git, files} = story;
	await plain(story, '0003_stock');
	await git.commit('0003_stock');
	await git.mv('shop/migrations/0003_stock.py', 'shop/migrations/0003_amount.py');
	await git('commit', '--amend', '--no-edit');
	t.is(await committed(story), '0003_amount');
	t.deepEqual(await git.changes(), ['A shop/migrations/0003_amount.py', `M ${MAX}`]);
	await git('rm', '-q', 'shop/migrations/0003_amount.py');
	await git('commit', '--amend', '--no-edit', '--allow-empty');
	t.is(await committed(story), '0002_price');
	t.is(files.read(MAX), '0002_price\n');
	t.is(await git.status(), '');
});

test('the first commit of a repository, and a file with CRLF', async t => {
	const story = await forked(t, {incoming: [], mainline: [], base: ({files}) => files.write(MAX, 'nothing yet\r\n')});
	const {git, files} = story;
	await git.checkout('-q', '--orphan', 'anew');
	await git('commit', '-q', '-m', 'first');
	t.is(await git.text('show', `HEAD:${MAX}`), '0002_price');
	t.is(files.read(MAX), '0002_price\r\n');
	t.is(await git.status(), '');
});

test('a linked worktree, a subdirectory, a name that git quotes', async t => {
	const story = await kept(t);
	const {git, django, files, at} = story;
	await django.makemigrations('größe', '0001_initial');
	files.write('größe/migrations/max_migration.txt', 'x\n');
	await git.commit('größe');
	t.is(files.read('größe/migrations/max_migration.txt'), '0001_initial\n');
	await git('worktree', 'add', '-q', '../linked');
	const linked = at('linked');
	linked.files.write(
		'shop/migrations/0003_stock.py',
		files.read('shop/migrations/0002_price.py').replace('0001_initial', '0002_price'),
	);
	await linked.git.add('-A');
	await at('linked/shop').git('commit', '-q', '-m', 'in a subdirectory');
	t.is(linked.files.read(MAX), '0003_stock\n');
	t.is(await linked.git.status(), '');
	t.is(files.read(MAX), '0002_price\n');
});

test('a fork, an unreadable migration, no file: left alone', async t => {
	const story = await kept(t);
	const {git, files, django} = story;
	await plain(story, '0003_stock');
	files.write('shop/migrations/0003_weight.py', files.read('shop/migrations/0003_stock.py'));
	t.notRegex((await git.commit('a fork')).output, /migration-guard/);
	t.is(await committed(story), '0002_price');
	await git('rm', '-q', 'shop/migrations/0003_weight.py');
	files.write('shop/migrations/broken.py', 'class Migration(:\n');
	await git.commit('broken');
	t.is(await committed(story), '0002_price');
	await django.makemigrations('pay', '0001_initial');
	t.notRegex((await git.commit('pay')).output, /migration-guard/);
	t.false(files.exists('pay/migrations/max_migration.txt'));
	await git('rm', '-q', 'shop/migrations/broken.py');
	await git.with({MIGRATION_GUARD: '0'}).commit('switched off');
	t.is(await committed(story), '0002_price');
	await git('rm', '-q', 'shop/migrations/0003_stock.py');
	await git.commit('0002_price again is right');
	t.is(await git.status(), '');
});

/** Main has 0003_currency, feature 0003_discount and 0004_stock, and both keep the file. */
const both = (t: ExecutionContext) => kept(t, {mainline: ['0003_currency'], incoming: ['0003_discount', '0004_stock']});

const DOORS: readonly (readonly [door: string, walk: (story: Scenario) => Promise<unknown>, names: readonly string[]])[] = [
	['merge', ({git}) => git.merge('feature'), ['0005_stock']],
	['pull', async ({git}) => git.pull('-q', '.', 'feature'), ['0005_stock']],
	[
		'merge --squash',
		async ({git}) => {
			await git.merge('--squash', 'feature');
			await git('commit', '-m', 'squashed');
		},
		['0005_stock'],
	],
	[
		'merge --no-commit',
		async ({git}) => {
			await git.merge('--no-commit', 'feature');
			await git('commit', '--no-edit');
		},
		['0005_stock'],
	],
	[
		'merge --no-commit, concluded with --no-verify',
		async ({git}) => {
			await git.merge('--no-commit', 'feature');
			await git('commit', '--no-edit', '--no-verify');
		},
		['0005_stock'],
	],
	[
		'merge of mainline into the branch',
		async ({git}) => {
			await git.checkout('-q', 'feature');
			await git.merge('main');
		},
		['0005_stock'],
	],
	[
		'rebase',
		async ({git}) => {
			await git.checkout('-q', 'feature');
			await git.rebase('main');
		},
		['0005_stock', '0004_discount', '0003_currency'],
	],
	[
		'rebase --apply',
		async ({git}) => {
			await git.checkout('-q', 'feature');
			await git.rebase('--apply', 'main');
		},
		['0005_stock', '0004_discount', '0003_currency'],
	],
	['cherry-pick', ({git}) => git('cherry-pick', 'feature~1'), ['0004_discount', '0003_currency']],
	['cherry-pick of a range', ({git}) => git('cherry-pick', 'main..feature'), ['0005_stock', '0004_discount', '0003_currency']],
	[
		'am',
		async ({git, folder}) => {
			await git('format-patch', '-q', '-o', `${folder}/patches`, 'main..feature');
			await git(
				'am',
				'-q',
				'-3',
				`${folder}/patches/0001-feature-0003_discount.patch`,
				`${folder}/patches/0002-feature-0004_stock.patch`,
			);
		},
		['0005_stock', '0004_discount', '0003_currency'],
	],
	[
		'revert of a revert',
		async ({git, django}) => {
			await git.merge('feature');
			await git('revert', '--no-edit', '-m', '1', 'HEAD');
			await django.makemigrations('shop', '0004_weight');
			await git.commit('main: 0004_weight');
			await git('revert', '--no-edit', 'HEAD~1');
		},
		['0006_stock', '0004_weight', '0003_currency'],
	],
];

for (const [door, walk, names] of DOORS) {
	test(`max_migration.txt through ${door}: right in every commit, and never a conflict`, async t => {
		const story = await both(t);
		await walk(story);
		const {git, files, guard} = story;
		for (const [back, name] of names.entries()) {
			t.is(await committed(story, `HEAD~${back}`), (await guard.leaves('shop', `HEAD~${back}`))[0]!);
			t.is(await committed(story, `HEAD~${back}`), name);
		}
		t.is(files.read(MAX), `${await committed(story)}\n`);
		t.is(await git.status(), '');
		const check = await guard.run('check');
		t.is(check.exitCode, 0, check.output);
	});
}

test('max_migration.txt in an octopus, for which git calls no driver: git refuses, and one after the other is fine', async t => {
	const story = await both(t);
	const {git, django, guard} = story;
	await git.checkout('-q', '-b', 'third', 'feature~2');
	await django.makemigrations('pay', '0001_initial');
	await git.commit('third');
	await git.checkout('-q', 'main');
	const start = await git.oid();
	const refused = await git.attempt('merge', 'feature', 'third');
	t.regex(refused.output, /Should not be doing an octopus/);
	t.is(await git.oid(), start);
	t.is(await git.status(), '');
	await git.merge('feature');
	await git.merge('third');
	t.is(await committed(story), '0005_stock');
	t.is(await guard.history('shop'), `${BASE} <- 0003_currency <- 0004_discount <- 0005_stock`);
	t.is(await git.status(), '');
});

test('a stash that brings a fork: check tells, fix resolves, the file too', async t => {
	const story = await both(t);
	const {git, django, guard, files} = story;
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_stashed');
	await git.stash('-q', '--include-untracked');
	await git.merge('-q', 'feature');
	const pop = await git.attempt('stash', 'pop', '-q');
	t.is(pop.exitCode, 0, pop.output);
	t.is((await guard.run('check')).exitCode, 1);
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(files.read(MAX), '0006_stashed\n');
	await git.commit('stashed');
	t.is(await committed(story), '0006_stashed');
	t.is((await guard.run('check')).exitCode, 0);
});

test('without any hook: check tells, fix and max-migration put it right', async t => {
	const story = await both(t);
	const {git, guard, files} = story;
	t.is((await git.with({MIGRATION_GUARD: '0'}).attempt('merge', 'feature')).exitCode, 1, 'to git alone it is a conflict');
	t.regex(files.read(MAX), /^<{7}/);
	await git('checkout', '--ours', MAX);
	await git.add(MAX);
	await git('commit', '--no-edit', '--no-verify');
	t.is((await guard.run('check')).exitCode, 0, 'a hook was there after all');
	files.write(MAX, '0001_initial\n');
	await git.with({MIGRATION_GUARD: '0'}).commit('wrong');
	const check = await guard.run('check');
	t.is(check.exitCode, 1);
	t.regex(check.stdout, /MG007 .* names 0001_initial, which is not the leaf/);
	t.is((await guard.run('max-migration', 'check')).exitCode, 1);
	t.is((await guard.run('max-migration', 'recreate', 'shop')).stdout, `Rewrote ${MAX}: 0005_stock`);
	t.is((await guard.run('check')).exitCode, 0);
});

test('max-migration create, recreate and check', async t => {
	const {guard, django, files, git} = await forked(t, {incoming: [], mainline: []});
	await django.makemigrations('pay', '0001_initial');
	await django.makemigrations('tests/thing', '0001_initial');
	const run = async (...args: readonly string[]) => {
		const {exitCode, stdout, stderr} = await guard.run('max-migration', ...args);
		return `${exitCode} ${[stdout, stderr].filter(Boolean).join('\n')}`;
	};
	t.regex(await run('check'), /^0 No app has a max_migration.txt/);
	t.regex(await run('create', '--dry-run'), /^0 Would create pay[^\n]*\nWould create shop[^\n]*$/);
	t.false(files.exists(MAX));
	t.is(await run('create', 'shop'), `0 Created ${MAX}: 0002_price`);
	t.is(files.read(MAX), '0002_price\n');
	t.is(await run('check'), '0 1 max_migration.txt, right.');
	t.is(await run('create'), '0 Created pay/migrations/max_migration.txt: 0001_initial');
	t.is(await run('create'), '0 No max_migration.txt needs writing.');
	files.write(MAX, '0001_initial\r\n');
	t.is(
		await run('create'),
		`1 No max_migration.txt needs writing.\n${MAX} names 0001_initial; the leaf is 0002_price\nPut right with: migration-guard max-migration recreate`,
	);
	t.is(await run('recreate'), `0 Rewrote ${MAX}: 0002_price`);
	t.is(files.read(MAX), '0002_price\r\n');
	t.regex(await run('create', 'shopp'), /^2 .*no app of your own with migrations is called shopp; there are: pay, shop/);
	t.regex(await run('mend'), /^2 .*max-migration needs one of: check, create, recreate/);
	await git.commit('with files');
	files.write('shop/migrations/0003_a.py', files.read('shop/migrations/0002_price.py'));
	t.regex(await run('recreate'), /^1 No max[^\n]*\nshop is forked[^\n]*\nFirst: migration-guard fix/);
	t.is(files.read(MAX), '0002_price\r\n');
});

test('an app that django-linear-migrations would miss a file in', async t => {
	const {guard, django, files, git} = await kept(t);
	await django.makemigrations('pay', '0001_initial');
	files.write('site/settings.py', "INSTALLED_APPS = ['django_linear_migrations', 'shop', 'pay']\n");
	await git.commit('pay');
	const check = await guard.run('check');
	t.is(check.exitCode, 1);
	t.regex(check.stdout, /^MG012 pay has no max_migration.txt/);
	t.is((await guard.run('max-migration', 'check')).exitCode, 1);
	t.is((await guard.run('max-migration', 'create')).exitCode, 0);
	t.is((await guard.run('check')).exitCode, 0);
});
