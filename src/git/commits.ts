import {readObjects} from './cat-file.ts';
import {type ObjectBatch, objectBatch} from './object-batch.ts';
import type {Repo} from './repo.ts';
import {GitError} from './run.ts';

export interface RawCommit {
	readonly oid: string;
	readonly raw: Buffer;
	readonly tree: string;
	readonly parents: readonly string[];
	readonly message: Buffer;
	readonly signed: boolean;
	/** The value of a header of one line (author, committer, encoding), or null. */
	header(name: string): string | null;
}

// What a name of an object says never changes.
const seen = new Map<string, RawCommit>();

/**
 * Read commits in one process, in the order asked for; none when this process has read them all, by their full names.
 * Throws GitError when one is not a commit.
 */
export function readCommits(repo: Repo, revs: readonly string[]): RawCommit[] {
	const unseen = [...new Set(revs)].filter(rev => !seen.has(placeOf(repo, rev)));
	const found = readObjects(
		repo,
		unseen.map(rev => `${rev}^{commit}`),
	);
	const commits = new Map<string, RawCommit>();
	found.forEach((object, index) => {
		if (!object) {
			throw new GitError(['cat-file', '--batch'], 0, `no such commit: ${unseen[index]}`);
		}

		const commit = rawCommit(object.oid, object.content);
		commits.set(unseen[index]!, commit);
		seen.set(placeOf(repo, object.oid), commit);
	});
	return revs.map(rev => commits.get(rev) ?? seen.get(placeOf(repo, rev))!);
}

function placeOf(repo: Repo, oid: string): string {
	return `${repo.commonDir}:${oid}`;
}

function rawCommit(oid: string, raw: Buffer): RawCommit {
	const headers = headersOf(raw);
	const values = (name: string): string[] =>
		headers.lines.filter(line => line.startsWith(`${name} `)).map(line => line.slice(name.length + 1));
	return {
		oid,
		raw,
		tree: values('tree')[0] ?? '',
		parents: values('parent'),
		message: raw.subarray(headers.length),
		signed: headers.lines.some(isSignature),
		header: name => values(name)[0] ?? null,
	};
}

export interface CopyJob {
	readonly oid: string;
	/** The copy's tree; default: the same. */
	readonly tree?: string;
	/** The copy's parents; default: the same, those copied earlier in the list replaced by their copies. */
	readonly parents?: readonly string[];
}

export interface CopiedCommit {
	readonly oid: string;
	/** A signature does not hold for other content: the copy has none. */
	readonly signatureDropped: boolean;
}

/** Copy one commit onto another tree or other parents: see copyCommits. */
export function copyCommit(repo: Repo, oid: string, change: Omit<CopyJob, 'oid'>, batch?: ObjectBatch): CopiedCommit {
	return copyCommits(repo, [{...change, oid}], batch)[0]!;
}

/**
 * Copy commits, parents first, byte for byte but for tree and parents: message, both names and dates, encoding, merged tags stay
 * (`commit-tree` would lose the last two). A copy that differs in nothing is the commit itself, signature included.
 * One process to read and one to write; with a `batch` the caller flushes.
 */
export function copyCommits(repo: Repo, jobs: readonly CopyJob[], batch?: ObjectBatch): CopiedCommit[] {
	const commits = readCommits(
		repo,
		jobs.map(job => job.oid),
	);
	const target = batch ?? objectBatch(repo);
	const copies = new Map<string, string>();
	const result = commits.map((commit, index): CopiedCommit => {
		const job = jobs[index]!;
		const tree = job.tree ?? commit.tree;
		const parents = job.parents ?? commit.parents.map(parent => copies.get(parent) ?? parent);
		const same = tree === commit.tree && parents.join() === commit.parents.join();
		const oid = same ? commit.oid : target.commit(rewrite(commit, tree, parents));
		copies.set(commit.oid, oid);
		return {oid, signatureDropped: !same && commit.signed};
	});
	if (!batch) {
		target.flush();
	}

	return result;
}

/** A commit without its signature, byte for byte. */
export function unsigned(commit: RawCommit): Buffer {
	return rewrite(commit, commit.tree, commit.parents);
}

function rewrite(commit: RawCommit, tree: string, parents: readonly string[]): Buffer {
	const kept = headersOf(commit.raw).lines.filter(line => !/^(?:tree|parent) /.test(line) && !isSignature(line));
	const lines = [`tree ${tree}`, ...parents.map(parent => `parent ${parent}`), ...kept];
	// latin1 carries every byte through unchanged, whatever the commit's encoding.
	return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`, 'latin1'), commit.message]);
}

function isSignature(line: string): boolean {
	return /^gpgsig(?:-sha256)? /.test(line);
}

/** Header lines, each with its continuation lines (they start with a space), and where the message starts. */
function headersOf(raw: Buffer): {lines: string[]; length: number} {
	const end = raw.indexOf('\n\n');
	const length = end === -1 ? raw.length : end + 2;
	const block = raw.toString('latin1', 0, end === -1 ? raw.length : end);
	return {lines: block.replace(/\n$/, '').split(/\n(?! )/), length};
}
