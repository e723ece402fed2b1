import {type NodeKey, nodeKey} from '../migrations/key.ts';
import {lineAt} from '../python/source.ts';
import {type Draft, edit, run} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {replacedBy, withoutOuter} from './half-squash.ts';
import {commitText, newest, placesOf} from './look-up.ts';

type SquashCycle = Extract<Diagnosis, {kind: 'squash-cycle'}>;

/** Cyclical squash replacement: squashes that replace each other, or themselves. `old`: a Django before 6.0 said it, in its own words. */
export function explainSquashCycle({node}: Pick<SquashCycle, 'node'>, facts: Facts, old = false): Draft {
	const {project, text, manage, graph} = facts;
	const inCycle = new Set([node, ...graph.squashCycles]);
	// What leads from one of them back to it.
	for (const key of inCycle) for (const other of replacedBy(facts, key)) if (reaches(facts, other, node)) inCycle.add(other);
	const mentions = [...inCycle].flatMap(key => {
		const squash = project.nodes.get(key);
		return (squash?.migration.replaces.items ?? []).flatMap(item => {
			if (item.kind !== 'node' || !inCycle.has(nodeKey(item.app, item.name))) return [];
			const source = text(squash!.path);
			return [
				{
					key,
					to: nodeKey(item.app, item.name),
					place: {path: squash!.path, line: lineAt(source, item.span.from)},
					text: source.slice(item.span.from, item.span.to),
					since: facts.mentionedSince(squash!.path, item.name),
				},
			];
		});
	});
	const last = newest(facts, mentions);
	return {
		title: `${node} replaces itself, directly or through another squash`,
		cause: mentions.map(
			({key, to, place, since}) =>
				`${key} replaces ${to} (${place.path}:${place.line}${since ? `, since ${commitText(since)}` : ''}).`,
		),
		here: mentions.length > 0,
		nodes: [...inCycle],
		places: mentions.length > 0 ? mentions.map(({place}) => place) : placesOf(facts, [node]),
		ways: last
			? [
					{
						when: `as a rule: ${last.key} does not replace ${last.to}, the newest of these lines`,
						steps: [
							edit(last.place, last.text, null, 'with its comma'),
							...(old ? [withoutOuter(project.nodes.get(last.to)!.path)] : []),
							run(`${manage} migrate --plan`, 'Django loads the migrations again'),
						],
					},
				]
			: [],
		notes: [
			'Before 6.0 Django calls such a circle "Unable to find replacement node". Of a squash that replaces itself it says KeyError, or nothing when nothing comes after it: then it is left out.',
		],
	};
}

function reaches(facts: Facts, from: NodeKey, to: NodeKey): boolean {
	const seen = new Set([from]);
	for (const key of seen) for (const next of replacedBy(facts, key)) seen.add(next);
	return seen.has(to);
}
