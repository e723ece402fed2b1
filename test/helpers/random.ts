/** Numbers that look random and come back with their seed (mulberry32). */
export interface Random {
	/** 0 ≤ x < 1. */
	next(): number;
	/** 0 ≤ n < limit. */
	below(limit: number): number;
	chance(probability: number): boolean;
	pick<T>(items: readonly T[]): T;
	/** Between `least` and `most` results. */
	many<T>(least: number, most: number, make: () => T): T[];
}

export function randomFrom(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (limit: number) => Math.floor(next() * limit);
	return {
		next,
		below,
		chance: probability => next() < probability,
		pick: items => items[below(items.length)]!,
		many: (least, most, make) => Array.from({length: least + below(most - least + 1)}, make),
	};
}
