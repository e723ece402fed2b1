import {chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {applyTransition, type Transition} from '../../src/worktree/apply.ts';
import {listEntries} from '../../src/worktree/journal.ts';
import {folder, type Merged, merged, PATHS, renumber} from '../helpers/repository.ts';

const {incoming, renumbered, published} = PATHS;

const transition = (box: Pick<Merged, 'old' | 'new' | 'start'>, more: Partial<Transition> = {}): Transition => ({
	kind: 'merge',
	ref: 'HEAD',
	old: box.old,
	new: box.new,
	start: box.start,
	plan: {steps: ['rename']},
	reflog: 'migration-guard: renumber',
	...more,
});

test('the log of HEAD has no line that ends nowhere', async t => {
	const box = await merged(t);
	t.true(applyTransition(box.repo, transition(box)).ok);
	t.is(box.git('rev-parse', 'HEAD@{1}'), box.old);
	t.notRegex(readFileSync(join(box.dir, '.git/logs/HEAD'), 'utf8'), / 0{40} /);
});

for (const sha256 of [false, true]) {
	test(`the merge is replaced: ${sha256 ? 'sha256' : 'sha1'}`, async t => {
		const box = await merged(t, {sha256});
		const applied = applyTransition(box.repo, transition(box), {now: Date.UTC(2024, 0, 15, 9)});
		t.true(applied.ok, JSON.stringify(applied));
		t.is(box.git('rev-parse', 'HEAD'), box.new);
		t.is(box.git('symbolic-ref', 'HEAD'), 'refs/heads/feature');
		t.is(box.status(), '');
		t.false(existsSync(join(box.dir, incoming)));
		t.is(box.git('rev-parse', 'HEAD^1', 'HEAD^2'), box.git('rev-parse', `${box.old}^1`, `${box.old}^2`));
		t.is(box.git('log', '-g', '-1', '--format=%gs'), 'migration-guard: renumber');
		t.is(box.attempt('fsck', '--strict').code, 0);
		const [entry] = listEntries(box.repo);
		t.is(entry!.state, 'done');
		t.is(entry!.branch, 'refs/heads/feature');
		t.is(entry!.id, `20240115T090000000Z-${box.new.slice(0, 8)}`);
		t.is(box.git('rev-parse', `refs/migration-guard/backup/${entry!.id}`), box.old);
		t.is(box.git('rev-parse', `refs/migration-guard/backup/${entry!.id}.start`), box.start);
		t.false(existsSync(join(box.dir, '.git/migration-guard/open')));
		t.false(existsSync(join(box.dir, '.git/migration-guard/lock')));
	});
}

test('a second time there is nothing to do', async t => {
	const box = await merged(t);
	t.true(applyTransition(box.repo, transition(box)).ok);
	t.deepEqual(applyTransition(box.repo, transition({...box, old: box.new})), {ok: true, id: ''});
	t.is(listEntries(box.repo).length, 1);
});

test('unrelated staged, unstaged and untracked work stays', async t => {
	const box = await merged(t);
	box.write('staged.txt', 'staged\n');
	box.git('add', 'staged.txt');
	box.write('notes.txt', 'more notes\n');
	box.write('untracked.txt', 'mine\n');
	t.true(applyTransition(box.repo, transition(box)).ok);
	t.is(box.status(), ' M notes.txt\nA  staged.txt\n?? untracked.txt');
	t.is(box.read('notes.txt'), 'more notes\n');
});

test('a linked worktree: its own index, the shared state', async t => {
	const box = await merged(t);
	box.git('checkout', '-q', 'main');
	const other = join(folder(t), 'tree');
	box.git('worktree', 'add', '-q', other, 'feature');
	const linked = box.at(other);
	const repo = linked.open();
	t.not(repo.gitDir, repo.commonDir);
	// As a post-commit hook gives it.
	process.env.GIT_INDEX_FILE = join(box.dir, '.git/index');
	t.teardown(() => delete process.env.GIT_INDEX_FILE);
	const applied = applyTransition(repo, transition(box));
	delete process.env.GIT_INDEX_FILE;
	t.true(applied.ok, JSON.stringify(applied));
	t.is(linked.status(), '');
	t.is(linked.git('rev-parse', 'HEAD'), box.new);
	t.is(box.status(), '');
	t.is(listEntries(box.repo)[0]!.worktree, repo.gitDir);
});

test('a sparse checkout stays sparse', async t => {
	const box = await merged(t, {extra: {'other/file.txt': 'x\n'}});
	box.git('sparse-checkout', 'set', 'other');
	t.false(existsSync(join(box.dir, 'app/migrations')));
	const applied = applyTransition(box.repo, transition(box));
	t.true(applied.ok, JSON.stringify(applied));
	t.false(existsSync(join(box.dir, 'app/migrations')));
	t.is(box.status(), '');
	t.is(box.git('rev-parse', 'HEAD'), box.new);
	t.regex(box.git('ls-files', '-t', renumbered), /^S /);
});

test('a detached HEAD moves, no branch with it', async t => {
	const box = await merged(t);
	box.git('checkout', '-q', '--detach');
	t.true(applyTransition(box.repo, transition(box)).ok);
	t.is(box.git('rev-parse', 'HEAD'), box.new);
	t.is(box.git('rev-parse', 'feature'), box.old);
});

test('file times that alone changed are no edit', async t => {
	const box = await merged(t);
	utimesSync(join(box.dir, incoming), new Date(0), new Date(0));
	t.true(applyTransition(box.repo, transition(box)).ok);
	t.is(box.status(), '');
});

test('executable bit and symlinks survive', async t => {
	const box = await merged(t);
	chmodSync(join(box.dir, published), 0o755);
	symlinkSync('models.py', join(box.dir, 'app/link.py'));
	mkdirSync(join(box.dir, 'empty'));
	box.git('add', '-A');
	box.git('commit', '-q', '-m', 'modes');
	const old = box.git('rev-parse', 'HEAD');
	t.true(applyTransition(box.repo, transition({...box, old, new: renumber(box.repo, old)})).ok);
	t.is(statSync(join(box.dir, published)).mode & 0o111, 0o111);
	t.is(box.status(), '');
});
