import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {objectBatch} from './object-batch.ts';
import type {Repo} from './repo.ts';
import {fields, GitError, type GitPlace, git, text} from './run.ts';

export interface MergedTree {
	readonly tree: string;
	/** Paths with a conflict; the tree holds them with markers. */
	readonly conflicted: readonly string[];
}

/**
 * What `git merge` would make of two commits, without touching index or worktree (`merge-tree --write-tree`, git 2.38). With a `base`
 * all three may be trees: `--merge-base` needs git 2.40, so commits that nobody refers to are made to carry them.
 * Merge drivers run, ours too, as they did in the merge itself.
 */
export function mergeTree(repo: Repo, a: string, b: string, base?: string): MergedTree {
	const [ours, theirs] = base === undefined ? [a, b] : withBase(repo, a, b, base);
	const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', '--allow-unrelated-histories', ours, theirs];
	const [tree, ...conflicted] = fields(
		git(repo, args, {ok: [0, 1], env: {MIGRATION_GUARD: undefined, [`GITHEAD_${theirs}`]: theirs}}),
	);
	if (!tree) {
		throw new GitError(args, 1, 'no tree in the answer');
	}

	return {tree, conflicted: conflicted.filter(Boolean)};
}

export interface MergedFile {
	readonly text: Buffer;
	readonly conflicts: number;
}

/**
 * Git's own text merge of one file (`git merge-file`), conflict style as the user configured it. Labels in the order ours, base, theirs.
 * Throws GitError on a binary file.
 */
export function mergeFile(
	place: GitPlace,
	ours: Uint8Array,
	base: Uint8Array,
	theirs: Uint8Array,
	labels: readonly [ours: string, base: string, theirs: string],
	markerSize: number,
): MergedFile {
	const folder = mkdtempSync(join(tmpdir(), 'migration-guard-merge-'));
	try {
		const files = Object.entries({ours, base, theirs}).map(([name, content]) => {
			const file = join(folder, name);
			writeFileSync(file, content);
			return file;
		});
		const named = labels.flatMap(label => ['-L', label]);
		// The exit code is the number of conflicts, 127 at most; 255 is an error.
		const ok = Array.from({length: 128}, (_, code) => code);
		const result = git(place, ['merge-file', '-p', `--marker-size=${markerSize}`, ...named, ...files], {ok});
		return {text: result.stdout, conflicts: result.code};
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

function withBase(repo: Repo, a: string, b: string, base: string): [string, string] {
	const trees = text(git(repo, ['rev-parse', `${base}^{tree}`, `${a}^{tree}`, `${b}^{tree}`]));
	const [baseTree, ...sides] = trees.split(/\r?\n/) as [string, string, string];
	const batch = objectBatch(repo);
	const commit = (tree: string, parents: readonly string[]): string => {
		const person = 'migration-guard <> 0 +0000';
		const lines = [`tree ${tree}`, ...parents.map(oid => `parent ${oid}`), `author ${person}`, `committer ${person}`];
		return batch.commit(Buffer.from(`${lines.join('\n')}\n\n`));
	};

	const root = commit(baseTree, []);
	const [ours, theirs] = sides.map(tree => commit(tree, [root])) as [string, string];
	batch.flush();
	return [ours, theirs];
}
