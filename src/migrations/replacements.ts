import {addEdge, type GraphBuilder, removeNode} from './graph-builder.ts';
import type {NodeKey} from './key.ts';

/**
 * loader.py:replace_migration (Django 6.0): a squash takes the place of what it replaces, inner squashes first. Answers
 * the squashes that cannot be carried out because they replace each other.
 */
export function carryOutReplacements(builder: GraphBuilder, replacements: ReadonlyMap<NodeKey, readonly NodeKey[]>): NodeKey[] {
	const cyclical: NodeKey[] = [];
	const done = new Map<NodeKey, boolean>();
	for (const start of replacements.keys()) {
		const stack = [{key: start, next: 0}];
		while (stack.length > 0) {
			const top = stack.at(-1) as {key: NodeKey; next: number};
			const targets = replacements.get(top.key) ?? [];
			if (top.next === 0 && done.has(top.key)) {
				stack.pop();
				continue;
			}
			done.set(top.key, false);
			const target = targets[top.next++];
			if (target === undefined) {
				removeReplaced(builder, top.key, targets);
				done.set(top.key, true);
				stack.pop();
			} else if (replacements.has(target) && !done.get(target)) {
				done.has(target) ? cyclical.push(target) : stack.push({key: target, next: 0});
			}
		}
	}
	return cyclical;
}

/** graph.py:remove_replaced_nodes: the edges of the replaced nodes move to the squash. */
function removeReplaced(builder: GraphBuilder, squash: NodeKey, targets: readonly NodeKey[]): void {
	const {nodes, replacedBy} = builder;
	const node = nodes.get(squash);
	if (!node) {
		return;
	}
	const replaced = new Set(targets);
	replaced.delete(squash);
	for (const target of replaced) {
		replacedBy.set(target, squash);
		const old = nodes.get(target);
		if (!old) {
			continue;
		}
		const children = old.children.filter(child => !replaced.has(child.key));
		const parents = old.parents.filter(parent => !replaced.has(parent.key));
		removeNode(builder, old);
		for (const child of children) {
			addEdge(builder, child.key, squash);
		}
		for (const parent of parents) {
			addEdge(builder, squash, parent.key);
		}
	}
}

/** graph.py:remove_replacement_node: a squash that is applied in part goes, and its children to the last of what it replaces. */
export function removeReplacement(builder: GraphBuilder, squash: NodeKey, targets: readonly NodeKey[]): void {
	const node = builder.nodes.get(squash);
	if (!node) return;
	const replaced = targets.flatMap(target => (target === squash ? [] : (builder.nodes.get(target) ?? [])));
	const inner = new Set(replaced.flatMap(({parents}) => parents));
	const children = [...node.children];
	removeNode(builder, node);
	for (const last of replaced.filter(each => !inner.has(each)))
		for (const child of children) addEdge(builder, child.key, last.key);
}
