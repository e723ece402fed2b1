import {rmSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {applyTransition, type Transition} from '../../src/worktree/apply.ts';
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
