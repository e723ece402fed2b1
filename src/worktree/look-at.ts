import {lstatSync, type Stats} from 'node:fs';

/** What stands at a path, symlinks not followed; null: nothing, also where a file stands in place of a folder on the way. */
export function lookAt(file: string): Stats | null {
	try {
		return lstatSync(file, {throwIfNoEntry: false}) ?? null;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') {
			return null;
		}

		throw error;
	}
}
