import {type Check, type Checked, placeOfReference, placesOf} from './finding.ts';
import {forkedApps} from './graph.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from './key.ts';
import {likelyMeant} from './likely-meant.ts';

/** MG001: an app with several leaf nodes. `migrate` refuses with "Conflicting migrations detected". */
export const checkForks: Check = checked => {
	const {project, graph} = checked;
	const unreadable = new Set(project.unreadable.map(({app}) => app));
	return forkedApps(graph).flatMap(({app, leaves}) => {
		// A missing node may be what joins two leaves: Django cannot tell either, and complains about that first.
		const missing = new Set(graph.missing.map(({reference}) => reference).filter(key => appOf(key) === app)).size;
		if (unreadable.has(app) || leaves.length - missing < 2) {
			return [];
		}
		return {
			code: 'MG001',
			severity: 'error',
			title: `${app} has ${leaves.length} leaf migrations: ${leaves.join(', ')}`,
			nodes: leaves,
			places: placesOf(checked, leaves),
			why: 'Django refuses to migrate: "Conflicting migrations detected; multiple leaf nodes in the migration graph"',
			fix: 'run: migration-guard fix',
		};
	});
};

/** MG002: a dependency on, or a run_before of, a migration that does not exist: NodeNotFoundError. */
export const checkMissing: Check = checked =>
	checked.graph.missing.map(({node, reference, attribute}) => {
		const [app, name] = [appOf(reference), nameOf(reference)];
		const folder = checked.project.folders.find(each => each.app === app);
		const ignored = folder && !folder.hasInit;
		const likely = likelyMeant(checked.graph, app, name);
		return {
			code: 'MG002',
			severity: 'error',
			title: `${node} ${attribute === 'dependencies' ? 'depends on' : 'wants to run before'} ${reference}, which does not exist`,
			nodes: [node],
			places: placeOfReference(checked, node, app, name),
			why: ignored
				? `${folder.path} has no __init__.py, so Django does not see its migrations`
				: 'Django refuses to load the migrations: NodeNotFoundError',
			fix: ignored
				? `add ${folder.path}/__init__.py`
				: likely.length > 0
					? `if it was renamed, name ${likely.join(' or ')} instead; else bring the file back`
					: 'bring the file back, or name the migration that took its place',
		};
	});

/** MG003: migrations that wait for each other: CircularDependencyError. */
export const checkCycles: Check = checked =>
	checked.graph.cycles
		.filter(cycle => cycle.length > 1)
		.map(cycle => ({
			code: 'MG003',
			severity: 'error',
			title: `circular dependency: ${[...cycle, cycle[0]].join(' → ')}`,
			nodes: cycle,
			places: placesOf(checked, cycle),
			why: `${cycle.map((parent, index) => inWords(checked, parent, cycle[(index + 1) % cycle.length] ?? parent)).join(', ')}; Django refuses to load them: CircularDependencyError`,
			fix: 'take one of these dependencies away',
		}));

/** MG004: a migration that depends on itself. */
export const checkSelfDependencies: Check = checked =>
	checked.graph.cycles
		.filter(cycle => cycle.length === 1)
		.map(cycle => {
			const key = cycle[0] as NodeKey;
			return {
				code: 'MG004',
				severity: 'error',
				title: `${key} depends on itself`,
				nodes: cycle,
				places: placeOfReference(checked, key, appOf(key), nameOf(key)),
				why: 'Django refuses to load the migrations: CircularDependencyError',
				fix: 'name the migration that comes before it',
			};
		});

/** MG010: squashes that replace themselves or each other. Django 6: CommandError; before, one of them is silently lost. */
export const checkSquashCycles: Check = checked =>
	checked.graph.squashCycles.map(key => ({
		code: 'MG010',
		severity: 'error',
		title: `${key} replaces itself, directly or through another squashed migration`,
		nodes: [key],
		places: placesOf(checked, [key]),
		why: 'Django 6 refuses it ("Cyclical squash replacement found"); older versions lose the migration',
		fix: 'take it out of the list of what it replaces',
	}));

function inWords({project}: Checked, parent: NodeKey, child: NodeKey): string {
	const runsBefore = project.nodes
		.get(parent)
		?.migration.runBefore.items.some(item => item.kind === 'node' && nodeKey(item.app, item.name) === child);
	return runsBefore ? `${parent} runs before ${child}` : `${child} depends on ${parent}`;
}
