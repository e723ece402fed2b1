import {buildGraph, type Database, forkedApps} from '../migrations/graph.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import type {Refusal} from '../refusal.ts';

/** What the outcome is measured by. */
export interface Before {
	readonly sides: () => readonly Project[];
	/** What git alone made: the measure for apps in which nothing was decided. */
	readonly git: () => Project;
	/** Apps in which something was decided, and which no side had broken by deleting what others stand on. */
	readonly settled: ReadonlySet<string>;
	/** Apps in which something was decided. */
	readonly touched: ReadonlySet<string>;
	/** Apps that are left as they are. */
	readonly refused: ReadonlySet<string>;
	/** What a side deleted. */
	readonly deleted: ReadonlySet<NodeKey>;
}

/**
 * Read the outcome again, as Django would, before it is kept: one leaf per app, every dependency there, no cycle. What was
 * already wrong on one of the sides is not this meeting's business, nor is what a side deleted by itself. Null when all is well.
 */
export function verifyOutcome(outcome: Project, before: Before): Refusal | null {
	const {refused, deleted, settled} = before;
	const graph = buildGraph(outcome);
	const isSquashed = [...outcome.nodes.values()].some(({migration}) => migration.replaces.items.length > 1);
	const databases: readonly Database[] = isSquashed ? ['empty', 'partly applied'] : ['empty'];
	const forks = databases
		.flatMap(database =>
			forkedApps(database === 'empty' ? graph : buildGraph(outcome, database)).map(fork => ({...fork, database})),
		)
		.filter(({app}) => !refused.has(app));
	const missing = graph.missing.filter(({node}) => !refused.has(appOf(node)));
	if (forks.length === 0 && missing.length === 0 && graph.cycles.length === 0) return null;
	const [projects, written] = [before.sides(), before.git()];
	const sides = projects.map(side => buildGraph(side));
	const leavesBefore = (app: string, database: Database) =>
		Math.max(
			1,
			...[...projects, ...(settled.has(app) ? [] : [written])].map(side => buildGraph(side, database).leafNodes(app).length),
		);
	const fork = forks.find(({app, leaves, database}) => leaves.length > leavesBefore(app, database));
	if (fork) return failed(`${fork.app} would still have several leaves: ${fork.leaves.join(', ')}`, fork.leaves);
	const known = new Set(sides.flatMap(side => side.missing.map(({reference}) => reference)));
	const dangling = missing.find(reference => !known.has(reference.reference) && !deleted.has(reference.reference));
	if (dangling) return failed(`${dangling.node} would depend on ${dangling.reference}, which does not exist`, [dangling.node]);
	// A cycle that was there before is nobody's doing here, unless what moves would be built on it.
	const isOld = sides.some(side => side.cycles.length > 0);
	const cycle = graph.cycles.find(nodes => !isOld || nodes.some(node => before.touched.has(appOf(node))));
	if (cycle) return failed(`a circular dependency would arise: ${cycle.join(' → ')}`, cycle);
	return null;
}

function failed(why: string, nodes: readonly string[]): Refusal {
	return {
		code: 'check-failed',
		what: 'The renumbered history did not pass the check, so nothing was changed.',
		nodes,
		paths: [],
		why: `${why[0]!.toUpperCase()}${why.slice(1)}.`,
		next: 'migration-guard check',
	};
}
