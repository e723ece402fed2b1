import type {MigrationGraph} from './graph.ts';
import {appOf, type NodeKey, nodeKey} from './key.ts';
import type {Project} from './project.ts';

/** What `migrate APP NAME` goes back to: a migration of the app, or null for `zero`. */
export interface Target {
	readonly app: string;
	readonly name: string | null;
}

/**
 * What `migrate APP NAME` reverses on a database that has applied everything (`isApplied`: or only this), in its order, the dependents in other apps among
 * it: executor.py:migration_plan, graph.py:backwards_plan. Empty when the target is a leaf, or is itself not applied (then Django goes forwards).
 */
export function backwardsPlan(
	graph: MigrationGraph,
	{app, name}: Target,
	isApplied: (key: NodeKey) => boolean = () => true,
): NodeKey[] {
	const target = name === null ? null : nodeKey(app, name);
	if (graph.cycles.length > 0 || (target !== null && !isApplied(target))) return [];
	const starts = target === null ? graph.rootNodes(app) : graph.children(target).filter(key => appOf(key) === app);
	// One set for all starts: Django begins each anew and drops what the plan has already, which is the same.
	const seen = new Set<NodeKey>();
	const plan: NodeKey[] = [];
	for (const start of starts) {
		const stack = [{key: start, done: false}];
		for (let top = stack.pop(); top; top = stack.pop()) {
			if (seen.has(top.key)) continue;
			if (top.done) {
				seen.add(top.key);
				plan.push(top.key);
				continue;
			}
			stack.push({key: top.key, done: true}, ...graph.children(top.key).map(key => ({key, done: false})));
		}
	}
	return plan.filter(isApplied);
}

/** loader.py:get_migration_by_prefix: the migrations on disk that a name on the command line means. Django wants exactly one. */
export function byPrefix({nodes}: Project, app: string, prefix: string): string[] {
	return [...nodes.values()].filter(node => node.app === app && node.name.startsWith(prefix)).map(({name}) => name);
}

/** The project as Django loads it to go back to a migration that a squash replaces (`replace_migrations = False`, Django ≥ 4.1). */
export function withoutReplacements(project: Project): Project {
	const none = {items: [], dynamic: null, values: [], list: null};
	const nodes = [...project.nodes].map(
		([key, node]) => [key, {...node, migration: {...node.migration, replaces: none}}] as const,
	);
	return {...project, nodes: new Map(nodes)};
}
