import type {Refusal} from '../refusal.ts';
import type {Verdict} from '../state/work.ts';
import type {Plan} from './plan.ts';

/** What a door did, and what it has to say of work that does not commute. */
export type Outcome = Done & {readonly judged?: Judged};

/** Work of two sides that does not commute. */
export interface Judged {
	/** `stopped`: git's command ends here, for a person to decide. `told`: nothing could stop, or was to. */
	readonly how: 'stopped' | 'told';
	/** What the team wants to be stopped by, and has not seen. */
	readonly stops: readonly Verdict[];
	readonly warns: readonly Verdict[];
	/** What this very merge was stopped for before. */
	readonly reminded: readonly Verdict[];
	/** Why it could not be judged, or null. */
	readonly failed: string | null;
}

type Done =
	| {readonly kind: 'nothing'}
	/** `how`: what was changed: the commit replaced, commits rewritten, index and worktree, or nothing yet (--dry-run). */
	| {
			readonly kind: 'done';
			readonly how: How;
			readonly plan: Plan;
			readonly sides: readonly SideLabel[];
			readonly notices: readonly string[];
	  }
	/** Nothing to change, but something to say: a published migration was edited. */
	| {readonly kind: 'noticed'; readonly plan: Plan; readonly sides: readonly SideLabel[]}
	| {
			readonly kind: 'refused';
			readonly refusals: readonly Refusal[];
			readonly plan: Plan | null;
			readonly sides: readonly SideLabel[];
	  };

export type How =
	| 'merge commit replaced'
	| 'merge commit made'
	| 'commit added'
	| 'commits rewritten'
	| 'picks rewritten'
	| 'reverts rewritten'
	| 'patches rewritten'
	| 'index and worktree'
	| 'staged'
	| 'dry run';

/** How people call a side, and how old its oldest unmerged migration is. */
export interface SideLabel {
	readonly name: string;
	/** Author date (seconds) of the oldest unmerged commit of this side that touches a migration; null: none, or not asked. */
	readonly oldest: number | null;
}

/** The outcome of a plan without changes. */
export function unchanged(plan: Plan, sides: () => readonly SideLabel[]): Outcome {
	if (plan.refusals.length > 0) return {kind: 'refused', refusals: plan.refusals, plan, sides: sides()};
	return plan.steps.length > 0 ? {kind: 'noticed', plan, sides: sides()} : NOTHING;
}

/** A refusal that knows only paths, with the migrations that were to stand there. */
export function withNodes(refusal: Refusal, plan: Plan): Refusal {
	if (refusal.nodes.length > 0) return refusal;
	const nodes = plan.steps.flatMap(step =>
		step.kind === 'renumber' && [step.path, step.newPath].some(path => refusal.paths.includes(path)) ? [step.to] : [],
	);
	return {...refusal, nodes};
}

export const NOTHING: Outcome = {kind: 'nothing'};
