import {emptyTree, type Repo} from '../git/repo.ts';
import {mergeBases} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import type {Plan} from '../plan/plan.ts';
import {type MeetingPlan, type PlanOptions, planMeeting} from '../plan/plan-meeting.ts';
import type {Ground} from './ground.ts';
import {meetingOf, stampFinder, standingOf} from './meeting.ts';
import {findLeftMentions, followOutside} from './mentions.ts';
import type {Settings} from './settings.ts';
import {undecidable} from './undecidable.ts';

/** A merge as its parts: what met, on what base, and the tree that came out. */
export interface Merge {
	readonly base: string | null;
	readonly sides: readonly string[];
	/** The tree-ish that stands. */
	readonly result: string;
	/** What git's own merge wrote; null: exactly what stands. */
	readonly git: string | null;
}

/** Plan a merge, mentions outside the migrations included. */
export function planMerge(
	ground: Ground,
	merge: Merge,
	settings: Settings,
	before: {branch: string | null; head: string},
	chosen?: PlanOptions['armsOf'],
): MeetingPlan {
	const meeting = meetingOf(ground, {base: merge.base, sides: merge.sides, ...(merge.git === null ? {} : {git: merge.git})});
	const planned = planMeeting(meeting, ground.library, {
		strategy: settings.strategy,
		...standingOf(ground, settings, before),
		stamp: stampFinder(ground, merge.sides),
		load: ground.load,
		...(chosen ? {armsOf: chosen} : {}),
	});
	if (merge.base === null && !chosen && planned.appPlans.some(({arms}) => arms[0]!.rank === arms[1]!.rank))
		return undecidable(planned);
	return {...planned, plan: withMentions(ground, planned, merge)};
}

function withMentions(ground: Ground, {plan, decisions}: MeetingPlan, merge: Merge): Plan {
	if (decisions.renames.length === 0) return plan;
	const moving = merge.sides.map((to, side) => ({side, from: merge.base ?? emptyTree(ground.repo), to}));
	const outside = followOutside(ground, decisions.renames, moving);
	const followed = new Set(
		[...plan.steps, ...outside.steps].flatMap(step => (step.kind === 'mention' ? [`${step.path}:${step.line}`] : [])),
	);
	const left = findLeftMentions(ground, merge.result, decisions.renames).filter(
		({path, line}) => !followed.has(`${path}:${line}`),
	);
	const reported = new Map(
		[...plan.reported, ...outside.reported, ...left].map(mention => [`${mention.path}:${mention.line}`, mention]),
	);
	return {
		...plan,
		steps: [...plan.steps, ...outside.steps],
		changes: [...plan.changes, ...outside.changes],
		reported: [...reported.values()],
	};
}

/** The common ancestor of all parents; null for unrelated histories. */
export function mergeBaseOf(repo: Repo, parents: readonly string[]): string | null {
	if (parents.length === 2) return mergeBases(repo, parents[0]!, parents[1]!)[0] ?? null;
	return text(git(repo, ['merge-base', '--octopus', ...parents], {ok: [0, 1]})) || null;
}
