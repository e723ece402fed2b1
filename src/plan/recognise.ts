import type {Entry} from '../history/meeting.ts';
import {twinMark} from '../history/renumbered.ts';
import type {Library} from '../history/revision.ts';
import type {Arm} from '../history/sides.ts';

/**
 * Find the migrations of the moving arms that the staying arm already has under another number, as after a squash merge of the
 * branch they were stacked on: the same text but for the edges. Returns moving entry → the entry it is. A published one stays, whatever it is.
 */
export function recognise(arms: readonly Arm[], library: Library): ReadonlyMap<Entry, Entry> {
	const known = new Map<string, Entry>();
	const duplicates = new Map<Entry, Entry>();
	for (const arm of arms) {
		const marks = arm.own.map(entry => [entry, twinMark(library, entry.file, entry.name)] as const);
		for (const [entry, mark] of marks) {
			const twin = mark === null ? undefined : known.get(mark);
			if (twin && arm.rank < 2) duplicates.set(entry, twin);
		}
		for (const [entry, mark] of marks) if (mark !== null && !known.has(mark)) known.set(mark, entry);
	}
	return duplicates;
}
