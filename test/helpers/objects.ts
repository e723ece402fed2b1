import fs, {existsSync} from 'node:fs';
import {join} from 'node:path';
import iso from 'isomorphic-git';

/** One commit of a history, written down as a test thinks of it. */
export interface CommitSpec {
	/** A name to refer to it by; default: none. */
	readonly id?: string;
	/** The branch it is put on. */
	readonly branch: string;
	/** Ids or branches; default: the branch's tip, or no parent where the branch begins. The files are the first parent's. */
	readonly parents?: readonly string[];
	readonly message?: string;
	/** What changes: path → text, null takes the file away. */
	readonly files: Readonly<Record<string, string | Uint8Array | null>>;
	/** Seconds since 1970; default: a minute after the commit before. */
	readonly date?: number;
}

export interface BuiltHistory {
	/** Tips. */
	readonly branches: Readonly<Record<string, string>>;
	/** Commits that have an id. */
	readonly commits: Readonly<Record<string, string>>;
}

const person = {name: 'Ada', email: 'ada@example.org', timezoneOffset: 0};
const start = 1_700_000_000;

/**
 * Make a repository with a history in one process: objects by isomorphic-git, no worktree and no index (check out a branch for that).
 * A repository that exists already is added to; branches it has can be built upon. SHA-1 only.
 */
export async function buildHistory(dir: string, spec: readonly CommitSpec[]): Promise<BuiltHistory> {
	if (!existsSync(join(dir, '.git'))) {
		await iso.init({fs, dir, defaultBranch: spec[0]?.branch ?? 'main'});
	}

	const cache = {};
	const branches: Record<string, string> = {};
	const commits: Record<string, string> = {};
	for (const [index, commit] of spec.entries()) {
		const names = commit.parents ?? ((await tip(dir, branches, commit.branch)) ? [commit.branch] : []);
		const parent = await Promise.all(names.map(async name => commits[name] ?? (await tip(dir, branches, name)) ?? name));
		const base = parent[0] ? (await iso.readCommit({fs, dir, cache, oid: parent[0]})).commit.tree : null;
		const tree = await writeTree(dir, cache, base, commit.files);
		const timestamp = commit.date ?? start + 60 * index;
		const author = {...person, timestamp};
		const message = `${commit.message ?? commit.id ?? `commit ${index + 1}`}\n`;
		const oid = await iso.writeCommit({fs, dir, commit: {tree, parent, author, committer: author, message}});
		branches[commit.branch] = oid;
		if (commit.id) {
			commits[commit.id] = oid;
		}
	}

	for (const [branch, value] of Object.entries(branches)) {
		await iso.writeRef({fs, dir, ref: `refs/heads/${branch}`, value, force: true});
	}

	return {branches, commits};
}

async function tip(dir: string, branches: Readonly<Record<string, string>>, branch: string): Promise<string | null> {
	return branches[branch] ?? iso.resolveRef({fs, dir, ref: `refs/heads/${branch}`}).catch(() => null);
}

type Files = CommitSpec['files'];

async function writeTree(dir: string, cache: object, base: string | null, files: Files): Promise<string> {
	const entries = new Map(base ? (await iso.readTree({fs, dir, cache, oid: base})).tree.map(entry => [entry.path, entry]) : []);
	const folders = new Map<string, Record<string, string | Uint8Array | null>>();
	for (const [path, content] of Object.entries(files)) {
		const slash = path.indexOf('/');
		const name = slash === -1 ? path : path.slice(0, slash);
		if (slash !== -1) {
			folders.set(name, {...folders.get(name), [path.slice(slash + 1)]: content});
		} else if (content === null) {
			entries.delete(name);
		} else {
			const oid = await iso.writeBlob({fs, dir, blob: Buffer.from(content)});
			entries.set(name, {path: name, mode: '100644', oid, type: 'blob'});
		}
	}

	for (const [name, inner] of folders) {
		const existing = entries.get(name);
		const oid = await writeTree(dir, cache, existing?.type === 'tree' ? existing.oid : null, inner);
		const isEmpty = (await iso.readTree({fs, dir, oid})).tree.length === 0;
		if (isEmpty) {
			entries.delete(name);
		} else {
			entries.set(name, {path: name, mode: '040000', oid, type: 'tree'});
		}
	}

	return iso.writeTree({fs, dir, tree: [...entries.values()]});
}
