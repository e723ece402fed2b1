import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {emptyTree} from '../../src/git/repo.ts';
import {diffTrees, listIndex, listTree, writeIndexTree} from '../../src/git/trees.ts';
import {commit, merged, PATHS, sandbox} from '../helpers/repository.ts';

const odd = ['a b', 'tab\tname', 'new\nline', 'grün', '"quoted"', ':(glob)x', '-dash'];

test('trees and index are read as they are, odd names included', t => {
	const box = sandbox(t);
	for (const name of odd) {
		box.write(`dir/${name}`, `${name}\n`);
	}

	box.write('run', '#!/bin/sh\n');
	chmodSync(join(box.dir, 'run'), 0o755);
	commit(box, 'odd');
	const repo = box.open();
	const tree = listTree(repo, 'HEAD');
	t.deepEqual([...tree.keys()].sort(), [...odd.map(name => `dir/${name}`), 'run'].sort());
	t.is(tree.get('run')?.mode, '100755');
	t.is(tree.get('dir/grün')?.oid, box.git('rev-parse', 'HEAD:dir/grün'));
	t.deepEqual(listIndex(repo), {entries: tree, unmerged: new Set()});
	t.deepEqual([...listIndex(repo, ['dir/:(glob)x']).entries.keys()], ['dir/:(glob)x']);
	t.deepEqual(
		diffTrees(repo, emptyTree(repo), 'HEAD')
			.map(({path}) => path)
			.sort(),
		[...tree.keys()].sort(),
	);
});

test('a difference has both sides; renames are not guessed; pathspecs narrow it', async t => {
	const box = await merged(t);
	box.git('config', 'diff.renames', 'copies');
	const changes = diffTrees(box.repo, box.old, box.new);
	t.deepEqual(
		changes.map(({path, before, after}) => [path, before?.mode ?? null, after?.mode ?? null]),
		[
			[PATHS.incoming, '100644', null],
			[PATHS.renumbered, null, '100644'],
		],
	);
	t.is(changes[0]!.before?.oid, box.git('rev-parse', `${box.old}:${PATHS.incoming}`));
	t.deepEqual(
		diffTrees(box.repo, box.old, box.new, ['*migrations/0004*']).map(({path}) => path),
		[PATHS.renumbered],
	);
	t.deepEqual(diffTrees(box.repo, box.old, box.old), []);
});

test('an index with conflicts has unmerged paths and no tree', async t => {
	const box = await merged(t);
	t.is(writeIndexTree(box.repo), box.git('rev-parse', 'HEAD^{tree}'));
	box.git('checkout', '-q', '-b', 'conflict', 'HEAD~');
	box.write('notes.txt', 'theirs\n');
	commit(box, 'theirs');
	box.git('checkout', '-q', 'feature');
	box.write('notes.txt', 'ours\n');
	commit(box, 'ours');
	t.is(box.attempt('merge', 'conflict').code, 1);
	const {entries, unmerged} = listIndex(box.repo);
	t.deepEqual([...unmerged], ['notes.txt']);
	t.false(entries.has('notes.txt'));
	t.is(writeIndexTree(box.repo), null);
});
