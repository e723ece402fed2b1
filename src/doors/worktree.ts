import {readFileSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';
import {hashObject} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {cut} from '../git/run.ts';
import {listIndex, listTree, type TreeEntry} from '../git/trees.ts';
import {type FileState, type Files, folderOf, isGuarded, sameFile} from '../history/revision.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {type Ground, groundOf} from './ground.ts';
import {guarded} from './guarded.ts';
import {openLibrary} from './library.ts';
import {filesIn, listDisk} from './look-at-worktree.ts';

const EVIDENCE = ['apps.py', '__init__.py'];

/** The worktree as it stands on disk. */
export interface WorktreeGround extends Ground {
	/** Guarded paths whose file on disk is not what the index says: edited, not added, or deleted. */
	readonly unstaged: ReadonlySet<string>;
	/** Paths git holds in conflict. */
	readonly unmerged: ReadonlySet<string>;
	/** The folders that were listed on disk, whether they are there or not. */
	readonly listed: readonly string[];
	/** What is neither in git nor on disk, and would have been read; a file that only the disk has is not among them. */
	readonly absent: readonly string[];
	/** Nothing was read from disk: all that counts is as git has it. */
	readonly isAsInGit: boolean;
}

/**
 * Open the files on disk: what is in the index is taken from there, and only what differs from it is read (git knows by its stat
 * data). Migrations that were never added count too: Django imports them.
 */
export function openWorktree(
	repo: Repo & {readonly top: string},
	options: LoadOptions,
	disk = listDisk(repo, options),
	{entries, unmerged} = listIndex(repo),
): WorktreeGround {
	const everything = new Map<string, TreeEntry>(entries);
	const library = openLibrary(repo);
	const {changed, found} = changesOnDisk(disk);
	const files = guarded(entries.values(), options);
	const folders = new Set([...files.keys(), ...unmerged].map(folderOf));
	for (const folder of [...found.map(folderOf), ...besideModels(entries.keys())]) folders.add(folder);
	const untracked = [...folders]
		.flatMap(folder => filesIn(join(repo.top, folder)).map(name => `${folder}/${name}`))
		.filter(path => !entries.has(path));
	const unstaged = new Set<string>();
	const absent: string[] = [];
	let isRead = false;
	const apps = [...new Set([...folders].map(folderOf))];
	const beside = apps.flatMap(app => EVIDENCE.map(name => (app === '' ? name : `${app}/${name}`)));
	for (const path of new Set([...changed, ...untracked, ...beside.filter(path => !entries.has(path))])) {
		if (isGuarded(path)) unstaged.add(path);
		// These say what a folder is, and are nobody's to move.
		else if (!EVIDENCE.includes(basename(path))) continue;
		const bytes = readRegular(join(repo.top, path));
		if (bytes === null) {
			everything.delete(path);
			files.delete(path);
			absent.push(path);
			continue;
		}
		isRead = true;
		const oid = hashObject(repo, 'blob', bytes);
		library.put(oid, bytes);
		const entry = {path, oid, mode: entries.get(path)?.mode ?? '100644'};
		everything.set(path, entry);
		for (const [guardedPath, state] of guarded([entry], options)) files.set(guardedPath, state);
	}
	// What lies on disk is no tree, so another tree is listed, and not found as a difference: what was never committed would be in it.
	const entriesAt = (treeish: string) => listTree(repo, treeish);
	const known = new Map<string, Files>();
	const at = (treeish: string): Files => {
		const files = known.get(treeish) ?? guarded(entriesAt(treeish).values(), options);
		known.set(treeish, files);
		return files;
	};
	const ground = groundOf(repo, 'HEAD', everything, options, {library, files});
	return {
		...ground,
		at,
		changesAt: treeish => differences(ground.files, at(treeish)),
		announce: () => {},
		entriesAt,
		unstaged,
		unmerged,
		listed: [...folders],
		absent,
		isAsInGit: !isRead && unmerged.size === 0,
	};
}

function differences(here: Files, there: Files): Map<string, FileState | null> {
	const paths = new Set([...here.keys(), ...there.keys()]);
	const differing = [...paths].filter(path => !sameFile(here.get(path), there.get(path)));
	return new Map(differing.map(path => [path, there.get(path) ?? null]));
}

/** What differs from the index, and the migrations of which git has nothing. */
function changesOnDisk(disk: Buffer): {changed: string[]; found: string[]} {
	const lines = cut(disk);
	const isOther = (line: string) => line.startsWith('? ');
	const paths = (some: readonly string[]) => some.map(line => line.slice(2));
	return {changed: paths(lines.filter(line => !isOther(line))), found: paths(lines.filter(isOther)).filter(isGuarded)};
}

/** Where migrations would be beside models that git has. Git is not asked about ignored files: most of them were installed, not written. */
function besideModels(tracked: Iterable<string>): string[] {
	const found: string[] = [];
	for (const path of tracked) {
		if (!/(?:^|\/)(?:models|apps)\.py$/.test(path)) continue;
		const app = folderOf(path);
		found.push(app === '' ? 'migrations' : `${app}/migrations`);
	}
	return found;
}

function readRegular(file: string): Uint8Array | null {
	return statSync(file, {throwIfNoEntry: false})?.isFile() ? readFileSync(file) : null;
}
