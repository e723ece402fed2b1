import {readCarry} from '../migrations/carry.ts';
import {isMigrationFile} from '../migrations/project.ts';
import {decode, encode} from '../python/source.ts';
import type {Meeting} from './meeting.ts';
import {identityIn} from './renumbered.ts';
import {type FileState, type Files, folderOf, type Library, migrationIn} from './revision.ts';

/** What a commit on top of `onto` is told apart by. */
export interface Onto {
	/** Where the branch left mainline. */
	readonly fork: Files;
	readonly onto: Files;
	/** Where the branch was before. */
	readonly start: Files;
	readonly commit: Files;
	/** The finished tip, when the commit is not the tip itself. */
	readonly tip?: Files;
	readonly labels: ReadonlyMap<string, string>;
}

/**
 * See one commit that git put on top of `onto` as a meeting of onto's history and the branch's own part.
 *
 * Git has merged them already, so the sides are told apart again: a path that onto has is onto's, a path that only the commit has is
 * the branch's, and a carry holds one of each. `fork` is where the branch left mainline: what onto has beyond it is mainline's new work.
 */
export function meetingOnto(revisions: Onto, library: Library): Meeting {
	const {fork, onto, start, commit, labels, tip} = revisions;
	const base = new Map<string, FileState>();
	const mainline = new Map<string, FileState>();
	const branch = new Map<string, FileState>();
	// What onto deleted since is deleted, and what the branch built on it follows the leaf, as in a merge.
	for (const [path, file] of fork) if (!onto.has(path)) base.set(path, file);
	for (const [path, file] of onto) {
		if (fork.has(path)) base.set(path, file);
		// A file that both sides added and git merged into one text stays onto's; what stands is the branch's version of it.
		const standing = fork.has(path) || start.has(path) ? file : commit.get(path);
		if (standing && (fork.has(path) || commit.has(path))) mainline.set(path, standing);
	}
	for (const [path, file] of commit) {
		const parts = splitCarry(path, file, onto, library);
		if (parts) {
			mainline.set(parts.kept, onto.get(parts.kept)!);
			branch.set(path, parts.branch);
			base.delete(path);
		} else if (base.has(path) || !onto.has(path) || mainline.get(path)?.oid !== file.oid) branch.set(path, file);
	}
	restoreRenumbered(branch, mainline, onto, library);
	if (tip) restoreUntouched({base, mainline, branch}, revisions, tip);
	const renamed = tip ? asAtTip(branch, base, onto, tip, library) : new Map<string, string>();
	return {base, sides: [mainline, branch], git: commit, result: commit, labels, renamed};
}

/** What the branch once added under the same name as onto, and renumbered later, is still onto's migration under onto's name: bring it back. */
function restoreRenumbered(branch: Files, mainline: Map<string, FileState>, onto: Files, library: Library): void {
	const gone = [...onto].filter(([path]) => isMigrationFile(path) && !mainline.has(path));
	if (gone.length === 0) return;
	const lost = new Map(gone.map(([path, file]) => [identityIn(library, file), path]));
	for (const [path, file] of branch) {
		const kept = isMigrationFile(path) && !onto.has(path) ? lost.get(identityIn(library, file)) : undefined;
		if (kept !== undefined) mainline.set(kept, onto.get(kept)!);
	}
}

/** What a commit deletes of onto and a later one brings back is not missing in between: else nothing on top of it loads. */
function restoreUntouched(
	into: {base: Files; mainline: Map<string, FileState>; branch: Map<string, FileState>},
	{onto, commit}: Onto,
	tip: Files,
): void {
	for (const [path, file] of onto) {
		if (!isMigrationFile(path) || commit.has(path) || !tip.has(path)) continue;
		into.mainline.set(path, file);
		if (into.base.has(path)) into.branch.set(path, file);
	}
}

/**
 * Give the branch's own migrations the name and the edges they have at the tip, where a later commit changed only those: a branch
 * that renumbered by hand comes out linear in every commit. Fills `branch`; returns path → path at the tip.
 */
function asAtTip(branch: Map<string, FileState>, base: Files, onto: Files, tip: Files, library: Library): Map<string, string> {
	const renamed = new Map<string, string>();
	const atTip = new Map<string, string>();
	for (const [path, file] of tip) {
		const identity = isMigrationFile(path) && !onto.has(path) ? identityIn(library, file) : null;
		if (identity !== null) atTip.set(identity, path);
	}
	const own = [...branch].filter(([path, file]) => isMigrationFile(path) && !base.has(path) && tip.get(path)?.oid !== file.oid);
	const goals = own.flatMap(([path, file]) => {
		const to = atTip.get(identityIn(library, file) ?? '');
		return to !== undefined && folderOf(to) === folderOf(path) ? [{path, to}] : [];
	});
	const arriving = new Set([...goals.map(({to}) => to), ...branch.keys(), ...onto.keys()]);
	for (const {path, to} of goals) {
		const file = tip.get(to)!;
		const parents = migrationIn(library, file)?.dependencies.items ?? [];
		const folder = folderOf(to);
		const hasParents = parents.every(parent => {
			const sibling = parent.kind === 'node' ? `${folder}/${parent.name}.py` : null;
			return sibling === null || !(tip.has(sibling) || onto.has(sibling)) || arriving.has(sibling);
		});
		if (!hasParents || (to !== path && branch.has(to) && !goals.some(goal => goal.path === to))) continue;
		if (to !== path) {
			branch.delete(path);
			renamed.set(path, to);
		}
		branch.set(to, file);
	}
	return renamed;
}

/** The two files of a carry: onto's path, and the branch's file. A later commit may have renamed the file that holds both. */
function splitCarry(path: string, file: FileState, onto: Files, library: Library): {kept: string; branch: FileState} | null {
	if (!isMigrationFile(path) || onto.get(path)?.oid === file.oid) return null;
	const reading = library.reading(file.oid);
	const carry = 'unreadable' in reading && reading.unreadable === 'carry' ? readCarry(encode(library.source(file.oid))) : null;
	if (carry === null || carry === 'damaged') return null;
	const siblings = [...onto.keys()].filter(other => isMigrationFile(other) && folderOf(other) === folderOf(path));
	for (const kept of onto.has(path) ? [path] : siblings) {
		const mainline = Buffer.from(encode(library.source(onto.get(kept)!.oid)));
		const other = mainline.equals(carry.body) ? carry.carried : mainline.equals(carry.carried) ? carry.body : null;
		if (other) return {kept, branch: {oid: library.draft(decode(other)), mode: file.mode}};
	}
	return null;
}
