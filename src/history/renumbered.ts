import {identityOf} from '../migrations/identity.ts';
import {isMigrationFile} from '../migrations/project.ts';
import type {Meeting} from './meeting.ts';
import {type Files, type FileState, type Library, migrationIn} from './revision.ts';

/** A migration of the common ancestor that one side calls by another name today. */
export interface Renumbering {
	readonly from: string;
	readonly to: string;
	readonly side: number;
}

/** The identity of a blob: its text without its edges, or null when it cannot be read. */
export function identityIn(library: Library, file: FileState): string | null {
	const migration = migrationIn(library, file);
	return migration === null ? null : identityOf(library.source(file.oid).text, migration);
}

/** Find what each side renumbered since the common ancestor: gone from its old path, the same text but for its edges at a new one. */
export function findRenumberings({base, sides}: Meeting, library: Library): readonly Renumbering[] {
	return sides.flatMap((files, side) => renamedSince(base, files, library).map(pair => ({...pair, side})));
}

/** Pairs of paths of two revisions that hold one migration under two names. Only paths that one of the two lacks are read. */
export function renamedSince(before: Files, after: Files, library: Library): readonly {from: string; to: string}[] {
	const gone = [...before].filter(([path]) => isMigrationFile(path) && !after.has(path));
	if (gone.length === 0) return [];
	const arrived = new Map<string, string>();
	for (const [path, file] of after) {
		if (!isMigrationFile(path) || before.has(path)) continue;
		const identity = identityIn(library, file);
		if (identity !== null) arrived.set(identity, path);
	}
	return gone.flatMap(([from, file]) => {
		const identity = arrived.size === 0 ? null : identityIn(library, file);
		const to = identity === null ? undefined : arrived.get(identity);
		return to === undefined ? [] : [{from, to}];
	});
}
