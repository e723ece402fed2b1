import {lineAt} from '../python/source.ts';
import {type Check, type Checked, type Finding, placesOf} from './finding.ts';
import type {MigrationGraph} from './graph.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from './key.ts';
import {comesAfterInApp} from './lineage.ts';

/**
 * MG101: live migrations of one app with the same number, side by side. MG111: in one line, where one of them was linked up and
 * not renumbered. The graph does not care, people do.
 */
export const noticeSameNumbers: Check = checked => {
	const groups = sameNumbers(checked);
	const inLine = groups.filter(keys => isLine(checked.graph, keys));
	const aside = groups.filter(keys => !inLine.includes(keys));
	return [
		...byApp(aside).map(([app, some]) =>
			sameNumber(checked, 'MG101', `${app} uses ${numbers(some)} more than once: ${named(some)}`, some),
		),
		...byApp(inLine).map(([app, some]) =>
			sameNumber(checked, 'MG111', `${app} has ${numbers(some)} twice in one line: ${named(some)}`, some),
		),
	];
};

function sameNumber(checked: Checked, code: 'MG101' | 'MG111', title: string, groups: readonly NodeKey[][]): Finding {
	return {
		code,
		severity: 'notice',
		title,
		nodes: groups.flat(),
		places: placesOf(checked, groups.flat()),
		why: 'Django goes by the dependencies, not by the numbers; the order in the folder misleads',
		fix: code === 'MG101' ? 'nothing needs to be done' : 'if no database has the later one yet, give it the next number',
	};
}

function numbers(groups: readonly NodeKey[][]): string {
	return groups.length === 1 ? 'a number' : `${groups.length} numbers`;
}

function named(groups: readonly NodeKey[][]): string {
	return groups.map(keys => keys.map(nameOf).join(' and ')).join('; ');
}

/** Live migrations of one app that share a number. */
function sameNumbers({graph}: Checked): NodeKey[][] {
	const sharing = new Map<string, NodeKey[]>();
	for (const key of graph.keys) {
		const place = /^[^.]*\.\d+/.exec(key)?.[0];
		if (place === undefined) continue;
		const known = sharing.get(place);
		known ? known.push(key) : sharing.set(place, [key]);
	}
	return [...sharing.values()].filter(keys => keys.length > 1);
}

function byApp(groups: readonly NodeKey[][]): [app: string, groups: NodeKey[][]][] {
	const found = new Map<string, NodeKey[][]>();
	for (const keys of groups) {
		const app = appOf(keys[0] as NodeKey);
		found.set(app, [...(found.get(app) ?? []), keys]);
	}
	return [...found];
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
