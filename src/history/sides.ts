import type {Assembly, Entry} from './meeting.ts';

/**
 * How firmly a migration stands: 2 published (in the tree of a remote mainline ref), 1 in the local mainline's tree, or the
 * upstream's, before the command; 0 otherwise. The firmer side of a fork stays, the other moves.
 */
export type Rank = 0 | 1 | 2;

/** What one side added to an app. */
export interface Arm {
	readonly side: number;
	readonly own: readonly Entry[];
	readonly rank: Rank;
}

/**
 * The arms of an app, the one that stays first. This is the one place that turns git's ours and theirs into mainline and
 * incoming: by rank, and among equals by the order of the sides (merge: parent 1; rebase: onto; picks: HEAD before).
 */
export function armsOf(app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank): readonly Arm[] {
	const bySide = new Map<number, Entry[]>();
	for (const entry of assembly.entries) {
		if (entry.app !== app || !entry.isNew || entry.side === null) continue;
		bySide.set(entry.side, [...(bySide.get(entry.side) ?? []), entry]);
	}
	// One arm is no fork, and asking for ranks costs a look at the mainline refs.
	if (bySide.size < 2) return [...bySide].map(([side, own]) => ({side, own, rank: 0}));
	return [...bySide]
		.map(([side, own]) => ({side, own, rank: Math.max(...own.map(rankOf)) as Rank}))
		.sort((a, b) => b.rank - a.rank || a.side - b.side);
}
