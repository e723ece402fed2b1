import {CONFIG_FILES} from '../config/places.ts';

/**
 * Is a change worth a look? `folder` is one of a worktree's, not of git's; `name` is what changed in it (null: the system does not tell).
 * Saving a view must cost nothing: only what `check` reads counts, and folders, which may be new apps. Pure.
 */
export function isWorthLook(folder: string, name: string | null, isFolder: (path: string) => boolean): boolean {
	if (name === null) return true;
	if (/migrations$/.test(folder)) return /\.py$/.test(name) || name === 'max_migration.txt';
	if (CONFIG_FILES.includes(name) || READ_BY_CHECK.test(name)) return true;
	// Python writes __pycache__ wherever it reads.
	return !/^(?:\.|__pycache__$)|\.\w+$|~$/.test(name) && isFolder(`${folder}/${name}`);
}

const READ_BY_CHECK = /^(?:apps|__init__|\w*settings\w*)\.py$|^settings$/;
