import path from 'node:path';
import {mergeTree, objectBatch, writeTree} from '../git/objects.ts';
import {gitPath, headRef, type Repo} from '../git/repo.ts';
import {mergeBases, resolveCommit} from '../git/revisions.ts';
import {writeIndexTree} from '../git/trees.ts';
import {type Judged, NOTHING, type Outcome, unchanged, withNodes} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import type {MeetingPlan, PlanOptions} from '../plan/plan-meeting.ts';
import {applyToIndex} from '../worktree/apply.ts';
import {isUndone} from '../worktree/undo.ts';
import type {Chosen} from './chosen.ts';
import {judgeMerge} from './commute.ts';
import {type Ground, openGround} from './ground.ts';
import {judged, leadOf, remember, renamedBy, stopOnce} from './judged.ts';
import {labelSides, nameCommits, shortRef} from './label.ts';
import {leftAlone} from './left-alone.ts';
import {standingOf} from './meeting.ts';
import {mergedCommits, type Stage} from './merging.ts';
import {mergeBaseOf, planMerge} from './plan-merge.ts';
import {keepPrepared} from './prepared.ts';
import type {Settings} from './settings.ts';
import {pathChanges, storeDrafts} from './write.ts';

export interface IndexOptions {
	readonly dryRun?: boolean;
	/** Say, too, whether the sides commute; in a hook that can stop git's command, stop it. */
	readonly judge?: 'stop' | 'tell';
	/** Do it, also where it was undone. */
	readonly anyway?: boolean;
	/** Who moves, where a person says so. */
	readonly chosen?: Chosen | null;
}

/**
 * A merge is in the index and not yet a commit: make the index (and the worktree) linear, so that the commit will be. What the
 * user settled while resolving stands: only paths that still read as git's merge wrote them are replaced.
 *
 * Work that does not commute is shown, and stops the commit the first time. Before git's own merge commit nothing else is done: changes of the index
 * would not be in it (git: builtin/merge.c prepare_to_commit), and post-merge comes. If it stops there, the result is put in place for whoever edits it.
 *
 * What was undone of this very merge is left as git made it, and judged all the same.
 */
export function resolveIndex(repo: Repo, settings: Settings, stage: Stage, options: IndexOptions = {}): Outcome {
	const head = resolveCommit(repo, 'HEAD');
	const others = head === null ? [] : mergedCommits(repo, stage, head);
	const tree = others.length === 0 ? null : writeIndexTree(repo);
	if (head === null || tree === null) return NOTHING;
	const oids = [head, ...others];
	const merge: IndexMerge = {ground: openGround(repo, tree, settings.load), oids, tree, bases: basesOf(repo, oids)};
	let known: MeetingPlan | null = null;
	const plan = () => (known ??= planIndex(merge, settings, stage, options.chosen?.armsOf));
	const isLeft = options.anyway !== true && isUndone(repo, head, others);
	const found = options.judge ? judgeIndex(merge, settings, plan) : null;
	if (stage === 'merge') {
		if (found) remember(repo, oids, found);
		const isStopped = found !== null && found.stops.length > 0;
		if (!isStopped && !isLeft) prepare(merge, plan().plan);
		merge.ground.library.save();
		if (isLeft) return leftAlone(plan().plan, stage, isStopped ? {...found, how: 'stopped'} : found);
		if (!isStopped) return found ? {kind: 'nothing', judged: found} : NOTHING;
		const outcome = applyPlan(merge, settings, stage, plan());
		return {...outcome, judged: renamedBy(plan().plan, {...found, how: 'stopped'})};
	}
	const told = found && (options.judge === 'stop' ? stopOnce(repo, oids, found) : found);
	if (found && options.judge === 'tell') remember(repo, oids, found);
	plan();
	merge.ground.library.save();
	if (isLeft) return leftAlone(plan().plan, stage, told);
	if (options.chosen && !options.chosen.isMet()) return NOTHING;
	// What `commit -a` or `commit PATH` has in an index of its own is gone when it stops, and the worktree must not be ahead of it.
	if (told?.how === 'stopped' && hasOwnIndex(repo)) return {kind: 'nothing', judged: told};
	const outcome = applyPlan(merge, settings, stage, plan(), options.dryRun);
	return told ? {...outcome, judged: renamedBy(plan().plan, told)} : outcome;
}

/** Whether git commits from another index than the worktree's (git: builtin/commit.c prepare_index). */
function hasOwnIndex(repo: Repo): boolean {
	return path.resolve(gitPath(repo, 'index')) !== path.join(repo.gitDir, 'index');
}

/** Git goes on, and post-merge will ask for the same. */
function prepare({ground, oids, tree, bases}: IndexMerge, planned: Plan): void {
	const {repo, library} = ground;
	const batch = objectBatch(repo);
	const plan = {...planned, changes: storeDrafts(repo, library, planned.changes, batch)};
	const result = writeTree(repo, tree, pathChanges(plan.changes), batch);
	batch.flush();
	keepPrepared(repo, {parents: oids, tree, base: bases[0] ?? null, plan, result});
}

interface IndexMerge {
	readonly ground: Ground;
	/** HEAD first. */
	readonly oids: readonly string[];
	readonly tree: string;
	readonly bases: readonly string[];
}

/** All of two commits; of several the one that all have. */
function basesOf(repo: Repo, oids: readonly string[]): readonly string[] {
	if (oids.length === 2) return mergeBases(repo, oids[0]!, oids[1]!);
	const base = mergeBaseOf(repo, oids);
	return base === null ? [] : [base];
}

function planIndex(
	{ground, oids, tree, bases}: IndexMerge,
	settings: Settings,
	stage: Stage,
	armsOf: PlanOptions['armsOf'],
): MeetingPlan {
	const {repo} = ground;
	const written = stage !== 'merge' && oids.length === 2 ? mergeTree(repo, oids[0]!, oids[1]!).tree : null;
	const before = {branch: headRef(repo), head: oids[0]!};
	return planMerge(ground, {base: bases[0] ?? null, sides: oids, result: tree, git: written}, settings, before, armsOf);
}

function judgeIndex({ground, oids, bases}: IndexMerge, settings: Settings, plan: () => MeetingPlan): Judged | null {
	const {repo} = ground;
	const before = {branch: headRef(repo), head: oids[0]!};
	const files = (commits: readonly string[]) => commits.map(commit => ground.at(commit));
	return judged(settings, () =>
		judgeMerge(ground, files(bases), files(oids), () => leadOf(plan(), oids.length, standingOf(ground, settings, before))),
	);
}

function applyPlan(
	{ground, oids, bases}: IndexMerge,
	settings: Settings,
	stage: Stage,
	meeting: MeetingPlan,
	dryRun = false,
): Outcome {
	const {repo, library} = ground;
	const planned = meeting.plan;
	const names = () => nameCommits(repo, oids, new Map([[oids[0]!, shortRef(headRef(repo)) ?? 'HEAD']]));
	const sides = () =>
		labelSides(repo, names(), oids, new Set(planned.forks.flatMap(({moves}) => moves)), bases[0] ?? null, settings);
	if (planned.changes.length === 0) return unchanged(planned, sides);
	if (dryRun) return {kind: 'done', how: 'dry run', plan: planned, sides: sides(), notices: []};
	const batch = objectBatch(repo);
	const plan = {...planned, changes: storeDrafts(repo, library, planned.changes, batch)};
	batch.flush();
	const kind = stage === 'squash' ? 'squash' : 'merge';
	const applied = applyToIndex(repo, {kind, changes: plan.changes, plan, merged: oids.slice(1)});
	if (!applied.ok) return {kind: 'refused', refusals: [withNodes(applied.refusal, plan)], plan, sides: sides()};
	return {kind: 'done', how: 'index and worktree', plan, sides: sides(), notices: []};
}
