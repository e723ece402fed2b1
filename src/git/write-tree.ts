import {readObjects} from './cat-file.ts';
import {type ObjectBatch, objectBatch} from './object-batch.ts';
import type {Repo} from './repo.ts';
import {GitError} from './run.ts';

export interface PathChange {
	readonly path: string;
	/** Null takes the path away. */
	readonly oid: string | null;
	readonly mode: string;
}

export interface TreeJob {
	/** A tree-ish: commit, tree, revision. */
	readonly base: string;
	readonly changes: readonly PathChange[];
}

/** A tree like `base` but for some paths; its oid. See writeTrees. */
export function writeTree(repo: Repo, base: string, changes: readonly PathChange[], batch?: ObjectBatch): string {
	return writeTrees(repo, [{base, changes}], batch)[0]!;
}

/**
 * Trees like their bases but for some paths. Only the folders on the way to a changed path are read (all in one process) and written (in
 * one more): no index is filled, so the size of the repository does not count. A folder that becomes empty goes away.
 * With a `batch` the caller flushes. Throws GitError when a base does not exist.
 */
export function writeTrees(repo: Repo, jobs: readonly TreeJob[], batch?: ObjectBatch): string[] {
	const width = repo.objectFormat === 'sha256' ? 32 : 20;
	const roots = jobs.map(job => touched(job.changes));
	const names = [...new Set(jobs.flatMap(({base}, index) => [...foldersOf(roots[index]!, '')].map(path => `${base}:${path}`)))];
	const objects = readObjects(repo, names);
	const contents = new Map(names.map((name, index) => [name, objects[index]?.type === 'tree' ? objects[index].content : null]));
	const target = batch ?? objectBatch(repo);
	const result = jobs.map(({base}, index) => {
		if (!contents.get(`${base}:`)) {
			throw new GitError(['cat-file', '--batch'], 0, `no such tree: ${base}`);
		}

		return build(target, roots[index]!, '', path => contents.get(`${base}:${path}`) ?? null, width).oid;
	});
	if (!batch) {
		target.flush();
	}

	return result;
}

interface TouchedFolder {
	readonly files: Map<string, PathChange>;
	readonly folders: Map<string, TouchedFolder>;
}

function touched(changes: readonly PathChange[]): TouchedFolder {
	const root: TouchedFolder = {files: new Map(), folders: new Map()};
	for (const change of changes) {
		const parts = change.path.split('/');
		let folder = root;
		for (const part of parts.slice(0, -1)) {
			const next = folder.folders.get(part) ?? {files: new Map(), folders: new Map()};
			folder.folders.set(part, next);
			folder = next;
		}

		folder.files.set(parts.at(-1)!, change);
	}

	return root;
}

function* foldersOf(folder: TouchedFolder, path: string): Generator<string> {
	yield path;
	for (const [name, inner] of folder.folders) {
		yield* foldersOf(inner, join(path, name));
	}
}

function build(
	batch: ObjectBatch,
	folder: TouchedFolder,
	path: string,
	read: (path: string) => Buffer | null,
	width: number,
): {oid: string; empty: boolean} {
	const entries = parse(read(path), width);
	for (const [name, change] of folder.files) {
		put(entries, name, change.oid === null ? null : {mode: change.mode, oid: change.oid});
	}

	for (const [name, inner] of folder.folders) {
		const {oid, empty} = build(batch, inner, join(path, name), read, width);
		// A folder that never was and stays empty must not take a file of that name away.
		if (!empty || read(join(path, name)) !== null) {
			put(entries, name, empty ? null : {mode: '40000', oid});
		}
	}

	return {oid: batch.tree(serialise(entries)), empty: entries.size === 0};
}

type Entries = Map<string, {readonly mode: string; readonly oid: string}>;

// Names are kept as latin1, one character a byte: git sorts by bytes, and a name need not be UTF-8.
function put(entries: Entries, name: string, entry: {mode: string; oid: string} | null): void {
	const key = Buffer.from(name, 'utf8').toString('latin1');
	if (entry) {
		entries.set(key, {...entry, mode: entry.mode.replace(/^0/, '')});
	} else {
		entries.delete(key);
	}
}

// A tree is `mode SP name NUL oid-bytes`, again and again.
function parse(content: Buffer | null, width: number): Entries {
	const entries: Entries = new Map();
	for (let at = 0; content && at < content.length; ) {
		const space = content.indexOf(32, at);
		const nul = content.indexOf(0, space);
		const oid = content.toString('hex', nul + 1, nul + 1 + width);
		entries.set(content.toString('latin1', space + 1, nul), {mode: content.toString('latin1', at, space), oid});
		at = nul + 1 + width;
	}

	return entries;
}

function serialise(entries: Entries): Buffer {
	const key = (name: string, mode: string): string => (mode === '40000' ? `${name}/` : name);
	const sorted = [...entries].sort(([a, x], [b, y]) => (key(a, x.mode) < key(b, y.mode) ? -1 : 1));
	return Buffer.concat(
		sorted.flatMap(([name, {mode, oid}]) => [Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')]),
	);
}

function join(path: string, name: string): string {
	return path === '' ? name : `${path}/${name}`;
}
