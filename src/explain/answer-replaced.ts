import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import {type Draft, run, type Way} from './answer.ts';
import {explainSquashCycle} from './answer-squash-cycle.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {explainHalf, replacedBy, squashOf, withoutOuter} from './half-squash.ts';
import {placesOf} from './look-up.ts';

type Missing = Extract<Diagnosis, {kind: 'node-not-found'}>;

/** NodeNotFoundError of a migration whose place a squash takes, or of a squash that does not count. Null: it is about neither. */
export function explainReplaced({by, node, missing}: Missing, facts: Facts): Draft | null {
	const {project, graph} = facts;
	const squash = squashOf(facts, missing);
	const isThere = project.nodes.has(missing);
	if (by === 'squash') {
		if (graph.squashCycles.length > 0) return explainSquashCycle({node: missing}, facts, true);
		return squash !== null && isThere ? nested(facts, missing, squash) : null;
	}
	if (by === 'command' && isThere) {
		if (replacedBy(facts, missing).includes(missing)) return explainSquashCycle({node: missing}, facts);
		if (squash !== null) return byItsName(facts, missing, squash);
		return replacedBy(facts, missing).length > 0 ? explainHalf(facts, missing, []) : null;
	}
	return squash !== null && !isThere ? explainHalf(facts, squash, node === null ? [missing] : [node, missing]) : null;
}

/** executor.py:migration_plan: before 6.0 what is replaced is looked for among all migrations on the way back only (from 4.0 on), else never. */
function byItsName(facts: Facts, missing: NodeKey, squash: NodeKey): Draft {
	const path = facts.project.nodes.get(squash)!.path;
	const origin = facts.origin(path);
	const stop: Way[] = origin
		? [
				{
					when: `to be at ${missing} and no further, before Django 6.0`,
					steps: [
						run(`git checkout --detach ${origin.oid}^`, 'the tree before the squash; commit or stash first'),
						run(
							`${facts.manage} migrate ${appOf(missing)} ${nameOf(missing)}`,
							'a database that is in between needs the old files',
						),
						run('git checkout -', 'back to your branch'),
					],
				},
			]
		: [];
	return {
		title: `${missing} is there, but while ${squash} stands for it Django knows no such node`,
		cause: [
			`${squash} replaces ${missing} (${path}). Where all or none of what it replaces is applied, only the squash counts; Django 6.0 and newer take the old ones when they are named.`,
		],
		nodes: [missing, squash],
		places: placesOf(facts, [missing, squash]),
		ways: [
			{
				when: 'as a rule: name the squash',
				steps: [run(`${facts.manage} migrate ${appOf(squash)} ${nameOf(squash)}`, 'all that it stands for')],
			},
			...stop,
		],
	};
}

/** graph.py:remove_replaced_nodes and remove_replacement_node: the outer squash was carried out first, and has taken the inner one away. */
function nested(facts: Facts, inner: NodeKey, outer: NodeKey): Draft {
	const path = facts.project.nodes.get(outer)!.path;
	return {
		title: `${outer} replaces ${inner}, which replaces others itself: before Django 6.0 that is an error, or works once and never again`,
		cause: [`Django carried out ${outer} (${path}) before ${inner}, which then was gone.`],
		nodes: [inner, outer],
		places: placesOf(facts, [inner, outer]),
		ways: [
			{
				when: `while no database has applied ${outer}`,
				steps: [withoutOuter(path), run(`${facts.manage} migrate --plan`, 'Django loads the migrations again')],
			},
			{
				when: 'else',
				steps: [
					run('python -m pip install "Django>=6.0"', "carries out inner squashes first; after Django's own notes on upgrading"),
					run(`${facts.manage} migrate --plan`, 'Django loads the migrations again'),
				],
			},
		],
		notes: [
			`For a squash of squashes with an older Django: when every database has applied ${inner}, delete what it replaces and its replaces, and squash after that.`,
		],
	};
}
