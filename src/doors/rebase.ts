import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {copyCommits, objectBatch, writeTrees} from '../git/objects.ts';
import {emptyTree, headRef, pseudoRef, type Repo} from '../git/repo.ts';
import {commitInfos, commitsBetween, isPushed, mergeBases} from '../git/revisions.ts';
import {identityIn} from '../history/renumbered.ts';
import {meetingOnto} from '../history/rebased.ts';
import type {Files} from '../history/revision.ts';
import {folderOf, stemOf} from '../history/revision.ts';
import type {Assembly, Entry} from '../history/meeting.ts';
import {type Arm, armsOf, type Rank} from '../history/sides.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';
import type {Change, Plan} from '../plan/plan.ts';
import {type MeetingPlan, type PlanOptions, planMeeting} from '../plan/plan-meeting.ts';
import type {Refusal} from '../refusal.ts';
import {applyTransition} from '../worktree/apply.ts';
import {isUndone} from '../worktree/undo.ts';
import {translateAutostash} from './autostash.ts';
import {type Ground, openGround} from './ground.ts';
import {labelSides, nameCommits, shortRef} from './label.ts';
import {fetchDifferences, labelsOf, standingOf, stampFinder} from './meeting.ts';
import {findLeftMentions, followOutside} from './mentions.ts';
import {NOTHING, type Outcome, type SideLabel, unchanged, withNodes} from '../plan/outcome.ts';
import type {Settings} from './settings.ts';
import {updatedRefs} from './update-refs.ts';
import {pathChanges, storeDrafts} from './write.ts';

/** A run of commits that git has put on top of others. */
export interface Replay {
	/** What they were put on; its commits are never rewritten. */
	readonly onto: string;
	/** Where the branch was before. */
	readonly start: string;
	/** The finished tip. */
	readonly head: string;
	/** Parents first. */
	readonly range: readonly string[];
}

/** Read git's own notes of the rebase that has just finished (post-rewrite runs before git removes them). */
export function finishedRebase(repo: Repo, head: string): Replay | null {
	const read = (name: string): string | null => {
		const files = ['rebase-merge', 'rebase-apply'].map(folder => join(repo.gitDir, folder, name)).filter(file => existsSync(file));
		return files[0] === undefined ? null : readFileSync(files[0], 'utf8').trim();
	};
	const start = read('orig-head') ?? pseudoRef(repo, 'ORIG_HEAD');
	if (start === null) return null;
	// The apply backend keeps no `onto` unless it stopped once, but a list of what it made: `old new`, in order.
	const first = /^\S+ (\S+)/.exec(read('rewritten') ?? '')?.[1];
	const onto = read('onto') ?? (first === undefined ? null : (commitInfos(repo, [first])[0]!.parents[0] ?? null));
	const range = onto === null ? [] : commitsBetween(repo, [head], [onto, start]);
	return onto === null || range.length === 0 ? null : {onto, start, head, range};
}

/** Give every commit of a finished rebase its own part of the renumbering. The names are decided once, at the tip. */
export function resolveReplay(repo: Repo, replay: Replay, settings: Settings, kind: 'rebase' | 'cherry-pick' | 'am' = 'rebase'): Outcome {
	const {onto, start, head, range} = replay;
	if (isUndone(repo, head)) return NOTHING;
	const ground = openGround(repo, head, settings.load);
	const fork = mergeBases(repo, onto, start)[0] ?? null;
	const revisions = {fork: fork === null ? new Map() : ground.at(fork), onto: ground.at(onto), start: ground.at(start)};
	fetchDifferences(ground, revisions.fork, revisions.onto, revisions.start);
	const labels = labelsOf(ground, [revisions.fork, revisions.onto, revisions.start]);
	const standing = standingOf(ground, settings, {branch: headRef(repo), head: start});
	const options: PlanOptions = {
		strategy: 'renumber',
		// Onto's commits are not rewritten, so among unpublished sides onto stays, whatever local branch it is on.
		rankOf: entry => (standing.rankOf(entry) === 2 ? 2 : 0) as Rank,
		isPublished: standing.isPublished,
		armsOf: ontoFirst,
		stamp: stampFinder(ground, [head]),
		load: ground.load,
		formerly: formerNames(ground, revisions.fork, revisions.start, labels),
	};
	const tip = planMeeting(meetingOnto({...revisions, commit: ground.files, labels}, ground.library), ground.library, options);
	ground.library.save();
	const moving = new Set(tip.plan.forks.flatMap(({moves}) => moves));
	const oids = [onto, start];
	const sides = () => labelSides(repo, nameCommits(repo, oids, new Map(headRef(repo) ? [[start, shortRef(headRef(repo))!]] : [])), oids, moving, fork, settings);
	if (tip.plan.changes.length === 0) return unchanged(tip.plan, sides);
	if (tip.appPlans.some(({arms}) => arms[0]!.side === 1)) return {kind: 'refused', refusals: [ontoUnpublished(tip)], plan: tip.plan, sides: sides()};
	if (isPushed(repo, head)) return {kind: 'refused', refusals: [pushed(tip.plan)], plan: tip.plan, sides: sides()};

	const decided = decidedNames(tip);
	const steps = range.map(oid => planCommit(ground, oid, {...revisions, labels, tip: ground.files}, onto, {...options, decided, rankOf: () => 0, strict: oid !== head}));
	const refusals = steps.flatMap(({plan}) => plan.refusals);
	if (refusals.length > 0) return {kind: 'refused', refusals, plan: tip.plan, sides: sides()};
	return rewrite(ground, replay, steps, tip, kind, sides);
}

interface CommitStep {
	readonly oid: string;
	readonly plan: Plan;
	readonly planned: MeetingPlan;
}

/** One commit's part: its own migrations under the names of the tip, and its own mentions of them. */
function planCommit(
	ground: Ground,
	oid: string,
	revisions: {fork: Files; onto: Files; start: Files; tip: Files; labels: ReadonlyMap<string, string>},
	onto: string,
	options: PlanOptions,
): CommitStep {
	const commit = ground.at(oid);
	fetchDifferences(ground, commit);
	const here: Ground = {...ground, files: commit};
	const planned = planMeeting(meetingOnto({...revisions, commit}, ground.library), ground.library, options);
	const outside = followOutside({...here, everything: ground.entriesAt(oid)}, planned.decisions.renames, [{side: 1, from: onto, to: oid}]);
	const plan = {...planned.plan, steps: [...planned.plan.steps, ...outside.steps], changes: [...planned.plan.changes, ...outside.changes]};
	return {oid, plan, planned};
}

function rewrite(ground: Ground, replay: Replay, steps: readonly CommitStep[], tip: MeetingPlan, kind: string, sides: () => readonly SideLabel[]): Outcome {
	const {repo, library} = ground;
	const batch = objectBatch(repo);
	const stored = steps.map(({oid, plan}) => ({oid, changes: storeDrafts(repo, library, plan.changes, batch)}));
	const trees = writeTrees(
		repo,
		stored.map(({oid, changes}) => ({base: oid, changes: pathChanges(changes)})),
		batch,
	);
	const copies = copyCommits(
		repo,
		stored.map(({oid}, index) => ({oid, tree: trees[index]!})),
		batch,
	);
	batch.flush();
	const map = new Map(stored.map(({oid}, index) => [oid, copies[index]!.oid]));
	const last = steps.at(-1)!;
	const plan: Plan = {...tip.plan, steps: last.plan.steps, changes: stored.at(-1)!.changes, reported: leftMentions(ground, replay.head, last)};
	const stash = translateAutostash(ground, tip, 1);
	const applied = applyTransition(repo, {
		kind,
		old: replay.head,
		new: map.get(replay.head) ?? replay.head,
		plan,
		start: replay.start,
		side: [...updatedRefs(repo, map), ...(stash ? [stash] : [])],
		reflog: 'migration-guard: renumber',
	});
	if (!applied.ok) return {kind: 'refused', refusals: [withNodes(applied.refusal, plan)], plan, sides: sides()};
	const dropped = copies.filter(({signatureDropped}) => signatureDropped).length;
	const notices = dropped > 0 ? [`${dropped} signatures no longer held and were dropped.`] : [];
	return {kind: 'done', how: 'commits rewritten', plan, sides: sides(), notices};
}

function leftMentions(ground: Ground, head: string, {plan, planned}: CommitStep): Plan['reported'] {
	const followed = new Set(plan.steps.flatMap(step => (step.kind === 'mention' ? [`${step.path}:${step.line}`] : [])));
	return findLeftMentions(ground, head, planned.decisions.renames).filter(({path, line}) => !followed.has(`${path}:${line}`));
}

/** Onto's history against the branch's own migrations, whether or not onto has new ones: a branch may fork what it left from. */
function ontoFirst(app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank): readonly Arm[] {
	const arms = armsOf(app, assembly, rankOf);
	return arms.length === 1 && arms[0]!.side === 1 ? [{side: 0, own: [], rank: 0}, {...arms[0]!, rank: 0}] : arms;
}

/** Old name → new name of what moves at the tip: every commit must use the same. */
function decidedNames({decisions}: MeetingPlan): (entry: Entry) => string | null {
	const names = new Map([...decisions.names].map(([entry, name]) => [nodeKey(entry.app, entry.name), name]));
	return entry => (entry.side === 1 ? (names.get(nodeKey(entry.app, entry.name)) ?? null) : null);
}

/** Names the branch's migrations had before the rebase, where a renumbering merge that the rebase dropped had given them new ones. */
function formerNames({library}: Ground, fork: Files, start: Files, labels: ReadonlyMap<string, string>): ReadonlyMap<NodeKey, string> {
	const names = new Map<NodeKey, string>();
	for (const [path, file] of start) {
		const app = labels.get(folderOf(path));
		const identity = app === undefined || fork.has(path) || !isMigrationFile(path) ? null : identityIn(library, file);
		if (app !== undefined && identity !== null) names.set(nodeKey(app, stemOf(path)), identity);
	}
	return names;
}

function ontoUnpublished({appPlans}: MeetingPlan): Refusal {
	const held = appPlans.filter(({arms}) => arms[0]!.side === 1);
	return {
		code: 'onto-holds-unpublished',
		what: 'The rebase forks the migration history, and the side that would have to move is the one you rebased onto.',
		nodes: held.flatMap(({app, arms}) => arms.slice(1).flatMap(arm => arm.own.map(({name}) => nodeKey(app, name)))),
		paths: [],
		why: 'What you rebased is published and keeps its names; the commits of the branch you rebased onto are not for a rebase to rewrite.',
		next: 'migration-guard fix',
	};
}

function pushed(plan: Plan): Refusal {
	return {
		code: 'already-pushed',
		what: 'The rebased commits fork the migration history, and they are pushed already.',
		nodes: plan.forks.map(({leaf}) => leaf),
		paths: plan.changes.map(({path}: Change) => path),
		why: 'A pushed commit is never replaced: others may have it.',
		next: 'migration-guard fix --commit',
	};
}
