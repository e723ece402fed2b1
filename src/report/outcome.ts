import {appOf, nameOf} from '../migrations/key.ts';
import {isStale, staleLine} from '../plan/age.ts';
import type {How, Outcome, SideLabel} from '../plan/outcome.ts';
import type {ForkStory, Plan, Step} from '../plan/plan.ts';
import {refusalText} from './refusal.ts';
import {count} from './words.ts';

const LONGEST_LIST = 12;
const WEEK = 7 * 24 * 3600;

/** What a door did, for a tired reader: what was forked, what moved, how to get git's own result back. `now` in seconds. */
export function describeOutcome(outcome: Outcome, now: number, staleAfter: number | null = WEEK): string[] {
	switch (outcome.kind) {
		case 'nothing':
			return [];
		case 'noticed':
			return describePlan(outcome.plan, outcome.sides);
		case 'refused':
			return outcome.refusals.map(refusal => refusalText(refusal).trimEnd());
		case 'done': {
			const {plan, sides, how, notices} = outcome;
			const refused = plan.refusals.map(refusal => refusalText(refusal).trimEnd());
			return [...describePlan(plan, sides), ...ages(sides, plan, now, staleAfter), ...notices, ending(how), ...refused];
		}
	}
}

/** The steps of a plan, app by app. */
export function describePlan(plan: Plan, sides: readonly SideLabel[]): string[] {
	const lines: string[] = [];
	for (const fork of plan.forks) lines.push(...describeFork(fork, plan.steps, sides));
	const apps = new Set(plan.forks.map(({app}) => app));
	const others = plan.steps.flatMap(step => describeStep(step, apps));
	lines.push(...others.map((line, index) => (plan.forks.length === 0 && index === 0 ? `migration-guard: ${line}` : `  ${line}`)));
	const mentions = plan.steps.filter(step => step.kind === 'mention');
	if (mentions.length > 0)
		lines.push(
			`  ${count(mentions.length, 'mention')} followed: ${capped(mentions.map(({path, line}) => `${path}:${line}`)).join(', ')}`,
		);
	for (const line of capped(
		plan.reported.map(({path, line, from, to}) => `${path}:${line} still says ${from}, which is now ${to}`),
	))
		lines.push(`  ${line}`);
	return lines;
}

function describeFork({app, leaf, stays, moves}: ForkStory, steps: readonly Step[], sides: readonly SideLabel[]): string[] {
	const name = (side: number) => sides[side]?.name ?? 'the other side';
	const merge = steps.find(step => step.kind === 'merge' && appOf(step.node) === app);
	const head =
		merge?.kind === 'merge'
			? `migration-guard: ${app} was forked and both sides are published: ${merge.node} merges ${merge.parents.map(nameOf).join(' and ')}`
			: sides.length === 0
				? `migration-guard: ${app} was forked; what came later now follows ${leaf}`
				: `migration-guard: ${app} was forked; what ${moves.map(name).join(' and ')} added now follows ${leaf}, the leaf of ${name(stays)}`;
	const moved = steps.flatMap(step => {
		if (step.kind === 'renumber' && appOf(step.from) === app) return [`${step.from} -> ${step.to}`];
		if (step.kind === 'repoint' && appOf(step.node) === app && !isRenamed(step.node, steps))
			return [`${step.node} now depends on ${step.to}`];
		return [];
	});
	return [head, ...capped(moved).map(line => `  ${line}`)];
}

function isRenamed(node: string, steps: readonly Step[]): boolean {
	return steps.some(step => step.kind === 'renumber' && step.to === node);
}

function describeStep(step: Step, apps: ReadonlySet<string>): string[] {
	switch (step.kind) {
		case 'recognise':
			return [`${step.node} is ${step.as} already, under another number: kept once`];
		case 'keep-published':
			return [`${step.node} is published and keeps its name; the branch called it ${step.called}`];
		case 'published-edit':
			return [`${step.node} is published, and was ${step.how}: databases that have it will not notice`];
		case 'repair':
			return [`${step.path} was given another migration's edit by git's rename detection: put right`];
		case 'max-migration':
			return apps.size > 0 ? [] : [`${step.path} names ${step.to}`];
		default:
			return [];
	}
}

function ages(sides: readonly SideLabel[], {forks}: Plan, now: number, staleAfter: number | null): string[] {
	return sides.flatMap(({name, oldest}, side) => {
		if (!isStale(oldest, now, staleAfter)) return [];
		const moved = forks.filter(({moves}) => moves.includes(side)).map(({app, gained, leaf}) => ({app, by: gained, leaf}));
		const line = staleLine(name, oldest!, now, moved);
		return [`  ${line[0]!.toUpperCase()}${line.slice(1)}.`];
	});
}

function ending(how: How): string {
	switch (how) {
		case 'merge commit replaced':
			return "The merge commit carries it; git's own is back with: migration-guard undo";
		case 'merge commit made':
			return 'A merge commit was made that carries it.';
		case 'commits rewritten':
			return "Every rebased commit carries its part; git's own are back with: migration-guard undo";
		case 'picks rewritten':
			return "Every picked commit carries its part; git's own are back with: migration-guard undo";
		case 'reverts rewritten':
			return "The revert carries it; git's own is back with: migration-guard undo";
		case 'patches rewritten':
			return "Every applied patch carries its part; git's own commits are back with: migration-guard undo";
		case 'commit added':
			return 'A commit was added for it; taken back with: migration-guard undo';
		case 'index and worktree':
			return 'It is staged and will be part of the commit; taken back with: migration-guard undo';
		case 'staged':
			return 'It is staged. Commit it with: git commit -m "Make the migration history linear" (taken back with: migration-guard undo)';
		case 'dry run':
			return 'Nothing was changed (--dry-run).';
	}
}

function capped(lines: readonly string[]): string[] {
	return lines.length <= LONGEST_LIST
		? [...lines]
		: [...lines.slice(0, LONGEST_LIST - 1), `… and ${lines.length - LONGEST_LIST + 1} more`];
}
