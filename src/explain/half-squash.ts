import {appOf, type NodeKey, nodeKey} from '../migrations/key.ts';
import {type Draft, run, type Step, type Way} from './answer.ts';
import type {Facts, Lost} from './facts.ts';
import {commitText, listed, pathOf, placesOf, runsAfter} from './look-up.ts';
import {anew} from './way-back.ts';

/** What a migration of the tree replaces; nothing when it is no squash. */
export function replacedBy({project}: Facts, key: NodeKey): NodeKey[] {
	const items = project.nodes.get(key)?.migration.replaces.items ?? [];
	return items.flatMap(item => (item.kind === 'node' ? [nodeKey(item.app, item.name)] : []));
}

/** The squash of the tree that replaces a migration; null: none does. */
export function squashOf(facts: Facts, key: NodeKey): NodeKey | null {
	return [...facts.project.nodes.keys()].find(other => other !== key && replacedBy(facts, other).includes(key)) ?? null;
}

/** A squash of squashes does not work before Django 6.0, whatever its order: what it replaces does the same. */
export function withoutOuter(path: string): Step {
	return run(`git rm --quiet ${path}`, 'while no database has applied it; a squash of a squash needs Django 6.0');
}

interface Absent {
	readonly path: string;
	readonly lost: Lost;
}

/**
 * loader.py:build_graph: of a squash that a database has applied in part the old migrations count, and not the squash. Which of them are not
 * in the tree, and how that database is brought to their end. `nodes`: what stumbled over it.
 */
export function explainHalf(facts: Facts, squash: NodeKey, nodes: readonly NodeKey[]): Draft {
	const replaced = replacedBy(facts, squash);
	const absent = absentOf(facts, squash);
	const lost = absent.flatMap((key): Absent[] => {
		const path = pathOf(facts, key);
		return path === null ? [] : [{path, lost: facts.lost(path)}];
	});
	const deletions = [...new Set(lost.flatMap(({lost: {deleted}}) => (deleted ? [commitText(deleted)] : [])))];
	const by = deletions.length > 0 ? `, by ${listed(deletions)}` : '';
	const all = [...new Set([...nodes, squash])];
	return {
		title: `${squash} does not count in a database that has applied only a part of what it replaces`,
		nodes: all,
		places: placesOf(facts, all),
		cause: [
			`${squash} replaces ${listed(replaced)}. A database that has applied some of them and not all does not see the squash: there Django runs the old ones to their end first.`,
			...(absent.length > 0 ? [`${listed(absent)} ${absent.length > 1 ? 'are' : 'is'} deleted${by}.`] : []),
		],
		ways:
			absent.length === 0
				? [
						{
							when: 'as a rule: the old ones to their end, and then the squash counts',
							steps: [run(`${facts.manage} migrate ${appOf(squash)}`, 'without a name: what is left of them, and what follows')],
						},
					]
				: [...onOldTree(facts, squash, lost), ...broughtBack(facts, squash, lost)],
	};
}

/**
 * The squash that a migration comes after, and that a database can leave out without a word: then what follows it has no parent there any more. Null: no
 * such squash lies before it, or what it replaces is still in the tree.
 */
export function brittleSquashBefore(facts: Facts, key: NodeKey): NodeKey | null {
	return facts.graph.keys.find(squash => absentOf(facts, squash).length > 0 && runsAfter(facts, key, squash)) ?? null;
}

function absentOf(facts: Facts, squash: NodeKey): NodeKey[] {
	return replacedBy(facts, squash).filter(key => !facts.project.nodes.has(key));
}

/** Where one commit deleted them all, the tree before it ends them, and no file changes. */
function onOldTree({manage}: Facts, squash: NodeKey, absent: readonly Absent[]): Way[] {
	const parents = new Set(absent.map(({lost}) => (lost.deleted && lost.deleted.oid !== '' ? lost.deleted.parent : null)));
	const [parent] = parents;
	if (parents.size !== 1 || parent === null) return [];
	return [
		{
			when: 'as a rule: end the old migrations on the tree that still has them; no data is lost',
			steps: [
				run(`git checkout --detach ${parent}`, 'the tree before they were deleted; commit or stash first'),
				run(`${manage} migrate ${appOf(squash)}`, 'applies the rest of what the squash replaces'),
				run('git checkout -', 'back to your branch'),
				run(`${manage} migrate`, 'now all of them are applied, and so is the squash'),
			],
		},
	];
}

function broughtBack({manage}: Facts, squash: NodeKey, absent: readonly Absent[]): Way[] {
	const sources = new Map<string, string[]>();
	for (const {path, lost} of absent) {
		const source = lost.deleted?.parent ?? lost.branches[0];
		// Nobody has this one any more.
		if (source === undefined) return [anew(manage)];
		sources.set(source, [...(sources.get(source) ?? []), path]);
	}
	return [
		{
			when: 'when other databases are in between, too',
			steps: [
				...[...sources].map(
					([source, paths]): Step => run(`git checkout ${source} -- ${paths.join(' ')}`, 'brings back what the squash replaces'),
				),
				run(
					`${manage} migrate ${appOf(squash)}`,
					'in each of those databases; when the last one is through, the files may go again',
				),
			],
		},
	];
}
