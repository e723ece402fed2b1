import {existsSync, rmSync, unlinkSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {applyTransition, type IndexTransition, type Recovery, recover, type Transition} from '../../src/worktree/apply.ts';
import type {Step} from '../../src/worktree/failpoint.ts';
import {hasOpenEntry, listEntries} from '../../src/worktree/journal.ts';
import {withLock} from '../../src/worktree/lock.ts';
import {act, commit, folder, type Merged, MIGRATION, merged, PATHS} from '../helpers/repository.ts';

const {incoming, renumbered} = PATHS;

const transition = (box: Merged): Transition => ({
	kind: 'merge',
	ref: 'HEAD',
	old: box.old,
	new: box.new,
	start: box.start,
	plan: null,
	reflog: 'migration-guard: renumber',
});

const outcomes = (recovery: Recovery): unknown =>
	recovery.ok ? recovery.recovered.map(({outcome}) => outcome) : recovery.refusal.code;

const clean = (box: Merged): string[] => ['open', 'lock'].filter(name => existsSync(join(box.dir, '.git/migration-guard', name)));

/** Where a kill leaves HEAD, and what the next run makes of it. */
const steps: readonly {
	readonly step: Step;
	readonly left: 'before' | 'staged' | 'after';
	readonly recovered: readonly string[];
}[] = [
	{step: 'locked', left: 'before', recovered: []},
	{step: 'checked', left: 'before', recovered: []},
	{step: 'backed-up', left: 'before', recovered: []},
	{step: 'journaled', left: 'before', recovered: ['finished']},
	{step: 'worktree', left: 'staged', recovered: ['finished']},
	{step: 'ref', left: 'after', recovered: ['finished']},
	{step: 'side', left: 'after', recovered: ['finished']},
	{step: 'done', left: 'after', recovered: []},
	{step: 'released', left: 'after', recovered: []},
];

for (const {step, left, recovered} of steps) {
	test(`kill -9 after "${step}": the state before or after, and the next run finishes`, async t => {
		const box = await merged(t);
		const killed = act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: step});
		t.is(killed.signal, 'SIGKILL', killed.stderr);
		t.is(box.git('rev-parse', 'HEAD'), left === 'after' ? box.new : box.old);
		t.is(box.status(), left === 'staged' ? `R  ${incoming} -> ${renumbered}` : '');
		t.is(hasOpenEntry(box.repo), recovered.length > 0);

		t.deepEqual(outcomes(recover(box.repo)), recovered);
		const finished = left === 'after' || recovered.length > 0;
		t.is(box.git('rev-parse', 'HEAD'), finished ? box.new : box.old);
		t.is(box.status(), '');
		t.deepEqual(outcomes(recover(box.repo)), [], 'a second run does nothing');
		// Whatever was left behind is no obstacle.
		t.true((act(box.dir, 'apply', {...transition(box), old: finished ? box.new : box.old}).result as {ok: boolean}).ok);
		t.is(box.git('rev-parse', 'HEAD'), box.new);
		t.is(box.status(), '');
		t.is(
			withLock(
				box.repo,
				refusal => refusal.code,
				() => 'free',
				{wait: 0},
			),
			'free',
			'the dead holder is recognised',
		);
		t.deepEqual(clean(box), []);
		t.is(box.attempt('fsck', '--strict').code, 0);
	});
}

test('a run that starts with an open entry finishes that first', async t => {
	const box = await merged(t);
	act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'journaled'});
	const same = applyTransition(box.repo, transition(box));
	t.true(same.ok && same.id === listEntries(box.repo)[0]!.id, JSON.stringify(same));
	t.is(box.git('rev-parse', 'HEAD'), box.new);

	const other = await merged(t);
	act(other.dir, 'apply', transition(other), {MIGRATION_GUARD_FAIL: 'worktree'});
	const different = applyTransition(other.repo, {...transition(other), new: other.start});
	t.is(different.ok ? '' : different.refusal.code, 'recovered');
	t.is(other.git('rev-parse', 'HEAD'), other.new);
	t.is(other.status(), '');
});

for (const how of ['exit', 'throw']) {
	test(`an end by ${how} after "worktree" recovers as well`, async t => {
		const box = await merged(t);
		const ended = act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: `worktree:${how}`});
		t.is(ended.code, how === 'exit' ? 99 : 1);
		t.deepEqual(outcomes(recover(box.repo)), ['finished']);
		t.is(box.git('rev-parse', 'HEAD'), box.new);
		t.is(box.status(), '');
		t.deepEqual(clean(box), []);
	});
}

test('a torn checkout: half of the files written when all was killed', async t => {
	const box = await merged(t);
	act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'journaled'});
	unlinkSync(join(box.dir, incoming));
	box.write(renumbered, MIGRATION('feat', '0003_main').slice(0, 30));
	t.deepEqual(outcomes(recover(box.repo)), ['finished']);
	t.is(box.git('rev-parse', 'HEAD'), box.new);
	t.is(box.read(renumbered), MIGRATION('feat', '0003_main'));
	t.is(box.status(), '');
});

test('a file the user wrote since is not taken for a torn one', async t => {
	const box = await merged(t);
	act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'journaled'});
	box.write(renumbered, 'mine\n');
	t.deepEqual(outcomes(recover(box.repo)), ['taken-back']);
	t.is(box.git('rev-parse', 'HEAD'), box.old);
	t.is(box.read(renumbered), 'mine\n');
	t.is(box.read(incoming), MIGRATION('feat', '0001_initial'));
	t.is(box.status(), `?? ${renumbered}`);
	t.deepEqual(clean(box), []);
	t.is(box.git('for-each-ref', 'refs/migration-guard'), '');
});

test('staged renames that the user committed since are left alone, the backup kept', async t => {
	const box = await merged(t);
	act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'worktree'});
	box.git('commit', '-q', '-m', 'by hand');
	const head = box.git('rev-parse', 'HEAD');
	t.deepEqual(outcomes(recover(box.repo)), ['abandoned']);
	t.is(box.git('rev-parse', 'HEAD'), head);
	t.is(listEntries(box.repo)[0]!.state, 'abandoned');
	t.is(box.git('rev-parse', `refs/migration-guard/backup/${listEntries(box.repo)[0]!.id}`), box.old);
	t.deepEqual(clean(box), []);
});

test('after a hard reset the worktree is as git made it, and recovery goes on from there', async t => {
	const box = await merged(t);
	act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'worktree'});
	box.git('reset', '-q', '--hard');
	t.deepEqual(outcomes(recover(box.repo)), ['finished']);
	t.is(box.git('rev-parse', 'HEAD'), box.new);
	t.is(box.status(), '');
});

test('while the index is locked nothing is known: refused, the entry stays open', async t => {
	const box = await merged(t);
	act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'worktree'});
	box.write('.git/index.lock', '');
	t.is(outcomes(recover(box.repo)), 'index-locked');
	t.true(hasOpenEntry(box.repo));
	unlinkSync(join(box.dir, '.git/index.lock'));
	t.deepEqual(outcomes(recover(box.repo)), ['finished']);
});

test('a branch locked by another git when the rest is done: taken back', async t => {
	const box = await merged(t);
	act(box.dir, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'worktree'});
	box.write('.git/refs/heads/feature.lock', '');
	t.deepEqual(outcomes(recover(box.repo)), ['taken-back']);
	unlinkSync(join(box.dir, '.git/refs/heads/feature.lock'));
	t.is(box.git('rev-parse', 'HEAD'), box.old);
	t.is(box.status(), '');
	t.deepEqual(clean(box), []);
});

test('another worktree’s entry is not ours; one whose worktree is gone is closed', async t => {
	const box = await merged(t);
	box.git('checkout', '-q', 'main');
	const other = join(folder(t), 'tree');
	box.git('worktree', 'add', '-q', other, 'feature');
	act(other, 'apply', transition(box), {MIGRATION_GUARD_FAIL: 'worktree'});
	t.deepEqual(outcomes(recover(box.repo)), []);
	t.true(hasOpenEntry(box.repo), 'it waits for its worktree');
	t.is(box.status(), '');
	rmSync(other, {recursive: true});
	box.git('worktree', 'prune');
	t.deepEqual(outcomes(recover(box.repo)), ['abandoned']);
	t.false(hasOpenEntry(box.repo));
});

/** `git merge --no-commit` left both migrations in the index; the plan is to renumber there. */
function concluding(box: Merged): IndexTransition {
	box.git('reset', '-q', '--hard', box.start);
	box.git('merge', '-q', '--no-commit', 'main');
	const [oid, mode] = [box.git('rev-parse', `:${incoming}`), '100644'];
	box.write('.git/new', MIGRATION('feat', '0003_main'));
	const after = box.git('hash-object', '-w', '.git/new');
	return {
		kind: 'merge',
		changes: [
			{path: incoming, before: {oid, mode}, after: null},
			{path: renumbered, before: null, after: {oid: after, mode}},
		],
		plan: null,
	};
}

for (const {step, recovered} of steps.filter(({step}) => step !== 'ref')) {
	test(`index only: kill -9 after "${step}"`, async t => {
		const box = await merged(t);
		const change = concluding(box);
		const before = box.git('write-tree');
		const killed = act(box.dir, 'index', change, {MIGRATION_GUARD_FAIL: step});
		t.is(killed.signal, 'SIGKILL', killed.stderr);
		const now = box.git('write-tree');
		const after = box.git('rev-parse', `${box.new}^{tree}`);
		const isAfter = ['worktree', 'side', 'done', 'released'].includes(step);
		t.is(now, isAfter ? after : before);
		t.is(box.git('diff', '--name-only'), '', 'the worktree is where the index is');
		// Nothing is finished in the index without its commit: it is taken back, or it was done.
		t.deepEqual(outcomes(recover(box.repo)), step === 'journaled' ? ['taken-back'] : recovered);
		t.is(box.git('write-tree'), isAfter ? after : before);
		t.is(box.git('diff', '--name-only'), '');
		t.deepEqual(outcomes(recover(box.repo)), []);
		t.deepEqual(
			clean(box).filter(name => name === 'open'),
			[],
		);
		t.is(commit(box, 'concluded').length, 40);
	});
}
