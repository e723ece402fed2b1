import type {Entry} from '../history/meeting.ts';
import {buildGraph} from '../migrations/graph.ts';
import {appOf, nameOf, nodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import type {MeetingPlan} from '../plan/plan-meeting.ts';
import type {Refusal} from '../refusal.ts';
import {COMMITS, type ReplayKind} from './replay-words.ts';

/** Picked migrations that are published and would have to be changed here. */
export function publishedMoves({appPlans}: MeetingPlan, isPublished: (entry: Entry) => boolean): Entry[] {
	return appPlans.flatMap(({follows, merge}) => (merge ? [] : [...follows.keys()].filter(isPublished)));
}

/** Said of a published migration that follows another parent here than where it is published. */
export function backportNotices(entries: readonly Entry[]): string[] {
	return entries.map(
		entry =>
			`  ${nodeKey(entry.app, entry.name)} is published and keeps its name; only here it follows another migration (backport: repoint).`,
	);
}

/** Said of what was picked without the migration it was built on. */
export function orphanNotices({appPlans, decisions}: MeetingPlan): string[] {
	const orphans = appPlans.flatMap(({follows}) => [...follows.keys()]);
	return orphans.flatMap(entry =>
		entry.edges.migration.dependencies.items.flatMap(reference => {
			if (reference.kind !== 'node' || reference.app !== entry.app || reference.name.startsWith('__')) return [];
			if (decisions.resolve(entry.edges.side, reference.app, reference.name)) return [];
			const now = nodeKey(entry.app, decisions.names.get(entry) ?? entry.name);
			return [`  ${now} was built on ${nodeKey(entry.app, reference.name)}, which is not here: look whether it can do without.`];
		}),
	);
}

/** `backport: refuse`. */
export function backportRefused(entries: readonly Entry[]): Refusal {
	return {
		code: 'backport-refused',
		what: 'A picked migration is published and does not fit here, so it was left as git picked it.',
		nodes: entries.map(({app, name}) => nodeKey(app, name)),
		paths: entries.map(({path}) => path),
		why: 'The configuration says backport: refuse.',
		next: 'git revert HEAD',
	};
}

/** What the new commits left without a parent: a revert that took a migration others are built on, a pick from another app's future. */
export function leftDangling(before: Project, after: Project, kind: ReplayKind): Refusal[] {
	const known = new Set(buildGraph(before).missing.map(({node, reference}) => `${node} ${reference}`));
	const missing = buildGraph(after).missing.filter(({node, reference}) => !known.has(`${node} ${reference}`));
	if (missing.length === 0) return [];
	const [first] = missing;
	return [
		{
			code: 'missing-parent',
			what: `The ${COMMITS[kind]} leave ${first!.node} without ${first!.reference}, which it depends on.`,
			nodes: [...new Set(missing.flatMap(({node, reference}) => [node, reference]))],
			paths: missing.flatMap(({node}) => after.nodes.get(node)?.path ?? []),
			why: `Django will not load ${appOf(first!.node)} without ${nameOf(first!.reference)}: bring it along, or take both away.`,
			next: 'migration-guard check',
		},
	];
}
