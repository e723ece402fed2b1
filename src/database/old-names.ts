import {fetchDifferences, labelsOf} from '../doors/meeting.ts';
import type {WorktreeGround} from '../doors/worktree.ts';
import {identityIn, renamedSince} from '../history/renumbered.ts';
import {type Files, folderOf, stemOf} from '../history/revision.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';

/** A migration that has another name today. */
export interface OldName {
	readonly from: NodeKey;
	readonly to: NodeKey;
}

/** What became of the migrations of an earlier revision. */
export interface Since {
	/** Those that have another name in the worktree, found by what they say and not by a record. */
	readonly moved: readonly OldName[];
	/** Those that the worktree has under no name (deleted, or made anew). */
	readonly gone: readonly NodeKey[];
	/** What the worktree has and the revision had not, the moved ones left out. */
	readonly added: readonly NodeKey[];
}

/** Compare the worktree with the revision whose names a database may know: a commit. */
export function since(ground: WorktreeGround, revision: string): Since {
	const before = ground.at(revision);
	fetchDifferences(ground, before);
	const labels = labelsOf(ground, [before]);
	const keyOf = (path: string): NodeKey => nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path));
	const pairs = [...renamedSince(before, ground.files, ground.library)];
	pairs.push(...overlapping(before, ground, pairs));
	const same = pairs.filter(({from, to}) => labels.get(folderOf(from)) === labels.get(folderOf(to)));
	const [left, arrived] = [new Set(same.map(({from}) => from)), new Set(same.map(({to}) => to))];
	const lost = [...before.keys()].filter(path => isMigrationFile(path) && !left.has(path) && !ground.files.has(path));
	// A file of mainline's may have the very name that the branch's had.
	const isNew = (path: string) => isMigrationFile(path) && !arrived.has(path) && (!before.has(path) || left.has(path));
	return {
		moved: same.map(({from, to}) => ({from: keyOf(from), to: keyOf(to)})),
		gone: lost.map(keyOf),
		added: [...ground.files.keys()].filter(isNew).map(keyOf),
	};
}

/** Where new names were old ones: `0003_x, 0004_x` that became `0004_x, 0005_x`. Pairs that are not among `known`. */
function overlapping(
	before: Files,
	{files, library}: WorktreeGround,
	known: readonly {readonly from: string; readonly to: string}[],
) {
	const [left, arrived] = [new Set(known.map(({from}) => from)), new Set(known.map(({to}) => to))];
	const differing = [...before].filter(([path, {oid}]) => isMigrationFile(path) && files.get(path)?.oid !== oid);
	const candidates = new Map<string, string>();
	for (const [path, file] of differing) {
		const now = files.get(path);
		const [was, is] = [identityIn(library, file), now ? identityIn(library, now) : null];
		if (is !== null && is !== was && !arrived.has(path)) candidates.set(is, path);
	}
	if (candidates.size === 0) return [];
	return differing.flatMap(([from, file]) => {
		const to = left.has(from) ? undefined : candidates.get(identityIn(library, file) ?? '');
		return to === undefined || to === from ? [] : [{from, to}];
	});
}
