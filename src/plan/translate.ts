import type {Assembly, Entry} from '../history/meeting.ts';
import {type FileState, type Files, folderOf, type Library, migrationIn, stemOf} from '../history/revision.ts';
import {nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';
import {type Decisions, draftEntry} from './draft.ts';
import type {Change} from './plan.ts';

/**
 * Carry a decision over to another tree of the moving side: an autostash, whose trees hold the old names and perhaps local edits.
 * Every moved migration that is in it gets its new name and its new edges, whatever else its text says.
 */
export function translateFiles(
	files: Files,
	side: number,
	assembly: Assembly,
	decisions: Decisions,
	labels: ReadonlyMap<string, string>,
	library: Library,
): Change[] {
	const outcome = new Map(files);
	for (const [path, file] of files) {
		const entry = entryAt(path, file, side, assembly, labels, library);
		const draft = entry && draftEntry(entry.here, library, asFor(entry, decisions));
		if (!draft || 'code' in draft || (draft.path === path && draft.file.oid === file.oid)) continue;
		outcome.delete(path);
		outcome.set(draft.path, draft.file);
	}
	return [...new Set([...files.keys(), ...outcome.keys()])].flatMap(path => {
		const [before, after] = [files.get(path) ?? null, outcome.get(path) ?? null];
		return before?.oid === after?.oid ? [] : [{path, before, after}];
	});
}

/** The entry this side knows by the path, with the text that stands in this tree. */
function entryAt(
	path: string,
	file: FileState,
	side: number,
	assembly: Assembly,
	labels: ReadonlyMap<string, string>,
	library: Library,
): {here: Entry; known: Entry} | null {
	const app = isMigrationFile(path) ? labels.get(folderOf(path)) : undefined;
	const known = app === undefined ? undefined : assembly.names[side]?.get(nodeKey(app, stemOf(path)));
	if (!known) return null;
	if (known.file.oid === file.oid) return {here: known, known};
	const migration = migrationIn(library, file);
	return migration && {here: {...known, file, edges: {file, migration, side}}, known};
}

/** What was decided for the known entry holds for the text that stands here. */
function asFor({here, known}: {here: Entry; known: Entry}, decisions: Decisions): Decisions {
	if (here === known) return decisions;
	const [name, followed] = [decisions.names.get(known), decisions.follows.get(known)];
	return {
		...decisions,
		names: name === undefined ? decisions.names : new Map([...decisions.names, [here, name]]),
		follows: followed === undefined ? decisions.follows : new Map([...decisions.follows, [here, followed]]),
	};
}
