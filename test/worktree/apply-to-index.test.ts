import {execFileSync} from 'node:child_process';
import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {applyToIndex} from '../../src/worktree/apply.ts';
import {isUndone, undo} from '../../src/worktree/undo.ts';
import {MIGRATION, merged, PATHS} from '../helpers/repository.ts';

const {incoming, renumbered} = PATHS;

const code = (result: ReturnType<typeof undo>): string => (result.ok ? 'done' : result.refusal.code);

/** `git merge --no-commit`, then renumbered in the index as the pre-commit hook does. */
async function concluded(t: Parameters<typeof merged>[0], extra: Record<string, string> = {}) {
	const box = await merged(t, {extra});
	box.git('reset', '-q', '--hard', box.start);
	box.git('merge', '-q', '--no-commit', 'main');
	const gits = box.git('write-tree');
	const mode = '100644';
	const after = box.git('rev-parse', `${box.new}:${renumbered}`);
	const changes = [
		{path: incoming, before: {oid: box.git('rev-parse', `:${incoming}`), mode}, after: null},
		{path: renumbered, before: null, after: {oid: after, mode}},
	];
	return {box, gits, change: {kind: 'merge', changes, plan: null, start: box.start}};
}

test('applied, undone while not committed', async t => {
	const {box, gits, change} = await concluded(t);
	box.write('notes.txt', 'unstaged\n');
	t.true(applyToIndex(box.repo, change).ok);
	t.is(box.git('write-tree'), box.git('rev-parse', `${box.new}^{tree}`));
	t.is(code(undo(box.repo)), 'done');
	t.is(box.git('write-tree'), gits);
	t.is(box.git('diff', '--name-only'), 'notes.txt');
	t.is(box.git('rev-parse', 'HEAD'), box.start);
	t.is(box.read(incoming), MIGRATION('feat', '0001_initial'));
	t.is(code(undo(box.repo)), 'nothing-to-undo');
});

test('undone after it was committed, the commit keeps its message', async t => {
	const {box, gits, change} = await concluded(t);
	t.true(applyToIndex(box.repo, change).ok);
	box.git('commit', '-q', '-m', 'merged by hand');
	const ours = box.git('rev-parse', 'HEAD');
	t.is(code(undo(box.repo)), 'done');
	t.is(box.git('rev-parse', 'HEAD^{tree}'), gits);
	t.is(box.git('rev-parse', 'HEAD^1', 'HEAD^2'), box.git('rev-parse', `${ours}^1`, `${ours}^2`));
	t.is(box.git('log', '-1', '--format=%s'), 'merged by hand');
	t.is(box.status(), '');
	t.true(isUndone(box.repo, box.git('rev-parse', 'HEAD')));
});

test('exact bytes come back where a checkout would make others', async t => {
	const {box, change} = await concluded(t);
	// Mixed line endings: git sees the same file, a checkout would write all CRLF.
	box.git('config', 'core.autocrlf', 'true');
	const mixed = MIGRATION('feat', '0001_initial').replace('\n\n', '\r\n\n');
	box.write(incoming, mixed);
	box.git('add', incoming);
	t.is(box.git('diff', '--name-only'), '');
	t.true(applyToIndex(box.repo, change).ok);
	t.is(code(undo(box.repo)), 'done');
	t.is(box.read(incoming), mixed);
	t.is(box.git('diff', '--name-only'), '');
});

test('refused for an edited file, a stale plan, a conflict and a partial commit', async t => {
	const {box, gits, change} = await concluded(t);
	box.write(incoming, 'edited\n');
	const edited = applyToIndex(box.repo, change);
	t.deepEqual(edited.ok ? null : [edited.refusal.code, edited.refusal.paths], ['local-edits', [incoming]]);
	t.is(box.read(incoming), 'edited\n');
	box.git('checkout', '-q', '--', incoming);

	const stale = change.changes.map(one => ({
		...one,
		before: one.before && {...one.before, oid: box.git('rev-parse', ':notes.txt')},
	}));
	const refused = applyToIndex(box.repo, {...change, changes: stale});
	t.is(refused.ok ? '' : refused.refusal.code, 'local-edits');

	process.env.GIT_INDEX_FILE = join(box.dir, '.git/next-index-123.lock');
	const partial = applyToIndex(box.repo, change);
	delete process.env.GIT_INDEX_FILE;
	t.is(partial.ok ? '' : partial.refusal.code, 'partial-commit');
	t.is(box.git('write-tree'), gits);
	t.is(box.git('for-each-ref', 'refs/migration-guard'), '');

	box.git('update-index', '--cacheinfo', `100644,${box.git('rev-parse', ':notes.txt')},${incoming}`);
	box.git('rm', '-q', '-f', '--cached', 'notes.txt');
	const oid = box.git('rev-parse', 'HEAD:notes.txt');
	execFileSync('git', ['update-index', '--index-info'], {
		cwd: box.dir,
		input: `100644 ${oid} 2\tnotes.txt\n100644 ${oid} 3\tnotes.txt\n`,
	});
	const conflict = applyToIndex(box.repo, change);
	t.is(conflict.ok ? '' : conflict.refusal.code, 'unmerged');
});

test('GIT_INDEX_FILE of `commit -a` is obeyed', async t => {
	const {box, change} = await concluded(t);
	box.git('merge', '--quit');
	const hook = `#!/bin/sh\ncd '${process.cwd()}' && GIT_DIR='${box.dir}/.git' GIT_WORK_TREE='${box.dir}' '${process.execPath}' --import=tsx test/helpers/act.ts '${box.dir}' index '${JSON.stringify(change)}' > '${box.dir}/.git/out'\n`;
	box.write('.git/hooks/pre-commit', hook);
	chmodSync(join(box.dir, '.git/hooks/pre-commit'), 0o755);
	box.write('notes.txt', 'all\n');
	box.git('commit', '-q', '-a', '-m', 'all');
	t.regex(box.read('.git/out'), /"ok":true/);
	t.is(box.status(), '');
	t.is(box.git('show', `HEAD:${renumbered}`), MIGRATION('feat', '0003_main').trimEnd());
	t.is(box.attempt('show', `HEAD:${incoming}`).code, 128);
});
