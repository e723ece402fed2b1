import {nodeKey} from '../migrations/key.ts';
import {lineAt} from '../python/source.ts';
import {type Draft, edit, run} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {placesOf} from './look-up.ts';

type SquashCycle = Extract<Diagnosis, {kind: 'squash-cycle'}>;

/** Cyclical squash replacement: squashes that replace each other, or themselves. */
export function explainSquashCycle({node}: SquashCycle, facts: Facts): Draft {
	const {project, text, manage, graph} = facts;
	const inCycle = new Set([node, ...graph.squashCycles]);
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
				},
			];
		});
	});
	const [first] = mentions;
	return {
		title: `${node} replaces itself, directly or through another squash`,
		cause: mentions.map(({key, to, place}) => `${key} replaces ${to} (${place.path}:${place.line}).`),
		here: mentions.length > 0,
		nodes: [...inCycle],
		places: mentions.length > 0 ? mentions.map(({place}) => place) : placesOf(facts, [node]),
		ways: first
			? [
					{
						when: 'as a rule',
						steps: [
							edit(first.place, first.text, null, 'with its comma'),
							run(`${manage} migrate --plan`, 'Django loads the migrations again'),
						],
					},
				]
			: [],
		notes: ['Django before 6.0 prints nothing here: one of the squashes is silently left out.'],
	};
}
