import {CONTRIB} from './contrib.ts';
import {addEdge, checkKey, type GraphBuilder} from './graph-builder.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from './key.ts';
import type {Reference} from './migration.ts';
import type {Project} from './project.ts';

/** A reference of a node that leads nowhere in the tree. */
export interface OpenReference {
	readonly node: NodeKey;
	/** The key referred to; of an unknown setting `settings.NAME`. */
	readonly reference: NodeKey;
	readonly attribute: 'dependencies' | 'run_before';
}

/** A migration of one of Django's own apps. */
export interface ContribNode {
	readonly key: NodeKey;
	readonly dependencies: readonly NodeKey[];
}

/** The migrations of those of Django's own apps that the tree, or another reached one, refers to. */
export function reachedContrib(project: Project): ContribNode[] {
	const own = new Set(project.folders.map(({app}) => app));
	const reached = new Set<string>();
	const waiting = new Set<string>();
	for (const {migration} of project.nodes.values()) {
		for (const reference of [...migration.dependencies.items, ...migration.runBefore.items]) {
			waiting.add(appOf(keyOf(reference, project)));
		}
	}
	const nodes: ContribNode[] = [];
	for (const app of waiting) {
		const migrations = own.has(app) || reached.has(app) ? undefined : CONTRIB[app];
		for (const [name, dependencies] of Object.entries(migrations ?? {})) {
			reached.add(app);
			const resolved = dependencies.map(key => (key === USER_MODEL ? nodeKey(userModelApp(project), '__first__') : key));
			nodes.push({key: nodeKey(app, name), dependencies: resolved});
			for (const key of resolved) {
				waiting.add(appOf(key));
			}
		}
	}
	return nodes;
}

const USER_MODEL = 'settings.AUTH_USER_MODEL';

/** global_settings.py: AUTH_USER_MODEL is 'auth.User' unless the project says otherwise. */
function userModelApp(project: Project): string {
	return project.userModelApp ?? 'auth';
}

function keyOf(reference: Reference, project: Project): NodeKey {
	if (reference.kind === 'node') {
		return nodeKey(reference.app, reference.name);
	}
	return reference.setting === 'AUTH_USER_MODEL' ? nodeKey(userModelApp(project), '__first__') : `settings.${reference.setting}`;
}

/** loader.py:build_graph adds the edges inside the apps first, because `__first__` and `__latest__` of others need them. */
export function addEdges(
	builder: GraphBuilder,
	project: Project,
	tree: readonly NodeKey[],
	contrib: readonly ContribNode[],
): {missing: OpenReference[]; external: OpenReference[]} {
	const missing: OpenReference[] = [];
	const external: OpenReference[] = [];
	const known = new Set([...project.folders.map(({app}) => app), ...contrib.map(({key}) => appOf(key))]);
	const broken = new Set(project.unreadable.map(({app, name}) => nodeKey(app, name)));
	const edge = (node: NodeKey, reference: NodeKey, attribute: OpenReference['attribute']) => {
		const app = appOf(node);
		if (!known.has(appOf(reference))) {
			external.push({node, reference, attribute});
			return;
		}
		const key = checkKey(builder, reference, app);
		// A module that cannot be read is there, but says nothing about its own edges.
		if (key === null || broken.has(key)) {
			return;
		}
		if (builder.nodes.get(key)?.dummy !== false) {
			missing.push({node, reference: key, attribute});
		}
		attribute === 'dependencies' ? addEdge(builder, node, key) : addEdge(builder, key, node);
	};
	const all = [
		...tree.map(key => ({key, references: keysOf(project.nodes.get(key)?.migration.dependencies.items, project)})),
		...contrib.map(({key, dependencies}) => ({key, references: dependencies})),
	];
	for (const {key, references} of all) {
		for (const reference of references.filter(each => appOf(each) === appOf(key))) {
			// add_internal_dependencies lets only `__first__` pass; `__latest__` of the own app is looked up as a name.
			if (nameOf(reference) === '__latest__' && !builder.nodes.has(reference)) {
				missing.push({node: key, reference, attribute: 'dependencies'});
				addEdge(builder, key, reference);
			} else {
				edge(key, reference, 'dependencies');
			}
		}
	}
	for (const {key, references} of all) {
		for (const reference of references.filter(each => appOf(each) !== appOf(key))) {
			edge(key, reference, 'dependencies');
		}
		for (const reference of keysOf(project.nodes.get(key)?.migration.runBefore.items, project)) {
			edge(key, reference, 'run_before');
		}
	}
	return {missing, external};
}

function keysOf(references: readonly Reference[] | undefined, project: Project): NodeKey[] {
	return (references ?? []).map(reference => keyOf(reference, project));
}
