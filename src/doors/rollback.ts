import {backwardsPlan, byPrefix, withoutReplacements} from '../migrations/backwards-plan.ts';
import {CONTRIB} from '../migrations/contrib.ts';
import type {DjangoSettings} from '../migrations/django-settings.ts';
import {buildGraph, fullPlan, type MigrationGraph} from '../migrations/graph.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import {readOperations} from '../operations/read-operations.ts';
import {type Reversal, reversals} from '../state/reversal.ts';
import {djangoSettings} from './django-settings.ts';
import type {Ground} from './ground.ts';

/** One migration that would be reversed. Those of Django's own apps have no path, and all of them can be. */
export interface RolledBack {
	readonly key: NodeKey;
	readonly path: string | null;
	/** In the order in which they are undone: the last operation first. */
	readonly reversals: readonly Reversal[];
}

/** What `migrate APP NAME` would do, or why it does not come to that. */
export type Rollback =
	| {readonly kind: 'plan'; readonly target: NodeKey | null; readonly steps: readonly RolledBack[]}
	/** migrate.py: what was typed after APP means no migration, or several. */
	| {readonly kind: 'no-such-app'; readonly apps: readonly string[]}
	| {readonly kind: 'no-such-name'; readonly names: readonly string[]}
	| {readonly kind: 'ambiguous'; readonly names: readonly string[]}
	/** Django would refuse every migrate. */
	| {readonly kind: 'unloadable'; readonly leaves: readonly NodeKey[]};

/**
 * Work out what going back to a migration reverses, on a database that has applied all of the tree, or what `applied` says. `name` may be cut short as on
 * Django's command line; `zero` is before the first. Reads operations; runs nothing.
 */
export function planRollback(ground: Ground, app: string, name: string, applied: ReadonlySet<NodeKey> | null): Rollback {
	const settings = djangoSettings(ground);
	const project = ground.load(ground.files, settings);
	const installed = installedContrib(settings);
	if (!project.folders.some(folder => folder.app === app)) {
		return {kind: 'no-such-app', apps: project.folders.map(folder => folder.app).sort()};
	}
	const graph = buildGraph(project, 'empty', installed);
	if (graph.cycles.length > 0) return {kind: 'unloadable', leaves: graph.cycles[0]!};
	if (name === 'zero') return {kind: 'plan', target: null, steps: stepsOf(ground, project, graph, {app, name: null}, applied)};
	const names = byPrefix(project, app, name);
	if (names.length === 0)
		return {kind: 'no-such-name', names: [...project.nodes.values()].filter(node => node.app === app).map(node => node.name)};
	if (names.length > 1) return {kind: 'ambiguous', names};
	const [only] = names as [string];
	const target = `${app}.${only}`;
	const isLive = graph.keys.includes(target);
	// Django ≥ 4.1 forgets the squashes to go back to what one of them replaces.
	const loaded = isLive ? project : withoutReplacements(project);
	const steps = stepsOf(ground, loaded, isLive ? graph : buildGraph(loaded, 'empty', installed), {app, name: only}, applied);
	return {kind: 'plan', target, steps};
}

function stepsOf(
	ground: Ground,
	project: Project,
	graph: MigrationGraph,
	target: {readonly app: string; readonly name: string | null},
	applied: ReadonlySet<NodeKey> | null,
): RolledBack[] {
	const {library, files} = ground;
	const plan = fullPlan(graph).flatMap(key => project.nodes.get(key) ?? []);
	library.fetch(plan.map(({path}) => files.get(path)!.oid));
	const works = plan.flatMap(({key, app, path}) =>
		readOperations(library.source(files.get(path)!.oid).text, app).map(operation => ({operation, key, path})),
	);
	const judged = reversals(works);
	return backwardsPlan(graph, target, applied === null ? undefined : key => applied.has(key)).map(key => ({
		key,
		path: project.nodes.get(key)?.path ?? null,
		reversals: judged.filter(reversal => reversal.key === key).reverse(),
	}));
}

/** Django's own apps that the settings name: admin depends on the app of the user model. */
function installedContrib({installed}: DjangoSettings): string[] {
	return Object.keys(CONTRIB).filter(app => installed?.has(`django.contrib.${app}`));
}

/** The first migration of a plan that stops it, and how many are reversed by then. */
export function stopOf(steps: readonly RolledBack[]): {readonly key: NodeKey; readonly reversed: number} | null {
	const at = steps.findIndex(step => step.reversals.some(({effect}) => effect === 'irreversible'));
	return at === -1 ? null : {key: steps[at]!.key, reversed: at};
}

/** The apps other than the one that was asked for. */
export function otherApps(steps: readonly RolledBack[], app: string): string[] {
	return [...new Set(steps.map(({key}) => appOf(key)))].filter(other => other !== app);
}
