import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Drift} from './drift.ts';
import type {EnvironmentFacts, Tree} from './environment.ts';
import {migrateTo} from './migrate-to.ts';

/** In what environments differ from each other, and from the tree. */
export function driftBetween(environments: readonly EnvironmentFacts[], tree: Tree): Drift[] {
	const applied = new Map<NodeKey, EnvironmentFacts[]>();
	for (const environment of environments) {
		for (const {key} of environment.listed.values()) {
			if (environment.isApplied(key)) applied.set(key, [...(applied.get(key) ?? []), environment]);
		}
	}
	const vanished = [...applied].filter(([key]) => isVanished(tree, key));
	const gone = new Set(vanished.map(([key]) => key));
	return [
		...vanished.map(([key, where]) => vanishedAt(tree, key, where)),
		...environments.flatMap(environment => behind(environment, applied, gone)),
		...environments.flatMap((first, index) => environments.slice(index + 1).flatMap(second => otherOrder(first, second))),
	];
}

/** Apps that are not in the tree are packages': their migrations are nowhere in it. */
function isVanished({project, graph}: Tree, key: NodeKey): boolean {
	const app = appOf(key);
	return (
		project.folders.some(folder => folder.app === app) &&
		!project.nodes.has(key) &&
		graph.resolve(app, key.slice(app.length + 1)) === null
	);
}

function vanishedAt({whereabouts}: Tree, key: NodeKey, where: readonly EnvironmentFacts[]): Drift {
	const found = whereabouts(key);
	const names = where.map(({name}) => name);
	const renamed = found?.renamedTo ?? null;
	return {
		kind: 'vanished',
		app: appOf(key),
		nodes: [key, ...(renamed === null ? [] : [renamed])],
		environments: names,
		what: `${key} is applied in ${names.join(', ')}, and the tree has no such file${found ? `: ${found.said}` : ''}`,
		next: renamed
			? {environment: names[0]!, command: 'migration-guard db status', why: `a plain migrate would run it again as ${renamed}`}
			: {
					environment: names[0]!,
					command: `showmigrations ${appOf(key)}`,
					why: 'deploy nothing without that file before it is known why it has gone',
				},
	};
}

/** What others have applied: known here and waiting, or not known to the code that is deployed here. */
function behind(
	environment: EnvironmentFacts,
	applied: ReadonlyMap<NodeKey, readonly EnvironmentFacts[]>,
	gone: ReadonlySet<NodeKey>,
): Drift[] {
	const {name} = environment;
	const missing = [...applied].filter(([key]) => environment.shows(appOf(key)) && !environment.isApplied(key) && !gone.has(key));
	return environment.apps.flatMap(app => {
		const own = missing.filter(([key]) => appOf(key) === app);
		const waiting = environment.order.filter(key => own.some(([other]) => other === key));
		// What a listed squash replaces is applied with it.
		const unknown = own.filter(([key]) => !environment.knows(key));
		const names = (keys: readonly NodeKey[]) => [
			...new Set(own.filter(([key]) => keys.includes(key)).flatMap(([, where]) => where.map(each => each.name))),
		];
		const last = waiting.at(-1);
		const drifts: Drift[] = [];
		if (last !== undefined) {
			drifts.push({
				kind: 'behind',
				app,
				nodes: waiting,
				environments: [name],
				what: `${name} has not applied ${waiting.join(', ')}; ${names(waiting).join(', ')} has`,
				next: {environment: name, command: migrateTo(last), why: 'brings it as far as the others'},
			});
		}
		if (unknown.length > 0) {
			const keys = unknown.map(([key]) => key);
			drifts.push({
				kind: 'code',
				app,
				nodes: keys,
				environments: [name],
				what: `the code of ${name} does not have ${keys.join(', ')}; ${names(keys).join(', ')} has applied ${keys.length > 1 ? 'them' : 'it'}`,
				next: {
					environment: name,
					command: `migrate ${app}`,
					why: 'after the newer code is deployed there; an order of its own would come of other migrations made on the older',
				},
			});
		}
		return drifts;
	});
}

/** By the times of `--list --verbosity 2` where both have them (they tell what really ran first), else by the two plans. The first pair of an app is enough. */
function otherOrder(first: EnvironmentFacts, second: EnvironmentFacts): Drift[] {
	return first.apps.flatMap((app): Drift[] => {
		const shared = first.order.filter(key => appOf(key) === app && second.listed.has(key));
		const ranks = [first, second].map(environment => rankIn(environment, shared));
		const byTime = ranks.every(({isTime}) => isTime);
		if (!byTime && ranks.some(({isTime}) => isTime)) return [];
		const [one, other] = ranks as [Rank, Rank];
		for (const [index, a] of shared.entries()) {
			for (const b of shared.slice(index + 1)) {
				const [early, late] = one.before(a, b) ? [a, b] : [b, a];
				if (!one.before(early, late) || !other.before(late, early)) continue;
				return [
					{
						kind: 'order',
						app,
						nodes: [early, late],
						environments: [first.name, second.name],
						what: byTime
							? `${first.name} applied ${early} before ${late}, ${second.name} after it`
							: `${first.name} would run ${early} before ${late}, ${second.name} after it: their code is not the same`,
						next: null,
					},
				];
			}
		}
		return [];
	});
}

interface Rank {
	readonly isTime: boolean;
	before(a: NodeKey, b: NodeKey): boolean;
}

function rankIn({listed, order}: EnvironmentFacts, keys: readonly NodeKey[]): Rank {
	const times = new Map(keys.map(key => [key, listed.get(key)?.appliedAt ?? null]));
	if (keys.length > 0 && keys.some(key => times.get(key) !== null)) {
		// What ran in one second says nothing; nor does what has not run.
		return {
			isTime: true,
			before: (a, b) => {
				const [x, y] = [times.get(a) ?? null, times.get(b) ?? null];
				return x !== null && y !== null && x < y;
			},
		};
	}
	const at = new Map(order.map((key, index) => [key, index]));
	return {isTime: false, before: (a, b) => (at.get(a) ?? 0) < (at.get(b) ?? 0)};
}
