import {type MainlineRef, mainlineRefs} from '../git/mainline.ts';
import type {Repo} from '../git/repo.ts';
import {listTree} from '../git/trees.ts';
import {isGuarded} from '../history/revision.ts';
import type {Settings} from './settings.ts';

/** What is published: the refs that say so, and the guarded files in their trees, path → blob ids. */
export interface Published {
	readonly refs: readonly MainlineRef[];
	readonly files: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Look into the trees of the remote mainline refs. None of them: nothing is known to be published. */
export function readPublished(repo: Repo, settings: Pick<Settings, 'mainline' | 'load'>): Published {
	const refs = mainlineRefs(repo, settings.mainline).filter(({remote}) => remote);
	const files = new Map<string, Set<string>>();
	for (const oid of new Set(refs.map(ref => ref.oid))) {
		for (const {path, oid: blob} of listTree(repo, oid).values()) {
			if (!isGuarded(path)) continue;
			const known = files.get(path);
			known ? known.add(blob) : files.set(path, new Set([blob]));
		}
	}
	return {refs, files};
}
