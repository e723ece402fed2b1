import type {Migration, Reading} from '../migrations/migration.ts';
import {isMigrationFile} from '../migrations/project.ts';
import type {Source} from '../python/source.ts';

/** A file as a tree names it: blob id and mode. */
export interface FileState {
	readonly oid: string;
	readonly mode: string;
}

/** Some files of one revision: path → state. */
export type Files = ReadonlyMap<string, FileState>;

/** What is in the blobs. Filled by the shell beforehand, so that asking is pure. */
export interface Library {
	source(oid: string): Source;
	reading(oid: string): Reading;
	/** Put a text that is no blob yet on the shelf; the id it gets is only for this library. */
	draft(source: Source): string;
}

/** The migration in a blob, or null when it cannot be read as one. */
export function migrationIn(library: Library, file: FileState): Migration | null {
	const reading = library.reading(file.oid);
	return 'unreadable' in reading ? null : reading;
}

/** The folder of a path: `shop/migrations/0001_initial.py` → `shop/migrations`. */
export function folderOf(path: string): string {
	return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The migration name a path stands for: its stem. */
export function stemOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1, -'.py'.length);
}

/** Is this a file whose history we keep ourselves: a migration module, or max_migration.txt? */
export function isGuarded(path: string): boolean {
	return isMigrationFile(path) || isMaxMigration(path);
}

/** django-linear-migrations' lock file. */
export function isMaxMigration(path: string): boolean {
	return path.endsWith('/max_migration.txt');
}

/** Same content and same mode, or both absent. */
export function sameFile(a: FileState | undefined, b: FileState | undefined): boolean {
	return a?.oid === b?.oid && a?.mode === b?.mode;
}
