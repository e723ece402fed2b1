import type {Repo} from '../git/repo.ts';
import {diffCommits, diffTrees, listTree, type TreeChange, type TreeEntries} from '../git/trees.ts';
import {type FileState, type Files, folderOf} from '../history/revision.ts';
import {type LoadOptions, loadProject, type Project} from '../migrations/project.ts';
import {guarded, isGuardedPath, pathspecs} from './guarded.ts';
import {openLibrary, type Shelf} from './library.ts';

/** The guarded files of one tree, and how to read any tree of this repository. */
export interface Ground {
	readonly repo: Repo;
	readonly library: Shelf;
	/** The guarded files of the tree the ground was opened on. */
	readonly files: Files;
	/** The guarded files of another tree-ish, found as a difference. */
	at(treeish: string): Files;
	/** That difference alone: path → what the other tree has there, null where it has nothing. */
	changesAt(treeish: string): ReadonlyMap<string, FileState | null>;
	/** These commits (by their full names) will be asked about: all are compared in one process. The ground must be a commit by its full name. */
	announce(commits: readonly string[]): void;
	/** Read a set of guarded files as Django would; `more` is what is known besides the configuration. */
	load(files: Files, more?: LoadOptions): Project;
	/** Every path of the tree the ground was opened on. */
	readonly everything: TreeEntries;
	/** Every path of another tree-ish. */
	entriesAt(treeish: string): TreeEntries;
}

const REGULAR = /^100/;

/** Open a tree-ish: list it once, read its migrations (remembered ones are not read again). */
export function openGround(repo: Repo, treeish: string, options: LoadOptions): Ground {
	const everything = listTree(repo, treeish);
	return groundOf(repo, treeish, everything, options);
}

/** The same from a listing that is already there (of the index or the worktree); `treeish` is the tree that others are compared with. */
export function groundOf(
	repo: Repo,
	treeish: string,
	everything: TreeEntries,
	options: LoadOptions,
	{library = openLibrary(repo), files = guarded(everything.values(), options)}: {library?: Shelf; files?: Files} = {},
): Ground {
	const folders = new Set([...files.keys()].map(folderOf));
	const evidence = new Map<string, FileState>();
	for (const folder of folders) {
		const parent = folderOf(folder);
		const beside = ['apps.py', '__init__.py'].map(name => (parent === '' ? name : `${parent}/${name}`));
		for (const path of [...beside, `${folder}/__init__.py`]) {
			const entry = everything.get(path);
			if (entry && REGULAR.test(entry.mode)) evidence.set(path, entry);
		}
	}
	library.fetchUnread([...files.values()].map(({oid}) => oid));
	library.fetchEvidence([...evidence.values()].map(({oid}) => oid));

	const changes = new Map<string, ReadonlyMap<string, FileState | null>>([[treeish, new Map()]]);
	const known = new Map<string, Files>([[treeish, files]]);
	const changesAt = (other: string): ReadonlyMap<string, FileState | null> => {
		if (!changes.has(other)) changes.set(other, guardedChanges(diffTrees(repo, treeish, other, pathspecs(options)), options));
		return changes.get(other)!;
	};
	const announce = (commits: readonly string[]): void => {
		const pairs = commits.filter(commit => !changes.has(commit)).map(to => ({from: treeish, to}));
		for (const [commit, found] of diffCommits(repo, pairs, pathspecs(options)))
			changes.set(commit, guardedChanges(found, options));
	};
	const at = (other: string): Files => {
		const before = known.get(other);
		if (before) return before;
		const result = new Map(files);
		for (const [path, after] of changesAt(other)) after ? result.set(path, after) : result.delete(path);
		known.set(other, result);
		return result;
	};
	const projects = new WeakMap<Files, Project>();
	const load = (some: Files, more?: LoadOptions): Project => {
		const before = more ? undefined : projects.get(some);
		if (before) return before;
		const project = loadProject(
			{
				paths: [...new Set([...some.keys(), ...evidence.keys()])],
				text: path => (evidence.has(path) ? library.evidence(evidence.get(path)!.oid) : library.source(some.get(path)!.oid).text),
				reading: path => library.reading((some.get(path) ?? evidence.get(path))!.oid),
			},
			{...options, ...more},
		);
		if (!more) projects.set(some, project);
		return project;
	};
	const entriesAt = (other: string): TreeEntries => {
		const result = new Map(everything);
		for (const {path, after} of diffTrees(repo, treeish, other)) after ? result.set(path, after) : result.delete(path);
		return result;
	};
	return {repo, library, files, at, changesAt, announce, load, everything, entriesAt};
}

function guardedChanges(changes: readonly TreeChange[], options: LoadOptions): Map<string, FileState | null> {
	return new Map(
		changes
			.filter(({path}) => isGuardedPath(path, options))
			.map(({path, after}) => [path, after && REGULAR.test(after.mode) ? {oid: after.oid, mode: after.mode} : null]),
	);
}
