import type {Entry} from '../history/meeting.ts';
import {nextNumber, parseNumber, renumber} from '../migrations/name.ts';
import {byNumber} from './app-graph.ts';

interface Naming {
	/** Filled: moved entry → its new name. */
	readonly names: Map<Entry, string>;
	/** Names that are in use; new ones are added. */
	readonly taken: Set<string>;
	readonly decided: (entry: Entry) => string | null;
	/** Old names of all that moves: databases remember them, so no other migration may get one (its own is fine). */
	readonly reserved: ReadonlySet<string>;
}

/**
 * Name moved entries, to be called parents first: 1 + the largest number among the same-app parents, the descriptive part kept
 * (django.db.migrations.autodetector.MigrationAutodetector.arrange_for_graph). A name without a number stays. `followed` is the
 * parent the entry gets, where it gets one.
 */
export function nameGiver({
	names,
	taken,
	decided,
	reserved,
}: Naming): (entry: Entry, parents: readonly Entry[], followed: string | null) => void {
	return (entry, parents, followed) => {
		const name = decided(entry) ?? free(fresh(entry, parents, followed), entry);
		names.set(entry, name);
		taken.add(name);
	};

	function fresh(entry: Entry, parents: readonly Entry[], followed: string | null): string {
		const over = [...parents.map(parent => names.get(parent) ?? parent.name), ...(followed === null ? [] : [followed])];
		const isNumbered = parseNumber(entry.name) !== null && over.length > 0;
		return isNumbered ? withNumber(entry.name, Math.max(...over.map(nextNumber))) : entry.name;
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
	return moved.replace(
		/(_squashed_)(\d+)/,
		(_, word: string, last: string) => word + String(Number(last) + by).padStart(last.length, '0'),
	);
}

/** Topological order of the entries by their own edges; among free ones by number, then by name. */
export function parentsFirst(own: readonly Entry[], parentsOf: (entry: Entry) => readonly Entry[]): Entry[] {
	const waiting = new Set([...own].sort(byNumber));
	const order: Entry[] = [];
	while (waiting.size > 0) {
		const ready = [...waiting].filter(entry => !parentsOf(entry).some(parent => waiting.has(parent)));
		// A cycle is reported by the check of the result; here it only must not hang.
		const batch = ready.length > 0 ? ready : [...waiting];
		for (const entry of batch) {
			waiting.delete(entry);
			order.push(entry);
		}
	}
	return order;
}
