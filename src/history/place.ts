import {isMigrationFile} from '../migrations/project.ts';
import type {Meeting} from './meeting.ts';
import {identityIn, type Renumbering} from './renumbered.ts';
import {type FileState, folderOf, type Library, migrationIn, sameFile} from './revision.ts';
import {isVersionOf} from './signature.ts';

/** One migration file of the outcome, and the sides that know it by this path. */
export interface Placement {
	readonly path: string;
	readonly file: FileState;
	readonly side: number | null;
	readonly knownTo: readonly number[];
	readonly edges?: {readonly file: FileState; readonly side: number};
	readonly repaired?: boolean;
	/** What the side had at this path, where a person edited it while resolving. */
	readonly origin?: FileState | undefined;
}

/** What is known of a meeting before its paths are placed. */
export interface Ground {
	readonly meeting: Meeting;
	readonly library: Library;
	readonly renumberings: readonly Renumbering[];
	/** Where git's directory rename detection put a file one side added: its path there → its path in the result. */
	readonly relocated: ReadonlyMap<string, string>;
}

/** What becomes of one path. */
export function place(path: string, ground: Ground): Placement[] {
	const {meeting} = ground;
	const {base, sides, git, result} = meeting;
	const standing = result.get(path);
	const before = base.get(path);
	if (!sameFile(standing, git.get(path))) return standing ? [settledByUser(path, standing, ground)] : [];
	if (ground.relocated.has(path)) return [];
	const everyone = sides.map((_, side) => side);
	const holders = everyone.filter(side => sides[side]!.has(path));
	if (holders.length === 0 && !before) {
		return standing ? [{path, file: standing, side: ownerOfRelocated(path, ground), knownTo: everyone}] : [];
	}
	const changed = everyone.filter(side => !sameFile(sides[side]!.get(path), before));
	const versions = [...new Map(changed.map(side => [describe(sides[side]!.get(path)), side])).values()];
	if (versions.length === 0) return [{path, file: before!, side: null, knownTo: holders}];
	if (versions.length === 1) return placeOneVersion(path, changed, ground);
	if (!before) return placeEachVersion(path, changed, ground);
	// Edited on both sides: git's text merge. Edited here and gone there: wherever the other side took it.
	if (standing) return [{path, file: standing, side: null, knownTo: everyone}];
	if (ground.renumberings.some(({from}) => from === path) || textMergeTarget(path, ground)) return [];
	const editor = changed.find(side => sides[side]!.has(path));
	// Git took the edit elsewhere, into a file that is no version of this one: bring it back rather than lose it.
	return editor === undefined || !isMangled(ground.meeting)
		? []
		: [{path, file: sides[editor]!.get(path)!, side: editor, knownTo: [editor]}];
}

/** All sides that changed the path agree, so that is the outcome: unless git merged another file's edit into it rightly. */
function placeOneVersion(path: string, changed: readonly number[], ground: Ground): Placement[] {
	const {base, sides, result} = ground.meeting;
	const version = sides[changed[0]!]!.get(path);
	if (!version) return [];
	const knownTo = sides.flatMap((files, side) => (files.has(path) ? [side] : []));
	// In an octopus two sides may share what the third lacks.
	const side = changed.length < sides.length ? changed[0]! : null;
	const standing = result.get(path);
	const came = ground.renumberings.find(({to}) => to === path);
	const edit = came ? editOf(came, ground.meeting) : null;
	if (came && edit) return [{path, file: edit.file, side: edit.side, knownTo, edges: {file: version, side: came.side}}];
	if (sameFile(standing, version) || !standing) return [{path, file: version, side, knownTo}];
	const isMerge = [...base.keys()].some(source => textMergeTarget(source, ground) === path);
	return [{path, file: isMerge ? standing : version, side, knownTo, repaired: !isMerge && !isCarry(standing, ground.library)}];
}

/** Our own merge driver put two files into this one. */
function isCarry(file: FileState, library: Library): boolean {
	const reading = library.reading(file.oid);
	return 'unreadable' in reading && reading.unreadable === 'carry';
}

/** Both sides added the path: each keeps its own file, and its own meaning of the name. Who keeps the name is decided later. */
function placeEachVersion(path: string, changed: readonly number[], {meeting: {sides, result}, library}: Ground): Placement[] {
	const byVersion = new Map<string, number[]>();
	for (const side of changed) {
		const version = describe(sides[side]!.get(path));
		byVersion.set(version, [...(byVersion.get(version) ?? []), side]);
	}
	const placements = [...byVersion.values()].map(owners => ({
		path,
		file: sides[owners[0]!]!.get(path)!,
		side: owners[0]!,
		knownTo: owners,
	}));
	if (placements.every(({file}) => migrationIn(library, file) !== null)) return placements;
	const standing = result.get(path);
	return standing ? [{path, file: standing, side: null, knownTo: changed}] : [];
}

/** The user wrote this path while resolving. It belongs to the side whose migration it is, if it is anybody's. */
function settledByUser(path: string, file: FileState, {meeting: {sides, base, labels}, library}: Ground): Placement {
	const everyone = sides.map((_, side) => side);
	const same = everyone.filter(side => sides[side]!.get(path)?.oid === file.oid);
	if (same.length > 0) return {path, file, side: same.length === 1 && !base.has(path) ? same[0]! : null, knownTo: everyone};
	const identity = identityIn(library, file);
	const author = everyone.find(side =>
		[...sides[side]!].some(
			([other, candidate]) =>
				isMigrationFile(other) &&
				!base.has(other) &&
				labels.get(folderOf(other)) === labels.get(folderOf(path)) &&
				identityIn(library, candidate) === identity,
		),
	);
	// An edited text is the migration of the only side that added the path.
	const adders = base.has(path) ? [] : everyone.filter(side => sides[side]!.has(path));
	const side = author ?? (adders.length === 1 ? adders[0]! : null);
	return {path, file, side, knownTo: everyone, origin: side === null ? undefined : sides[side]!.get(path)};
}

/** When one side renumbered a migration that another edited: that edit. */
function editOf({from, side}: Renumbering, {base, sides}: Meeting): {file: FileState; side: number} | null {
	for (const [other, files] of sides.entries()) {
		const file = files.get(from);
		if (other !== side && file && !sameFile(file, base.get(from))) return {file, side: other};
	}
	return null;
}

/** The path into which git rightly merged an edit of `source`: one side renamed it there (and edited it), another edited it. */
function textMergeTarget(source: string, {meeting: {base, sides, result}, library}: Ground): string | null {
	const before = base.get(source);
	if (!before || result.has(source) || !sides.some(files => files.has(source) && !sameFile(files.get(source), before)))
		return null;
	const text = library.source(before.oid).text;
	for (const files of sides) {
		if (files.has(source)) continue;
		for (const [path, file] of files) {
			const merged = isMigrationFile(path) && !base.has(path) && result.has(path) && !sameFile(result.get(path), file);
			if (merged && isVersionOf(text, library.source(file.oid).text)) return path;
		}
	}
	return null;
}

/** Did git put an edit somewhere it does not belong? Then some new file stands differently from the side that added it. */
function isMangled({base, sides, result}: Meeting): boolean {
	return sides.some(files =>
		[...files].some(
			([path, file]) => isMigrationFile(path) && !base.has(path) && result.has(path) && !sameFile(result.get(path), file),
		),
	);
}

function ownerOfRelocated(path: string, {meeting: {sides}, relocated}: Ground): number | null {
	const from = [...relocated].find(([, to]) => to === path)?.[0];
	const owner = from === undefined ? -1 : sides.findIndex(files => files.has(from));
	return owner < 0 ? null : owner;
}

function describe(file: FileState | undefined): string {
	return file ? `${file.mode} ${file.oid}` : 'absent';
}
