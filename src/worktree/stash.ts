import {copyCommit, objectBatch} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {commitInfos} from '../git/revisions.ts';

/**
 * A stash as if it had been made on the renumbered files: base, index and worktree commit each get the tree that `translate` returns for
 * theirs; untracked files stay. Returns the new stash, or the same when nothing changes.
 * Git applies a stash by a merge with its base (stash.c do_apply_stash): with all three translated, an edit of a
 * renamed file is found under the new name instead of in the file that took the old one.
 */
export function translateStash(repo: Repo, stash: string, translate: (tree: string) => string): string {
	const [worktree, base, index] = commitInfos(repo, [stash, `${stash}^1`, `${stash}^2`]) as [CommitInfo, CommitInfo, CommitInfo];
	const trees = new Map([...new Set([base.tree, index.tree, worktree.tree])].map(tree => [tree, translate(tree)]));
	const batch = objectBatch(repo);
	const newBase = copyCommit(repo, base.oid, {tree: trees.get(base.tree)!}, batch).oid;
	const newIndex = copyCommit(
		repo,
		index.oid,
		{tree: trees.get(index.tree)!, parents: [newBase, ...index.parents.slice(1)]},
		batch,
	).oid;
	const parents = [newBase, newIndex, ...worktree.parents.slice(2)];
	const result = copyCommit(repo, worktree.oid, {tree: trees.get(worktree.tree)!, parents}, batch).oid;
	batch.flush();
	return result;
}

type CommitInfo = ReturnType<typeof commitInfos>[number];
