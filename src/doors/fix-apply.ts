import {objectBatch, writeTree} from '../git/objects.ts';
import {isPushed} from '../git/revisions.ts';
import {git} from '../git/run.ts';
import {type Outcome, type SideLabel, withNodes} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import {applyToIndex, applyTransition} from '../worktree/apply.ts';
import {followUp} from './merge.ts';
import type {WorktreeGround} from './worktree.ts';
import {pathChanges, storeDrafts} from './write.ts';

/** Change index and worktree. Migrations on disk that the index does not know as they are get staged first. */
export function stageFix(ground: WorktreeGround, planned: Plan, sides: readonly SideLabel[]): Outcome {
	const {repo, library, unstaged} = ground;
	const involved = planned.changes.filter(({path, before}) => before !== null && unstaged.has(path)).map(({path}) => path);
	if (involved.length > 0) git(repo, ['--literal-pathspecs', 'add', '--force', '--', ...involved]);
	const batch = objectBatch(repo);
	const plan = {...planned, changes: storeDrafts(repo, library, planned.changes, batch)};
	batch.flush();
	const applied = applyToIndex(repo, {kind: 'fix', changes: plan.changes, plan});
	if (!applied.ok) return {kind: 'refused', refusals: [withNodes(applied.refusal, plan)], plan, sides};
	return {kind: 'done', how: 'staged', plan, sides, notices: []};
}

/** Make a commit of its own on HEAD. Only from a worktree whose migrations are HEAD's. */
export function commitFix(ground: WorktreeGround, planned: Plan, head: string | null, sides: readonly SideLabel[]): Outcome {
	const {repo, library} = ground;
	const atHead = head === null ? new Map() : ground.at(head);
	const local = planned.changes.filter(({path, before}) => before?.oid !== atHead.get(path)?.oid).map(({path}) => path);
	if (head === null || local.length > 0) {
		const refusal = {
			code: 'uncommitted',
			what: 'The migrations to be changed are not committed as they stand, so no commit was made.',
			nodes: [],
			paths: local,
			why: 'The new commit would take your uncommitted work with it.',
			next: 'migration-guard fix',
		};
		return {kind: 'refused', refusals: [refusal], plan: planned, sides};
	}
	const batch = objectBatch(repo);
	const plan = {...planned, changes: storeDrafts(repo, library, planned.changes, batch)};
	const tree = writeTree(repo, head, pathChanges(plan.changes), batch);
	batch.flush();
	const applied = applyTransition(repo, {
		kind: 'fix',
		old: head,
		new: followUp(repo, tree, head, plan),
		plan,
		start: head,
		reflog: 'migration-guard: fix',
	});
	if (!applied.ok) return {kind: 'refused', refusals: [withNodes(applied.refusal, plan)], plan, sides};
	return {
		kind: 'done',
		how: 'commit added',
		plan,
		sides,
		notices: isPushed(repo, head) ? ['Push it like any other commit.'] : [],
	};
}
