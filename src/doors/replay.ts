import {copyCommits, objectBatch, writeTrees} from '../git/objects.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {isPushed, mergeBases} from '../git/revisions.ts';
import type {Assembly, Entry} from '../history/meeting.ts';
import {meetingOnto} from '../history/rebased.ts';
import {identityIn} from '../history/renumbered.ts';
import type {Files} from '../history/revision.ts';
import {folderOf, stemOf} from '../history/revision.ts';
import {type Arm, armsOf, type Rank} from '../history/sides.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';
import {NOTHING, type Outcome, type SideLabel, unchanged, withNodes} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import {type MeetingPlan, type PlanOptions, planMeeting} from '../plan/plan-meeting.ts';
import type {Refusal} from '../refusal.ts';
import {applyTransition} from '../worktree/apply.ts';
import {isUndone} from '../worktree/undo.ts';
import {translateAutostash} from './autostash.ts';
import {backportNotices, backportRefused, leftDangling, orphanNotices, publishedMoves} from './backport.ts';
import type {Replay} from './finished-rebase.ts';
import {type Ground, openGround} from './ground.ts';
import {judgeReplay, type ReplayFiles} from './judge-replay.ts';
import {renamedBy} from './judged.ts';
import {fetchDifferences, labelsOf, stampFinder, standingOf} from './meeting.ts';
import {findLeftMentions, followOutside} from './mentions.ts';
import {alreadyPushed, ontoUnpublished} from './replay-refusals.ts';
import {HOW, type ReplayKind, replaySides} from './replay-words.ts';
import type {Settings} from './settings.ts';
import {signed} from './signing.ts';
import {updatedRefs} from './update-refs.ts';
import {pathChanges, storeDrafts} from './write.ts';

export interface ReplayOptions {
	readonly dryRun?: boolean;
	/** Say, too, whether it commutes with what it was put on. */
	readonly judge?: boolean;
}

/** Give every commit of a finished rebase its own part of the renumbering. The names are decided once, at the tip. */
export function resolveReplay(
	repo: Repo,
	replay: Replay,
	settings: Settings,
	kind: ReplayKind = 'rebase',
	options: ReplayOptions = {},
): Outcome {
	const {onto, start, head} = replay;
	if (isUndone(repo, head)) return NOTHING;
	const ground = openGround(repo, head, settings.load);
	const fork = mergeBases(repo, onto, start)[0] ?? null;
	const revisions = {fork: fork === null ? new Map() : ground.at(fork), onto: ground.at(onto), start: ground.at(start)};
	const outcome = rewriteReplay(ground, replay, {...revisions, base: fork}, settings, kind, options.dryRun ?? false);
	// What a revert takes back is not the work of another side.
	const found = options.judge && fork !== null && kind !== 'revert' ? judgeReplay(ground, revisions, settings) : null;
	ground.library.save();
	if (!found) return outcome;
	return {...outcome, judged: outcome.kind === 'done' ? renamedBy(outcome.plan, found) : found};
}

function rewriteReplay(
	ground: Ground,
	replay: Replay,
	{base: fork, ...revisions}: ReplayFiles & {readonly base: string | null},
	settings: Settings,
	kind: ReplayKind,
	dryRun: boolean,
): Outcome {
	const {repo} = ground;
	const {onto, before, head, range} = replay;
	fetchDifferences(ground, revisions.fork, revisions.onto, revisions.start);
	const labels = labelsOf(ground, [revisions.fork, revisions.onto, revisions.start]);
	const branch = headRef(repo);
	const standing = standingOf(ground, settings, {branch, head: before});
	const isRebase = kind === 'rebase';
	const isPublished = (entry: Entry) => entry.side === 1 && standing.rankOf(entry) === 2;
	const options: PlanOptions = {
		strategy: 'renumber',
		// Onto's commits are not rewritten, so among unpublished sides onto stays, whatever local branch it is on.
		// A picked migration that is published moves too, under its own name.
		rankOf: entry => (isRebase && standing.rankOf(entry) === 2 ? 2 : 0) as Rank,
		keepsName: entry => !isRebase && isPublished(entry),
		adopt: !isRebase,
		isPublished: standing.isPublished,
		armsOf: ontoFirst,
		stamp: stampFinder(ground, [head]),
		load: ground.load,
		formerly: formerNames(ground, revisions.fork, revisions.start, labels),
	};
	const meeting = meetingOnto({...revisions, commit: ground.files, labels}, ground.library);
	const first = planMeeting(meeting, ground.library, options);
	const backported = publishedMoves(first, isPublished);
	const isMerged = settings.backport === 'merge' && backported.length > 0 && orphanNotices(first).length === 0;
	const tip = isMerged ? planMeeting(meeting, ground.library, {...options, strategy: 'merge'}) : first;
	const moving = new Set(tip.plan.forks.flatMap(({moves}) => moves));
	const sides = () => replaySides(repo, replay, kind, branch, fork, moving, settings);
	const refuse = (...refusals: readonly Refusal[]): Outcome => ({kind: 'refused', refusals, plan: tip.plan, sides: sides()});
	const dangling = isRebase ? [] : leftDangling(ground.load(revisions.onto), ground.load(outcomeOf(ground.files, tip)), kind);
	if (tip.plan.changes.length === 0)
		return dangling.length > 0 ? refuse(...tip.plan.refusals, ...dangling) : unchanged(tip.plan, sides);
	if (tip.appPlans.some(({arms}) => arms[0]!.side === 1)) return refuse(ontoUnpublished(tip));
	if (isPushed(repo, head)) return refuse(alreadyPushed(tip.plan, kind));
	if (backported.length > 0 && settings.backport === 'refuse') return refuse(backportRefused(backported));

	if (dryRun) return {kind: 'done', how: 'dry run', plan: tip.plan, sides: sides(), notices: []};
	const decided = decidedNames(tip);
	const steps = range.map(oid =>
		isMerged
			? {oid, plan: oid === head ? tip.plan : {...tip.plan, changes: []}, planned: tip}
			: planCommit(ground, oid, {...revisions, labels, tip: ground.files}, onto, {
					...options,
					decided,
					rankOf: () => 0,
					strict: oid !== head,
				}),
	);
	const refusals = steps.flatMap(({plan}) => plan.refusals);
	if (refusals.length > 0) return refuse(...refusals);
	const outcome = rewrite(ground, replay, steps, tip, kind, sides);
	if (outcome.kind !== 'done' || isRebase) return outcome;
	const notices = [...(isMerged ? [] : backportNotices(backported)), ...orphanNotices(tip), ...outcome.notices];
	return {...outcome, notices, plan: {...outcome.plan, refusals: [...outcome.plan.refusals, ...dangling]}};
}

/** The guarded files as a plan leaves them. */
function outcomeOf(files: Files, {plan}: MeetingPlan): Files {
	const result = new Map(files);
	for (const {path, after} of plan.changes) after ? result.set(path, after) : result.delete(path);
	return result;
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
	const outside = followOutside({...here, everything: ground.entriesAt(oid)}, planned.decisions.renames, [
		{side: 1, from: onto, to: oid},
	]);
	const plan = {
		...planned.plan,
		steps: [...planned.plan.steps, ...outside.steps],
		changes: [...planned.plan.changes, ...outside.changes],
	};
	return {oid, plan, planned};
}

function rewrite(
	ground: Ground,
	replay: Replay,
	steps: readonly CommitStep[],
	tip: MeetingPlan,
	kind: ReplayKind,
	sides: () => readonly SideLabel[],
): Outcome {
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
	const final = signed(repo, copies);
	const last = steps.at(-1)!;
	const plan: Plan = {
		...tip.plan,
		steps: last.plan.steps,
		changes: stored.at(-1)!.changes,
		reported: leftMentions(ground, replay.head, last),
	};
	if ('code' in final) return {kind: 'refused', refusals: [withNodes(final, plan)], plan, sides: sides()};
	const map = new Map(stored.map(({oid}, index) => [oid, final.get(copies[index]!.oid)!]));
	const stash = translateAutostash(ground, tip, 1);
	const pairs = [...map].filter(([old, now]) => old !== now);
	const notes = {kind: 'notes' as const, command: 'rebase' as const, pairs};
	const applied = applyTransition(repo, {
		kind,
		old: replay.head,
		new: map.get(replay.head) ?? replay.head,
		plan,
		start: replay.before,
		side: [...updatedRefs(repo, map), ...(stash ? [stash] : []), notes],
		reflog: 'migration-guard: renumber',
	});
	if (!applied.ok) return {kind: 'refused', refusals: [withNodes(applied.refusal, plan)], plan, sides: sides()};
	return {kind: 'done', how: HOW[kind], plan, sides: sides(), notices: []};
}

function leftMentions(ground: Ground, head: string, {plan, planned}: CommitStep): Plan['reported'] {
	const followed = new Set(plan.steps.flatMap(step => (step.kind === 'mention' ? [`${step.path}:${step.line}`] : [])));
	return findLeftMentions(ground, head, planned.decisions.renames).filter(({path, line}) => !followed.has(`${path}:${line}`));
}

/** Onto's history against the branch's own migrations, whether or not onto has new ones: a branch may fork what it left from. */
function ontoFirst(app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank): readonly Arm[] {
	const arms = armsOf(app, assembly, rankOf);
	return arms.length === 1 && arms[0]!.side === 1
		? [
				{side: 0, own: [], rank: 0},
				{...arms[0]!, rank: 0},
			]
		: arms;
}

/** Old name → new name of what moves at the tip: every commit must use the same. */
function decidedNames({decisions}: MeetingPlan): (entry: Entry) => string | null {
	const names = new Map([...decisions.names].map(([entry, name]) => [nodeKey(entry.app, entry.name), name]));
	return entry => (entry.side === 1 ? (names.get(nodeKey(entry.app, entry.name)) ?? null) : null);
}

/** Names the branch's migrations had before the rebase, where a renumbering merge that the rebase dropped had given them new ones. */
function formerNames(
	{library}: Ground,
	fork: Files,
	start: Files,
	labels: ReadonlyMap<string, string>,
): ReadonlyMap<NodeKey, string> {
	const names = new Map<NodeKey, string>();
	for (const [path, file] of start) {
		const app = labels.get(folderOf(path));
		const identity = app === undefined || fork.has(path) || !isMigrationFile(path) ? null : identityIn(library, file);
		if (app !== undefined && identity !== null) names.set(nodeKey(app, stemOf(path)), identity);
	}
	return names;
}
