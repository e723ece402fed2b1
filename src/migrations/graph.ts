import {findCycles} from './cycles.ts';
import {addNode, type GraphBuilder, leavesOf, newBuilder, removeNode, rootsOf} from './graph-builder.ts';
import {addEdges, type OpenReference, reachedContrib} from './graph-edges.ts';
import {appOf, type NodeKey, nodeKey} from './key.ts';
import type {Project} from './project.ts';
import {carryOutReplacements, removeReplacement} from './replacements.ts';

/** django.db.migrations.graph.MigrationGraph of a project with nothing applied. Keys are sorted wherever there are several. */
export interface MigrationGraph {
	/** The live nodes of the tree: replaced ones are gone, Django's own are not among them. */
	readonly keys: readonly NodeKey[];
	/** The apps of the tree that have live nodes. */
	readonly apps: readonly string[];
	/** Parents and children may be nodes of Django's own apps (contrib). */
	parents(key: NodeKey): readonly NodeKey[];
	children(key: NodeKey): readonly NodeKey[];
	leafNodes(app: string): readonly NodeKey[];
	rootNodes(app: string): readonly NodeKey[];
	/** References to migrations that do not exist: Django raises NodeNotFoundError. */
	readonly missing: readonly OpenReference[];
	/** Each cycle as a path from parent to child; of length one: a node that depends on itself. */
	readonly cycles: readonly (readonly NodeKey[])[];
	/** Squashes that replace each other or themselves: Django 6 raises CommandError. */
	readonly squashCycles: readonly NodeKey[];
	/** References to apps that are not in the tree. */
	readonly external: readonly OpenReference[];
	/** The node that a reference from outside means: replaced names lead to their squash. Null: there is none. */
	resolve(app: string, name: string): NodeKey | null;
	/** The live nodes of Django's own apps that the tree reaches. */
	readonly contrib: readonly NodeKey[];
}

/** Nothing is applied; or of what each squash replaces, a part. */
export type Database = 'empty' | 'partly applied';

/**
 * Build the graph as loader.py:MigrationLoader.build_graph does with an empty database; or with one that has applied a part of what each
 * squash replaces, and so sees none of the squashes whose replaced migrations are all still there. Of Django's own apps those take part
 * that the tree reaches, and `contribApps`: who goes back must know what depends on the tree. O(V + E).
 */
export function buildGraph(project: Project, database: Database = 'empty', contribApps: readonly string[] = []): MigrationGraph {
	const builder = newBuilder();
	const tree = [...project.nodes.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
	const contrib = reachedContrib(project, contribApps);
	for (const {key, app} of tree) {
		addNode(builder, key, app);
	}
	for (const {key, app} of contrib) {
		addNode(builder, key, app);
	}
	const {missing, external} = addEdges(builder, project, tree, contrib);
	const replacements = new Map<NodeKey, NodeKey[]>();
	for (const {key, migration} of tree) {
		const targets = migration.replaces.items.flatMap(item => (item.kind === 'node' ? [nodeKey(item.app, item.name)] : []));
		if (targets.length > 0) {
			replacements.set(key, targets);
		}
	}
	if (database === 'partly applied') {
		for (const [squash, targets] of replacements) {
			if (targets.length < 2 || !targets.every(target => project.nodes.has(target))) continue;
			removeReplacement(builder, squash, targets);
			replacements.delete(squash);
		}
	}
	const squashCycles = carryOutReplacements(builder, replacements);
	const dangling = missing.filter(({reference}) => builder.nodes.get(reference)?.dummy);
	// Of two folders with one label only one was loaded: what is missing may be in the other.
	const ambiguous = new Set(project.duplicateLabels.map(({label}) => label));
	const elsewhere = (open: OpenReference) => ambiguous.has(appOf(open.reference));
	for (const node of builder.nodes.values()) {
		if (node.dummy) {
			removeNode(builder, node);
		}
	}
	const cycles = findCycles(builder.nodes.values());
	return describe(
		builder,
		tree.map(({key}) => key),
		contrib.map(({key}) => key).sort(),
		{
			missing: dangling.filter(open => !elsewhere(open)),
			external: [...external, ...dangling.filter(elsewhere)],
			cycles,
			squashCycles,
		},
	);
}

/** loader.py:MigrationLoader.detect_conflicts: the apps with several leaf nodes. */
export function forkedApps(graph: MigrationGraph): {readonly app: string; readonly leaves: readonly NodeKey[]}[] {
	return graph.apps.map(app => ({app, leaves: graph.leafNodes(app)})).filter(({leaves}) => leaves.length > 1);
}

/**
 * The order of `migrate --plan` on an empty database, the reached migrations of Django's own apps included:
 * executor.py:migration_plan of all leaves, graph.py:iterative_dfs. Empty when there is a cycle.
 */
export function fullPlan(graph: MigrationGraph): NodeKey[] {
	if (graph.cycles.length > 0) {
		return [];
	}
	const apps = [...new Set([...graph.apps, ...graph.contrib.map(appOf)])];
	const leaves = apps.flatMap(app => graph.leafNodes(app)).sort();
	// Django starts anew for each leaf and drops what it has already; one set for all gives the same order.
	const seen = new Set<NodeKey>();
	const plan: NodeKey[] = [];
	for (const leaf of leaves) {
		const stack = [{key: leaf, done: false}];
		for (let top = stack.pop(); top; top = stack.pop()) {
			if (seen.has(top.key)) {
				continue;
			}
			if (top.done) {
				seen.add(top.key);
				plan.push(top.key);
				continue;
			}
			stack.push({key: top.key, done: true}, ...graph.parents(top.key).map(key => ({key, done: false})));
		}
	}
	return plan;
}

type Problems = Pick<MigrationGraph, 'missing' | 'external' | 'cycles' | 'squashCycles'>;

function describe(
	builder: GraphBuilder,
	tree: readonly NodeKey[],
	contrib: readonly NodeKey[],
	problems: Problems,
): MigrationGraph {
	const {nodes, replacedBy} = builder;
	const sorted = {parents: new Map<NodeKey, readonly NodeKey[]>(), children: new Map<NodeKey, readonly NodeKey[]>()};
	const neighbours = (key: NodeKey, side: 'parents' | 'children'): readonly NodeKey[] => {
		const known = sorted[side].get(key) ?? (nodes.get(key)?.[side] ?? []).map(node => node.key).sort();
		sorted[side].set(key, known);
		return known;
	};
	const keys = tree.filter(key => nodes.has(key));
	return {
		...problems,
		keys,
		apps: [...new Set(keys.map(appOf))],
		contrib: contrib.filter(key => nodes.has(key)),
		parents: key => neighbours(key, 'parents'),
		children: key => neighbours(key, 'children'),
		leafNodes: app => leavesOf(builder, app),
		rootNodes: app => rootsOf(builder, app),
		resolve(app, name) {
			let key = nodeKey(app, name);
			for (let next = replacedBy.get(key); next !== undefined && !nodes.has(key); next = replacedBy.get(key)) {
				key = next;
			}
			if (nodes.has(key)) {
				return key;
			}
			const ends = name === '__first__' ? rootsOf(builder, app) : name === '__latest__' ? leavesOf(builder, app) : [];
			return ends[0] ?? null;
		},
	};
}
