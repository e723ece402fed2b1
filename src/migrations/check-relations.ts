import type {Relation} from './facts.ts';
import type {Check, Checked, Finding} from './finding.ts';
import {fullPlan} from './graph.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from './key.ts';
import {comesAfter} from './lineage.ts';

/**
 * MG011: a relation to a model of another app that does not exist yet when the migration runs: Django raises "Related model …
 * cannot be resolved", or InvalidBasesError. MG104: it exists by luck, as the other app happens to come first (or Django cannot
 * be told apart from here). Django has no check for it: makemigrations writes the dependency, people who edit lose it
 * (autodetector.py:_get_dependencies_for_foreign_key).
 */
export const checkRelations: Check = checked => {
	const {project, graph} = checked;
	const {creators, crossing} = readModels(checked);
	if (crossing.length === 0) return [];
	const plan = new Map(fullPlan(graph).map((key, at) => [key, at]));
	// Without an order, or with modules that nobody read, nothing can be said.
	if (plan.size === 0 || graph.missing.length > 0) return [];
	const broken = new Set(project.unreadable.map(({app}) => app));
	return crossing.flatMap(({key, relations}) => {
		const lacking = new Map<string, Lacking>();
		for (const {target, relation} of relations) {
			if (broken.has(appOf(target)) || lacking.has(target)) continue;
			const made = creators.get(target) ?? [];
			if (made.length === 0 || made.some(creator => reaches(checked, plan, key, creator))) continue;
			const isLater = made.every(creator => plan.get(creator)! > plan.get(key)!);
			lacking.set(target, {target, creator: made[0]!, isLater, relation});
		}
		const fails = [...lacking.values()].filter(one => isCertain(checked, key, one));
		const others = [...lacking.values()].filter(one => !fails.includes(one));
		return [...describe(checked, key, 'MG011', fails), ...describe(checked, key, 'MG104', others)];
	});
};

/** A model that a migration needs and does not reach. */
interface Lacking {
	readonly target: string;
	readonly creator: NodeKey;
	/** Whether the model is made only after the migration has run. */
	readonly isLater: boolean;
	readonly relation: Relation;
}

interface Crossing {
	readonly key: NodeKey;
	readonly relations: readonly {readonly target: string; readonly relation: Relation}[];
}

/** Model → the live migrations that create it, and the migrations that refer to models of other apps. */
function readModels(checked: Checked): {creators: Map<NodeKey, NodeKey[]>; crossing: Crossing[]} {
	const creators = new Map<NodeKey, NodeKey[]>();
	const crossing: Crossing[] = [];
	for (const key of checked.graph.keys) {
		const {app, path} = checked.project.nodes.get(key)!;
		const {creates, relations} = checked.facts(path);
		for (const model of creates) {
			const known = creators.get(nodeKey(app, model));
			known ? known.push(key) : creators.set(nodeKey(app, model), [key]);
		}
		const others = relations.flatMap(relation => {
			const target = relation.app === app ? null : targetOf(checked, relation);
			return target === null || appOf(target) === app ? [] : [{target, relation}];
		});
		if (others.length > 0) crossing.push({key, relations: others});
	}
	return {creators, crossing};
}

function targetOf({settings}: Checked, {app, model}: Relation): string | null {
	if (!app.startsWith('settings.')) return nodeKey(app, model);
	const value = settings?.swappable[app.slice('settings.'.length)];
	return value === undefined ? null : nodeKey(appOf(value), value.slice(appOf(value).length + 1).toLowerCase());
}

function reaches({graph}: Checked, plan: ReadonlyMap<NodeKey, number>, key: NodeKey, creator: NodeKey): boolean {
	const earliest = plan.get(creator) ?? 0;
	// What runs before the creator cannot lead to it.
	return comesAfter(graph, key, creator, other => (plan.get(other) ?? 0) >= earliest);
}

/** Whether Django fails: what settings say, and dependencies that were not read in full, may save it. */
function isCertain({project}: Checked, key: NodeKey, {isLater, relation}: Lacking): boolean {
	return (
		isLater &&
		relation.certain &&
		!relation.app.startsWith('settings.') &&
		project.nodes.get(key)!.migration.dependencies.dynamic === null
	);
}

function describe({project}: Checked, key: NodeKey, code: 'MG011' | 'MG104', lacking: readonly Lacking[]): Finding[] {
	const [first] = lacking;
	if (!first) return [];
	const {path, app} = project.nodes.get(key)!;
	const creators = [...new Set(lacking.map(({creator}) => creator))];
	const last = lacking.find(({isLater}) => isLater) ?? first;
	return [
		{
			code,
			severity: code === 'MG011' ? 'error' : 'notice',
			title: `${key} refers to ${lacking.map(({target}) => target).join(', ')} and does not depend on ${creators.join(', ')}`,
			nodes: [key],
			places: lacking.map(({relation}) => ({path, line: relation.line})),
			why:
				code === 'MG011'
					? `${first.creator} runs later: on an empty database Django fails, "Related model '${first.target}' cannot be resolved"`
					: last.isLater
						? `${last.creator} runs later`
						: `${first.creator} runs earlier by luck: \`migrate ${app}\` alone fails, and a new dependency elsewhere may turn the order`,
			fix: `add to its dependencies: ${creators.map(creator => `('${appOf(creator)}', '${nameOf(creator)}')`).join(', ')}`,
		},
	];
}
