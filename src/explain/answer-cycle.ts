import type {NodeKey} from '../migrations/key.ts';
import {type Draft, edit, run} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Commit, Facts} from './facts.ts';
import {commitText, listed, mentionOf, mentionText, newest} from './look-up.ts';

type Cycle = Extract<Diagnosis, {kind: 'circular-dependency'}>;

interface Edge {
	readonly from: NodeKey;
	readonly to: NodeKey;
	readonly mention: NonNullable<ReturnType<typeof mentionOf>>;
	readonly since: Commit | null;
}

/** CircularDependencyError: the lines that make the circle, and the one that closed it. */
export function explainCycle({cycle}: Cycle, facts: Facts): Draft {
	const known = facts.graph.cycles.find(each => each.some(key => cycle.includes(key)));
	const nodes = known ?? cycle;
	const edges = nodes.flatMap(from =>
		nodes.flatMap((to): Edge[] => {
			const mention = mentionOf(facts, from, to);
			return mention ? [{from, to, mention, since: facts.mentionedSince(mention.place.path, to.slice(to.indexOf('.') + 1))}] : [];
		}),
	);
	const last = newest(
		facts,
		edges.map(edge => ({...edge, place: edge.mention.place})),
	);
	return {
		title:
			nodes.length === 1 ? `${nodes[0]} depends on itself` : `${listed(nodes)} wait for each other, so that none can be first`,
		cause: [
			...edges.map(({from, to, mention, since}) => {
				const what = mention.attribute === 'dependencies' ? 'depends on' : 'wants to run before';
				return `${from} ${what} ${to} (${mention.place.path}:${mention.place.line}${since ? `, since ${commitText(since)}` : ''}).`;
			}),
			...(known ? [] : ['This tree has no such circle: the text comes from another revision, or it was mended since.']),
		],
		here: known !== undefined,
		nodes,
		places: edges.map(({mention}) => mention.place),
		ways: last
			? [
					{
						when: `when ${last.from} needs nothing of ${last.to}, the newest of these dependencies`,
						steps: [
							edit(
								last.mention.place,
								mentionText(facts, last.mention.place.path, last.mention.reference),
								null,
								'with its comma',
							),
							run('migration-guard check', 'is anything open now?'),
							run(`${facts.manage} migrate --plan`, 'Django loads the migrations again'),
						],
					},
				]
			: [],
		notes: [
			'When both need the other: put the operations that need it (the ForeignKey, mostly) into a migration of their own, after both; that is how makemigrations writes them.',
			'A reference by name, ForeignKey("app.Model"), mends circular imports of Python. Between migrations it changes nothing: they always refer by name.',
		],
	};
}
