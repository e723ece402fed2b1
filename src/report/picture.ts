import type {MigrationGraph} from '../migrations/graph.ts';
import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';

/** The history of some apps, ready to be drawn. */
export interface Picture {
	/** The revision; null: the worktree. */
	readonly revision: string | null;
	/** The refs in whose trees a migration counts as published; none: nothing is known of it. */
	readonly mainline: readonly string[];
	readonly apps: readonly PictureApp[];
}

export interface PictureApp {
	readonly app: string;
	readonly folder: string;
	/** Newest first: every migration stands above those it depends on. */
	readonly nodes: readonly PictureNode[];
	/** Files that are there and cannot be read. */
	readonly unreadable: readonly {readonly name: string; readonly path: string; readonly why: string}[];
}

export interface PictureNode {
	readonly key: NodeKey;
	readonly name: string;
	readonly path: string;
	/** Parents of the same app, sorted. */
	readonly parents: readonly NodeKey[];
	/** Parents in other apps, sorted. */
	readonly others: readonly NodeKey[];
	/** What it depends on and what does not exist. */
	readonly missing: readonly NodeKey[];
	readonly replaces: readonly NodeKey[];
	readonly leaf: boolean;
	/** Null: no remote mainline is known. */
	readonly published: boolean | null;
}

/** Look at the graph of a project app by app. `isPublished` answers by path, or is null where nothing can be said. */
export function pictureOf(
	project: Project,
	graph: MigrationGraph,
	about: {
		readonly revision: string | null;
		readonly mainline: readonly string[];
		readonly isPublished: ((path: string) => boolean) | null;
		readonly only: string | null;
	},
): Picture {
	const {revision, mainline, isPublished, only} = about;
	const live = new Map<string, NodeKey[]>();
	for (const key of graph.keys) live.set(appOf(key), [...(live.get(appOf(key)) ?? []), key]);
	const missing = new Map<NodeKey, NodeKey[]>();
	for (const {node, reference, attribute} of graph.missing) {
		if (attribute === 'dependencies') missing.set(node, [...(missing.get(node) ?? []), reference]);
	}
	const apps = project.folders
		.filter(({app}) => only === null || app === only)
		.map(({app, path: folder}): PictureApp => {
			const leaves = new Set(graph.leafNodes(app));
			const nodes = newestFirst(graph, live.get(app) ?? [], [...leaves]).map((key): PictureNode => {
				const {path, migration} = project.nodes.get(key)!;
				const parents = graph.parents(key);
				return {
					key,
					name: nameOf(key),
					path,
					parents: parents.filter(parent => appOf(parent) === app),
					others: parents.filter(parent => appOf(parent) !== app),
					missing: missing.get(key) ?? [],
					replaces: migration.replaces.items.flatMap(item => (item.kind === 'node' ? [`${item.app}.${item.name}`] : [])),
					leaf: leaves.has(key),
					published: isPublished?.(path) ?? null,
				};
			});
			const unreadable = project.unreadable
				.filter(file => file.app === app)
				.map(({name, path, reading: {why}}) => ({name, path, why}));
			return {app, folder, nodes, unreadable};
		})
		.sort((a, b) => (a.app < b.app ? -1 : 1));
	return {revision, mainline, apps};
}

/** Django's order (graph.py:iterative_dfs), the other way round and inside one app. Nodes on a cycle come in some order. */
function newestFirst(graph: MigrationGraph, keys: readonly NodeKey[], leaves: readonly NodeKey[]): NodeKey[] {
	const own = new Set(keys);
	const seen = new Set<NodeKey>();
	const done = new Set<NodeKey>();
	for (const start of [...leaves, ...keys]) {
		const stack = [start];
		for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
			const open = seen.has(key) ? [] : graph.parents(key).filter(parent => own.has(parent) && !seen.has(parent));
			seen.add(key);
			if (open.length > 0) {
				stack.push(...open);
				continue;
			}
			done.add(key);
			stack.pop();
		}
	}
	return [...done].reverse();
}
