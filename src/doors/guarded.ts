import {type FileState, folderOf, isGuarded} from '../history/revision.ts';
import {matchesGlob} from '../migrations/folder-glob.ts';
import type {LoadOptions} from '../migrations/project.ts';

const REGULAR = /^100/;

/** The guarded files among some entries: migration modules and max_migration.txt in migration folders. */
export function guarded(
	entries: Iterable<{path: string; oid: string; mode: string}>,
	options: LoadOptions,
): Map<string, FileState> {
	const files = new Map<string, FileState>();
	for (const {path, oid, mode} of entries) {
		// A link or a submodule is not ours to follow.
		if (REGULAR.test(mode) && isGuardedPath(path, options)) files.set(path, {oid, mode});
	}
	return files;
}

/** Is this path a migration module or max_migration.txt in a migration folder? */
export function isGuardedPath(path: string, options: LoadOptions): boolean {
	if (!isGuarded(path)) return false;
	const folder = folderOf(path);
	if (folder.endsWith('migrations')) return true;
	return (options.folders ?? []).some(glob => matchesGlob(folder, glob));
}

/** What to ask git for: the default folders, and those of the configuration. */
export function pathspecs(options: LoadOptions): string[] {
	return ['*migrations/*', ...(options.folders ?? []).map(glob => `:(glob)${glob}/*`)];
}
