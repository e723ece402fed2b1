import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type ForkOptions, forked} from '../helpers/forked.ts';
import {configure} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const MERGED = "Merge branch 'main' into feature";

for (const how of ['merge', 'rebase']) {
	test(`17 merge-sparse-cone-and-sparse-index: ${how}`, async t => {
		const {git, guard, files} = await forked(t, {base: ({files}) => files.write('docs/page.txt', 'page\n')});
		await git.checkout('-q', 'feature');
		const before = await guard.remember('main', 'feature');
		for (const index of ['--no-sparse-index', '--sparse-index']) {
			await git('sparse-checkout', 'set', '--cone', index, 'docs');
			t.false(files.exists('shop'));
			await git(how, 'main');
			t.is(await guard.history('shop', 'HEAD'), LINEAR, index);
			t.false(files.exists('shop'), 'nothing outside the cone appears');
			await guard.invariants(before, {adds: how === 'merge' ? [MERGED] : []});
			await git.reset('-q', '--hard', 'ORIG_HEAD');
		}
	});
}

test('18 merge-linked-worktree', async t => {
	const {git, guard, at} = await forked(t);
	await git('worktree', 'add', '-q', '../linked', 'feature');
	const before = await guard.remember('main', 'feature');
	const linked = at('linked');
	for (const command of ['rebase', 'merge']) {
		await linked.git(command, 'main');
		t.is(await linked.guard.history('shop'), LINEAR, command);
		await linked.guard.invariants(before, {adds: command === 'merge' ? [MERGED] : []});
		await linked.git.reset('-q', '--hard', 'ORIG_HEAD');
	}
	t.is(await git.status(), '');
	t.is(await git.text('symbolic-ref', 'HEAD'), 'refs/heads/main');
});

/** A clone of the published fork, by a transport that knows depth and filters. */
async function cloned(t: ExecutionContext, ...options: readonly string[]) {
	const story = await forked(t, {published: true});
	const {git, folder, at} = story;
	await git.push('-q', 'origin', 'feature');
	await git.in(join(folder, 'origin.git')).config('uploadpack.allowFilter', 'true');
	await git.in(join(folder, 'origin.git')).config('uploadpack.allowAnySHA1InWant', 'true');
	await git('clone', '-q', ...options, `file://${folder}/origin.git`, join(folder, 'clone'));
	const clone = at('clone');
	await configure(clone.git);
	await clone.guard.install();
	await clone.git.checkout('-q', '-B', 'mine', 'origin/feature');
	return {...clone, at, folder, origin: join(folder, 'origin.git')};
}

test('19 a shallow clone', async t => {
	const {git, guard} = await cloned(t, '--no-single-branch', '--depth=2');
	t.is(await git.text('rev-parse', '--is-shallow-repository'), 'true');
	await git.merge('-m', 'shallow', 'origin/main');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	t.is(await git.status(), '');
	await git.reset('-q', '--hard', 'origin/feature');
});

test('19 a shallow clone without a common ancestor: what is published stays', async t => {
	const {git, guard} = await cloned(t, '--no-single-branch', '--depth=1');
	const merge = await git.merge('--allow-unrelated-histories', '-m', 'shallow', 'origin/main');
	t.is(merge.exitCode, 0);
	t.is(await git.status(), '');
	t.true((await guard.leaves('shop', 'HEAD')).length >= 1);
});

test('19 merge-partial-clone-offline-untouched', async t => {
	const {git, guard, files, origin, at} = await cloned(t, '--filter=blob:none');
	const before = await guard.remember('origin/main', 'mine');
	t.truthy(before);
	await git.merge('-m', 'online', 'origin/main');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	t.is(await git.status(), '');

	// Another clone that has what git's merge needs, and not what ours does; and then the network goes.
	const lonely = at('lonely');
	await git('clone', '-q', '--filter=blob:none', '--no-checkout', `file://${origin}`, join(files.root, '../lonely'));
	await configure(lonely.git);
	await lonely.guard.install();
	await lonely.git('sparse-checkout', 'set', '--cone', 'elsewhere');
	await lonely.git.checkout('-q', '-B', 'mine', 'origin/feature');
	const tip = await lonely.git.oid();
	await lonely.git.config('remote.origin.url', 'file:///nowhere/origin.git');
	const merge = await lonely.git.attempt('merge', '-m', 'offline', 'origin/main');
	t.is(merge.exitCode, 0, merge.output);
	t.regex(merge.output, /migration-guard: post-merge failed, git's own result stands/);
	t.is(await lonely.git.oid('HEAD^1'), tip);
	t.deepEqual(
		(await lonely.git.lines('ls-tree', '--name-only', 'HEAD:shop/migrations')).filter(name => name.startsWith('0003')),
		['0003_currency.py', '0003_discount.py'],
	);
	t.is(await lonely.git.status(), '');
	await lonely.git.config('remote.origin.url', `file://${origin}`);
	t.is((await lonely.guard.run('fix')).exitCode, 0);
	t.is(await lonely.guard.history('shop', 'HEAD'), LINEAR);
});

test('in a partial clone what is missing is fetched at once', async t => {
	const {git, folder} = await cloned(t, '--filter=blob:none', '--sparse');
	const trace = join(folder, 'trace');
	await git.with({GIT_TRACE2_EVENT: trace}).merge('-m', 'online', 'origin/main');
	const fetches = readFileSync(trace, 'utf8')
		.split('\n')
		.filter(line => line.includes('"child_start"') && line.includes('"fetch"'));
	t.true(fetches.length <= 3, `${fetches.length} fetches`);
});

test('a project in a submodule', async t => {
	const {folder, git, guard, at} = await forked(t);
	const outer = at('outer');
	await git('init', '-q', '--initial-branch=main', join(folder, 'outer'));
	await configure(outer.git);
	await outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(folder, 'repo'), 'inner');
	await outer.git.commit('with a submodule');
	const inner = at('outer/inner');
	await configure(inner.git);
	await inner.guard.install();
	await inner.git.checkout('-q', '-b', 'feature', 'origin/feature');
	const before = await guard.remember('main', 'feature');
	await inner.git.merge('-m', 'merged', 'origin/main');
	t.is(await inner.guard.history('shop', 'HEAD'), LINEAR);
	await inner.guard.invariants(before, {adds: ['merged']});
	t.is(await outer.git.status(), ' M inner');
});

test('a dirty submodule beside the migrations stays as it is', async t => {
	const {folder, git, guard, files, at} = await forked(t);
	await git('init', '-q', '--initial-branch=main', join(folder, 'library'));
	await configure(at('library').git);
	await at('library').git('commit', '-q', '--allow-empty', '-m', 'library');
	await git.checkout('-q', 'feature');
	await git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(folder, 'library'), 'library');
	await git.commit('feature: a submodule');
	writeFileSync(join(files.root, 'library/new.txt'), 'new\n');
	const before = await guard.remember('main', 'feature');
	await git.merge('main');
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED], dirty: [' M library']});
});

for (const [name, ...format] of [
	['sha256', '--object-format=sha256'],
	['reftable', '--ref-format=reftable'],
	['sha256 and reftable', '--object-format=sha256', '--ref-format=reftable'],
] as const) {
	test(`a ${name} repository: merge, rebase, autostash, pick, undo`, async t => {
		const options: ForkOptions = {init: format};
		let story: Awaited<ReturnType<typeof forked>>;
		try {
			story = await forked(t, options);
		} catch (error) {
			t.regex(String(error), /unknown option|unknown ref storage/, 'this git has no such repositories');
			return;
		}
		const {git, guard, files} = story;
		await git.checkout('-q', 'feature');
		const tip = await git.oid();
		const before = await guard.remember('main', 'feature');
		await git.merge('main');
		t.is(await guard.history('shop', 'HEAD'), LINEAR);
		await guard.invariants(before, {adds: [MERGED]});
		t.is((await guard.run('undo', '--to-start')).exitCode, 0);
		t.is(await git.oid(), tip);
		for (const flag of ['rebase', 'merge']) {
			files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
			await git(flag, '--autostash', 'main');
			t.is(await guard.history('shop', 'HEAD'), LINEAR, flag);
			t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
			t.is(await git.status(), ' M shop/migrations/0004_discount.py');
			await git.reset('-q', '--hard', tip);
		}
		await git.checkout('-q', 'main');
		await git('cherry-pick', 'feature');
		t.is(await guard.history('shop', 'HEAD'), LINEAR, 'pick');
		t.is(await git.status(), '');
	});
}
