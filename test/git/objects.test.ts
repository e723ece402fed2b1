import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {
	copyCommit,
	copyCommits,
	eachBlob,
	mergeFile,
	mergeTree,
	objectBatch,
	type PathChange,
	readBlobs,
	writeBlobs,
	writeTree,
	writeTrees,
} from '../../src/git/objects.ts';
import {commitsBetween} from '../../src/git/revisions.ts';
import {GitError} from '../../src/git/run.ts';
import {listTree} from '../../src/git/trees.ts';
import {buildHistory} from '../helpers/objects.ts';
import {commit, merged, type Sandbox, sandbox} from '../helpers/repository.ts';

for (const format of ['sha1', 'sha256']) {
	test(`blobs: any bytes, there and back (${format})`, t => {
		const box = sandbox(t, `--object-format=${format}`);
		const contents = [
			Buffer.alloc(0),
			Buffer.from('text\r\n'),
			Buffer.from([0, 255, 10, 0]),
			Buffer.alloc(3_000_000, 'long '),
			Buffer.from('text\r\n'),
		];
		const oids = writeBlobs(box.open(), contents);
		box.write('.git/x', contents[2]!);
		t.is(oids[2], box.git('hash-object', '--no-filters', '.git/x'));
		const read = readBlobs(box.open(), oids);
		t.true(contents.every((content, index) => read.get(oids[index]!)!.equals(content)));
		t.is(oids[1], oids[4]);
		t.is(box.attempt('fsck', '--strict').code, 0);
		t.throws(() => readBlobs(box.open(), ['1'.repeat(oids[0]!.length)]), {instanceOf: GitError, message: /no such blob/});
	});
}

test('blobs handed out one by one: of any length, in order; what goes wrong is thrown', async t => {
	const repo = sandbox(t).open();
	const contents = [0, 1, 70_000, 3_000_000, 5, 0, 65_536, 65_000].map((length, index) => Buffer.alloc(length, `${index}\n`));
	const many = Array.from({length: 2000}, (_, index) => Buffer.from(`blob ${index}\n`));
	const oids = writeBlobs(repo, [...contents, ...many]);
	const given: [string, Buffer][] = [];
	await eachBlob(repo, oids, (oid, content) => given.push([oid, Buffer.from(content)]));
	t.deepEqual(
		given.map(([oid]) => oid),
		oids,
	);
	t.true([...contents, ...many].every((content, index) => content.equals(given[index]![1])));
	await eachBlob(repo, [], () => t.fail());

	const nothing = '1'.repeat(40);
	await t.throwsAsync(
		eachBlob(repo, [oids[0]!, nothing], () => {}),
		{instanceOf: GitError, message: /no such blob: 1/},
	);
	await t.throwsAsync(
		eachBlob(repo, oids, () => {
			throw new RangeError('mine');
		}),
		{instanceOf: RangeError},
	);
	await t.throwsAsync(
		eachBlob({...repo, env: {GIT_DIR: '/nowhere'}}, oids, () => {}),
		{instanceOf: GitError, message: /not a git repository/},
	);
	await t.throwsAsync(
		eachBlob({...repo, env: {PATH: '/nowhere'}}, oids, () => {}),
		{instanceOf: GitError, message: /ENOENT/},
	);
});

/** The same change made by git itself: index, then tree. */
function gitsOwn(box: Sandbox, base: string, changes: readonly PathChange[]): string {
	const env = {...process.env, GIT_INDEX_FILE: join(box.dir, '.git/other-index')};
	const run = (args: readonly string[], input = '') => execFileSync('git', args, {cwd: box.dir, env, input}).toString().trim();
	run(['read-tree', base]);
	const zero = '0'.repeat(base.length);
	run(
		['update-index', '-z', '--index-info'],
		changes.map(({path, oid, mode}) => `${oid ? mode : '0'} ${oid ?? zero}\t${path}\0`).join(''),
	);
	return run(['write-tree']);
}

// Names whose order differs between bytes, UTF-16 and "a folder sorts as if it ended in a slash".
const names = ['a', 'a-b', 'a.py', 'a0', 'b', 'ä', '😀', '￿', 'Z'];

for (const format of ['sha1', 'sha256']) {
	test(`a tree is what git's index makes of the same changes (${format})`, t => {
		const box = sandbox(t, `--object-format=${format}`);
		const repo = box.open();
		const [one, two] = writeBlobs(repo, [Buffer.from('one'), Buffer.from('two')]) as [string, string];
		const file = fc
			.tuple(fc.constantFrom('', 'p/', 'p/q/', 'q/', 'a/'), fc.constantFrom(...names))
			.map(([folder, name]) => `${folder}${folder === '' ? `f${name}` : name}.f`);
		const files = (values: readonly (string | null)[]) =>
			fc
				.dictionary(file, fc.constantFrom(...values), {maxKeys: 8})
				.map(found => Object.entries(found).map(([path, oid]) => ({path, oid, mode: '100644'})));
		const empty = writeTree(repo, box.git('hash-object', '-w', '-t', 'tree', '/dev/null'), []);
		const law = fc.property(files([one, two]), files([one, two, null]), (base, changes) => {
			const tree = writeTree(repo, empty, base);
			t.is(writeTree(repo, tree, changes), gitsOwn(box, tree, changes));
		});
		fc.assert(law, {numRuns: 25, seed: 1});
		t.is(box.attempt('fsck', '--strict').code, 0);
	});
}

for (const format of ['sha1', 'sha256']) {
	test(`many objects become one pack (${format})`, t => {
		const box = sandbox(t, `--object-format=${format}`);
		const contents = Array.from({length: 150}, (_, index) => Buffer.from(`blob ${index}\n`));
		const oids = writeBlobs(box.open(), contents);
		t.is(readdirSync(join(box.dir, '.git/objects/pack')).filter(name => name.endsWith('.pack')).length, 1);
		const read = readBlobs(box.open(), oids);
		t.true(contents.every((content, index) => read.get(oids[index]!)!.equals(content)));
		t.deepEqual(writeBlobs(box.open(), contents), oids, 'twice is once');
		t.is(box.attempt('fsck', '--strict').code, 0);
	});
}

test('several trees at once; nothing to change; an unknown base', async t => {
	const box = await merged(t);
	const oid = box.git('rev-parse', 'HEAD:notes.txt');
	const change = {path: 'new/file', oid, mode: '100755'};
	const batch = objectBatch(box.repo);
	const trees = writeTrees(
		box.repo,
		[
			{base: 'HEAD', changes: [change]},
			{base: 'main', changes: []},
		],
		batch,
	);
	t.is(box.attempt('cat-file', '-e', trees[0]!).code, 1, 'not there before the flush');
	batch.flush();
	t.is(listTree(box.repo, trees[0]!).get('new/file')?.mode, '100755');
	t.is(trees[1], box.git('rev-parse', 'main^{tree}'));
	t.throws(() => writeTree(box.repo, 'nothing', [change]), {instanceOf: GitError, message: /no such tree/});
});

test('a copy keeps message, names, dates, encoding and merged tags, and loses its signature', async t => {
	const box = await merged(t);
	const person = 'Zo\u00eb <z@example.org> 1500000000 +0530';
	const raw = Buffer.from(
		[
			`tree ${box.git('rev-parse', 'HEAD^{tree}')}`,
			`parent ${box.start}`,
			`author ${person}`,
			'committer Ada <ada@example.org> 1600000000 -0800',
			'gpgsig -----BEGIN PGP SIGNATURE-----',
			' ',
			' tree of lies',
			' -----END PGP SIGNATURE-----',
			'encoding ISO-8859-1',
			'mergetag object 0123456789012345678901234567890123456789',
			' type commit',
			' ',
			' gpgsig inside a tag',
			'',
			'gr\u00fcn\n\ngpgsig in the message\n\n',
		].join('\n'),
		'latin1',
	);
	const batch = objectBatch(box.repo);
	const oid = batch.commit(raw);
	batch.flush();
	t.deepEqual(copyCommit(box.repo, oid, {}), {oid, signatureDropped: false});
	const copy = copyCommit(box.repo, oid, {tree: box.git('rev-parse', `${box.new}^{tree}`), parents: [box.start, box.old]});
	t.true(copy.signatureDropped);
	const expected = raw
		.toString('latin1')
		.replace(/^tree \w+/, `tree ${box.git('rev-parse', `${box.new}^{tree}`)}`)
		.replace(`parent ${box.start}`, `parent ${box.start}\nparent ${box.old}`)
		.replace(/gpgsig -----BEGIN.*END PGP SIGNATURE-----\n/s, '');
	t.is(execFileSync('git', ['cat-file', 'commit', copy.oid], {cwd: box.dir}).toString('latin1'), expected);
});

test('a range is copied onto its own copies', async t => {
	const box = sandbox(t);
	const {commits} = await buildHistory(box.dir, [
		{id: 'base', branch: 'main', files: {a: 'a'}},
		{id: 'one', branch: 'topic', parents: ['base'], files: {b: 'b'}},
		{id: 'side', branch: 'side', parents: ['one'], files: {s: 's'}},
		{id: 'two', branch: 'topic', files: {c: 'c'}},
		{id: 'join', branch: 'topic', parents: ['two', 'side'], files: {s: 's'}},
	]);
	const repo = box.open();
	const range = commitsBetween(repo, ['topic'], ['main']);
	t.deepEqual(range.at(-1), commits.join);
	const oid = box.git('rev-parse', 'main:a');
	const trees = writeTrees(
		repo,
		range.map(base => ({base, changes: [{path: 'x', oid, mode: '100644'}]})),
	);
	const copies = copyCommits(
		repo,
		range.map((oid, index) => ({oid, tree: trees[index]!})),
	);
	const tip = copies.at(-1)!.oid;
	t.is(box.git('log', '--format=%s', '--topo-order', tip), box.git('log', '--format=%s', '--topo-order', 'topic'));
	t.deepEqual(box.git('log', '--format=%T', '--topo-order', '--reverse', `${tip}`, '^main').split('\n'), trees);
	t.is(box.git('rev-parse', `${tip}^2~1`), box.git('rev-parse', `${tip}~2`), 'one copy of the common commit');
	t.is(box.attempt('fsck', '--strict').code, 0);
});

test('what git would merge, with its own base and with one given', async t => {
	const box = await merged(t);
	t.deepEqual(mergeTree(box.repo, box.start, 'main'), {tree: box.git('rev-parse', `${box.old}^{tree}`), conflicted: []});
	const tree = (rev: string): string => box.git('rev-parse', `${rev}^{tree}`);
	t.deepEqual(mergeTree(box.repo, tree(box.start), tree('main'), tree('main~1')), {tree: tree(box.old), conflicted: []});
	t.deepEqual(mergeTree(box.repo, box.new, box.old, box.old), {tree: tree(box.new), conflicted: []});
	box.git('checkout', '-q', '-b', 'other', 'main');
	box.write('notes.txt', 'theirs\n');
	const theirs = commit(box, 'theirs');
	box.git('checkout', '-q', 'feature');
	box.write('notes.txt', 'ours\n');
	t.deepEqual(mergeTree(box.repo, commit(box, 'ours'), theirs).conflicted, ['notes.txt']);
	await buildHistory(box.dir, [{branch: 'island', parents: [], files: {a: 'a'}}]);
	// A person may have merged unrelated histories, too.
	t.deepEqual(mergeTree(box.repo, 'main', 'island').conflicted, []);
});

test('one file merged as git merges it', t => {
	const box = sandbox(t);
	const merge = (ours: string, base: string, theirs: string) =>
		mergeFile(box.open(), Buffer.from(ours), Buffer.from(base), Buffer.from(theirs), ['mine', 'base', 'yours'], 9);
	const clean = merge('A\nb\nc\nd\ne\n', 'a\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n');
	t.deepEqual([clean.text.toString(), clean.conflicts], ['A\nb\nc\nd\nE\n', 0]);
	const conflict = merge('x\r\n', 'b\r\n', 'y\r\n');
	t.deepEqual(
		[conflict.text.toString(), conflict.conflicts],
		['<<<<<<<<< mine\r\nx\r\n=========\r\ny\r\n>>>>>>>>> yours\r\n', 1],
	);
	t.throws(() => merge('\0', 'a', 'b'), {instanceOf: GitError, message: /binary/});
	t.true(existsSync(tmpdir()) && !readdirSync(tmpdir()).some(name => name.startsWith('migration-guard-merge-')));
});
