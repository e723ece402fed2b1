/** One node on its way through the lanes, and the lanes beside it. */
export interface LaneRow<Key> {
	readonly key: Key;
	readonly column: number;
	/** Lanes that come from above and end here, beside its own: its children's. */
	readonly joins: readonly number[];
	/** Lanes that begin below it, beside its own: its further parents'. A lane that was there already is among them, too. */
	readonly splits: readonly number[];
	/** Per lane, whether a line runs there: above the joins, beside the node, below the splits. */
	readonly above: readonly boolean[];
	readonly beside: readonly boolean[];
	readonly below: readonly boolean[];
}

/**
 * Put nodes that stand children-first into lanes, as `git log --graph` does: a line goes down from each node to its first parent,
 * further parents get lanes of their own, and lanes that wait for the same node meet there. A parent that stands above (there is a
 * cycle) gets no lane.
 */
export function layLanes<Key>(nodes: readonly {readonly key: Key; readonly parents: readonly Key[]}[]): LaneRow<Key>[] {
	const position = new Map(nodes.map(({key}, index) => [key, index]));
	const lanes: (Key | null)[] = [];
	const running = () => lanes.map(lane => lane !== null);
	const place = (key: Key): number => {
		const free = lanes.indexOf(null);
		const column = free < 0 ? lanes.length : free;
		lanes[column] = key;
		return column;
	};
	return nodes.map(({key, parents}, index) => {
		const above = running();
		const waiting = lanes.flatMap((lane, column) => (lane === key ? [column] : []));
		const [column = place(key), ...joins] = waiting;
		for (const join of joins) lanes[join] = null;
		const beside = running();
		const [first, ...more] = parents.filter(parent => (position.get(parent) ?? -1) > index);
		lanes[column] = first ?? null;
		const splits = more.map(parent => {
			const known = lanes.indexOf(parent);
			return known < 0 ? place(parent) : known;
		});
		while (lanes.length > 0 && lanes.at(-1) === null) lanes.pop();
		return {key, column, joins, splits, above, beside, below: running()};
	});
}
