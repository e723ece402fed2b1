import type {Entry} from '../history/meeting.ts';
import {nodeKey} from '../migrations/key.ts';
import type {EdgeList, Migration, Reference} from '../migrations/migration.ts';
import {parseNumber} from '../migrations/name.ts';
import type {Resolve} from './resolve.ts';

/** The same-app graph of some entries, where two entries may share a name. Replaced nodes are out, as in Django with nothing applied. */
export interface AppGraph {
	readonly parents: ReadonlyMap<Entry, readonly Entry[]>;
	/** Entries without a child, replaced ones left out; sorted by number, then name. */
	readonly leaves: readonly Entry[];
}

/** The entries of one app and the edges among them (dependencies and run_before, same app only). */
export function appGraph(entries: readonly Entry[], resolve: Resolve): AppGraph {
	const members = new Set(entries);
	const parents = new Map<Entry, Entry[]>(entries.map(entry => [entry, []]));
	const replacedBy = new Map<Entry, Entry>();
	for (const entry of entries) {
		for (const target of targets(entry, entry.edges.migration.replaces, resolve))
			if (target !== entry) replacedBy.set(target, entry);
	}
	const standing = (entry: Entry): Entry => {
		let current = entry;
		for (let hops = 0; hops <= replacedBy.size; hops++) {
			const squash = replacedBy.get(current);
			if (!squash || !members.has(squash)) return current;
			current = squash;
		}
		return current;
	};
	const link = (child: Entry, parent: Entry) => {
		if (members.has(child) && members.has(parent) && child !== parent) parents.get(child)!.push(parent);
	};
	const hasChild = new Set<Entry>();
	for (const entry of entries) {
		for (const parent of targets(entry, entry.edges.migration.dependencies, resolve)) link(entry, parent);
		for (const child of targets(entry, entry.edges.migration.runBefore, resolve)) link(child, entry);
	}
	for (const [child, over] of parents)
		for (const parent of over) if (standing(parent) !== standing(child)) hasChild.add(standing(parent));
	const live = entries.filter(entry => standing(entry) === entry);
	return {parents, leaves: live.filter(entry => !hasChild.has(entry)).sort(byNumber)};
}

/** The entries of the same app that an edge list names. */
export function targets(entry: Entry, edges: EdgeList, resolve: Resolve): Entry[] {
	return edges.items.flatMap(reference => {
		const target =
			isNode(reference) && reference.app === entry.app ? resolve(entry.edges.side, reference.app, reference.name) : null;
		return target ? [target] : [];
	});
}

/** All that a migration names: dependencies, replaces, run_before. */
export function allReferences({dependencies, replaces, runBefore}: Migration): readonly Reference[] {
	return [...dependencies.items, ...replaces.items, ...runBefore.items];
}

function isNode(reference: Reference): reference is Reference & {kind: 'node'} {
	return reference.kind === 'node';
}

/** Order for people and for choosing one of several leaves: by number, then by name. */
export function byNumber(a: Entry, b: Entry): number {
	return (parseNumber(a.name) ?? 0) - (parseNumber(b.name) ?? 0) || (nodeKey(a.app, a.name) < nodeKey(b.app, b.name) ? -1 : 1);
}
