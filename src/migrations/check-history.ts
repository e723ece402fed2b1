import {type Check, type Finding, placesOf} from './finding.ts';
import {buildGraph, forkedApps} from './graph.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from './key.ts';
import {comesAfterInApp} from './lineage.ts';

/** Django's documentation speaks of "several hundred" as what squashing is for. */
const LONG = 200;

/** MG105: a merge migration that has nothing to merge any more, as after a renumbering by hand. */
export const noticeIdleMerges: Check = checked => {
	const {project, graph, isPublished} = checked;
	return graph.keys.flatMap((key): Finding[] => {
		const {app, name, path, migration} = project.nodes.get(key)!;
		const own = migration.dependencies.items.flatMap(item =>
			item.kind === 'node' && item.app === app ? [nodeKey(item.app, item.name)] : [],
		);
		const looksLikeMerge = migration.operations === 'empty' && (own.length > 1 || /(?:^|_)merge(?:_|$)/.test(name));
		if (!looksLikeMerge || own.length === 0 || migration.dependencies.dynamic !== null || isPublished?.(path)) return [];
		const parents = [...new Set(own.flatMap(parent => graph.resolve(app, nameOf(parent)) ?? []))];
		const needed = parents.filter(parent => !parents.some(other => other !== parent && comesAfterInApp(graph, other, parent)));
		if (needed.length > 1) return [];
		return [
			{
				code: 'MG105',
				severity: 'notice',
				title: `${key} merges nothing: ${needed.map(nameOf).join()} is the only leaf below it`,
				nodes: [key],
				places: placesOf(checked, [key]),
				why: 'a merge migration joins several leaves; the history below this one is a single line',
				fix: 'if no database has it yet, delete it and let what follows depend on what it depends on',
			},
		];
	});
};

/** MG106: some of what a squash replaces is still there and some is gone. */
export const noticeHalfSquashes: Check = checked => {
	const {project} = checked;
	const apps = new Set(project.folders.map(({app}) => app));
	const broken = new Set(project.unreadable.map(({app, name}) => nodeKey(app, name)));
	return [...project.nodes.values()].flatMap(({key, migration}): Finding[] => {
		const targets = migration.replaces.items.flatMap(item =>
			item.kind === 'node' && apps.has(item.app) ? [nodeKey(item.app, item.name)] : [],
		);
		const gone = targets.filter(target => !project.nodes.has(target) && !broken.has(target));
		if (gone.length === 0 || gone.length === targets.length || migration.replaces.dynamic !== null) return [];
		return [
			{
				code: 'MG106',
				severity: 'notice',
				title: `${key} replaces ${targets.length} migrations, of which ${gone.length} ${gone.length === 1 ? 'is' : 'are'} gone: ${listed(gone)}`,
				nodes: [key],
				places: placesOf(checked, [key]),
				why: 'a database that has only part of them applied can go neither the old way nor the new one',
				fix: 'bring the missing ones back, or delete the others once the squash is applied everywhere',
			},
		];
	});
};

/** MG115: a fork that a squash hides from an empty database, and no other. */
export const noticeHiddenForks: Check = checked => {
	const {project, graph} = checked;
	if (![...project.nodes.values()].some(({migration}) => migration.replaces.items.length > 1)) return [];
	const hidden = forkedApps(buildGraph(project, 'partly applied')).filter(({app}) => graph.leafNodes(app).length === 1);
	return hidden.map(({app, leaves}): Finding => {
		const [leaf] = graph.leafNodes(app);
		return {
			code: 'MG115',
			severity: 'notice',
			title: `${app} has ${leaves.length} leaf migrations to a database with only a part of what a squash replaces: ${leaves.join(', ')}`,
			nodes: leaves,
			places: placesOf(checked, leaves),
			why: `such a database does not see the squash, so \`migrate\` refuses as it does with any fork; on an empty one ${leaf} is the only leaf`,
			fix: 'let what follows the replaced ones depend on the squash, or on the last of them',
		};
	});
};

/** MG107: a number that is written narrower or wider than its neighbours, so that the folder is not sorted by number. */
export const noticeNumberWidths: Check = checked => {
	const byApp = new Map<string, {key: NodeKey; digits: string}[]>();
	for (const key of checked.graph.keys) {
		const digits = /^\d+/.exec(nameOf(key))?.[0];
		const app = appOf(key);
		if (digits !== undefined) byApp.get(app)?.push({key, digits}) ?? byApp.set(app, [{key, digits}]);
	}
	return [...byApp].flatMap(([app, numbers]): Finding[] => {
		const width = mostCommon(numbers.map(({digits}) => digits.length));
		// A number may outgrow the width: 9999 is followed by 10000, and dates are long.
		const odd = numbers
			.filter(({digits}) => digits.length < width || (digits.length > width && digits.startsWith('0')))
			.map(({key}) => key);
		if (odd.length === 0) return [];
		return [
			{
				code: 'MG107',
				severity: 'notice',
				title: `${app} writes its numbers with ${width} digits, but for ${listed(odd.map(nameOf))}`,
				nodes: odd,
				places: placesOf(checked, odd),
				why: 'the order in the folder is no longer that of the numbers',
				fix: 'if no database has it yet, rename it',
			},
		];
	});
};

/** MG108: an app whose history is long enough for a squash. */
export const noticeLongHistories: Check = ({graph, project}) => {
	const sizes = new Map<string, number>();
	for (const key of graph.keys) sizes.set(appOf(key), (sizes.get(appOf(key)) ?? 0) + 1);
	return project.folders.flatMap(({app, path}): Finding[] => {
		const size = sizes.get(app) ?? 0;
		if (size <= LONG) return [];
		return [
			{
				code: 'MG108',
				severity: 'notice',
				app,
				title: `${app} has ${size} migrations`,
				nodes: [],
				places: [{path, line: 1}],
				why: 'every test database and every new installation runs them one after the other',
				fix: `squash the old ones: python manage.py squashmigrations ${app} NAME`,
			},
		];
	});
};

function mostCommon(values: readonly number[]): number {
	const counts = new Map<number, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

function listed(names: readonly string[]): string {
	return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
