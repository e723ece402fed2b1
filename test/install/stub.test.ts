import {existsSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import test from 'ava';
import {scenario} from '../helpers/scenario.ts';

/*
 * What the sh stub decides, seen from outside: a Node that writes down each call stands in for the real one. The migrations
 * are any files of that name; the stub does not read them.
 */
async function stubbed(t: ExecutionContext) {
	const story = await scenario(t);
	const calls = join(story.folder, 'calls');
	story.at('.').files.script('node', `shift; echo "$*" >> '${calls}'; exit "\${NODE_ANSWERS:-0}"`);
	story.files.edit('.git/migration-guard/hook', process.execPath, join(story.folder, 'node'));
	story.files.write('shop/migrations/0001_initial.py', '1\n');
	story.files.write('notes.txt', '\n\n\n');
	await story.git.commit('base');
	const branch = async (name: string, ...files: readonly string[]) => {
		await story.git.checkout('-q', '-b', name, 'main');
		for (const file of files) {
			story.files.write(file, `${name}\n`);
			await story.git.commit(`${name}: ${file}`);
		}
		await story.git.checkout('-q', 'main');
	};
	return {
		...story,
		branch,
		/** The calls of Node since the last look. */
		started(): string[] {
			if (!existsSync(calls)) return [];
			const lines = readFileSync(calls, 'utf8').trimEnd().split('\n');
			rmSync(calls);
			return lines;
		},
	};
}

const MIGRATION = 'shop/migrations/0002_side.py';
const OTHER = 'shop/migrations/0002_main.py';

test('a commit starts no Node, whatever it touches', async t => {
	const {git, files, started} = await stubbed(t);
	files.write(MIGRATION, 'new\n');
	await git.commit('a migration');
	files.write('notes.txt', 'notes\n');
	await git.commit('no migration');
	await git('commit', '-q', '--amend', '-m', 'amended');
	t.deepEqual(started(), []);
});

test('a commit starts Node where a migration is staged beside a max_migration.txt', async t => {
	const {git, files, started} = await stubbed(t);
	const max = 'shop/migrations/max_migration.txt';
	files.write(max, '0001_initial\n');
	files.write('pay/migrations/0001_initial.py', 'new\n');
	await git.commit('the file alone, and a migration of an app that has none');
	files.write('shop/migrations/_helper.txt', 'new\n');
	await git.commit('no module');
	t.deepEqual(started(), []);
	files.write(MIGRATION, 'new\n');
	await git.with({found: '1', staged: 'x.py'}).commit('a migration');
	t.deepEqual(started(), ['hook -- pre-commit']);
	await git.with({found: '1', staged: 'x.py'})('commit', '--allow-empty', '-m', 'nothing');
	t.deepEqual(started(), []);
	files.write('größe/migrations/0001_initial.py', 'new\n');
	await git.commit('a name that git quotes');
	t.deepEqual(started(), ['hook -- pre-commit']);
	files.write(OTHER, 'new\n');
	await git.add('-A');
	t.is((await git.with({NODE_ANSWERS: '70'}).attempt('commit', '-m', 'a crash')).exitCode, 0);
});

test('a merge starts Node only when it brings a migration', async t => {
	const {git, files, branch, started} = await stubbed(t);
	await branch('prose', 'prose.txt');
	await branch('side', MIGRATION);
	files.write(OTHER, 'new\n');
	await git.commit('main');
	await git.merge('--no-ff', 'prose');
	t.deepEqual(started(), []);
	await git.merge('side');
	t.deepEqual(started(), ['hook -- pre-merge-commit', 'hook -- post-merge 0']);
});

test('before a merge commit Node starts only when both sides bring migrations', async t => {
	const {git, branch, files, started} = await stubbed(t);
	await branch('side', MIGRATION);
	await branch('more', 'shop/migrations/0002_more.py');
	await git.merge('--no-ff', 'side');
	t.deepEqual(started(), ['hook -- post-merge 0']);
	files.write('prose.txt', 'prose\n');
	await git.commit('prose');
	await git.checkout('-q', '-b', 'behind', 'main~2');
	files.write('more.txt', 'prose\n');
	await git.commit('more prose');
	await git.merge('main');
	t.deepEqual(started(), ['hook -- post-merge 0']);
	await git.merge('more', 'side');
	t.deepEqual(started(), ['hook -- pre-merge-commit', 'hook -- post-merge 0']);
});

test('a squash merge is judged by the index, and so is the commit that concludes it', async t => {
	const {git, branch, started} = await stubbed(t);
	await branch('prose', 'prose.txt');
	await branch('side', MIGRATION);
	await git.merge('--squash', 'prose');
	await git('commit', '-m', 'prose');
	t.deepEqual(started(), []);
	await git.merge('--squash', 'side');
	t.deepEqual(started(), ['hook -- post-merge 1']);
	await git('commit', '-m', 'side');
	t.deepEqual(started(), ['hook -- pre-commit']);
});

test('a merge concluded by hand: pre-commit and post-commit, without --verify the latter', async t => {
	const {git, branch, files, started} = await stubbed(t);
	await branch('side', MIGRATION, 'notes.txt');
	files.write('notes.txt', 'main\n');
	await git.commit('main');
	for (const [flag, calls] of [
		['--verify', ['hook -- pre-commit', 'hook -- post-commit']],
		['--no-verify', ['hook -- post-commit']],
	] as const) {
		t.is((await git.attempt('merge', 'side')).exitCode, 1);
		t.deepEqual(started(), []);
		files.write('notes.txt', 'both\n');
		await git.add('notes.txt');
		await git('commit', flag, '--no-edit');
		t.deepEqual(started(), calls);
		await git.reset('-q', '--hard', 'HEAD^');
	}
});

test('only an answer of 40 from pre-commit stops a commit: a crash of ours, or of Node, never does', async t => {
	const {git, branch, started} = await stubbed(t);
	await branch('side', MIGRATION);
	for (const [answer, exitCode] of [
		['40', 1],
		['1', 0],
		['2', 0],
		['70', 0],
		['137', 0],
	] as const) {
		await git.merge('--no-ff', '--no-commit', 'side');
		const commit = await git.with({NODE_ANSWERS: answer}).attempt('commit', '--no-edit');
		t.is(commit.exitCode, exitCode, answer);
		t.is(started()[0], 'hook -- pre-commit');
		await git.reset('-q', '--hard', exitCode === 0 ? 'HEAD^' : 'HEAD');
	}
	t.is((await git.with({NODE_ANSWERS: '40'}).attempt('merge', '--ff', 'side')).exitCode, 0, 'a post-merge cannot fail');
});

test('a rebase is looked at once, at its end', async t => {
	const {git, branch, files, started} = await stubbed(t);
	await branch('prose', 'prose.txt');
	await branch('side', MIGRATION, 'shop/migrations/0003_side.py');
	files.write(OTHER, 'new\n');
	await git.commit('main');
	await git.rebase('main', 'prose');
	t.deepEqual(started(), []);
	await git.rebase('main', 'side');
	t.deepEqual(started(), ['hook -- post-rewrite rebase']);
	await git.reset('-q', '--hard', 'HEAD@{1}');
});

test('a rebase by the apply backend is looked at once, too', async t => {
	const {git, branch, files, started} = await stubbed(t);
	await branch('side', MIGRATION);
	files.write(OTHER, 'new\n');
	await git.commit('main');
	await git.rebase('--apply', 'main', 'side');
	t.deepEqual(started(), ['hook -- post-rewrite rebase']);
});

test('picks and reverts: post-commit, of a range only the last one and for all of it', async t => {
	const {git, branch, started} = await stubbed(t);
	await branch('prose', 'prose.txt');
	await branch('side', MIGRATION, 'other.txt', 'more.txt');
	await git('cherry-pick', 'prose');
	t.deepEqual(started(), []);
	await git('cherry-pick', 'side~2');
	t.deepEqual(started(), ['hook -- post-commit']);
	await git('revert', '--no-edit', 'HEAD');
	t.deepEqual(started(), ['hook -- post-commit']);
	await git.reset('-q', '--hard', 'HEAD~2');
	await git('cherry-pick', 'main..side');
	t.deepEqual(started(), ['hook -- post-commit']);
});

test('a push starts Node only when it brings migrations or models, and hands on what git says', async t => {
	const {git, files, branch, started, folder, at} = await stubbed(t);
	await git('init', '-q', '--bare', join(folder, 'origin.git'));
	await git('remote', 'add', 'origin', join(folder, 'origin.git'));
	at('.').files.script('node', `shift; { echo "$*"; cat; } >> '${join(folder, 'calls')}'`);
	await git.push('-q', 'origin', 'main');
	const zeros = '0'.repeat(40);
	t.deepEqual(started(), [
		`hook -- pre-push origin ${join(folder, 'origin.git')}`,
		`refs/heads/main ${await git.oid('main')} refs/heads/main ${zeros}`,
	]);
	await branch('prose', 'prose.txt', 'more.txt');
	await branch('models', 'shop/models.py');
	await branch('package', 'shop/models/item.py');
	await branch('side', MIGRATION);
	await git('tag', 'v1', 'side');
	await git.push('-q', 'origin', 'prose~1:refs/heads/prose');
	await git.push('-q', 'origin', 'prose', 'v1');
	await git.push('-q', '--force', 'origin', 'main:prose');
	await git.push('-q', 'origin', ':prose');
	t.deepEqual(started(), []);
	for (const name of ['models', 'package', 'side']) {
		await git.push('-q', 'origin', name);
		t.is(started().length, 2, name);
	}
	await git.push('-q', 'origin', 'prose', 'side:other');
	t.is(started().length, 3);
	await git.with({MIGRATION_GUARD: '0'}).push('-q', 'origin', 'side:third');
	await git.push('-q', '--no-verify', 'origin', 'side:fourth');
	t.deepEqual(started(), []);
	files.write('notes.txt', 'notes\n');
	await git.commit('no migration');
	await git.push('-q', join(folder, 'origin.git'), 'main:unnamed');
	t.is(started().length, 2, 'a remote without a name is for the program');
});

test('an interrupted run is finished by whatever hook comes next', async t => {
	const {git, files, started} = await stubbed(t);
	files.write('.git/migration-guard/open', '');
	files.write('notes.txt', 'notes\n');
	await git.commit('no migration');
	t.deepEqual(started(), ['hook -- pre-commit', 'hook -- post-commit']);
	files.remove('.git/migration-guard/open');
	await git('commit', '-q', '--allow-empty', '-m', 'again');
	t.deepEqual(started(), []);
});

test('MIGRATION_GUARD=0 starts nothing; variables that change what a pattern means change nothing', async t => {
	const {git, branch, started} = await stubbed(t);
	await branch('side', MIGRATION);
	await git.with({MIGRATION_GUARD: '0'}).merge('--no-ff', 'side');
	t.deepEqual(started(), []);
	for (const name of ['GIT_LITERAL_PATHSPECS', 'GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS']) {
		await git.reset('-q', '--hard', 'HEAD^');
		await git.with({[name]: '1'}).merge('--no-ff', 'side');
		t.deepEqual(started(), ['hook -- post-merge 0'], name);
	}
});

test('the stub finds its folder from a linked worktree, a subdirectory and after a move', async t => {
	const {git, branch, files, folder, started, at} = await stubbed(t);
	await branch('side', MIGRATION);
	await git('worktree', 'add', '-q', '-b', 'linked', '../linked', 'main');
	await at('linked').git.merge('--no-ff', 'side');
	t.deepEqual(started(), ['hook -- post-merge 0']);
	await git.in(join(folder, 'repo/shop')).merge('--no-ff', 'side');
	t.deepEqual(started(), ['hook -- post-merge 0']);
	await git.reset('-q', '--hard', 'HEAD^');
	at('.').files.move('repo', 'elsewhere');
	await at('elsewhere').git.merge('--no-ff', 'side');
	t.deepEqual(started(), ['hook -- post-merge 0']);
	t.false(files.exists('.git'));
});

test('without any Node a hook says so in one line and the command succeeds', async t => {
	const {git, branch, files, folder, at} = await stubbed(t);
	await branch('side', MIGRATION);
	at('.').files.remove('node');
	// Everything the stub needs, and no node.
	const found = (await git('--exec-path')).stdout.trim();
	files.edit('.git/migration-guard/hook', `command -v node`, `command -v no-such-node`);
	const merge = await git.merge('--no-ff', 'side');
	t.is(merge.exitCode, 0, found);
	t.regex(merge.stderr, /^migration-guard: node not found, so post-merge did nothing; .*$/m);
	t.is(merge.stderr.match(/migration-guard/g)?.length, 2, folder);
});

test('a Node that moved is looked for on the PATH', async t => {
	const {git, branch, folder, at, started} = await stubbed(t);
	await branch('side', MIGRATION);
	at('.').files.move('node', 'bin/node');
	await git.with({PATH: `${join(folder, 'bin')}:${process.env.PATH}`}).merge('--no-ff', 'side');
	t.deepEqual(started(), ['hook -- post-merge 0']);
});

test('a program that is gone is named in one line and the command succeeds', async t => {
	const {git, branch, files, started} = await stubbed(t);
	await branch('side', MIGRATION);
	files.remove('.git/migration-guard/program');
	const merge = await git.merge('--no-ff', 'side');
	t.regex(merge.stderr, /^migration-guard: its program is gone from .*migration-guard install$/m);
	t.deepEqual(started(), []);
	files.remove('.git/migration-guard');
	await git.reset('-q', '--hard', 'HEAD^');
	t.notRegex((await git.merge('--no-ff', 'side')).output, /migration-guard|not found/);
});
