import {rmSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {writeBlobs, writeTree} from '../../src/git/objects.ts';
import {autostash} from '../../src/git/revisions.ts';
import {applyTransition} from '../../src/worktree/apply.ts';
import {translateStash} from '../../src/worktree/stash.ts';
import {type Merged, MIGRATION, merged, PATHS} from '../helpers/repository.ts';

const {incoming, renumbered, published} = PATHS;

/** Old tree → the same tree with 0003_feat as 0004_feat, whatever the file says but for its dependency. */
const translateIn =
	(box: Merged) =>
	(tree: string): string => {
		const oid = box.attempt('rev-parse', '-q', '--verify', `${tree}:${incoming}`).output.trim();
		if (!oid) {
			return tree;
		}

		const text = box.git('cat-file', 'blob', oid).replace('0001_initial', '0003_main');
		const [now] = writeBlobs(box.repo, [Buffer.from(`${text}\n`)]);
		return writeTree(box.repo, tree, [
			{path: incoming, oid: null, mode: ''},
			{path: renumbered, oid: now!, mode: '100644'},
		]);
	};

test('a local edit of a renamed migration is found under its new name', async t => {
	const box = await merged(t);
	box.write(incoming, `${MIGRATION('feat', '0001_initial')}# mine\n`);
	box.git('add', incoming);
	box.write('notes.txt', 'unstaged\n');
	box.write('untracked.txt', 'new\n');
	box.git('stash', '-q', '--include-untracked');
	const old = box.git('rev-parse', 'stash');
	const stash = translateStash(box.repo, old, translateIn(box));
	t.not(stash, old);
	t.is(
		translateStash(box.repo, stash, tree => tree),
		stash,
		'nothing to translate: the same stash',
	);
	t.is(box.git('log', '-1', '--format=%B', stash), box.git('log', '-1', '--format=%B', old));
	t.is(box.git('rev-parse', `${stash}^3`), box.git('rev-parse', `${old}^3`));

	t.true(applyTransition(box.repo, {kind: 'merge', ref: 'HEAD', old: box.old, new: box.new, plan: null, reflog: 'x'}).ok);
	box.git('stash', 'apply', '-q', '--index', stash);
	t.is(box.status(), `M  ${renumbered}\n M notes.txt\n?? untracked.txt`);
	t.is(box.read(renumbered), `${MIGRATION('feat', '0003_main')}# mine\n`);
	t.is(box.read(published), MIGRATION('main', '0001_initial'));
});

for (const where of ['MERGE_AUTOSTASH', 'rebase-merge/autostash', 'rebase-apply/autostash'] as const) {
	test(`the autostash git is going to apply is replaced: ${where}`, async t => {
		const box = await merged(t);
		t.is(autostash(box.repo), null);
		box.write('notes.txt', 'mine\n');
		const old = box.git('stash', 'create');
		box.git('checkout', '-q', '--', 'notes.txt');
		const now = box.git('commit-tree', '-p', `${old}^1`, '-p', `${old}^2`, '-m', 'translated', `${old}^{tree}`);
		box.write(`.git/${where}`, `${old}\n`);
		t.deepEqual(autostash(box.repo), {where, oid: old});
		const side = [{kind: 'autostash', where, old, new: now}] as const;
		t.true(applyTransition(box.repo, {kind: 'merge', ref: 'HEAD', old: box.old, new: box.new, plan: null, reflog: 'x', side}).ok);
		t.deepEqual(autostash(box.repo), {where, oid: now});
		t.is(box.git('for-each-ref', '--format=%(objectname)', 'refs/migration-guard').split('\n').includes(old), true, 'kept');
		rmSync(join(box.dir, '.git', where.split('/')[0]!), {recursive: true});
	});
}
