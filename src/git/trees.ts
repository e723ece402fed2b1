import {join} from 'node:path';
import type {Repo} from './repo.ts';
import {fields, git, text} from './run.ts';

export interface TreeEntry {
	/** Repository path, `/` between parts, on every system. */
	readonly path: string;
	readonly oid: string;
	/** `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
	readonly mode: string;
}

export type TreeEntries = ReadonlyMap<string, TreeEntry>;

export interface TreeChange {
	readonly path: string;
	readonly before: TreeEntry | null;
	readonly after: TreeEntry | null;
}

export interface IndexState {
	/** Stage 0. */
	readonly entries: TreeEntries;
	/** Paths with a conflict. */
	readonly unmerged: ReadonlySet<string>;
}

/** Everything in a tree, recursively, in one process. */
export function listTree(repo: Repo, treeish: string): TreeEntries {
	const entries = new Map<string, TreeEntry>();
	for (const line of fields(git(repo, ['ls-tree', '-r', '-z', '--full-tree', treeish]))) {
		const entry = treeEntry(line);
		entries.set(entry.path, entry);
	}

	return entries;
}

/** What differs between two trees or commits. Cheap on big trees: equal subtrees are never opened. */
export function diffTrees(repo: Repo, a: string, b: string, pathspecs: readonly string[] = []): TreeChange[] {
	// --ignore-submodules: the user's diff.ignoreSubmodules must not hide a change from us.
	const how = ['-r', '-z', '--raw', '--no-renames', '--no-abbrev', '--ignore-submodules=none', '--end-of-options'];
	return changes(fields(git(repo, ['diff-tree', ...how, a, b, '--', ...pathspecs], {env: withoutIndex(repo)})));
}

/**
 * What differs between two commits, for several pairs in one process: for each pair `diffTrees(from, to)`. Full object names of commits only.
 * A pair of the same two is asked for once; two pairs must not have one `to` and different `from`.
 */
export function diffCommits(
	repo: Repo,
	pairs: readonly {readonly from: string; readonly to: string}[],
	pathspecs: readonly string[] = [],
): ReadonlyMap<string, readonly TreeChange[]> {
	const found = new Map<string, readonly TreeChange[]>(pairs.map(({to}) => [to, []]));
	if (found.size === 0) return found;
	const how = ['--stdin', '--root', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', '--ignore-submodules=none'];
	// A line of two commits: the second stands in for the parents of the first.
	const input = [...new Set(pairs.map(({from, to}) => `${to} ${from}\n`))].join('');
	const pieces = fields(git(repo, ['diff-tree', ...how, '--', ...pathspecs], {input, env: withoutIndex(repo)}));
	// The name of the commit comes before its changes, and not at all where there are none.
	for (let start = 0; start < pieces.length; ) {
		let end = start + 1;
		while (end < pieces.length && pieces[end]!.startsWith(':')) end += 2;
		found.set(pieces[start]!, changes(pieces.slice(start + 1, end)));
		start = end;
	}

	return found;
}

/** What differs between a tree and the index, as the next commit would change it. Obeys GIT_INDEX_FILE. An unmerged path counts as changed. */
export function diffIndex(repo: Repo, treeish: string, pathspecs: readonly string[]): TreeChange[] {
	const how = ['--cached', '-z', '--raw', '--no-renames', '--no-abbrev', '--ignore-submodules=none'];
	return changes(fields(git(repo, ['diff-index', ...how, treeish, '--', ...pathspecs])));
}

/**
 * What the index holds, all of it or under `paths`: literal repository paths, files or folders. Obeys GIT_INDEX_FILE, as a
 * pre-commit hook must.
 */
export function listIndex(repo: Repo, paths: readonly string[] = []): IndexState {
	const entries = new Map<string, TreeEntry>();
	const unmerged = new Set<string>();
	for (const line of fields(git(repo, ['--literal-pathspecs', 'ls-files', '-s', '-z', '--full-name', '--', ...paths]))) {
		// `100644 <oid> <stage>`, a tab, the path.
		const tab = line.indexOf('\t');
		const path = line.slice(tab + 1);
		if (line.charAt(tab - 1) === '0') {
			entries.set(path, {path, oid: line.slice(7, tab - 2), mode: line.slice(0, 6)});
		} else {
			unmerged.add(path);
		}
	}

	return {entries, unmerged};
}

/** Write the index as a tree; null while it holds conflicts. Obeys GIT_INDEX_FILE. */
export function writeIndexTree(repo: Repo): string | null {
	const result = git(repo, ['write-tree'], {ok: [0, 128]});
	if (result.code !== 0 && !/unmerged|error building trees/i.test(result.stderr)) {
		git(repo, ['write-tree']); // Throws, with what git says of it.
	}

	return result.code === 0 ? text(result) : null;
}

/** Put entries into the index as they are; what the worktree has does not count. Obeys GIT_INDEX_FILE. Throws GitError while it is locked. */
export function updateIndex(repo: Repo, entries: readonly TreeEntry[]): void {
	if (entries.length === 0) return;
	const input = entries.map(({mode, oid, path}) => `${mode} ${oid}\t${path}\0`).join('');
	git(repo, ['update-index', '-z', '--index-info'], {input});
}

/** diff-tree reads the index and does not need it: one that does not exist saves 5 ms on 50,000 files. */
export function withoutIndex(repo: Repo): {GIT_INDEX_FILE: string} {
	return {GIT_INDEX_FILE: join(repo.gitDir, 'migration-guard-no-index')};
}

function treeEntry(line: string): TreeEntry {
	const tab = line.indexOf('\t');
	const mode = line.slice(0, 6);
	return {path: line.slice(tab + 1), oid: line.slice(line.lastIndexOf(' ', tab) + 1, tab), mode};
}

// `:100644 100644 <oid> <oid> M`, then the path.
function changes(pieces: readonly string[]): TreeChange[] {
	const result: TreeChange[] = [];
	for (let index = 0; index + 1 < pieces.length; index += 2) {
		const [before, after, oldOid, newOid] = pieces[index]!.slice(1).split(' ') as [string, string, string, string];
		const path = pieces[index + 1]!;
		const entry = (mode: string, oid: string): TreeEntry | null => (mode === '000000' ? null : {path, oid, mode});
		result.push({path, before: entry(before, oldOid), after: entry(after, newOid)});
	}

	return result;
}

/** The blobs at some paths of some commits, in one process; what a commit does not have is left out. */
export function blobsAt(
	repo: Repo,
	commits: readonly string[],
	paths: readonly string[],
): {readonly commit: string; readonly path: string; readonly oid: string}[] {
	const questions = commits.flatMap(commit => paths.filter(path => !path.includes('\n')).map(path => ({commit, path})));
	if (questions.length === 0) return [];
	const input = questions.map(({commit, path}) => `${commit}:${path}\n`).join('');
	const answers = text(git(repo, ['cat-file', '--batch-check=%(objecttype) %(objectname)'], {input})).split('\n');
	return questions.flatMap((question, index) => {
		const [, oid] = /^blob ([0-9a-f]{40,64})$/.exec(answers[index] ?? '') ?? [];
		return oid === undefined ? [] : [{...question, oid}];
	});
}
