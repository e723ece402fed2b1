import type {Assembly, Entry} from '../history/meeting.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';

/** Which migration a name means, said from one side (null: said by nobody in particular). Null when it is not in the tree. */
export type Resolve = (side: number | null, app: string, name: string) => Entry | null;

/**
 * Make the resolver of an assembly.
 *
 * `duplicates` maps a migration that was recognised as another one to that other; `formerly` maps names of earlier revisions
 * of the branch (as before a rebase that dropped a renumbering merge) to the entry they meant.
 */
export function resolver(
	assembly: Assembly,
	duplicates: ReadonlyMap<Entry, Entry>,
	formerly: ReadonlyMap<NodeKey, Entry>,
): Resolve {
	return (side, app, name) => {
		const key = nodeKey(app, name);
		const known = side === null ? undefined : assembly.names[side]?.get(key);
		const entry = known ?? assembly.anyone.get(key) ?? formerly.get(key);
		return entry ? (duplicates.get(entry) ?? entry) : null;
	};
}
