import {commitTree, copyCommit, mergeTree, type ObjectBatch, objectBatch, writeTree} from '../git/objects.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {autostash, type CommitInfo, commitInfo, isPushed} from '../git/revisions.ts';
import {NOTHING, type Outcome, type SideLabel, unchanged, withNodes} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import {applyTransition} from '../worktree/apply.ts';
import {listEntries, type SideState} from '../worktree/journal.ts';
import {isUndone} from '../worktree/undo.ts';
import {translateAutostash} from './autostash.ts';
import type {Chosen} from './chosen.ts';
import {openGround} from './ground.ts';
import {labelSides, nameCommits, shortRef} from './label.ts';
import {type Merge, mergeBaseOf, planMerge} from './plan-merge.ts';
import {type Prepared, takePrepared} from './prepared.ts';
import type {Settings} from './settings.ts';
import {signed} from './signing.ts';
import {pathChanges, storeDrafts} from './write.ts';

/** How a merge came to be: finished by git itself, or by a person who may have settled things. */
export type MadeBy = 'git' | 'person';

export interface MergeOptions {
	readonly dryRun?: boolean;
	/** Who moves, where a person says so. */
	readonly chosen?: Chosen | null;
	/** Do it, also where it was undone. */
	readonly anyway?: boolean;
	/** In a hook what was undone before it was a commit is left alone, too. */
	readonly hook?: boolean;
}

/**
 * HEAD is a merge commit (post-merge; post-commit after `--no-verify`; `fix`): make it linear by putting another commit in its
 * place, with the same message, parents, people and dates. A merge that was pushed is never replaced.
 */
export function resolveMergeCommit(repo: Repo, settings: Settings, madeBy: MadeBy, options: MergeOptions = {}): Outcome {
	const head = commitInfo(repo, 'HEAD');
	if (head.parents.length < 2 || isLeft(repo, head, options) || (madeBy === 'git' && isOurs(repo, head.oid))) return NOTHING;
	const prepared = madeBy === 'git' ? takePrepared(repo, head.parents, head.tree) : null;
	if (prepared && autostash(repo) === null) return resolvePrepared(repo, head, prepared, settings);
	const merge: Merge = {
		base: mergeBaseOf(repo, head.parents),
		sides: head.parents,
		result: head.oid,
		git: madeBy === 'git' || head.parents.length > 2 ? null : mergeTree(repo, head.parents[0]!, head.parents[1]!).tree,
	};
	const ground = openGround(repo, head.oid, settings.load);
	const planned = planMerge(ground, merge, settings, {branch: headRef(repo), head: head.parents[0]!}, options.chosen?.armsOf);
	if (options.chosen && !options.chosen.isMet()) return NOTHING;
	const {plan} = planned;
	const sides = sidesOf(repo, head, plan, merge.base, settings);
	ground.library.save();
	if (plan.changes.length === 0) return unchanged(plan, sides);
	if (options.dryRun) return {kind: 'done', how: 'dry run', plan, sides: sides(), notices: []};
	if (isPushed(repo, head.oid)) return {kind: 'refused', refusals: [alreadyPushed(plan)], plan, sides: sides()};
	const batch = objectBatch(repo);
	const stored = {...plan, changes: storeDrafts(repo, ground.library, plan.changes, batch)};
	const tree = writeTree(repo, head.oid, pathChanges(stored.changes), batch);
	return replaceCommit(
		repo,
		head,
		{plan: stored, tree, batch, stash: () => translateAutostash(ground, planned, 0)},
		sides,
		settings,
	);
}

function isLeft(repo: Repo, {oid, parents}: CommitInfo, {anyway = false, hook = false}: MergeOptions): boolean {
	return !anyway && (isUndone(repo, oid) || (hook && isUndone(repo, parents[0]!, parents.slice(1))));
}

/** What pre-merge-commit found out just now. */
function resolvePrepared(repo: Repo, head: CommitInfo, {plan, result, base}: Prepared, settings: Settings): Outcome {
	const sides = sidesOf(repo, head, plan, base, settings);
	if (plan.changes.length === 0) return unchanged(plan, sides);
	if (isPushed(repo, head.oid)) return {kind: 'refused', refusals: [alreadyPushed(plan)], plan, sides: sides()};
	return replaceCommit(repo, head, {plan, tree: result, batch: objectBatch(repo), stash: () => null}, sides, settings);
}

function sidesOf(
	repo: Repo,
	{parents}: CommitInfo,
	{forks}: Plan,
	base: string | null,
	settings: Settings,
): () => readonly SideLabel[] {
	const names = () => nameCommits(repo, parents, new Map([[parents[0]!, shortRef(headRef(repo)) ?? 'HEAD']]));
	return () => labelSides(repo, names(), parents, new Set(forks.flatMap(({moves}) => moves)), base, settings);
}

/** A plan whose changes are blobs, the tree that comes of it, and where more objects go. */
interface Stored {
	readonly plan: Plan;
	readonly tree: string;
	readonly batch: ObjectBatch;
	readonly stash: () => SideState | null;
}

function replaceCommit(
	repo: Repo,
	head: CommitInfo,
	{plan, tree, batch, stash: translate}: Stored,
	sides: () => readonly SideLabel[],
	settings: Settings,
): Outcome {
	const isSeparate = settings.commit === 'separate';
	const copy = isSeparate ? {oid: '', signatureDropped: false} : copyCommit(repo, head.oid, {tree}, batch);
	batch.flush();
	const final = isSeparate ? new Map([['', followUp(repo, tree, head.oid, plan)]]) : signed(repo, [copy]);
	if ('code' in final) return {kind: 'refused', refusals: [withNodes(final, plan)], plan, sides: sides()};
	const commit = final.get(copy.oid)!;
	const stash = translate();
	const applied = applyTransition(repo, {
		kind: 'merge',
		old: head.oid,
		new: commit,
		plan,
		start: head.parents[0]!,
		side: stash ? [stash] : [],
		reflog: 'migration-guard: renumber',
	});
	if (!applied.ok) return {kind: 'refused', refusals: [withNodes(applied.refusal, plan)], plan, sides: sides()};
	return {kind: 'done', how: isSeparate ? 'commit added' : 'merge commit replaced', plan, sides: sides(), notices: []};
}

/** A commit of its own on top, where the team wants git's merge commit to stay (`commit: separate`). */
export function followUp(repo: Repo, tree: string, parent: string, plan: Plan): string {
	const moves = plan.steps.flatMap(step =>
		step.kind === 'renumber' ? [`${step.from} -> ${step.to}`] : step.kind === 'merge' ? [step.node] : [],
	);
	const message = ['Make the migration history linear', '', ...moves, ''].join('\n');
	return commitTree(repo, tree, [parent], message);
}

/** Did an earlier run make this commit? Two hooks may both be installed. */
function isOurs(repo: Repo, oid: string): boolean {
	return listEntries(repo).some(entry => entry.scope === 'commit' && entry.new === oid);
}

function alreadyPushed(plan: Plan) {
	return {
		code: 'already-pushed',
		what: 'The merge commit forks the migration history, and it is pushed already.',
		nodes: plan.forks.map(({leaf}) => leaf),
		paths: plan.changes.map(({path}) => path),
		why: 'A pushed commit is never replaced: others may have it.',
		next: 'migration-guard fix --commit',
	};
}
