import type {MigrationGraph} from './graph.ts';
import {appOf, type NodeKey} from './key.ts';

/** Whether `key` comes after `ancestor`, directly or through others; `within` limits the way to some nodes. */
export function comesAfter(
	graph: MigrationGraph,
	key: NodeKey,
	ancestor: NodeKey,
	within: (key: NodeKey) => boolean = () => true,
): boolean {
	const seen = new Set<NodeKey>();
	const waiting = [key];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		for (const parent of graph.parents(next)) {
			if (parent === ancestor) return true;
			if (seen.has(parent) || !within(parent)) continue;
			seen.add(parent);
			waiting.push(parent);
		}
	}
	return false;
}

/** The same on a way that does not leave the app. */
export function comesAfterInApp(graph: MigrationGraph, key: NodeKey, ancestor: NodeKey): boolean {
	const app = appOf(key);
	return comesAfter(graph, key, ancestor, other => appOf(other) === app);
}
