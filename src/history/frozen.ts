import {suffixOf} from '../migrations/name.ts';
import {isMigrationFile} from '../migrations/project.ts';
import type {FrozenName, Meeting} from './meeting.ts';
import {findRenumberings} from './renumbered.ts';
import {type FileState, type Files, folderOf, type Library, sameFile, stemOf} from './revision.ts';
import {isVersionOf} from './signature.ts';

/**
 * A branch that renumbered migrations which are published meanwhile (or were all along) cannot have its way: published names are
 * frozen. Show the meeting as if the branch had never renamed them; what it says of its own names still leads to them.
 */
export function withFrozenNames(
	meeting: Meeting,
	library: Library,
	isPublished: (path: string, file: FileState) => boolean,
): {meeting: Meeting; frozen: readonly FrozenName[]} {
	const {base, sides, git, result} = meeting;
	const renamed = findRenumberings(meeting, library).map(({side, from, to}) => ({
		side,
		published: from,
		called: to,
		file: base.get(from)!,
	}));
	const frozen = [...renamed, ...editedToo(meeting, renamed, library)].filter(({published, called, side}) => {
		const others = sides.filter((_, other) => other !== side);
		// What stands must be what git's merge wrote, and another side must still hold the published name.
		const isGits = sameFile(result.get(called), git.get(called)) && sameFile(result.get(published), git.get(published));
		// An app that moved to another folder keeps its names.
		const isRenamed = folderOf(published) === folderOf(called);
		// Where the side gave the published name to a migration of its own, bringing it back would overwrite that one.
		const isFree = !sides[side]!.has(published);
		const isElsewhere = others.every(files => files.has(published) && !files.has(called));
		return isGits && isRenamed && isFree && isElsewhere && isPublished(published, base.get(published)!);
	});
	if (frozen.length === 0) return {meeting, frozen};
	const names = new Set(frozen.map(({called}) => called));
	const without = (files: Files): Files => new Map([...files].filter(([path]) => !names.has(path)));
	const restored = (files: Files, side: number): Files => {
		const own = frozen.filter(name => name.side === side);
		return new Map([...without(files), ...own.map(({published, file}) => [published, file] as const)]);
	};
	return {meeting: {...meeting, sides: sides.map(restored), git: without(git), result: without(result)}, frozen};
}

/** Renumbered and edited in one go: the descriptive name and the operations tell. */
function editedToo({base, sides}: Meeting, known: readonly FrozenName[], library: Library): FrozenName[] {
	return sides.flatMap((files, side) => {
		const taken = new Set(known.filter(name => name.side === side).flatMap(({published, called}) => [published, called]));
		const gone = [...base].filter(([path]) => isMigrationFile(path) && !files.has(path) && !taken.has(path));
		if (gone.length === 0) return [];
		const arrived = [...files].filter(([path]) => isMigrationFile(path) && !base.has(path) && !taken.has(path));
		return gone.flatMap(([published, before]) => {
			const found = arrived.find(
				([path, file]) =>
					folderOf(path) === folderOf(published) &&
					suffixOf(stemOf(path)) === suffixOf(stemOf(published)) &&
					isVersionOf(library.source(before.oid).text, library.source(file.oid).text),
			);
			return found ? [{side, published, called: found[0], file: found[1]}] : [];
		});
	});
}
