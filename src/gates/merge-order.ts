/** A branch that is to land, as far as the order matters. */
export interface Landing {
	readonly name: string;
	/** App → how many migrations it adds there. */
	readonly weights: ReadonlyMap<string, number>;
	/** Apps in which mainline has moved on already: those migrations move whenever the branch lands. */
	readonly behind: ReadonlySet<string>;
	/** Branches that it stands on, which have to land before it. */
	readonly after: ReadonlySet<string>;
	/** Author date of its oldest migration, seconds. */
	readonly since: number;
}

/** An order in which branches land, and what moves at each. */
export interface MergeOrder {
	readonly steps: readonly {readonly name: string; readonly renumbers: number; readonly apps: readonly string[]}[];
	/** Migrations that get another number on the way. */
	readonly renumberings: number;
	/** No order has fewer; false where there were too many orders to try. */
	readonly isBest: boolean;
}

/** Branches that may be permuted exhaustively: 2^12 sets of them. */
const EXACT = 12;

/**
 * Find an order with the fewest renumberings. A branch keeps its numbers in an app when it is the first to land there (together with those it
 * stands on), and mainline has not moved on. Branches that share no app do not matter to each other; within a group that does all orders
 * are weighed, or, where there are too many, the dearest is put first and then improved upon. Among equals the oldest goes first.
 */
export function mergeOrder(branches: readonly Landing[]): MergeOrder {
	const sorted = [...branches].sort((a, b) => a.since - b.since || (a.name < b.name ? -1 : 1));
	const parts = groups(sorted);
	const orders = parts.map(part => (part.length <= EXACT ? best(part) : improved(greedy(part))));
	const merged = interleave(orders);
	const steps = merged.map((branch, index) => {
		const apps = [...moved(branch, merged.slice(0, index))].sort();
		return {name: branch.name, renumbers: weigh(branch, apps), apps};
	});
	return {
		steps,
		renumberings: steps.reduce((sum, {renumbers}) => sum + renumbers, 0),
		isBest: parts.every(part => part.length <= EXACT),
	};
}

/** The apps in which a branch gets other numbers when these have landed before it. */
function moved(branch: Landing, landed: readonly Landing[]): string[] {
	return [...branch.weights.keys()].filter(
		app => branch.behind.has(app) || landed.some(other => other.weights.has(app) && !branch.after.has(other.name)),
	);
}

function weigh({weights}: Landing, apps: readonly string[]): number {
	return apps.reduce((sum, app) => sum + weights.get(app)!, 0);
}

function isFree(branch: Landing, landed: readonly Landing[], all: readonly Landing[]): boolean {
	return all.every(other => !branch.after.has(other.name) || landed.includes(other));
}

function groups(branches: readonly Landing[]): Landing[][] {
	let parts: Landing[][] = [];
	const touches = (one: Landing, other: Landing) =>
		[...one.weights.keys()].some(app => other.weights.has(app)) || one.after.has(other.name) || other.after.has(one.name);
	for (const branch of branches) {
		const linked = parts.filter(part => part.some(other => touches(branch, other)));
		parts = [...parts.filter(part => !linked.includes(part)), [...linked.flat(), branch]];
	}
	return parts.map(part => part.sort((a, b) => branches.indexOf(a) - branches.indexOf(b)));
}

/** Over all sets of landed branches: the cheapest way to each. What a branch costs depends on the set alone, not on its order. */
function best(part: readonly Landing[]): Landing[] {
	const ways = new Map<number, {cost: number; order: readonly Landing[]}>([[0, {cost: 0, order: []}]]);
	for (let set = 0; set < 2 ** part.length; set++) {
		const way = ways.get(set);
		if (!way) continue;
		for (const [index, branch] of part.entries()) {
			if (set & (1 << index) || !isFree(branch, way.order, part)) continue;
			const cost = way.cost + weigh(branch, moved(branch, way.order));
			const next = set | (1 << index);
			const known = ways.get(next);
			const order = [...way.order, branch];
			if (!known || cost < known.cost || (cost === known.cost && isOlder(order, known.order))) ways.set(next, {cost, order});
		}
	}
	return [...(ways.get(2 ** part.length - 1)?.order ?? part)];
}

function isOlder(order: readonly Landing[], other: readonly Landing[]): boolean {
	const at = order.findIndex((branch, index) => branch !== other[index]);
	return at >= 0 && order[at]!.since < other[at]!.since;
}

/** The branch that would lose most by waiting goes next. */
function greedy(part: readonly Landing[]): Landing[] {
	const order: Landing[] = [];
	for (const waiting = [...part]; waiting.length > 0; ) {
		const able = waiting.filter(branch => isFree(branch, order, part));
		const candidates = able.length > 0 ? able : waiting;
		const gain = (branch: Landing) => {
			const after = [...order, branch];
			const loss = waiting
				.filter(other => other !== branch)
				.reduce((sum, other) => sum + weigh(other, moved(other, after)) - weigh(other, moved(other, order)), 0);
			return -loss - weigh(branch, moved(branch, order));
		};
		const gains = candidates.map(gain);
		const next = candidates[gains.indexOf(Math.max(...gains))]!;
		order.push(next);
		waiting.splice(waiting.indexOf(next), 1);
	}
	return order;
}

/** Take each branch out and put it where it costs least, until nothing gets better. Bounded: long lists are not read to their end anyway. */
function improved(order: readonly Landing[]): Landing[] {
	let current = [...order];
	if (current.length > 60) return current;
	for (let better = true; better; ) {
		better = false;
		for (const branch of order) {
			const rest = current.filter(other => other !== branch);
			for (let place = 0; place <= rest.length; place++) {
				const candidate = [...rest.slice(0, place), branch, ...rest.slice(place)];
				if (isAllowed(candidate) && total(candidate) < total(current)) {
					current = candidate;
					better = true;
				}
			}
		}
	}
	return current;
}

function isAllowed(order: readonly Landing[]): boolean {
	return order.every((branch, index) => isFree(branch, order.slice(0, index), order));
}

function total(order: readonly Landing[]): number {
	return order.reduce((sum, branch, index) => sum + weigh(branch, moved(branch, order.slice(0, index))), 0);
}

/** Groups that do not matter to each other, put together: whichever has waited longest comes next. */
function interleave(orders: readonly (readonly Landing[])[]): Landing[] {
	const queues = orders.map(order => [...order]);
	const result: Landing[] = [];
	for (;;) {
		const heads = queues.filter(queue => queue.length > 0);
		if (heads.length === 0) return result;
		const oldest = heads.reduce((a, b) => (b[0]!.since < a[0]!.since ? b : a));
		result.push(oldest.shift()!);
	}
}
