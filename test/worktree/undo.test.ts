import {execFileSync} from 'node:child_process';
import {chmodSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {applyToIndex, applyTransition, type Transition} from '../../src/worktree/apply.ts';
import {listEntries} from '../../src/worktree/journal.ts';
import {isUndone, pruneBackups, undo} from '../../src/worktree/undo.ts';
import {act, commit, folder, type Merged, MIGRATION, merged, PATHS, renumber} from '../helpers/repository.ts';

const {incoming, renumbered} = PATHS;

function applied(box: Merged, more: Partial<Transition> = {}, now?: number): void {
	const result = applyTransition(
		box.repo,
		{
			kind: 'merge',
			ref: 'HEAD',
			old: box.old,
			new: box.new,
			start: box.start,
			plan: null,
			reflog: 'migration-guard: renumber',
			...more,
		},
		now === undefined ? {} : {now},
	);
	if (!result.ok) {
		throw new Error(JSON.stringify(result.refusal));
	}
}

const code = (result: ReturnType<typeof undo>): string => (result.ok ? 'done' : result.refusal.code);

test('undo gives back what git alone had made; redoing nothing', async t => {
	const box = await merged(t);
	applied(box);
	const result = undo(box.repo);
	t.true(result.ok, JSON.stringify(result));
	t.deepEqual(result.ok && [result.from, result.to], [box.new, box.old]);
	t.is(box.git('rev-parse', 'feature'), box.old);
	t.is(box.status(), '');
	t.is(box.read(incoming), MIGRATION('feat', '0001_initial'));
	t.true(isUndone(box.repo, box.old));
	t.false(isUndone(box.repo, box.new));
	t.deepEqual(
		listEntries(box.repo).map(({kind, state}) => [kind, state]),
		[
			['merge', 'undone'],
			['undo', 'done'],
		],
	);
	t.is(code(undo(box.repo)), 'already-undone');
	t.is(box.git('rev-parse', 'HEAD'), box.old);
});

test('undo --to-start: the tip before the command, also after a plain undo', async t => {
	for (const first of [false, true]) {
		const box = await merged(t);
		applied(box);
		if (first) {
			t.is(code(undo(box.repo)), 'done');
		}

		t.is(code(undo(box.repo, {toStart: true})), 'done');
		t.is(box.git('rev-parse', 'HEAD'), box.start);
		t.is(box.status(), '');
		t.true(isUndone(box.repo, box.start));
	}
});

test('undo works after the reflog expired and everything unreachable was pruned', async t => {
	const box = await merged(t);
	applied(box);
	box.git('reflog', 'expire', '--expire=now', '--all');
	box.git('gc', '-q', '--prune=now');
	t.is(code(undo(box.repo)), 'done');
	t.is(box.git('rev-parse', 'HEAD'), box.old);
	t.is(box.attempt('fsck', '--strict').code, 0);
});

test('refused: later commits, another branch, pushed, local edits, nothing', async t => {
	const box = await merged(t);
	t.is(code(undo(box.repo)), 'nothing-to-undo');
	applied(box);

	box.git('commit', '-q', '--allow-empty', '-m', 'later');
	const later = box.git('rev-parse', 'HEAD');
	t.is(code(undo(box.repo)), 'head-moved');
	t.is(box.git('rev-parse', 'HEAD'), later);
	box.git('reset', '-q', '--hard', box.new);

	box.git('checkout', '-q', '-b', 'other');
	t.is(code(undo(box.repo)), 'other-branch');
	box.git('checkout', '-q', 'feature');

	box.git('update-ref', 'refs/remotes/origin/feature', later);
	const pushed = undo(box.repo);
	t.is(code(pushed), 'pushed');
	t.regex(pushed.ok ? '' : pushed.refusal.why, /origin\/feature/);
	box.git('update-ref', '-d', 'refs/remotes/origin/feature');

	box.write(renumbered, 'edited\n');
	t.is(code(undo(box.repo)), 'local-edits');
	t.is(box.read(renumbered), 'edited\n');
	box.git('checkout', '-q', '--', renumbered);
	t.is(box.git('rev-parse', 'HEAD'), box.new);

	box.write('notes.txt', 'unrelated\n');
	t.is(code(undo(box.repo)), 'done');
	t.is(box.status(), ' M notes.txt');
});

test('another worktree’s work is not ours to undo', async t => {
	const box = await merged(t);
	applied(box);
	const other = join(folder(t), 'tree');
	box.git('worktree', 'add', '-q', '--detach', other, 'feature');
	t.is(code(undo(box.at(other).open())), 'nothing-to-undo');
});

test('branches that a rebase carried along go back with HEAD, all or none', async t => {
	const box = await merged(t);
	box.git('branch', 'lower', box.old);
	// Git's list while the rebase runs; afterwards git moves the branch to what the list says.
	box.write('.git/rebase-merge/update-refs', `refs/heads/lower\n${box.start}\n${box.old}\n`);
	applied(box, {kind: 'rebase', side: [{kind: 'update-refs', oids: {[box.old]: box.new}}]});
	t.is(box.read('.git/rebase-merge/update-refs'), `refs/heads/lower\n${box.start}\n${box.new}\n`);
	box.git('update-ref', 'refs/heads/lower', box.new);
	rmSync(join(box.dir, '.git/rebase-merge'), {recursive: true});

	box.git('update-ref', 'refs/heads/lower', 'main');
	const refused = undo(box.repo);
	t.is(code(refused), 'ref-moved');
	t.regex(refused.ok ? '' : refused.refusal.what, /refs\/heads\/lower/);
	t.is(box.git('rev-parse', 'HEAD'), box.new);
	t.is(box.status(), '');

	box.git('update-ref', 'refs/heads/lower', box.new);
	t.is(code(undo(box.repo)), 'done');
	t.is(box.git('rev-parse', 'lower'), box.old);
	t.is(code(undo(box.repo, {toStart: true})), 'done');
	t.is(box.git('rev-parse', 'lower'), box.start);
});

test('a rebase that ended before a killed hook: recovery moves its branches', async t => {
	const box = await merged(t);
	box.git('branch', 'lower', box.old);
	box.write('.git/rebase-merge/update-refs', `refs/heads/lower\n${box.start}\n${box.old}\n`);
	const side = [{kind: 'update-refs', oids: {[box.old]: box.new}}];
	const input = {kind: 'rebase', ref: 'HEAD', old: box.old, new: box.new, start: box.start, plan: null, reflog: 'renumber', side};
	t.is(act(box.dir, 'apply', input, {MIGRATION_GUARD_FAIL: 'worktree'}).signal, 'SIGKILL');
	rmSync(join(box.dir, '.git/rebase-merge'), {recursive: true});
	t.is((act(box.dir, 'recover', null).result as {ok: boolean}).ok, true);
	t.is(box.git('rev-parse', 'lower'), box.new);
	t.is(box.git('rev-parse', 'HEAD'), box.new);
});

test('a translated autostash that landed in the stash list is given back as it was', async t => {
	const box = await merged(t);
	box.write('notes.txt', 'stashed\n');
	box.git('stash', '-q');
	const old = box.git('rev-parse', 'stash');
	const now = box.git('commit-tree', '-p', `${old}^1`, '-p', `${old}^2`, '-m', 'translated', `${old}^{tree}`);
	box.git('stash', 'drop', '-q');
	applied(box, {side: [{kind: 'autostash', where: 'MERGE_AUTOSTASH', old, new: now}]});
	box.git('stash', 'store', '-m', 'autostash', now);
	t.is(code(undo(box.repo)), 'done');
	t.is(box.git('stash', 'list', '--format=%H %gs'), `${old} autostash`);
});

for (const step of ['journaled', 'worktree', 'ref', 'side', 'done']) {
	test(`undo, kill -9 after "${step}": the next run finishes`, async t => {
		const box = await merged(t);
		applied(box);
		t.is(act(box.dir, 'undo', {}, {MIGRATION_GUARD_FAIL: step}).signal, 'SIGKILL');
		t.is((act(box.dir, 'recover', null).result as {ok: boolean}).ok, true);
		t.is(box.git('rev-parse', 'HEAD'), box.old);
		t.is(box.status(), '');
		t.true(isUndone(box.repo, box.old));
		t.deepEqual(
			listEntries(box.repo).map(({state}) => state),
			['undone', 'done'],
		);
	});
}

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

test('index: applied, undone while not committed', async t => {
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

test('index: undone after it was committed, the commit keeps its message', async t => {
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

test('index: exact bytes come back where a checkout would make others', async t => {
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

test('index: refused for an edited file, a stale plan, a conflict and a partial commit', async t => {
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

test('index: GIT_INDEX_FILE of `commit -a` is obeyed', async t => {
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

test('backups older than some days go, younger and open ones stay', async t => {
	const box = await merged(t);
	const day = 24 * 60 * 60 * 1000;
	const start = Date.UTC(2024, 0, 1);
	applied(box, {}, start);
	box.write('notes.txt', 'more\n');
	const next = commit(box, 'more');
	applied({...box, old: next, new: otherTree(box, next)}, {}, start + 20 * day);
	t.is(listEntries(box.repo).length, 2);
	t.is(pruneBackups(box.repo, 30, start + 29 * day), 0);
	t.is(pruneBackups(box.repo, 30, start + 31 * day), 1);
	t.is(listEntries(box.repo).length, 1);
	const refs = box.git('for-each-ref', '--format=%(refname)', 'refs/migration-guard').split('\n');
	t.true(refs.length === 2 && refs.every(ref => ref.startsWith('refs/migration-guard/backup/20240121T')), refs.join(' '));
	t.is(code(undo(box.repo)), 'done');
});

/** Any other tree will do. */
function otherTree(box: Merged, rev: string): string {
	return box.git('commit-tree', '-p', rev, '-m', 'other', `${box.old}^{tree}`);
}

test('the commit git alone had made can be renumbered again when HEAD is another one', async t => {
	const box = await merged(t);
	applied(box);
	t.is(code(undo(box.repo)), 'done');
	box.git('commit', '-q', '--allow-empty', '-m', 'later');
	const head = box.git('rev-parse', 'HEAD');
	t.false(isUndone(box.repo, head));
	applied({...box, old: head, new: renumber(box.repo, head)});
	t.is(code(undo(box.repo)), 'done');
	t.is(box.git('rev-parse', 'HEAD'), head);
});
