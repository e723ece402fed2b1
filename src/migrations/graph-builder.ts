import {appOf, type NodeKey, nameOf} from './key.ts';

/** A node while the graph is built; a dummy stands for a name that no file has. */
export interface GraphNode {
	readonly key: NodeKey;
	readonly app: string;
	readonly dummy: boolean;
	/** Without repetitions. Arrays: most nodes have one parent and one child, and there are thousands of nodes. */
	readonly parents: GraphNode[];
	readonly children: GraphNode[];
}

/** The graph while it is built: graph.py:MigrationGraph, as far as nothing is applied. */
export interface GraphBuilder {
	readonly nodes: Map<NodeKey, GraphNode>;
	/** The live nodes of an app, dummies included: Django counts them for `__first__` and `__latest__`. */
	readonly byApp: Map<string, Set<GraphNode>>;
	/** The roots and leaves that were asked for since the app last changed. */
	readonly ends: {readonly parents: Map<string, readonly NodeKey[]>; readonly children: Map<string, readonly NodeKey[]>};
	/** Removed node → the squash that took its place. */
	readonly replacedBy: Map<NodeKey, NodeKey>;
}

export function newBuilder(): GraphBuilder {
	return {nodes: new Map(), byApp: new Map(), ends: {parents: new Map(), children: new Map()}, replacedBy: new Map()};
}

/** Add a node that exists, or the dummy for one that does not. */
export function addNode(builder: GraphBuilder, key: NodeKey, app: string, dummy = false): GraphNode {
	const node: GraphNode = {key, app, dummy, parents: [], children: []};
	builder.nodes.set(key, node);
	const siblings = builder.byApp.get(app);
	siblings ? siblings.add(node) : builder.byApp.set(app, new Set([node]));
	forgetEnds(builder, app);
	return node;
}

/** graph.py:add_dependency. Missing ends become dummies; validate_consistency complains about those that stay. */
export function addEdge(builder: GraphBuilder, child: NodeKey, parent: NodeKey): void {
	const childNode = builder.nodes.get(child) ?? addNode(builder, child, appOf(child), true);
	const parentNode = builder.nodes.get(parent) ?? addNode(builder, parent, appOf(parent), true);
	// A node has few parents; it may have thousands of children.
	if (childNode.parents.includes(parentNode)) {
		return;
	}
	childNode.parents.push(parentNode);
	parentNode.children.push(childNode);
	if (childNode.app === parentNode.app) {
		forgetEnds(builder, childNode.app);
	}
}

/**
 * loader.py:check_key: what a reference of `app` to a key means in the graph as it is so far. Null: it is ignored. (Where
 * Django raises ValueError, for the first migration of an app that has none, makemigrations ignores it, and so do we.)
 */
export function checkKey(builder: GraphBuilder, key: NodeKey, app: string): NodeKey | null {
	const name = nameOf(key);
	if ((name !== '__first__' && name !== '__latest__') || builder.nodes.has(key)) {
		return key;
	}
	const target = appOf(key);
	if (target === app) {
		return null;
	}
	const ends = name === '__first__' ? rootsOf(builder, target) : leavesOf(builder, target);
	return ends[0] ?? null;
}

/** graph.py:leaf_nodes of one app, sorted. */
export function leavesOf(builder: GraphBuilder, app: string): readonly NodeKey[] {
	return endsOf(builder, app, 'children');
}

/** graph.py:root_nodes of one app, sorted. */
export function rootsOf(builder: GraphBuilder, app: string): readonly NodeKey[] {
	return endsOf(builder, app, 'parents');
}

function endsOf({byApp, ends}: GraphBuilder, app: string, side: 'parents' | 'children'): readonly NodeKey[] {
	const known = ends[side].get(app);
	if (known) {
		return known;
	}
	const found: NodeKey[] = [];
	for (const node of byApp.get(app) ?? []) {
		if (!node[side].some(other => other.app === app)) {
			found.push(node.key);
		}
	}
	found.sort();
	ends[side].set(app, found);
	return found;
}

function forgetEnds({ends}: GraphBuilder, app: string): void {
	ends.parents.delete(app);
	ends.children.delete(app);
}

/** Take a node out, with its edges. */
export function removeNode(builder: GraphBuilder, node: GraphNode): void {
	builder.nodes.delete(node.key);
	builder.byApp.get(node.app)?.delete(node);
	for (const child of node.children) {
		child.parents.splice(child.parents.indexOf(node), 1);
		forgetEnds(builder, child.app);
	}
	for (const parent of node.parents) {
		parent.children.splice(parent.children.indexOf(node), 1);
		forgetEnds(builder, parent.app);
	}
	forgetEnds(builder, node.app);
}
