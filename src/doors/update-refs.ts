import type {Repo} from '../git/repo.ts';
import type {SideState} from '../worktree/journal.ts';
import {carriedRefs} from '../worktree/side-state.ts';

/** What `rebase --update-refs` will move after the hook, led on to the rewritten commits. */
export function updatedRefs(repo: Repo, map: ReadonlyMap<string, string>): SideState[] {
	const oids = Object.fromEntries([...map].filter(([old, now]) => old !== now));
	const refs = carriedRefs(repo, oids);
	return refs.length === 0 ? [] : [{kind: 'update-refs', oids, refs}];
}
