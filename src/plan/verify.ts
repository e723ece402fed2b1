import {buildGraph, forkedApps, type MigrationGraph} from '../migrations/graph.ts';
import type {Project} from '../migrations/project.ts';
import type {Refusal} from '../refusal.ts';

/**
 * Read the outcome again, as Django would, before it is kept: one leaf per app, every dependency there, no cycle. What was
 * already wrong on one of the sides is not this meeting's business. Null when all is well.
 */
export function verifyOutcome(outcome: Project, sides: () => readonly Project[], ignoredApps: ReadonlySet<string>): Refusal | null {
	const graph = buildGraph(outcome);
	const forks = forkedApps(graph).filter(({app}) => !ignoredApps.has(app));
	const missing = graph.missing.filter(({node}) => !ignoredApps.has(node.slice(0, node.indexOf('.'))));
	if (forks.length === 0 && missing.length === 0 && graph.cycles.length === 0) return null;
	const before = sides().map(buildGraph);
	const leavesBefore = (app: string) => Math.max(1, ...before.map(side => side.leafNodes(app).length));
	const fork = forks.find(({app, leaves}) => leaves.length > leavesBefore(app));
	if (fork) return failed(`${fork.app} would still have several leaves: ${fork.leaves.join(', ')}`, fork.leaves);
	const known = new Set(before.flatMap(side => side.missing.map(describeMissing)));
	const dangling = missing.find(reference => !known.has(describeMissing(reference)));
	if (dangling) return failed(`${dangling.node} would depend on ${dangling.reference}, which does not exist`, [dangling.node]);
	const cycle = graph.cycles[0];
	if (cycle && !before.some(side => side.cycles.length > 0)) return failed(`a circular dependency would arise: ${cycle.join(' → ')}`, cycle);
	return null;
}

function describeMissing({reference}: MigrationGraph['missing'][number]): string {
	return reference;
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
