import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {hashObject} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {fields, git} from '../git/run.ts';
import {listIndex, listTree, type TreeEntry} from '../git/trees.ts';
import {folderOf, isGuarded} from '../history/revision.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {type Ground, groundOf, guarded, pathspecs} from './ground.ts';
import {openLibrary} from './library.ts';

/** The worktree as it stands on disk. */
export interface WorktreeGround extends Ground {
	/** Guarded paths whose file on disk is not what the index says: edited, not added, or deleted. */
	readonly unstaged: ReadonlySet<string>;
	/** Paths git holds in conflict. */
	readonly unmerged: ReadonlySet<string>;
}

/**
 * Open the files on disk: what is in the index is taken from there, and only what differs from it is read (git knows by its stat
 * data). Migrations that were never added count too: Django imports them.
 */
export function openWorktree(repo: Repo & {readonly top: string}, options: LoadOptions): WorktreeGround {
	const {entries, unmerged} = listIndex(repo);
	const everything = new Map<string, TreeEntry>(entries);
	const library = openLibrary(repo);
	const changed = fields(git(repo, ['diff-files', '--name-only', '-z', '--', ...pathspecs(options)]));
	const folders = new Set([...guarded([...entries.values()], options).keys(), ...unmerged].map(folderOf));
	const untracked = [...folders]
		.flatMap(folder => filesIn(join(repo.top, folder)).map(name => `${folder}/${name}`))
		.filter(path => !entries.has(path));
	const unstaged = new Set<string>();
	for (const path of new Set([...changed, ...untracked])) {
		if (!isGuarded(path)) continue;
		unstaged.add(path);
		const bytes = readRegular(join(repo.top, path));
		if (bytes === null) {
			everything.delete(path);
			continue;
		}
		const oid = hashObject(repo, 'blob', bytes);
		library.put(oid, bytes);
		everything.set(path, {path, oid, mode: entries.get(path)?.mode ?? '100644'});
	}
	// What lies on disk is no tree, so another tree is listed, and not found as a difference: what was never committed would be in it.
	const entriesAt = (treeish: string) => listTree(repo, treeish);
	const at = (treeish: string) => guarded(entriesAt(treeish).values(), options);
	return {...groundOf(repo, 'HEAD', everything, options, library), at, entriesAt, unstaged, unmerged};
}

function filesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function readRegular(file: string): Uint8Array | null {
	return statSync(file, {throwIfNoEntry: false})?.isFile() ? readFileSync(file) : null;
}
