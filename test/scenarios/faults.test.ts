import {mkdirSync, readdirSync, statSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {forked} from '../helpers/forked.ts';
import {shimIn} from '../helpers/shim.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const MERGED = "Merge branch 'main' into feature";

for (const {command, adds} of [
	{command: ['merge', 'main'], adds: [MERGED]},
	{command: ['rebase', 'main'], adds: []},
] as const) {
	test(`46 kill-9-at-each-protocol-step-recovers: ${command[0]}`, async t => {
		const {git, guard, folder, files} = await forked(t);
		const shim = shimIn(folder);
		await git.checkout('-q', 'feature');
		const before = await guard.remember('main', 'feature');
		const tip = await git.oid();
		const survivors: string[] = [];
		for (let step = 1; ; step++) {
			await git.checkout('-q', '-f', '-B', 'feature', tip);
			shim.arm(step, 'kill -9 $PPID; exit 1');
			const killed = await git.with(shim.env).attempt(...command);
			const last = shim.calls().at(-1) ?? '';
			if (shim.calls().length < step) break;
			survivors.push(last);
			t.is(killed.exitCode, 0, `${step} ${last}: a killed hook never fails git's command\n${killed.output}`);
			t.is((await git.attempt('cat-file', '-e', tip)).exitCode, 0);
			const fix = await guard.run('fix');
			t.is(fix.exitCode, 0, `${step} ${last}\n${fix.output}`);
			t.is(await guard.history('shop'), LINEAR, `${step} ${last}`);
			// Killed before its journal was written, a rebase is git's own: `fix` then stages the renumbering for a commit of its own.
			const staged = command[0] === 'rebase' && (await git.status()) !== '';
			if (staged) await git('commit', '-m', 'renumbered');
			await guard.invariants(before, {adds: staged ? ['renumbered'] : adds});
		}
		t.true(
			survivors.some(call => call.includes('read-tree')),
			`the kills reached the worktree:\n${survivors.join('\n')}`,
		);
		t.true(
			survivors.some(call => call.includes('update-ref')),
			`the kills reached the ref:\n${survivors.join('\n')}`,
		);
		t.deepEqual(
			files.list('.git/migration-guard').filter(name => name === 'open' || name === 'lock'),
			[],
		);
	});
}

test('48 foreign-index-lock: in the hook', async t => {
	const {git, guard, folder, files} = await forked(t);
	const shim = shimIn(folder);
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
	shim.arm(1, `: > '${files.root}/.git/index.lock'`);
	const merge = await git.with(shim.env).merge('main');
	t.is(merge.exitCode, 0);
	t.regex(merge.output, /index\.lock/);
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.true(files.exists('.git/index.lock'), 'a foreign lock is not ours to take away');
	files.remove('.git/index.lock');
	t.is(await git.status(), '');
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED]});
});

test('48 foreign-ref-lock: in the hook', async t => {
	const {git, guard, folder, files} = await forked(t);
	const shim = shimIn(folder);
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
	// Without pre-merge-commit, after which git itself would meet the lock.
	shim.arm(1, `: > '${files.root}/.git/refs/heads/feature.lock'`);
	const merge = await git.with(shim.env).merge('--no-verify', 'main');
	t.is(merge.exitCode, 0);
	t.is(await git.oid('HEAD^{tree}'), plain);
	t.is(await git.status(), '', 'index and worktree are rolled back');
	t.regex(merge.output, /migration-guard/);
	files.remove('.git/refs/heads/feature.lock');
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
	await guard.invariants(before, {adds: [MERGED]});
});

for (const lock of ['.git/index.lock', '.git/refs/heads/feature.lock']) {
	test(`48 foreign lock ${lock}: fix refuses and changes nothing`, async t => {
		const {git, guard, files} = await forked(t);
		await git.checkout('-q', 'feature');
		await git.with({MIGRATION_GUARD: '0'}).merge('main');
		const head = await git.oid();
		files.write(lock, '');
		const fix = await guard.run('fix');
		t.is(fix.exitCode, 1, fix.output);
		t.regex(fix.output, /lock/);
		t.true(files.exists(lock));
		files.remove(lock);
		t.is(await git.oid(), head);
		t.is(await git.status(), '');
		t.deepEqual(await guard.leaves('shop'), ['0003_currency', '0003_discount']);
		t.is((await guard.run('fix')).exitCode, 0);
		t.is(await guard.history('shop'), LINEAR);
	});
}

test('54 node-missing-fails-open', async t => {
	const {git, guard, files, folder} = await forked(t);
	const stubs = [
		'.git/hooks',
		...readdirSync(join(files.root, '.git/migration-guard'), {recursive: true, encoding: 'utf8'}).map(
			name => `.git/migration-guard/${name}`,
		),
	]
		.flatMap(path => (path === '.git/hooks' ? files.list(path).map(name => `${path}/${name}`) : [path]))
		.filter(
			path => !path.endsWith('js') && statSync(join(files.root, path)).isFile() && files.read(path).includes(process.execPath),
		);
	t.true(stubs.length > 0, 'the stub records the absolute path of node');
	for (const path of stubs) files.write(path, files.read(path).replaceAll(process.execPath, '/nowhere/node'));
	// Everything of the PATH but node.
	mkdirSync(join(folder, 'bin'));
	for (const name of readdirSync('/usr/bin'))
		if (!name.startsWith('node')) symlinkSync(`/usr/bin/${name}`, join(folder, 'bin', name));
	await git.checkout('-q', 'feature');
	const merge = await git.with({PATH: join(folder, 'bin')}).attempt('merge', 'main');
	t.is(merge.exitCode, 0, merge.output);
	t.regex(merge.output, /migration-guard/, 'one line says that nothing was done');
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
	t.is(await git.status(), '');
	files.write('notes.txt', 'notes\n');
	await git.with({PATH: join(folder, 'bin')}).commit('still works');
});

test('the program’s copy is gone: git goes on as without us', async t => {
	const {git, guard, files} = await forked(t);
	const home = '.git/migration-guard';
	t.true(files.exists(home));
	files.move(home, '../elsewhere');
	await git.checkout('-q', 'feature');
	const merge = await git.merge('main');
	t.is(merge.exitCode, 0);
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
	t.is(await git.status(), '');
	files.write('notes.txt', 'notes\n');
	await git.commit('still works');
	t.is(await git.text('log', '-1', '--format=%s'), 'still works');
});

test('59 LFS-or-unparsable-migration-refuses', async t => {
	for (const [content, what] of [
		['version https://git-lfs.github.com/spec/v1\noid sha256:0a1b\nsize 120\n', 'LFS pointer'],
		["class Migration(migrations.Migration:\n    dependencies = [('shop', '0002_price')]\n", 'not Python'],
	] as const) {
		const {git, guard, files} = await forked(t, {incoming: []});
		await git.checkout('-q', 'feature');
		files.write('shop/migrations/0003_discount.py', content);
		await git.commit('feature: unreadable');
		const plain = await git.text('merge-tree', '--write-tree', 'feature', 'main');
		const merge = await git.merge('main');
		t.is(merge.exitCode, 0, what);
		t.is(await git.oid('HEAD^{tree}'), plain, what);
		t.is(await git.status(), '', what);
		t.regex(merge.output, /shop\/migrations\/0003_discount\.py/, what);
		const check = await guard.run('check');
		t.is(check.exitCode, 1, what);
		t.regex(check.output, /0003_discount/, what);
	}
});
