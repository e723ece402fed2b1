import {nodeKey} from '../migrations/key.ts';
import type {MeetingPlan} from '../plan/plan-meeting.ts';

/** Two histories without a common ancestor, none of which is known to be mainline: nobody can say who moves. */
export function undecidable(planned: MeetingPlan): MeetingPlan {
	const nodes = planned.appPlans.flatMap(({app, arms}) => arms.flatMap(arm => arm.own.map(({name}) => nodeKey(app, name))));
	const refusal = {
		code: 'mainline-undecidable',
		what: 'The migration history is forked, and it cannot be told which side is mainline.',
		nodes,
		paths: [],
		why: 'The histories have no common ancestor, and neither is on a mainline ref.',
		next: 'migration-guard fix --mainline REF',
	};
	return {...planned, plan: {forks: [], steps: [], changes: [], reported: [], refusals: [...planned.plan.refusals, refusal]}};
}
