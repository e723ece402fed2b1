import type {Meeting} from './meeting.ts';
import {findRenumberings} from './renumbered.ts';
import {type Files, type FileState, type Library, sameFile} from './revision.ts';

/** A published migration that one side calls by another name: the side's path → the published path. */
export interface FrozenName {
	readonly side: number;
	readonly published: string;
	readonly called: string;
}

/**
 * A branch that renumbered migrations which are published meanwhile (or were all along) cannot have its way: published names are
 * frozen. Show the meeting as if the branch had never renamed them; what it says of its own names still leads to them.
 */
export function withFrozenNames(meeting: Meeting, library: Library, isPublished: (path: string, file: FileState) => boolean): {meeting: Meeting; frozen: readonly FrozenName[]} {
	const {base, sides, git, result} = meeting;
	const frozen = findRenumberings(meeting, library)
		.filter(({from, to, side}) => {
			const others = sides.filter((_, other) => other !== side);
			// What stands must be what git's merge wrote, and another side must still hold the published name.
			const isGits = sameFile(result.get(to), git.get(to)) && sameFile(result.get(from), git.get(from));
			return isGits && others.every(files => files.has(from) && !files.has(to)) && isPublished(from, base.get(from)!);
		})
		.map(({from, to, side}) => ({side, published: from, called: to}));
	if (frozen.length === 0) return {meeting, frozen};
	const called = new Set(frozen.map(name => name.called));
	const without = (files: Files): Files => new Map([...files].filter(([path]) => !called.has(path)));
	const restored = (files: Files, side: number): Files => {
		const own = frozen.filter(name => name.side === side);
		return new Map([...without(files), ...own.map(({published}) => [published, base.get(published)!] as const)]);
	};
	return {meeting: {...meeting, sides: sides.map(restored), git: without(git), result: without(result)}, frozen};
}
