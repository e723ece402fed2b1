import {nodeKey} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import type {MeetingPlan} from '../plan/plan-meeting.ts';
import type {Refusal} from '../refusal.ts';

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

/** The rebased commits are pushed. */
export function alreadyPushed(plan: Plan): Refusal {
	return {
		code: 'already-pushed',
		what: 'The rebased commits fork the migration history, and they are pushed already.',
		nodes: plan.forks.map(({leaf}) => leaf),
		paths: plan.changes.map(({path}) => path),
		why: 'A pushed commit is never replaced: others may have it.',
		next: 'migration-guard fix --commit',
	};
}
