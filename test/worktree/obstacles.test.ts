import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {copyCommit, writeBlobs, writeTree} from '../../src/git/objects.ts';
import {applyTransition, type Transition} from '../../src/worktree/apply.ts';
import {listEntries} from '../../src/worktree/journal.ts';
import {type Merged, merged, PATHS, renumber} from '../helpers/repository.ts';

const {incoming, renumbered} = PATHS;

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

const backups = (box: Merged): string => box.git('for-each-ref', '--format=%(refname)', 'refs/migration-guard');

/** Nothing at all changed: HEAD, index, files, journal, backup refs, locks. */
function untouched(t: ExecutionContext, box: Merged): void {
	t.is(box.git('rev-parse', 'HEAD'), box.old);
	t.is(box.git('write-tree'), box.git('rev-parse', `${box.old}^{tree}`));
	t.is(backups(box), '');
	t.deepEqual(listEntries(box.repo), []);
	for (const name of ['open', 'lock']) {
		t.false(existsSync(join(box.dir, '.git/migration-guard', name)), name);
	}
}

interface Obstacle {
	readonly title: string;
	readonly code: string;
	readonly path?: string;
	readonly prepare: (box: Merged) => void;
	/** Other than a clean status. */
	readonly index?: 'changed';
}

const obstacles: readonly Obstacle[] = [
	{
		title: 'an ignored file in the way',
		code: 'file-in-the-way',
		path: renumbered,
		prepare(box) {
			box.write('.git/info/exclude', '0004*\n');
			box.write(renumbered, 'mine\n');
		},
	},
	{
		title: 'an untracked file in the way',
		code: 'file-in-the-way',
		path: renumbered,
		prepare: box => box.write(renumbered, 'mine\n'),
	},
	{
		title: 'an ignored dangling symlink in the way',
		code: 'file-in-the-way',
		path: renumbered,
		prepare(box) {
			box.write('.git/info/exclude', '0004*\n');
			symlinkSync('nowhere', join(box.dir, renumbered));
		},
	},
	{title: 'an edit of the file to move', code: 'local-edits', path: incoming, prepare: box => box.write(incoming, 'edited\n')},
	{title: 'a deleted file to move', code: 'local-edits', path: incoming, prepare: box => unlinkSync(join(box.dir, incoming))},
	{
		title: 'a staged edit of the file to move',
		code: 'local-edits',
		path: incoming,
		index: 'changed',
		prepare(box) {
			box.write(incoming, 'edited\n');
			box.git('add', incoming);
		},
	},
	{
		title: 'the same name but for case',
		code: 'case-collision',
		path: 'app/migrations/0004_FEAT.py',
		prepare(box) {
			box.git('config', 'core.ignoreCase', 'true');
			box.write('app/migrations/0004_FEAT.py', 'mine\n');
		},
	},
	{title: 'a foreign index.lock', code: 'index-locked', prepare: box => box.write('.git/index.lock', '')},
	{title: 'a foreign lock of the branch', code: 'ref-locked', prepare: box => box.write('.git/refs/heads/feature.lock', '')},
	{title: 'a foreign HEAD.lock', code: 'ref-locked', prepare: box => box.write('.git/HEAD.lock', '')},
	{
		title: 'a reference-transaction hook that says no',
		code: 'ref-rejected',
		prepare(box) {
			box.write('.git/hooks/reference-transaction', '#!/bin/sh\n[ "$1" != prepared ] || ! grep -q refs/heads/feature\n');
			chmodSync(join(box.dir, '.git/hooks/reference-transaction'), 0o755);
		},
	},
];

for (const {title, code, path, prepare, index} of obstacles) {
	test(`refused, nothing changed: ${title}`, async t => {
		const box = await merged(t);
		prepare(box);
		const before = index ? null : snapshot(box);
		const applied = applyTransition(box.repo, transition(box));
		t.is(applied.ok ? 'applied' : applied.refusal.code, code);
		if (!applied.ok) {
			t.deepEqual(path ? applied.refusal.paths : [], path ? [path] : []);
			t.regex(applied.refusal.next, /^migration-guard /);
		}

		for (const lock of ['index.lock', 'refs/heads/feature.lock', 'HEAD.lock']) {
			rmSync(join(box.dir, '.git', lock), {force: true});
		}

		rmSync(join(box.dir, '.git/hooks/reference-transaction'), {force: true});
		if (before) {
			t.deepEqual(snapshot(box), before);
			untouched(t, box);
		} else {
			t.is(box.git('rev-parse', 'HEAD'), box.old);
			t.is(box.git('diff', '--cached', '--name-only'), incoming);
			t.is(box.read(incoming), 'edited\n');
			t.is(backups(box), '');
		}
	});
}

/** What lies in the migrations folder, byte for byte. */
function snapshot(box: Merged): readonly string[] {
	const paths = ['0001_initial.py', '0003_main.py', '0003_feat.py', '0004_feat.py', '0004_FEAT.py'].map(name =>
		join(box.dir, 'app/migrations', name),
	);
	return paths.map(path => (existsSync(path) ? readFileSync(path, 'utf8') : 'absent'));
}

test('refused, nothing changed: HEAD moved meanwhile', async t => {
	const box = await merged(t);
	box.git('commit', '-q', '--allow-empty', '-m', 'later');
	const later = box.git('rev-parse', 'HEAD');
	const applied = applyTransition(box.repo, transition(box));
	t.is(applied.ok ? '' : applied.refusal.code, 'ref-moved');
	t.is(box.git('rev-parse', 'HEAD'), later);
	t.is(box.status(), '');
	t.is(backups(box), '');
});

test('refused, nothing changed: a conflict is open', async t => {
	const box = await merged(t);
	box.git('checkout', '-q', '-b', 'conflict', 'HEAD~');
	box.write('notes.txt', 'theirs\n');
	box.git('commit', '-q', '-am', 'theirs');
	box.git('checkout', '-q', 'feature');
	box.write('notes.txt', 'ours\n');
	box.git('commit', '-q', '-am', 'ours');
	t.is(box.attempt('merge', 'conflict').code, 1);
	const head = box.git('rev-parse', 'HEAD');
	const applied = applyTransition(box.repo, transition({...box, old: head, new: renumber(box.repo, head)}));
	t.is(applied.ok ? '' : applied.refusal.code, 'unmerged');
	t.is(box.status(), 'UU notes.txt');
	t.is(backups(box), '');
});

test('a checkout that fails half way is put back', async t => {
	const box = await merged(t);
	// Git deletes the old file, then cannot write the new one: a required filter that fails for it.
	box.git('config', 'filter.broken.smudge', 'echo fired >> "$(git rev-parse --git-dir)/fired"; exit 1');
	box.git('config', 'filter.broken.clean', 'cat');
	box.git('config', 'filter.broken.required', 'true');
	box.write('.git/info/attributes', '0004_feat.py filter=broken\n');
	const before = snapshot(box);
	const applied = applyTransition(box.repo, transition(box));
	t.is(applied.ok ? '' : applied.refusal.code, 'checkout-failed');
	t.true(existsSync(join(box.dir, '.git/fired')), 'the fault fired');
	t.deepEqual(snapshot(box), before);
	t.is(box.status(), '');
	untouched(t, box);
});

test('a git killed half way is put back; what it left locked is said', async t => {
	const box = await merged(t);
	box.git('config', 'filter.deadly.clean', 'cat');
	box.git('config', 'filter.deadly.smudge', `sh '${join(box.dir, '.git/deadly')}'`);
	// The filter's parent is a shell or git itself; the one called "git" is meant.
	box.write(
		'.git/deadly',
		'pid=$$\nwhile pid=$(ps -o ppid= -p $pid | tr -d " "); [ "$(ps -o comm= -p $pid)" != git ]; do :; done\nkill -9 $pid\n',
	);
	box.write('.git/info/attributes', '0004_feat.py filter=deadly\n');
	const before = snapshot(box);
	const applied = applyTransition(box.repo, transition(box));
	t.is(applied.ok ? '' : applied.refusal.code, 'checkout-failed');
	t.regex(applied.ok ? '' : applied.refusal.why, /SIGKILL.*index\.lock/s);
	t.deepEqual(snapshot(box), before);
	t.true(existsSync(join(box.dir, '.git/index.lock')));
	unlinkSync(join(box.dir, '.git/index.lock'));
	t.is(box.status(), '');
	untouched(t, box);
});

test('a folder git cannot write into', async t => {
	const box = await merged(t);
	// Permissions do not stop root; an immutable folder does.
	const migrations = join(box.dir, 'app/migrations');
	const chattr = (flag: string): number | null => spawnSync('chattr', [flag, migrations]).status;
	if (chattr('+i') !== 0) {
		t.log('chattr +i is not possible here; see "a checkout that fails half way"');
		t.pass();
		return;
	}

	t.teardown(() => chattr('-i'));
	t.throws(() => writeFileSync(join(migrations, 'probe'), ''), {code: 'EPERM'}, 'the fault fires');
	const before = snapshot(box);
	const applied = applyTransition(box.repo, transition(box));
	t.true(!applied.ok && ['checkout-failed', 'not-writable'].includes(applied.refusal.code), JSON.stringify(applied));
	t.is(chattr('-i'), 0);
	t.deepEqual(snapshot(box), before);
	t.is(box.status(), '');
	untouched(t, box);
});

test('a file where the folder has to be', async t => {
	const box = await merged(t);
	const batchPath = 'app/other/migrations/0001_new.py';
	const [oid] = writeBlobs(box.repo, [Buffer.from('new\n')]);
	const target = copyCommit(box.repo, box.old, {
		tree: writeTree(box.repo, box.old, [{path: batchPath, oid: oid!, mode: '100644'}]),
	});
	box.write('.git/info/exclude', 'other\n');
	box.write('app/other', 'mine\n');
	const applied = applyTransition(box.repo, transition({...box, new: target.oid}));
	t.is(applied.ok ? '' : applied.refusal.code, 'file-in-the-way');
	t.deepEqual(applied.ok ? [] : applied.refusal.paths, ['app/other']);
	t.is(box.read('app/other'), 'mine\n');
	untouched(t, box);
});
