import type {GraphNode} from './graph-builder.ts';
import type {NodeKey} from './key.ts';

/**
 * The cycles of a graph: one concrete path for each group of nodes that depend on each other, each node the parent of the
 * next and the last the parent of the first, as CircularDependencyError prints them (graph.py:ensure_not_cyclic). A node
 * that depends on itself is a path of one. O(V + E), no recursion.
 */
export function findCycles(nodes: Iterable<GraphNode>): NodeKey[][] {
	const cycles: NodeKey[][] = [];
	for (const group of stronglyConnected(onCycles(nodes))) {
		const [first] = group;
		if (first && (group.size > 1 || first.children.includes(first))) {
			cycles.push(
				pathBack(
					[...group].reduce((a, b) => (b.key < a.key ? b : a)),
					group,
				),
			);
		}
	}
	return cycles.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

/** What is left when nodes without parents are taken away again and again: nothing, in a sound graph. */
function onCycles(nodes: Iterable<GraphNode>): GraphNode[] {
	const open = new Map<GraphNode, number>();
	const free: GraphNode[] = [];
	for (const node of nodes) {
		node.parents.length === 0 ? free.push(node) : open.set(node, node.parents.length);
	}
	for (let node = free.pop(); node; node = free.pop()) {
		for (const child of node.children) {
			const left = (open.get(child) ?? 0) - 1;
			open.set(child, left);
			if (left === 0) {
				open.delete(child);
				free.push(child);
			}
		}
	}
	return [...open.keys()];
}

/** Tarjan's algorithm with its own stack. */
function stronglyConnected(nodes: readonly GraphNode[]): Set<GraphNode>[] {
	const inside = new Set(nodes);
	const index = new Map<GraphNode, number>();
	const low = new Map<GraphNode, number>();
	const path: GraphNode[] = [];
	const onPath = new Set<GraphNode>();
	const groups: Set<GraphNode>[] = [];
	const enter = (node: GraphNode) => {
		index.set(node, index.size);
		low.set(node, index.size - 1);
		path.push(node);
		onPath.add(node);
		return {node, children: node.children.values()};
	};
	const lower = (node: GraphNode, to: number) => low.set(node, Math.min(low.get(node) ?? to, to));
	for (const start of nodes) {
		const stack = index.has(start) ? [] : [enter(start)];
		for (let top = stack.at(-1); top; top = stack.at(-1)) {
			const {value: child} = top.children.next();
			if (child) {
				if (!inside.has(child)) {
					continue;
				}
				if (!index.has(child)) {
					stack.push(enter(child));
				} else if (onPath.has(child)) {
					lower(top.node, index.get(child) ?? 0);
				}
				continue;
			}
			stack.pop();
			const lowest = low.get(top.node) ?? 0;
			const above = stack.at(-1);
			if (above) {
				lower(above.node, lowest);
			}
			if (lowest === index.get(top.node)) {
				const group = new Set(path.splice(path.lastIndexOf(top.node)));
				for (const member of group) {
					onPath.delete(member);
				}
				groups.push(group);
			}
		}
	}
	return groups;
}

/** The shortest way from a node of the group back to it. */
function pathBack(start: GraphNode, group: ReadonlySet<GraphNode>): NodeKey[] {
	const cameFrom = new Map<GraphNode, GraphNode>();
	const queue = [start];
	for (const node of queue) {
		for (const child of [...node.children].sort((a, b) => (a.key < b.key ? -1 : 1))) {
			if (child === start) {
				const path: NodeKey[] = [];
				for (let at: GraphNode | undefined = node; at; at = cameFrom.get(at)) {
					path.unshift(at.key);
				}
				return path;
			}
			if (group.has(child) && !cameFrom.has(child)) {
				cameFrom.set(child, node);
				queue.push(child);
			}
		}
	}
	return [start.key];
}
