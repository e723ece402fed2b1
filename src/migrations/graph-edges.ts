import {CONTRIB} from './contrib.ts';
import {addEdge, checkKey, type GraphBuilder} from './graph-builder.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from './key.ts';
import {NOWHERE, type Reference} from './migration.ts';
import type {LoadedMigration, Project} from './project.ts';

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
	readonly app: string;
	readonly dependencies: readonly Reference[];
}

/** The migrations of those of Django's own apps that the tree, or another reached one, refers to, and of those known to be installed. */
export function reachedContrib(project: Project, installed: readonly string[] = []): ContribNode[] {
	const own = new Set(project.folders.map(({app}) => app));
	const waiting = new Set(installed);
	for (const {migration} of project.nodes.values()) {
		for (const reference of migration.dependencies.items) {
			waiting.add(appOfReference(reference, project));
		}
		for (const reference of migration.runBefore.items) {
			waiting.add(appOfReference(reference, project));
		}
	}
	const nodes: ContribNode[] = [];
	// A set can grow while it is walked, and knows what it had.
	for (const app of waiting) {
		for (const [name, keys] of Object.entries((own.has(app) ? undefined : CONTRIB[app]) ?? {})) {
			const dependencies = keys.map(asReference);
			nodes.push({key: nodeKey(app, name), app, dependencies});
			for (const reference of dependencies) {
				waiting.add(appOfReference(reference, project));
			}
		}
	}
	return nodes;
}

function asReference(key: NodeKey): Reference {
	return appOf(key) === 'settings'
		? {kind: 'swappable', setting: nameOf(key), span: NOWHERE}
		: {kind: 'node', app: appOf(key), name: nameOf(key), span: NOWHERE, appSpan: NOWHERE, nameSpan: NOWHERE};
}

/** loader.py:build_graph adds the edges inside the apps first, because `__first__` and `__latest__` of others need them. */
export function addEdges(
	builder: GraphBuilder,
	project: Project,
	tree: readonly LoadedMigration[],
	contrib: readonly ContribNode[],
): {missing: OpenReference[]; external: OpenReference[]} {
	const missing: OpenReference[] = [];
	const external: OpenReference[] = [];
	const known = new Set([...project.folders.map(({app}) => app), ...contrib.map(({app}) => app)]);
	const broken = new Set(project.unreadable.map(({app, name}) => nodeKey(app, name)));
	const edge = (node: NodeKey, reference: NodeKey, attribute: OpenReference['attribute']) => {
		// A module that cannot be read is there, but says nothing about its own edges.
		if (broken.has(reference)) {
			return;
		}
		if (builder.nodes.get(reference)?.dummy !== false) {
			missing.push({node, reference, attribute});
		}
		attribute === 'dependencies' ? addEdge(builder, node, reference) : addEdge(builder, reference, node);
	};
	const inside = (node: NodeKey, app: string, references: readonly Reference[]) => {
		for (const reference of references) {
			const key = appOfReference(reference, project) === app ? keyOf(reference, project) : null;
			// `__first__` of the own app means nothing; `__latest__` is a name like any other.
			if (key !== null && nameOf(key) !== '__first__') {
				edge(node, key, 'dependencies');
			}
		}
	};
	const across = (node: NodeKey, app: string, references: readonly Reference[], attribute: OpenReference['attribute']) => {
		for (const reference of references) {
			const target = appOfReference(reference, project);
			if (attribute === 'dependencies' && target === app) {
				continue;
			}
			const key = known.has(target) ? checkKey(builder, keyOf(reference, project), app) : null;
			if (key !== null) {
				edge(node, key, attribute);
			} else if (!known.has(target)) {
				external.push({node, reference: keyOf(reference, project), attribute});
			}
		}
	};
	for (const {key, app, migration} of tree) {
		inside(key, app, migration.dependencies.items);
	}
	for (const {key, app, dependencies} of contrib) {
		inside(key, app, dependencies);
	}
	for (const {key, app, migration} of tree) {
		across(key, app, migration.dependencies.items, 'dependencies');
		across(key, app, migration.runBefore.items, 'run_before');
	}
	for (const {key, app, dependencies} of contrib) {
		across(key, app, dependencies, 'dependencies');
	}
	return {missing, external};
}

/** global_settings.py: AUTH_USER_MODEL is 'auth.User' unless the project says otherwise. Other settings may be unknown. */
function appOfReference(reference: Reference, {swappedTo}: Project): string {
	if (reference.kind === 'node') {
		return reference.app;
	}
	return swappedTo.get(reference.setting) ?? (reference.setting === 'AUTH_USER_MODEL' ? 'auth' : UNKNOWN_SETTING);
}

const UNKNOWN_SETTING = 'settings';

function keyOf(reference: Reference, project: Project): NodeKey {
	if (reference.kind === 'node') {
		return nodeKey(reference.app, reference.name);
	}
	const app = appOfReference(reference, project);
	return nodeKey(app, app === UNKNOWN_SETTING ? reference.setting : '__first__');
}
