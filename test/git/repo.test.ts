import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {emptyTree, gitPath, headRef, nullOid, openRepo, operation, pseudoRef} from '../../src/git/repo.ts';
import {isStaleMergeHead} from '../../src/git/revisions.ts';
import {GitError, git} from '../../src/git/run.ts';
import {commit, folder, merged, sandbox} from '../helpers/repository.ts';

test('a repository, from a folder below its top', t => {
	const box = sandbox(t);
	mkdirSync(join(box.dir, 'a/b'), {recursive: true});
	const repo = openRepo(join(box.dir, 'a/b'))!;
	t.deepEqual(repo, {
		cwd: box.dir,
		top: box.dir,
		gitDir: join(box.dir, '.git'),
		commonDir: join(box.dir, '.git'),
		bare: false,
		objectFormat: 'sha1',
	});
	t.is(headRef(repo), 'refs/heads/main');
	t.is(emptyTree(repo), box.git('hash-object', '-t', 'tree', '/dev/null'));
});

test('none, bare, sha256, inside the git directory', t => {
	t.is(openRepo(folder(t)), null);
	const bare = sandbox(t, '--bare');
	t.like(bare.open(), {top: null, bare: true, cwd: bare.dir, gitDir: bare.dir});
	const long = sandbox(t, '--object-format=sha256');
	t.is(long.open().objectFormat, 'sha256');
	t.is(nullOid(long.open()).length, 64);
	t.is(emptyTree(long.open()), long.git('hash-object', '-t', 'tree', '/dev/null'));
	t.like(openRepo(join(long.dir, '.git')), {top: null, bare: false, gitDir: join(long.dir, '.git')});
});

test('a linked worktree has its own git directory and the common one', async t => {
	const box = await merged(t);
	const other = join(folder(t), 'tree');
	box.git('worktree', 'add', '-q', '--detach', other);
	const repo = openRepo(other)!;
	t.is(repo.top, other);
	t.is(repo.commonDir, join(box.dir, '.git'));
	t.is(repo.gitDir, join(box.dir, '.git/worktrees/tree'));
	t.is(headRef(repo), null);
});

test('a relative GIT_DIR means the folder we were started in', t => {
	const box = sandbox(t);
	mkdirSync(join(box.dir, 'sub'));
	process.env.GIT_DIR = '../.git';
	process.env.GIT_WORK_TREE = '..';
	t.teardown(() => {
		delete process.env.GIT_DIR;
		delete process.env.GIT_WORK_TREE;
	});
	const repo = openRepo(join(box.dir, 'sub'))!;
	t.is(repo.top, box.dir);
	t.is(git(repo, ['rev-parse', '--absolute-git-dir']).stdout.toString().trim(), join(box.dir, '.git'));
	delete process.env.GIT_DIR;
	delete process.env.GIT_WORK_TREE;
});

test('an unreadable configuration is an error, not "no repository"', t => {
	const box = sandbox(t);
	box.write('.git/config', '[core\n');
	t.throws(() => openRepo(box.dir), {instanceOf: GitError, message: /bad config/});
});

test('git paths are where git says', async t => {
	const box = await merged(t);
	const other = join(folder(t), 'tree');
	box.git('worktree', 'add', '-q', '--detach', other);
	for (const dir of [box.dir, other]) {
		const repo = openRepo(dir)!;
		const names = [
			'HEAD',
			'index',
			'MERGE_HEAD',
			'rebase-merge/onto',
			'info/attributes',
			'info/sparse-checkout',
			'config',
			'config.worktree',
		];
		for (const name of [
			...names,
			'refs/heads/x',
			'refs/bisect/x',
			'packed-refs',
			'objects',
			'logs/HEAD',
			'logs/refs/heads/x',
			'migration-guard',
		]) {
			t.is(gitPath(repo, name), box.at(dir).git('rev-parse', '--path-format=absolute', '--git-path', name), name);
		}
	}
});

const operations: readonly (readonly [files: readonly string[], expected: string | null])[] = [
	[[], null],
	[['REBASE_HEAD', 'AUTO_MERGE', 'ORIG_HEAD'], null],
	[['MERGE_HEAD'], 'merge'],
	[['CHERRY_PICK_HEAD'], 'cherry-pick'],
	[['CHERRY_PICK_HEAD', 'rebase-merge/done'], 'rebase-merge'],
	[['REVERT_HEAD'], 'revert'],
	[['rebase-merge/onto'], 'rebase-merge'],
	[['rebase-apply/rebasing'], 'rebase-apply'],
	[['rebase-apply/applying'], 'am'],
	[['BISECT_LOG'], 'bisect'],
];

test('what is in progress', async t => {
	for (const [files, expected] of operations) {
		const box = await merged(t);
		for (const file of files) {
			box.write(`.git/${file}`, `${box.old}\n`);
		}

		t.is(operation(box.repo), expected as ReturnType<typeof operation>, files.join());
	}

	const box = await merged(t);
	box.write('.git/sequencer/todo', `pick ${box.old} subject: revert it\n`);
	t.is(operation(box.repo), 'cherry-pick');
	box.write('.git/sequencer/todo', `revert ${box.old} subject\n`);
	t.is(operation(box.repo), 'revert');
});

test('a MERGE_HEAD left by a killed git is stale, a real one is not', async t => {
	const box = await merged(t);
	t.false(isStaleMergeHead(box.repo));
	box.write('.git/MERGE_HEAD', `${box.git('rev-parse', 'main')}\n`);
	t.true(isStaleMergeHead(box.repo));
	t.is(pseudoRef(box.repo, 'MERGE_HEAD'), box.git('rev-parse', 'main'));
	box.git('merge', '--quit');
	box.git('checkout', '-q', '-b', 'other', 'main');
	box.write('other.txt', 'other\n');
	commit(box, 'other');
	box.git('checkout', '-q', 'feature');
	box.git('merge', '-q', '--no-commit', 'other');
	t.false(isStaleMergeHead(box.repo));
});

test('children know that they are ours; errors say what git said', t => {
	const box = sandbox(t);
	const seen = git(box.open(), ['-c', 'alias.env=!env', 'env'], {env: {MG_TEST: 'x', HOME: undefined}}).stdout.toString();
	t.regex(seen, /^MIGRATION_GUARD=0$/m);
	t.regex(seen, /^LC_ALL=C$/m);
	t.regex(seen, /^MG_TEST=x$/m);
	t.notRegex(seen, /^HOME=/m);
	const error = t.throws(() => git(box.open(), ['rev-parse', '--verify', 'nothing']), {instanceOf: GitError});
	t.is(error?.code, 128);
	t.regex(error?.message ?? '', /Needed a single revision/);
	t.is(git(box.open(), ['rev-parse', '--verify', 'nothing'], {ok: [128]}).code, 128);
});
