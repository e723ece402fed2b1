import {appOf, type NodeKey, nameOf, nodeKey} from '../migrations/key.ts';
import {type Draft, run, type Way} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {brittleSquashBefore, explainHalf} from './half-squash.ts';
import {commitText, listed, pathOf, placesOf} from './look-up.ts';

type Of<K extends Diagnosis['kind']> = Extract<Diagnosis, {kind: K}>;

/** Conflicting migrations detected: which leaves, who brought them, and how they become one line. */
export function explainFork({apps}: Of<'conflicting-migrations'>, facts: Facts): Draft {
	const {graph, manage} = facts;
	const said = apps.map(({app, names}) => ({app: app ?? appWith(facts, names), names}));
	const forked = said.filter(({app}) => app !== null && graph.leafNodes(app).length > 1);
	const leaves = forked.flatMap(({app}) => graph.leafNodes(app!));
	const [squash] = leaves.length > 0 ? [] : said.flatMap(({app, names}) => leftOut(facts, app, names) ?? []);
	if (squash) return explainHalf(facts, squash.key, squash.nodes);
	const cause = said.flatMap(({app, names}) => causeOf(facts, app, names));
	const odd = apps.some(({app}) => app === null)
		? [`Django itself names the app inside the brackets: (${apps[0]!.names.join(', ')} in APP).`]
		: [];
	const ways: Way[] =
		leaves.length === 0
			? [
					{
						when: 'to see which tree has the fork',
						steps: [run('migration-guard check REV', 'with the revision that failed; it says which apps are forked')],
					},
				]
			: [
					{
						when: 'as a rule: one line of history, the same order in every database',
						steps: [
							run(
								'migration-guard fix',
								`renumbers what is not published, after the leaf of the mainline (with --dry-run it only shows what)`,
							),
							run(`${manage} migrate`, 'applies what is left'),
						],
					},
					{
						when: 'when both sides are applied in a database that matters, or both are published',
						steps: [
							run('migration-guard fix --merge', "writes Django's merge migration, the same bytes for everybody"),
							run(`${manage} migrate`, 'applies what is left'),
						],
					},
				];
	const applied =
		leaves.length === 0
			? []
			: [
					`A database that already applied the side that moves remembers the old name. Before the fix, on the commit that has no fork yet: ${manage} migrate ${forked[0]!.app} ${forkPoint(facts, forked[0]!.app!)}. While the fork is on disk Django refuses every form of migrate.`,
				];
	return {
		title: `${listed([...new Set(said.map(({app, names}) => app ?? `the app of ${names[0]}`))])} ${said.length > 1 ? 'have' : 'has'} several last migrations, each made without knowing of the other; Django does not guess which comes first`,
		cause,
		here: leaves.length > 0,
		nodes: leaves,
		places: placesOf(facts, leaves),
		ways,
		notes: [...applied, ...odd],
	};
}

/** Could not find common ancestor: two roots, which no merge migration can join. */
export function explainNoAncestor({nodes}: Of<'no-common-ancestor'>, facts: Facts): Draft {
	const app = nodes[0] === undefined ? '' : appOf(nodes[0]);
	const roots = facts.graph.rootNodes(app);
	return {
		title: `the two lines of ${app} do not begin with the same migration, so that makemigrations --merge cannot join them`,
		cause: [`${app} has ${roots.length} first migrations: ${listed(roots)}.`],
		here: roots.length > 1,
		nodes: roots,
		places: placesOf(facts, roots),
		ways: [
			{
				when: 'as a rule',
				steps: [run('migration-guard fix', 'gives the first migration of the side that moves a parent on the mainline')],
			},
		],
	};
}

function causeOf(facts: Facts, app: string | null, names: readonly string[]): string[] {
	const {graph} = facts;
	if (app === null) return [`No app of this tree has ${listed(names)}.`];
	const leaves = graph.leafNodes(app);
	if (leaves.length < 2) {
		const absent = names.filter(name => !facts.project.nodes.has(nodeKey(app, name)));
		return [
			`This tree has no fork in ${app}: its leaf is ${leaves.join('') || 'nowhere'}${absent.length > 0 ? `, and it has no ${listed(absent)}` : ''}. The text comes from another revision, or it was mended since.`,
		];
	}
	return [
		`${listed(leaves)} are leaves; they part after ${forkPoint(facts, app)}.`,
		...leaves.map(key => {
			const path = pathOf(facts, key)!;
			const origin = facts.origin(path);
			const published = facts.isPublished(path) === true ? ', published' : '';
			return origin ? `${nameOf(key)} came with ${commitText(origin)}${published}.` : `${nameOf(key)} is not committed yet.`;
		}),
	];
}

/** No fork in this tree, and its leaves are there: a database that leaves a squash out between them sees one. */
function leftOut(facts: Facts, app: string | null, names: readonly string[]): {key: NodeKey; nodes: NodeKey[]} | null {
	const nodes = names.map(name => nodeKey(app ?? '', name));
	if (!nodes.every(node => facts.project.nodes.has(node))) return null;
	const key = nodes.map(node => brittleSquashBefore(facts, node)).find(found => found !== null);
	return key === undefined ? null : {key, nodes};
}

/** The last migration that all leaves of an app come after; `zero` when there is none. */
function forkPoint({graph}: Facts, app: string): string {
	const lines = graph.leafNodes(app).map(leaf => {
		const seen = new Set([leaf]);
		for (const key of seen) for (const parent of graph.parents(key)) if (appOf(parent) === app) seen.add(parent);
		return seen;
	});
	const shared = [...(lines[0] ?? [])].filter(key => lines.every(line => line.has(key)));
	const last = shared.find(key => !graph.children(key).some(child => shared.includes(child)));
	return last === undefined ? 'zero' : nameOf(last);
}

function appWith({project}: Facts, names: readonly string[]): string | null {
	return project.folders.find(folder => names.every(name => folder.names.includes(name)))?.app ?? null;
}
