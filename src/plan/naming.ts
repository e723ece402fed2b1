import type {Entry} from '../history/meeting.ts';
import {nodeKey} from '../migrations/key.ts';
import {nextNumber, parseNumber, renumber} from '../migrations/name.ts';
import {type AppGraph, byNumber} from './app-graph.ts';

interface Naming {
	readonly graph: AppGraph;
	/** Root → the name it follows. */
	readonly follows: ReadonlyMap<Entry, string>;
	/** Filled: moved entry → its new name. */
	readonly names: Map<Entry, string>;
	/** Names that are in use; new ones are added. */
	readonly taken: Set<string>;
	/** Old node key → name decided elsewhere. */
	readonly decided: ReadonlyMap<string, string>;
	/** Old names of all that moves: databases remember them, so no other migration may get one (its own is fine). */
	readonly reserved: ReadonlySet<string>;
}

/**
 * Name the moved entries of one arm, parents first: 1 + the largest number among the same-app parents, the descriptive part
 * kept (django.db.migrations.autodetector.MigrationAutodetector.arrange_for_graph). A name without a number stays.
 */
export function assignNames(own: readonly Entry[], {graph, follows, names, taken, decided, reserved}: Naming): void {
	for (const entry of parentsFirst(own, graph)) {
		const name = decided.get(nodeKey(entry.app, entry.name)) ?? free(freshName(entry), entry);
		names.set(entry, name);
		taken.add(name);
	}

	function freshName(entry: Entry): string {
		if (parseNumber(entry.name) === null) return entry.name;
		const over = (graph.parents.get(entry) ?? []).map(parent => names.get(parent) ?? parent.name);
		const followed = follows.get(entry);
		const numbers = [...over, ...(followed === undefined ? [] : [followed])].map(nextNumber);
		return numbers.length === 0 ? entry.name : withNumber(entry.name, Math.max(...numbers));
	}

	function free(wanted: string, entry: Entry): string {
		for (let count = 1; ; count++) {
			const name = count === 1 ? wanted : `${wanted}_${count}`;
			if (!taken.has(name) && (name === entry.name || !reserved.has(name))) return name;
		}
	}
}

/** `0003_squashed_0005_x` moves as a whole: the number it squashes to keeps its distance from the first. */
function withNumber(name: string, number: number): string {
	const moved = renumber(name, number);
	const by = number - Number(/^\d+/.exec(name)?.[0] ?? number);
	return moved.replace(/(_squashed_)(\d+)/, (_, word: string, last: string) => word + String(Number(last) + by).padStart(last.length, '0'));
}

/** Topological order of the entries by their own edges; among free ones by number, then by name. */
function parentsFirst(own: readonly Entry[], graph: AppGraph): Entry[] {
	const waiting = new Set([...own].sort(byNumber));
	const order: Entry[] = [];
	while (waiting.size > 0) {
		const ready = [...waiting].filter(entry => !(graph.parents.get(entry) ?? []).some(parent => waiting.has(parent)));
		// A cycle is reported by the check of the result; here it only must not hang.
		const batch = ready.length > 0 ? ready : [...waiting];
		for (const entry of batch) {
			waiting.delete(entry);
			order.push(entry);
		}
	}
	return order;
}
