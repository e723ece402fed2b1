import {UsageError} from '../errors.ts';
import {readCommits} from '../git/commits.ts';
import {mergeTree} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {isAncestor, mergeBases, remotesOf, resolveCommit, resolveCommits} from '../git/revisions.ts';
import {diffTrees} from '../git/trees.ts';
import {fetchLine, isShallow} from './fetch-line.ts';

/** A branch and the mainline it is to be merged into, as far as this clone knows them. */
export interface Met {
	/** As the user named it. */
	readonly ref: string;
	readonly mainline: string;
	/** What is judged, for people: `HEAD`, or the second parent of the merge that a forge made. */
	readonly revision: string;
	readonly incoming: string;
	/** The merge base; null: unrelated, or not in this clone. */
	readonly base: string | null;
	/** `trees`: the clone is shallow and holds no common ancestor, so only the two trees are known. */
	readonly seen: 'history' | 'trees';
}

/** Find both sides. Throws UsageError with the line to run when REF is not in this clone. */
export function meet(repo: Repo, ref: string, revision: string): Met {
	const [mainline, head] = resolveCommits(repo, [ref, revision]) as [string | null, string | null];
	if (head === null) throw new UsageError(`${revision} is no commit of this repository`);
	if (mainline === null && remotesOf(repo).length === 0)
		throw new UsageError(`${ref} is not in this repository, which has no remote; name a local branch: --against main`);
	if (mainline === null) throw new UsageError(`${ref} is not in this clone; fetch it first:\n  ${fetchLine(repo, ref)}`);
	const judged = judgedIn(repo, mainline, {revision, incoming: head});
	const base = mergeBases(repo, mainline, judged.incoming)[0] ?? null;
	return {ref, mainline, ...judged, base, seen: base === null && isShallow(repo) ? 'trees' : 'history'};
}

/**
 * What a forge checks out for a pull request is a merge that it made itself (refs/pull/N/merge, a merged-results pipeline, a merge
 * queue): mainline first, the branch second, and exactly what git makes of the two. Then the branch is judged. A merge that a person or a
 * hook made linear is judged as it is.
 */
function judgedIn(
	repo: Repo,
	mainline: string,
	head: {revision: string; incoming: string},
): {revision: string; incoming: string} {
	const [commit] = readCommits(repo, [head.incoming]);
	const [first, second, ...more] = commit!.parents;
	if (first === undefined || second === undefined || more.length > 0) return head;
	if (resolveCommit(repo, first) === null || resolveCommit(repo, second) === null) return head;
	if (!isAncestor(repo, first, mainline) || mergeBases(repo, first, second).length === 0) return head;
	const {tree, conflicted} = mergeTree(repo, first, second);
	const isForges = conflicted.length === 0 && diffTrees(repo, tree, commit!.tree).length === 0;
	return isForges ? {revision: `${head.revision}^2`, incoming: second} : head;
}
