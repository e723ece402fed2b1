import {shortRef} from '../doors/label.ts';
import {UsageError} from '../errors.ts';
import {type MergedInto, mergeIntoBranch} from '../gates/merge-into-branch.ts';
import {meet} from '../gates/met.ts';
import {type Pushed, push, type Target} from '../gates/push.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import type {Outcome} from '../plan/outcome.ts';
import {applyTransition} from '../worktree/apply.ts';

/** What `fix --against` was asked for. */
export interface Wanted {
	readonly ref: string;
	/** The branch's commit, or the merge that a forge made of it. */
	readonly revision: string;
	readonly dryRun: boolean;
	/** Push to this branch; null: do not push. */
	readonly target: Target | null;
}

/** What it did. `commit` is the merge that was made, pushed or not. */
export interface FixedAgainst {
	readonly outcome: Outcome;
	readonly pushed: Pushed | null;
	readonly commit: string | null;
}

/**
 * Merge REF into the branch, with a linear history, in a commit of its own; only where migrations have to move for it. In a worktree on
 * that branch the branch follows. Then push, if that is wanted. Throws UsageError.
 */
export async function fixAgainst(repo: Repo, {ref, revision, dryRun, target}: Wanted): Promise<FixedAgainst> {
	const met = meet(repo, ref, revision);
	const branch = target?.branch ?? shortRef(headRef(repo));
	if (branch === null) throw new UsageError('HEAD is on no branch; say which one is to be pushed: --push --branch NAME');
	const merged = await mergeIntoBranch(repo, met, {branch, dryRun});
	if (merged.kind !== 'merged' || merged.commit === null)
		return {outcome: outcomeOf(merged, [branch, ref]), pushed: null, commit: null};
	const here = headRef(repo) !== null && resolveCommit(repo, 'HEAD') === met.incoming;
	if (here) {
		const {plan, commit} = merged;
		const applied = applyTransition(repo, {
			kind: 'merge',
			old: met.incoming,
			new: commit,
			plan,
			start: met.incoming,
			reflog: `migration-guard: merge ${ref}`,
		});
		if (!applied.ok)
			return {outcome: {kind: 'refused', refusals: [applied.refusal], plan, sides: []}, pushed: null, commit: null};
	}
	return {
		outcome: outcomeOf(merged, [branch, ref]),
		pushed: target && push(repo, merged.commit, met.incoming, target),
		commit: merged.commit,
	};
}

function outcomeOf(merged: MergedInto, [branch, ref]: readonly [string, string]): Outcome {
	// The plan's first side is mainline.
	const sides = [ref, branch].map(name => ({name, oldest: null}));
	switch (merged.kind) {
		case 'nothing':
			return {kind: 'nothing'};
		case 'refused':
			return {...merged, sides};
		case 'merged':
			return {kind: 'done', how: merged.commit === null ? 'dry run' : 'merge commit made', plan: merged.plan, sides, notices: []};
	}
}
