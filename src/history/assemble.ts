import {nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';
import {withFrozenNames} from './frozen.ts';
import type {Assembly, Entry, Meeting} from './meeting.ts';
import {type Placement, place} from './place.ts';
import {findRenumberings, identityIn, type Renumbering} from './renumbered.ts';
import {type FileState, type Files, folderOf, type Library, migrationIn, stemOf} from './revision.ts';

/**
 * Merge the migration modules of several revisions, path by path and without rename detection: git pairs short files that look
 * alike, and puts one migration's edit into another. What the user settled while resolving stands.
 */
export function assemble(standing: Meeting, library: Library, isPublished: (path: string, file: FileState) => boolean): Assembly {
	const {meeting, frozen} = withFrozenNames(withoutRenamed(standing), library, isPublished);
	const renumberings = findRenumberings(meeting, library);
	const relocated = findRelocations(meeting, library);
	const placements = everyPath(meeting).flatMap(path => place(path, {meeting, library, renumberings, relocated}));
	const assembly = enter(placements, meeting, library, renumberings);
	for (const {from, to} of renumberings) {
		// Who renumbered it may have given the old name to another one.
		alias(assembly, meeting, from, to, side => renumberings.every(other => other.from !== from || other.side !== side));
	}
	for (const [from, to] of relocated) alias(assembly, meeting, from, to);
	for (const [from, to] of standing.renamed ?? []) alias(assembly, standing, from, to);
	for (const {called, published} of frozen) alias(assembly, standing, called, published);
	const renamed = new Set(renumberings.map(({from}) => from));
	const deleted = [...meeting.base.keys()].filter(path => !renamed.has(path) && meeting.sides.some(files => !files.has(path)));
	return {...assembly, frozen, deleted: new Set(deleted)};
}

function withoutRenamed(meeting: Meeting): Meeting {
	const {renamed, git, result} = meeting;
	if (!renamed || renamed.size === 0) return meeting;
	const without = (files: Files): Files => new Map([...files].filter(([path]) => !renamed.has(path)));
	return {...meeting, git: without(git), result: without(result)};
}

/**
 * Migrations that stand where no side has them: git followed a renamed directory, or a person (or an earlier run) renumbered them.
 * The path a side has → the path that stands.
 */
function findRelocations({base, sides, result, labels}: Meeting, library: Library): Map<string, string> {
	const relocated = new Map<string, string>();
	const label = (path: string) => labels.get(folderOf(path));
	for (const [path, file] of result) {
		if (!isMigrationFile(path) || base.has(path) || sides.some(files => files.has(path))) continue;
		const identity = identityIn(library, file);
		for (const files of sides) {
			for (const [other, candidate] of files) {
				if (!isMigrationFile(other) || base.has(other) || result.has(other) || label(other) !== label(path)) continue;
				if (candidate.oid === file.oid || (identity !== null && identityIn(library, candidate) === identity))
					relocated.set(other, path);
			}
		}
	}
	return relocated;
}

type Entered = Omit<Assembly, 'frozen' | 'deleted'> & {
	readonly anyone: Map<string, Entry>;
	readonly names: readonly Map<string, Entry>[];
};

function enter(
	placements: readonly Placement[],
	meeting: Meeting,
	library: Library,
	renumberings: readonly Renumbering[],
): Entered {
	const entries: Entry[] = [];
	const names = meeting.sides.map(() => new Map<string, Entry>());
	const anyone = new Map<string, Entry>();
	const asIs = new Set<string>();
	for (const {path, file, side, knownTo, edges, origin} of placements) {
		const app = meeting.labels.get(folderOf(path));
		const migration = app === undefined ? null : migrationIn(library, file);
		if (app === undefined || migration === null) {
			asIs.add(path);
			continue;
		}
		// A side that renumbered an old one may have given its name to a new one.
		const isNew = !meeting.base.has(path) || renumberings.some(({from, side: by}) => from === path && by === side);
		const edgesFrom = edges && migrationIn(library, edges.file);
		const entry: Entry = {
			app,
			name: stemOf(path),
			path,
			file,
			side,
			isNew,
			origin: origin ?? file,
			edges: edges && edgesFrom ? {file: edges.file, migration: edgesFrom, side: edges.side} : {file, migration, side},
		};
		const key = nodeKey(app, entry.name);
		entries.push(entry);
		if (!anyone.has(key)) anyone.set(key, entry);
		for (const knower of knownTo) names[knower]?.set(key, entry);
	}
	return {entries, names, anyone, asIs, repaired: placements.filter(({repaired}) => repaired).map(({path}) => path)};
}

/** Let the old path's name lead to the entry at the new path, wherever the old name still means that migration. */
function alias(
	assembly: Entered,
	meeting: Meeting,
	from: string,
	to: string,
	means: (side: number) => boolean = () => true,
): void {
	const entry = assembly.entries.find(({path}) => path === to);
	const app = meeting.labels.get(folderOf(from)) ?? entry?.app;
	if (!entry || app === undefined) return;
	const key = nodeKey(app, stemOf(from));
	for (const [side, files] of meeting.sides.entries()) if (files.has(from) && means(side)) assembly.names[side]!.set(key, entry);
	if (!assembly.anyone.has(key)) assembly.anyone.set(key, entry);
}

function everyPath({base, sides, git, result}: Meeting): string[] {
	const paths = new Set([base, ...sides, git, result].flatMap(files => [...files.keys()]));
	return [...paths].filter(isMigrationFile).sort();
}
