import {fullPlan, type MigrationGraph} from '../migrations/graph.ts';
import {appOf, type NodeKey, nodeKey} from '../migrations/key.ts';
import type {LoadedMigration, Project} from '../migrations/project.ts';
import type {Listed, Listing} from './showmigrations.ts';

/** An environment: what it is called, and what it says. */
export interface Environment {
	readonly name: string;
	readonly listing: Listing;
}

/** The tree that environments are compared with. */
export interface Tree {
	readonly project: Project;
	readonly graph: MigrationGraph;
	/** What became of a migration that the tree does not have, in words; null: git knows nothing of it. */
	whereabouts(key: NodeKey): {readonly said: string; readonly renamedTo: NodeKey | null} | null;
}

/** An environment, and what can be said of it with the help of the tree. */
export interface EnvironmentFacts {
	readonly name: string;
	readonly apps: readonly string[];
	/** Whether it was asked about the app: one that lists only some apps says nothing of the others. */
	shows(app: string): boolean;
	readonly listed: ReadonlyMap<NodeKey, Listed>;
	/** The order in which it would run them, as far as it says. */
	readonly order: readonly NodeKey[];
	isApplied(key: NodeKey): boolean;
	/** Listed, or stood for by a squash that is. */
	knows(key: NodeKey): boolean;
	/** What a migration comes after in its app, as far as it is listed here; empty where nobody knows. */
	parents(key: NodeKey): readonly NodeKey[];
	/** The applied migrations of an app after which no applied one comes. */
	appliedLeaves(app: string): readonly NodeKey[];
	/** The same of all that are listed. */
	leaves(app: string): readonly NodeKey[];
	/** Where all edges of an app are known: from `--verbosity 2`, or because the tree has every migration that is listed. */
	isCharted(app: string): boolean;
}

/** Put an environment beside the tree. */
export function factsOf({name, listing}: Environment, {project, graph}: Tree): EnvironmentFacts {
	const listed = new Map(listing.migrations.map(one => [one.key, one]));
	const squashOf = squashes(project, listed);
	const isListed = (key: NodeKey) => listed.has(key);
	const parents = (key: NodeKey): NodeKey[] => {
		const said = listed.get(key)?.parents ?? dependenciesOf(project.nodes.get(key));
		const own = said.filter(parent => appOf(parent) === appOf(key));
		return [...new Set(own.flatMap(parent => (isListed(parent) ? [parent] : (squashOf.get(parent) ?? []))))].filter(
			parent => parent !== key,
		);
	};
	const keysOf = (app: string) => [...listed.keys()].filter(key => appOf(key) === app);
	const isApplied = (key: NodeKey): boolean => {
		const own = listed.get(key);
		if (own) return own.state !== 'unapplied';
		return (squashOf.get(key) ?? []).some(squash => listed.get(squash)?.state !== 'unapplied');
	};
	const ends = (keys: readonly NodeKey[]) => {
		const inner = new Set(keys.flatMap(parents));
		return keys.filter(key => !inner.has(key)).sort();
	};
	const isCharted = (app: string) => keysOf(app).every(key => listed.get(key)!.parents !== null || project.nodes.has(key));
	// Without the edges, the last that is listed.
	const endsOf = (app: string, keys: readonly NodeKey[]) => (isCharted(app) ? ends(keys) : keys.slice(-1));
	const plan = fullPlan(graph);
	return {
		name,
		apps: listing.apps,
		shows: app => listing.apps.includes(app),
		listed,
		order: listing.format === 'plan' ? [...listed.keys()] : plan.filter(isListed),
		isApplied,
		knows: key => isListed(key) || squashOf.has(key),
		parents,
		appliedLeaves: app => endsOf(app, keysOf(app).filter(isApplied)),
		leaves: app => endsOf(app, keysOf(app)),
		isCharted,
	};
}

/** What a migration says of itself, replaced names as they stand. */
function dependenciesOf(node: LoadedMigration | undefined): NodeKey[] {
	return (node?.migration.dependencies.items ?? []).flatMap(item => (item.kind === 'node' ? [nodeKey(item.app, item.name)] : []));
}

/** Replaced migration → the listed squashes that stand for it. */
function squashes(project: Project, listed: ReadonlyMap<NodeKey, Listed>): Map<NodeKey, NodeKey[]> {
	const found = new Map<NodeKey, NodeKey[]>();
	for (const {key} of listed.values()) {
		for (const target of replacedBy(project, key)) found.set(target, [...(found.get(target) ?? []), key]);
	}
	return found;
}

/** What a squash of the tree replaces. */
export function replacedBy({nodes}: Project, key: NodeKey): NodeKey[] {
	return (nodes.get(key)?.migration.replaces.items ?? []).flatMap(item =>
		item.kind === 'node' ? [nodeKey(item.app, item.name)] : [],
	);
}
