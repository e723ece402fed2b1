import {UsageError} from '../errors.ts';
import type {Assembly, Entry} from '../history/meeting.ts';
import {type Arm, armsOf, type Rank} from '../history/sides.ts';
import {appOf, type NodeKey, nodeKey} from '../migrations/key.ts';
import type {Outcome} from '../plan/outcome.ts';
import type {Ground} from './ground.ts';
import {moversOf} from './left-alone.ts';
import {planStanding} from './plan-standing.ts';
import type {Settings} from './settings.ts';

/** Who moves, because a person named it. */
export interface Chosen {
	/** The arm with that migration moves, whatever the ranks say; all others stay in their order. */
	readonly armsOf: (app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank) => readonly Arm[];
	/** Was it in what was planned? */
	readonly isMet: () => boolean;
	/** The outcome, with what is to be said of the choice. */
	readonly told: (outcome: Outcome) => Outcome;
}

/** As many as a person will read. */
const MOST = 12;

/**
 * Choose a migration of a fork that stands. Throws UsageError where there is no such migration, or it is in no fork.
 * @param alone resolve no other app: what a person took back is not done again by itself
 */
export function choose(ground: Ground, settings: Settings, head: string | null, node: NodeKey, alone: boolean): Chosen {
	const {planned, arms} = planStanding(ground, settings, head);
	const app = appOf(node);
	const inForks = [...arms].flatMap(([forked, all]) => all.flatMap(arm => arm.own.map(({name}) => nodeKey(forked, name))));
	if (!inForks.includes(node)) throw new UsageError(notToBeNamed(node, ground, [...new Set(inForks)]));
	const left = alone ? moversOf(planned).filter(mover => appOf(mover) !== app) : [];
	const isLeft = (nodes: readonly NodeKey[]) => alone && nodes.length > 0 && nodes.every(other => appOf(other) !== app);
	let isMet = false;
	let published: readonly NodeKey[] = [];
	return {
		armsOf(forked, assembly, rankOf) {
			const all = armsOf(forked, assembly, rankOf);
			if (forked !== app) return alone ? [] : all;
			const holds = (arm: Arm) => arm.own.some(({name}) => nodeKey(forked, name) === node);
			if (all.length < 2 || !all.some(holds)) return all;
			isMet = true;
			const moving = all.filter(holds);
			published = moving.flatMap(arm => arm.own.filter(entry => rankOf(entry) === 2).map(({name}) => nodeKey(forked, name)));
			return [...all.filter(arm => !holds(arm)), ...moving.map(arm => ({...arm, rank: 0 as const}))];
		},
		isMet: () => isMet,
		told(outcome) {
			if (outcome.kind !== 'done') return outcome;
			const others = outcome.plan.forks.map(fork => fork.app).filter(forked => forked !== app);
			const notices = [...warnings(published), ...resolvedToo(app, others), ...left.map(leftOut), ...outcome.notices];
			const refusals = outcome.plan.refusals.filter(({nodes}) => !isLeft(nodes));
			return {...outcome, plan: {...outcome.plan, refusals}, notices};
		},
	};
}

function notToBeNamed(node: NodeKey, ground: Ground, inForks: readonly NodeKey[]): string {
	const isThere = ground.load(ground.files).nodes.has(node);
	const what = `--renumber ${node}: ${isThere ? 'it is in no fork' : 'there is no such migration'}`;
	if (inForks.length === 0) return `${what}, and nothing is forked here`;
	const shown = inForks.slice(0, MOST).join(', ');
	return `${what}; to be named: ${shown}${inForks.length > MOST ? ` and ${inForks.length - MOST} more` : ''}`;
}

function warnings(published: readonly NodeKey[]): string[] {
	if (published.length === 0) return [];
	const [are, move] = published.length === 1 ? ['is', 'moves'] : ['are', 'move'];
	return [
		`  WARNING: ${published.join(', ')} ${are} published, and ${move} only because you named it: databases and branches of others know the old name`,
	];
}

function resolvedToo(app: string, others: readonly string[]): string[] {
	if (others.length === 0) return [];
	return [`  You chose for ${app}; ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} resolved as plain fix does.`];
}

function leftOut(mover: NodeKey): string {
	return `  ${appOf(mover)} is forked, too, and left alone because its renumbering was undone; to resolve it: migration-guard fix --renumber ${mover}`;
}
