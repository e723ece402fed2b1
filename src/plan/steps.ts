import type {Assembly, Entry, Meeting} from '../history/meeting.ts';
import {folderOf, stemOf} from '../history/revision.ts';
import {nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';
import {type Decisions, type Drafted, finalName} from './draft.ts';
import {type AppPlan, mergePath} from './linearize.ts';
import type {PlanOptions} from './options.ts';
import type {ForkStory, Step} from './plan.ts';

/** Put in words what the apps' plans do. */
export function stepsOf(
	plans: readonly AppPlan[],
	{names, follows}: Decisions,
	duplicates: ReadonlyMap<Entry, Entry>,
	drafts: ReadonlyMap<Entry, Drafted>,
): Step[] {
	const steps: Step[] = [];
	for (const plan of plans) {
		for (const [entry, name] of plan.names) {
			const path = drafts.get(entry)?.path ?? entry.path;
			const node = nodeKey(entry.app, name);
			if (name !== entry.name)
				steps.push({kind: 'renumber', from: nodeKey(entry.app, entry.name), to: node, path: entry.path, newPath: path});
			const after = follows.get(entry);
			if (after !== undefined) steps.push({kind: 'repoint', node, path, to: nodeKey(entry.app, after)});
		}
		if (plan.merge) {
			const parents = plan.merge.parents.map(entry => nodeKey(plan.app, finalName(entry, names)));
			steps.push({kind: 'merge', node: nodeKey(plan.app, plan.merge.name), path: mergePath(plan), parents});
		}
	}
	for (const [entry, twin] of duplicates) {
		steps.push({
			kind: 'recognise',
			node: nodeKey(entry.app, entry.name),
			path: entry.path,
			as: nodeKey(twin.app, finalName(twin, names)),
		});
	}
	for (const {path, mentions} of drafts.values()) {
		for (const mention of mentions?.followed ?? []) steps.push({kind: 'mention', path, ...mention});
	}
	return steps;
}

/** Put in words what was met on the way: names that stay, edits of published migrations, what git had mixed up. */
export function noticesOf(
	assembly: Assembly,
	meeting: Meeting,
	options: PlanOptions,
	isRefused: (path: string) => boolean,
): Step[] {
	const repairs = assembly.repaired.filter(path => !isRefused(path)).map(path => ({kind: 'repair' as const, path}));
	return [...keptNames(assembly, meeting), ...publishedEdits(assembly, meeting, options), ...repairs];
}

/** How an app was forked. */
export function storyOf({app, arms, leaf}: AppPlan): ForkStory {
	return {
		app,
		leaf: nodeKey(app, leaf.name),
		stays: arms[0]!.side,
		gained: arms[0]!.own.length,
		moves: arms.slice(1).map(({side}) => side),
	};
}

function keptNames({frozen}: Assembly, {labels}: Meeting): Step[] {
	return frozen.map(({published, called}) => {
		const node = nodeKey(labels.get(folderOf(published)) ?? '', stemOf(published));
		return {kind: 'keep-published', node, path: published, called: stemOf(called)};
	});
}

/** Published migrations that a side edited or deleted: merged as git merges them, and said. */
function publishedEdits({entries, deleted}: Assembly, {base, labels}: Meeting, {isPublished}: PlanOptions): Step[] {
	const published = (path: string) => base.has(path) && isPublished(path, base.get(path)!);
	const edited = entries.filter(entry => !entry.isNew && entry.side !== null && published(entry.path));
	const gone = [...deleted].filter(path => isMigrationFile(path) && published(path));
	return [
		...edited.map(entry => ({
			kind: 'published-edit' as const,
			node: nodeKey(entry.app, entry.name),
			path: entry.path,
			how: 'edited' as const,
		})),
		...gone.map(path => ({
			kind: 'published-edit' as const,
			node: nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path)),
			path,
			how: 'deleted' as const,
		})),
	];
}
