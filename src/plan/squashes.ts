import type {Entry} from '../history/meeting.ts';
import {nodeKey} from '../migrations/key.ts';
import type {Refusal} from '../refusal.ts';
import {type AppGraph, byNumber, targets} from './app-graph.ts';
import type {Resolve} from './resolve.ts';

/**
 * The leaves in a database that has applied a part of what each squash replaces: there the squash does not count, and what follows it
 * follows the last of the replaced ones (graph.py:remove_replacement_node). A leaf that a squash replaces is given as the squash, which
 * means the same migration to every database.
 */
export function leavesPartlyApplied(entries: readonly Entry[], {parents, leaves}: AppGraph, resolve: Resolve): readonly Entry[] {
	const members = new Set(entries);
	const lastOf = new Map<Entry, readonly Entry[]>();
	const keptBy = new Map<Entry, Entry>();
	for (const entry of entries) {
		const replaced = replacedBy(entry, resolve).filter(target => members.has(target));
		const inner = new Set(replaced.flatMap(target => parents.get(target) ?? []));
		const last = replaced.filter(target => !inner.has(target));
		// With one gone, or only one, no database has a part of them.
		if (replaced.length >= 2 && replaced.length === entry.edges.migration.replaces.items.length) lastOf.set(entry, last);
		else for (const target of replaced) keptBy.set(target, entry);
	}
	if (lastOf.size === 0) return leaves;
	const standing = (entry: Entry, seen: readonly Entry[] = []): readonly Entry[] => {
		if (seen.includes(entry)) return [];
		const others = lastOf.get(entry) ?? (keptBy.has(entry) ? [keptBy.get(entry)!] : null);
		return others?.flatMap(other => standing(other, [...seen, entry])) ?? [entry];
	};
	const live = entries.filter(entry => !lastOf.has(entry) && !keptBy.has(entry));
	const hasChild = new Set(live.flatMap(entry => (parents.get(entry) ?? []).flatMap(parent => standing(parent))));
	const squashOf = new Map([...lastOf].flatMap(([squash, last]) => last.map(entry => [entry, squash] as const)));
	const found = live.filter(entry => !hasChild.has(entry)).map(entry => squashOf.get(entry) ?? entry);
	return [...new Set(found)].sort(byNumber);
}

/** A squash that would hold migrations of both sides of one that stays: it could come neither before it nor after. */
export function squashExtended(
	entries: readonly Entry[],
	moving: ReadonlySet<Entry>,
	leaf: Entry,
	resolve: Resolve,
): Refusal | null {
	const torn = entries.find(entry => {
		const replaced = replacedBy(entry, resolve);
		return replaced.some(target => moving.has(target)) && replaced.some(target => !moving.has(target));
	});
	if (!torn) return null;
	const [squash, between] = [nodeKey(torn.app, torn.name), nodeKey(leaf.app, leaf.name)];
	return {
		code: 'squash-extended',
		what: `${squash} replaces migrations before and after ${between}, which came in between, so ${torn.app} was left as git merged it.`,
		nodes: [squash, between],
		paths: [torn.path],
		why: 'A database that has applied only the older ones would see a fork. Without the squash the rest can be renumbered; squash again afterwards.',
		next: `git rm ${torn.path} && migration-guard fix`,
	};
}

/** Two sides squashed one migration, each in its own way: which squash stands would depend on the order of reading (before Django 6.1). */
export function overlappingSquashes(entries: readonly Entry[], resolve: Resolve): Refusal | null {
	const squashOf = new Map<Entry, Entry>();
	for (const entry of entries.filter(({isNew}) => isNew)) {
		for (const target of replacedBy(entry, resolve)) {
			const other = squashOf.get(target);
			squashOf.set(target, entry);
			if (!other || other.side === entry.side || other.name === entry.name) continue;
			const [first, second] = [nodeKey(other.app, other.name), nodeKey(entry.app, entry.name)];
			return {
				code: 'squashes-overlap',
				what: `${first} and ${second} both replace ${nodeKey(target.app, target.name)}, so ${entry.app} was left as git merged it.`,
				nodes: [first, second],
				paths: [other.path, entry.path],
				why: 'A migration can be replaced by one other. Keep one of the two, and squash the rest again on top of it.',
				next: `git rm ${entry.path}`,
			};
		}
	}
	return null;
}

function replacedBy(entry: Entry, resolve: Resolve): readonly Entry[] {
	return targets(entry, entry.edges.migration.replaces, resolve).filter(target => target !== entry);
}
