import type {Repo} from '../git/repo.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import {type Judged, NOTHING, type Outcome} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import type {MeetingPlan} from '../plan/plan-meeting.ts';
import type {Refusal} from '../refusal.ts';
import {isUndone} from '../worktree/undo.ts';
import {mergedCommits, type Stage} from './merging.ts';

/** Was what stands here undone: this commit, or the merge or squash into it that is not a commit yet? */
export function isLeftAlone(repo: Repo, head: string): boolean {
	const merging = mergedCommits(repo, 'commit', head);
	if (merging.length > 0) return isUndone(repo, head, merging);
	return isUndone(repo, head) || isUndone(repo, head, mergedCommits(repo, 'squash', head));
}

/** The migrations that a plan moves, or joins, as they are called before it; the first of each app. */
export function moversOf({appPlans}: MeetingPlan): NodeKey[] {
	return appPlans.flatMap(({app, arms, names}) => {
		const [first = arms[1]?.own[0]] = names.keys();
		return first ? [nodeKey(app, first.name)] : [];
	});
}

/** What plain `fix` says where it would do again what a person took back. */
export function wasUndone(planned: MeetingPlan): Refusal {
	const movers = moversOf(planned);
	return {
		code: 'undone',
		what: 'What was renumbered here was undone, so it is left alone until HEAD changes.',
		nodes: movers,
		paths: [],
		why: 'What a person took back is not done again by itself.',
		next: wayBack(planned),
	};
}

/** The command that resolves what was undone. */
export function wayBack(planned: MeetingPlan): string {
	const [first] = planned.appPlans;
	return first?.merge ? 'migration-guard fix --merge' : `migration-guard fix --renumber ${moversOf(planned)[0]}`;
}

/** What a hook says, and all it does, where the merge that is being concluded was undone before. */
export function leftAlone(plan: Plan, stage: Stage, judged: Judged | null): Outcome {
	const outcome: Outcome =
		plan.changes.length === 0 ? NOTHING : {kind: 'refused', refusals: [refusalOf(plan, stage)], plan, sides: []};
	return judged ? {...outcome, judged} : outcome;
}

function refusalOf({steps}: Plan, stage: Stage): Refusal {
	return {
		code: 'undone',
		what: `The renumbering of this ${stage === 'squash' ? 'squash' : 'merge'} was undone, so it is left alone.`,
		nodes: steps.flatMap(step => (step.kind === 'renumber' ? [step.from] : [])),
		paths: [],
		why: 'What a person took back is not done again by itself. The commit will be forked.',
		next: 'migration-guard fix',
	};
}
