import {identityOf} from '../migrations/identity.ts';
import {isMigrationFile} from '../migrations/project.ts';
import type {Meeting} from './meeting.ts';
import {type FileState, type Files, folderOf, type Library, migrationIn, stemOf} from './revision.ts';

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

/** Find what each side renumbered since the common ancestor: no longer at its old path, the same text but for its edges at a new one. */
export function findRenumberings({base, sides}: Meeting, library: Library): readonly Renumbering[] {
	return sides.flatMap((files, side) => renamedSince(base, files, library).map(pair => ({...pair, side})));
}

/**
 * Pairs of paths of two revisions that hold one migration under two names. Only paths that one of the two lacks, or that hold
 * something else there, are read: the old name may have gone to another migration.
 */
export function renamedSince(before: Files, after: Files, library: Library): readonly {from: string; to: string}[] {
	const gone = [...before].filter(([path, file]) => isMigrationFile(path) && after.get(path)?.oid !== file.oid);
	if (gone.length === 0) return [];
	const arrived = new Map<string, string>();
	for (const [path, file] of after) {
		if (!isMigrationFile(path) || before.has(path)) continue;
		const identity = identityIn(library, file);
		if (identity !== null) arrived.set(identity, path);
	}
	const pairs = gone.flatMap(([from, file]) => {
		const identity = arrived.size === 0 ? null : identityIn(library, file);
		const to = identity === null ? undefined : arrived.get(identity);
		const standing = after.get(from);
		return to === undefined || (standing && identityIn(library, standing) === identity) ? [] : [{from, to}];
	});
	if (pairs.length > 0) followMerges(pairs, gone, [...arrived.values()], after, library);
	return pairs;
}

/** A merge is nothing but its dependencies: where they went under new names, it went. Adds to `pairs`. */
function followMerges(
	pairs: {from: string; to: string}[],
	gone: readonly (readonly [string, FileState])[],
	arrived: readonly string[],
	after: Files,
	library: Library,
): void {
	const parentsIn = (file: FileState): readonly string[] =>
		(migrationIn(library, file)?.dependencies.items ?? []).flatMap(parent => (parent.kind === 'node' ? [parent.name] : []));
	const frameOf = (file: FileState): string | null => {
		const migration = migrationIn(library, file);
		const isMerge = migration?.operations === 'empty' || migration?.operations === 'none';
		return migration && isMerge ? identityOf(library.source(file.oid).text, {...migration, operations: 'some'}) : null;
	};
	const merges = gone.filter(([path, file]) => !after.has(path) && frameOf(file) !== null);
	for (let found = true; found; ) {
		found = false;
		for (const [from, file] of merges) {
			if (pairs.some(pair => pair.from === from)) continue;
			const own = pairs.filter(pair => folderOf(pair.from) === folderOf(from));
			const moved = own.filter(pair => parentsIn(file).includes(stemOf(pair.from))).map(pair => stemOf(pair.to));
			const to = arrived.find(path => {
				const candidate = after.get(path)!;
				return (
					folderOf(path) === folderOf(from) &&
					frameOf(candidate) === frameOf(file) &&
					moved.every(name => parentsIn(candidate).includes(name))
				);
			});
			if (moved.length === 0 || to === undefined || pairs.some(pair => pair.to === to)) continue;
			pairs.push({from, to});
			found = true;
		}
	}
}
