import {type ObjectBatch, type PathChange, writeBlobs} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import type {Change} from '../plan/plan.ts';
import type {Shelf} from './library.ts';

/** Turn the drafts among some changes into blobs: the same changes with real blob ids. The caller flushes the batch. */
export function storeDrafts(repo: Repo, library: Shelf, changes: readonly Change[], batch: ObjectBatch): Change[] {
	return changes.map(change => {
		const bytes = change.after && library.drafted(change.after.oid);
		if (!change.after || !bytes) return change;
		return {...change, after: {...change.after, oid: writeBlobs(repo, [bytes], batch)[0]!}};
	});
}

/** What a tree writer wants to know of changes. */
export function pathChanges(changes: readonly Change[]): PathChange[] {
	return changes.map(({path, before, after}) => ({path, oid: after?.oid ?? null, mode: after?.mode ?? before?.mode ?? '100644'}));
}
