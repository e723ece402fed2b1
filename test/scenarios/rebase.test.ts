import test from 'ava';
import {addField} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';

const BASE = '0001_initial <- 0002_price <- 0003_currency';
const LINEAR = `${BASE} <- 0004_discount`;

for (const backend of ['--merge', '--apply']) {
	const number = backend === '--merge' ? '30' : '32';
	const name = backend === '--merge' ? 'rebase-chain-edit-of-renamed-file-per-commit' : 'rebase-apply-backend';
	test(`${number} ${name}`, async t => {
		const {git, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
		await git.checkout('-q', 'feature');
		files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
		await git.commit('feature: default');
		const before = await guard.remember('main', 'feature');
		const rebase = await git.rebase(backend, 'main');
		t.is(rebase.exitCode, 0);
		t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
		// Each rebased commit carries its own part of the renumbering.
		t.deepEqual(await git.changes('HEAD~2'), ['A shop/migrations/0004_discount.py']);
		t.deepEqual(await git.changes('HEAD~1'), ['A shop/migrations/0005_stock.py']);
		t.deepEqual(await git.changes('HEAD'), ['M shop/migrations/0004_discount.py']);
		t.is(await guard.history('shop', 'HEAD~2'), LINEAR);
		t.is(await git.oid('HEAD~3'), await git.oid('main'));
		t.is(await git.text('symbolic-ref', 'HEAD'), 'refs/heads/feature');
		await guard.invariants(before);
	});

	test(`31 rebase-add-add-commit-not-dropped ${backend}`, async t => {
		const {git, django, guard, files} = await forked(t, {mainline: [], incoming: []});
		for (const [branch, field] of [
			['feature', 'discount'],
			['main', 'currency'],
		] as const) {
			await git.checkout('-q', branch);
			await django.makemigrations('shop', '0003_auto', {operations: [addField(field)]});
			await git.commit(`${branch}: 0003_auto`);
		}
		await git.checkout('-q', 'feature');
		await django.makemigrations('shop', '0004_stock');
		await git.commit('feature: 0004_stock');
		const before = await guard.remember('main', 'feature');
		const rebase = await git.rebase(backend, 'main');
		t.is(rebase.exitCode, 0);
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_auto <- 0004_auto <- 0005_stock');
		t.regex(files.read('shop/migrations/0003_auto.py'), /currency/);
		t.deepEqual(await git.changes('HEAD~1'), ['A shop/migrations/0004_auto.py']);
		t.deepEqual(await git.changes('HEAD'), ['A shop/migrations/0005_stock.py']);
		await guard.invariants(before);
	});

	test(`33 rebase-autostash-translated ${backend}`, async t => {
		const {git, guard, files} = await forked(t);
		await git.checkout('-q', 'feature');
		const before = await guard.remember('main', 'feature');
		files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
		const rebase = await git.rebase(backend, '--autostash', 'main');
		t.regex(rebase.output, /Applied autostash/);
		t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
		t.is(await guard.history('shop'), LINEAR);
		await guard.invariants(before, {dirty: [' M shop/migrations/0004_discount.py']});
	});
}

test('40 rebase-after-earlier-renumbering-merge', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', 'feature');
	await git.merge('main');
	t.is(await guard.history('shop'), LINEAR);
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_weight');
	await git.commit('main: 0004_weight');
	await git.checkout('-q', 'feature');
	await git.rebase('main');
	t.is(await guard.history('shop'), `${BASE} <- 0004_weight <- 0005_discount`);
	t.deepEqual(await git.lines('log', '--format=%s', 'main..'), ['feature: 0003_discount']);
	t.deepEqual(await git.changes(), ['A shop/migrations/0005_discount.py']);
	t.is(await git.status(), '');
});

test('60 max-migration-txt-recomputed-per-commit', async t => {
	const max = 'shop/migrations/max_migration.txt';
	const {git, guard} = await forked(t, {
		incoming: ['0003_discount', '0004_stock'],
		base: ({files}) => files.write(max, '0002_price\n'),
	});
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	const rebase = await git.rebase('main');
	t.is(rebase.exitCode, 0);
	t.is(await git.text('show', `HEAD:${max}`), '0005_stock');
	t.is(await git.text('show', `HEAD~1:${max}`), '0004_discount');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	await guard.invariants(before);
});

test('a rebase whose onto holds the unpublished side stays as git made it, and is reported', async t => {
	const {git, guard} = await forked(t, {published: true});
	const rebase = await git.rebase('feature');
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
	t.deepEqual(await git.changes(), ['A shop/migrations/0003_currency.py']);
	t.is(await git.oid('HEAD~1'), await git.oid('feature'));
	t.is(await git.status(), '');
	t.regex(rebase.output, /migration-guard/);
	t.regex(rebase.output, /shop\.0003_discount/);
	t.is((await guard.run('check')).exitCode, 1);
});

test('a rebase with a detached HEAD', async t => {
	const {git, guard} = await forked(t);
	await git.checkout('-q', '--detach', 'feature');
	const before = await guard.remember('main', 'feature');
	await git.rebase('main');
	t.is(await guard.history('shop'), LINEAR);
	t.is((await git.attempt('symbolic-ref', '-q', 'HEAD')).exitCode, 1);
	await guard.invariants(before);
});

test('rebased commits differ from git’s own in tree and parents alone', async t => {
	const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.checkout('-q', 'feature');
	await git.with({GIT_AUTHOR_NAME: 'Grace Hopper'})('commit', '-q', '--amend', '--reset-author', '-m', 'Ärger\n\nmit Umlaut');
	await git.rebase('main');
	const raw = async (revision: string) => (await git.text('cat-file', 'commit', revision)).replace(/^(tree|parent) .*\n/gm, '');
	// feature@{1} is the end of git's own rebase, before our rewriting of the finished range.
	t.is(await raw('feature'), await raw('feature@{1}'));
	t.is(await raw('feature~1'), await raw('feature@{1}~1'));
	t.not(await git.oid('feature'), await git.oid('feature@{1}'));
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
});

test('38 rebase-root-onto-detached', async t => {
	const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	const feature = await git.oid('feature');

	await git.checkout('-q', '--detach', 'feature');
	await git.rebase('--onto', 'main', 'feature~2');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is(await git.oid('feature'), feature, 'no branch moves with a detached HEAD');
	t.is((await git.attempt('symbolic-ref', '-q', 'HEAD')).exitCode, 1);
	t.is(await git.status(), '');

	await git.checkout('-q', 'feature');
	await git.rebase('--root', '--onto', 'main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is(await git.status(), '');

	await git.reset('-q', '--hard', feature);
	await git.rebase('--root');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount <- 0004_stock', 'nothing forks');

	await git.reset('-q', '--hard', feature);
	await git.checkout('-q', 'main');
	await git.rebase('main', 'feature');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is(await git.text('symbolic-ref', 'HEAD'), 'refs/heads/feature');
});

for (const backend of ['--merge', '--apply']) {
	test(`53 post-rewrite-without-stdin ${backend}`, async t => {
		const {git, guard, files} = await forked(t, {install: false});
		await guard.install();
		// A hook manager that does not pass on what git says on standard input.
		const hook = '.git/hooks/post-rewrite';
		if (files.exists(hook)) {
			files.move(hook, '.git/hooks/ours');
			files.script(hook, 'exec "$0/../ours" "$@" </dev/null'.replace('$0/..', '$(dirname "$0")'));
			files.write('.git/hooks/ours', files.read('.git/hooks/ours'));
		}
		await git.checkout('-q', 'feature');
		const before = await guard.remember('main', 'feature');
		await git.rebase(backend, 'main');
		t.is(await guard.history('shop'), LINEAR);
		await guard.invariants(before);
	});
}
