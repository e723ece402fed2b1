import {nodeKey} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import type {MeetingPlan} from '../plan/plan-meeting.ts';
import type {Refusal} from '../refusal.ts';
import type {ReplayKind} from './replay-words.ts';
import {COMMITS} from './replay-words.ts';

/** The side that would have to move is the one that was rebased onto. */
export function ontoUnpublished({appPlans}: MeetingPlan): Refusal {
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

/** The last one of several was resolved by hand: git goes on with the index it has in memory, so this is no moment to move HEAD. */
export function indexHeld(plan: Plan, kind: ReplayKind): Refusal {
	return {
		code: 'index-held',
		what: `The ${COMMITS[kind]} fork the migration history, and are left as git made them for now.`,
		nodes: plan.forks.map(({leaf}) => leaf),
		paths: [],
		why: 'After `--continue` git holds its own index in memory until it ends.',
		next: 'migration-guard fix',
	};
}

/** The new commits are pushed. */
export function alreadyPushed(plan: Plan, kind: ReplayKind): Refusal {
	return {
		code: 'already-pushed',
		what: `The ${COMMITS[kind]} fork the migration history, and they are pushed already.`,
		nodes: plan.forks.map(({leaf}) => leaf),
		paths: plan.changes.map(({path}) => path),
		why: 'A pushed commit is never replaced: others may have it.',
		next: 'migration-guard fix --commit',
	};
}
