import type {Ground} from '../doors/ground.ts';
import {migrationIn} from '../history/revision.ts';
import {buildGraph, type MigrationGraph} from '../migrations/graph.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import type {AddedMigration} from './open-branches.ts';

/** How far the mainline's history of an app has moved since a branch built on it. */
export interface Behind {
	readonly app: string;
	/** Migrations of the mainline that do not come before those of the branch. */
	readonly by: number;
	/** The mainline's leaf; null: the mainline has no such app, or a fork in it. */
	readonly leaf: NodeKey | null;
}

/** A way to ask it of many branches; the mainline's graph is built once. */
export function behindMainline(ground: Ground, mainline: string): (adds: readonly AddedMigration[]) => Behind[] {
	const graph = buildGraph(ground.load(ground.at(mainline)));
	const sizes = new Map<string, number>();
	for (const key of graph.keys) sizes.set(appOf(key), (sizes.get(appOf(key)) ?? 0) + 1);
	const before = new Map<NodeKey, ReadonlySet<NodeKey>>();
	const upTo = (key: NodeKey) => {
		const known = before.get(key) ?? withAncestors(graph, key);
		before.set(key, known);
		return known;
	};
	return adds => {
		ground.library.fetchUnread(adds.map(({oid}) => oid));
		return [...new Set(adds.map(({app}) => app))].sort().map(app => {
			const parents = adds.filter(added => added.app === app).flatMap(added => parentsIn(ground, graph, added));
			const seen = new Set(parents.flatMap(parent => [...upTo(parent)]));
			const leaves = graph.leafNodes(app);
			return {app, by: (sizes.get(app) ?? 0) - seen.size, leaf: leaves.length === 1 ? leaves[0]! : null};
		});
	};
}

/** The mainline's migrations of the same app that one names; all of the app's leaves where it cannot be read: nothing is known then. */
function parentsIn({library}: Ground, graph: MigrationGraph, {app, oid}: AddedMigration): readonly NodeKey[] {
	const migration = migrationIn(library, {oid, mode: '100644'});
	if (migration === null) return graph.leafNodes(app);
	return migration.dependencies.items.flatMap(item =>
		item.kind === 'node' && item.app === app ? (graph.resolve(app, item.name) ?? []) : [],
	);
}

function withAncestors(graph: MigrationGraph, key: NodeKey): ReadonlySet<NodeKey> {
	const seen = new Set([key]);
	for (const node of seen) for (const parent of graph.parents(node)) if (appOf(parent) === appOf(key)) seen.add(parent);
	return seen;
}
