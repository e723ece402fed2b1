import {lineAt} from '../python/source.ts';
import {type Check, type Checked, type Finding, placesOf} from './finding.ts';
import type {MigrationGraph} from './graph.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from './key.ts';
import {comesAfterInApp} from './lineage.ts';

/** MG101: live migrations of one app with the same number, side by side. The graph does not care, people do. */
export const noticeDuplicateNumbers: Check = checked =>
	sameNumbers(checked, keys => !isLine(checked.graph, keys)).map(({app, groups}) => ({
		code: 'MG101',
		severity: 'notice',
		title: `${app} uses ${groups.length === 1 ? 'a number' : `${groups.length} numbers`} more than once: ${groups.map(keys => keys.map(nameOf).join(' and ')).join('; ')}`,
		nodes: groups.flat(),
		places: placesOf(checked, groups.flat()),
		why: 'Django goes by the dependencies, not by the numbers; the order in the folder misleads',
		fix: 'nothing needs to be done',
	}));

/** MG111: the same number twice in one line of history: one of them was linked up and not renumbered. */
export const noticeRepeatedNumbers: Check = checked =>
	sameNumbers(checked, keys => isLine(checked.graph, keys)).map(({app, groups}) => ({
		code: 'MG111',
		severity: 'notice',
		title: `${app} has ${groups.length === 1 ? 'a number' : `${groups.length} numbers`} twice in one line: ${groups.map(keys => keys.map(nameOf).join(' and ')).join('; ')}`,
		nodes: groups.flat(),
		places: placesOf(checked, groups.flat()),
		why: 'Django goes by the dependencies: one of them comes after the other, whatever the folder shows',
		fix: 'if no database has the later one yet, give it the next number',
	}));

/** Live migrations that share a number, by app; `wanted` chooses among the groups. */
function sameNumbers({graph}: Checked, wanted: (keys: readonly NodeKey[]) => boolean): {app: string; groups: NodeKey[][]}[] {
	const sharing = new Map<string, NodeKey[]>();
	for (const key of graph.keys) {
		const number = /^\d+/.exec(nameOf(key))?.[0];
		if (number === undefined) continue;
		const place = `${appOf(key)}.${number}`;
		sharing.get(place)?.push(key) ?? sharing.set(place, [key]);
	}
	const byApp = new Map<string, NodeKey[][]>();
	for (const keys of sharing.values()) {
		if (keys.length < 2 || !wanted(keys)) continue;
		const app = appOf(keys[0] as NodeKey);
		byApp.get(app)?.push(keys) ?? byApp.set(app, [keys]);
	}
	return [...byApp].map(([app, groups]) => ({app, groups}));
}

/** Whether of any two migrations of an app one comes after the other. */
function isLine(graph: MigrationGraph, keys: readonly NodeKey[]): boolean {
	return keys.every((a, at) => keys.slice(at + 1).every(b => comesAfterInApp(graph, a, b) || comesAfterInApp(graph, b, a)));
}

/** MG102: edges that are computed when the module runs. What was not read is never edited. */
export const noticeDynamicEdges: Check = ({project, files}) =>
	[...project.nodes.values()].flatMap(({key, path, migration}) => {
		const {dependencies, replaces, runBefore} = migration;
		const lists = Object.entries({dependencies, replaces, run_before: runBefore});
		return lists.flatMap(([attribute, {dynamic, dynamicSpan}]): Finding[] =>
			dynamic === null
				? []
				: [
						{
							code: 'MG102',
							severity: 'notice',
							title: `${attribute} of ${key} cannot be read in full: ${dynamic}`,
							nodes: [key],
							places: [{path, line: dynamicSpan ? lineAt(files.text(path), dynamicSpan.from) : migration.line}],
							why: 'the program reads Python and never runs it; Django may see more edges here',
							fix: 'write it as a list of literal pairs',
						},
					],
		);
	});

/** MG103: a squash of squashes, which Django resolves reliably only from 6.0 on (#24529). */
export const noticeNestedSquashes: Check = checked =>
	[...checked.project.nodes.values()]
		.filter(({key, migration}) =>
			migration.replaces.items.some(item => {
				const target = item.kind === 'node' ? nodeKey(item.app, item.name) : key;
				return target !== key && (checked.project.nodes.get(target)?.migration.replaces.items.length ?? 0) > 0;
			}),
		)
		.map(({key}) => ({
			code: 'MG103',
			severity: 'notice',
			title: `${key} replaces a migration that replaces others itself`,
			nodes: [key],
			places: placesOf(checked, [key]),
			why: 'before Django 6.0 the outcome depends on the order in which the files happen to be read',
			fix: 'with an older Django, remove the inner squash once it is applied everywhere',
		}));
