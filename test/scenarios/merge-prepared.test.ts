import {existsSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const KEPT = '.git/migration-guard/prepared';

test('what pre-merge-commit worked out is used once', async t => {
	const {git, guard, files} = await forked(t);
	await git.merge('--no-ff', 'feature');
	t.is(await guard.history('shop'), LINEAR);
	t.false(existsSync(join(files.root, KEPT)));
});

test('a merge that was not committed leaves it, and another merge, an older one or a damaged one is not taken for it', async t => {
	const {git, guard, files} = await forked(t);
	files.script('.git/hooks/commit-msg', 'exit 1');
	t.is((await git.attempt('merge', '--no-edit', 'feature')).exitCode, 1);
	t.true(existsSync(join(files.root, KEPT)));
	await git.merge('--abort');
	await git.checkout('-q', '-b', 'other');
	files.write('notes.txt', 'another commit\n');
	await git('commit', '--no-verify', '-q', '-a', '--allow-empty', '-m', 'notes');
	await git.merge('--no-verify', '--no-edit', 'feature');
	t.is(await guard.history('shop'), LINEAR);

	await git.checkout('-q', 'main');
	for (const spoil of [
		() => utimesSync(join(files.root, KEPT), new Date(0), new Date(0)),
		() => writeFileSync(join(files.root, KEPT), '{"version":'),
		() => writeFileSync(join(files.root, '.git/FETCH_HEAD'), ''),
	]) {
		t.is((await git.attempt('merge', '--no-edit', 'feature')).exitCode, 1);
		await git.merge('--abort');
		spoil();
		await git.merge('--no-verify', '--no-edit', 'feature');
		t.is(await guard.history('shop'), LINEAR);
		t.deepEqual((await git.parents()).length, 2);
		await git.reset('-q', '--hard', 'HEAD^');
	}
});

test('with `commit: separate` git’s merge commit stays', async t => {
	const {git, guard} = await forked(t, {base: ({files}) => void files.write('.migrationguardrc', 'commit: separate\n')});
	await git.merge('--no-ff', 'feature');
	t.is(await guard.history('shop'), LINEAR);
	t.is((await git.parents('HEAD^')).length, 2);
});
