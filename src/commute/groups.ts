import type {Touches} from './touches.ts';

/** Work of both sides that has to do with each other, and with nothing of the other groups. */
export interface Group<T> {
	readonly mainline: readonly T[];
	readonly incoming: readonly T[];
}

/** Part the work of two sides into groups that share nothing; what has no counterpart on the other side is left out. Orders are kept. */
export function groupsOf<T extends {readonly touches: Touches}>(mainline: readonly T[], incoming: readonly T[]): Group<T>[] {
	const leader = new Map<string, string>();
	const find = (key: string): string => {
		let root = key;
		for (let next = leader.get(root); next !== undefined && next !== root; next = leader.get(root)) root = next;
		leader.set(key, root);
		return root;
	};
	for (const {touches} of [...mainline, ...incoming]) {
		const [first, ...rest] = touches;
		for (const other of rest) leader.set(find(other), find(first!));
	}
	const groups = new Map<string, {mainline: T[]; incoming: T[]}>();
	for (const [side, items] of [
		['mainline', mainline],
		['incoming', incoming],
	] as const) {
		for (const item of items) {
			const [first] = item.touches;
			if (first === undefined) continue;
			const root = find(first);
			const group = groups.get(root) ?? {mainline: [], incoming: []};
			group[side].push(item);
			groups.set(root, group);
		}
	}
	return [...groups.values()].filter(group => group.mainline.length > 0 && group.incoming.length > 0);
}
