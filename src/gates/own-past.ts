import type {Ground} from '../doors/ground.ts';
import type {Settings} from '../doors/settings.ts';
import {failsAsItStands} from '../migrations/check-merge.ts';
import type {Finding} from '../migrations/finding.ts';
import type {Verdict} from '../state/work.ts';
import {failsInOrder} from './fails-in-order.ts';
import {distinct, verdictsOf} from './judge-past.ts';
import {sidesInRange} from './sides-in-range.ts';

/**
 * What a branch shows of work that met before it was judged: the two sides of its own merges, and, where its history is linear, the operations
 * that fail in its order. What a rebase overwrote without an error is not to be seen here.
 */
export function ownPast(
	ground: Ground,
	{base, mainline, incoming}: {readonly base: string | null; readonly mainline: string; readonly incoming: string},
	{handling}: Settings,
): {readonly verdicts: readonly Verdict[]; readonly findings: readonly Finding[]} {
	if (base === null) return {verdicts: [], findings: []};
	const range = {tip: incoming, except: [mainline], mainline: [], before: null};
	const verdicts = distinct(sidesInRange(ground.repo, range).flatMap(meeting => verdictsOf(ground, meeting)));
	if (handling.conflicts === 'off') return {verdicts, findings: []};
	const told = new Set(verdicts.map(({incoming: {path, operation}}) => `${path}:${operation.line}`));
	const findings = failsInOrder(ground, base, incoming)
		.filter(({work}) => !told.has(`${work.path}:${work.operation.line}`))
		.map(({work: {key, path, operation}, error, isCertain}) =>
			failsAsItStands(
				{key, title: operation.title, place: {path, line: operation.line}, error},
				isCertain && handling.conflicts === 'stop' ? 'error' : 'notice',
			),
		);
	return {verdicts, findings};
}
