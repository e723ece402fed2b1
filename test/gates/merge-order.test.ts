import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import {type Landing, mergeOrder} from '../../src/gates/merge-order.ts';

function landing(name: string, apps: Readonly<Record<string, number>>, more: Partial<Landing> = {}): Landing {
	return {name, weights: new Map(Object.entries(apps)), behind: new Set(), after: new Set(), since: 0, ...more};
}

/** What an order costs, said anew: the first to land in an app keeps its numbers there, with those that stand on it. */
function cost(order: readonly Landing[]): number {
	let sum = 0;
	const landed = new Map<string, string[]>();
	for (const {name, weights, behind, after} of order) {
		for (const [app, weight] of weights) {
			const before = landed.get(app) ?? [];
			if (behind.has(app) || before.some(other => !after.has(other))) sum += weight;
			landed.set(app, [...before, name]);
		}
	}
	return sum;
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
	if (items.length === 0) yield [];
	for (const [index, item] of items.entries()) {
		for (const rest of permutations(items.filter((_, other) => other !== index))) yield [item, ...rest];
	}
}

const isAllowed = (order: readonly Landing[]) =>
	order.every(({after}, index) => order.slice(index).every(({name}) => !after.has(name)));

const branches = (maxLength: number): fc.Arbitrary<Landing[]> =>
	fc
		.array(
			fc.record({
				apps: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({min: 1, max: 3}), {minKeys: 1, maxKeys: 3}),
				behind: fc.subarray(['a', 'b', 'c', 'd']),
				below: fc.option(fc.nat(maxLength), {freq: 4}),
				since: fc.nat(5),
			}),
			{maxLength},
		)
		.map(list =>
			list.map(({apps, behind, below, since}, index) =>
				landing(`b${index}`, apps, {
					behind: new Set(behind),
					after: new Set(below !== null && below < index ? [`b${below}`] : []),
					since,
				}),
			),
		);

test('no permutation is better', t => {
	fc.assert(
		fc.property(branches(5), list => {
			const found = mergeOrder(list);
			const order = found.steps.map(({name}) => list.find(branch => branch.name === name)!);
			assert.equal(order.length, list.length);
			assert.ok(isAllowed(order));
			assert.equal(found.renumberings, cost(order));
			assert.ok(found.isBest);
			const least = Math.min(...[...permutations(list)].filter(isAllowed).map(cost));
			assert.equal(found.renumberings, least);
		}),
		{numRuns: 150, seed: 1},
	);
	t.pass();
});

test('where there are too many orders, what stands on another still comes after it, and that is said', t => {
	const list = Array.from({length: 30}, (_, index) =>
		landing(
			`b${index}`,
			{shop: 1 + (index % 4), [`own${index % 3}`]: 1},
			index % 7 === 6 ? {after: new Set([`b${index - 1}`])} : {},
		),
	);
	const found = mergeOrder(list);
	const order = found.steps.map(({name}) => list.find(branch => branch.name === name)!);
	t.false(found.isBest);
	t.true(isAllowed(order));
	t.is(found.renumberings, cost(order));
	t.true(found.renumberings < cost(list));
});

test('the largest goes first, among equals the oldest; one that is behind can wait', t => {
	const names = (list: readonly Landing[]) => mergeOrder(list).steps.map(({name, renumbers}) => `${name} ${renumbers}`);
	t.deepEqual(names([landing('small', {shop: 1}), landing('large', {shop: 3}, {since: 9})]), ['large 0', 'small 1']);
	t.deepEqual(names([landing('young', {shop: 1}, {since: 9}), landing('old', {shop: 1})]), ['old 0', 'young 1']);
	t.deepEqual(names([landing('behind', {shop: 3}, {behind: new Set(['shop'])}), landing('fresh', {shop: 1}, {since: 9})]), [
		'fresh 0',
		'behind 3',
	]);
	t.deepEqual(mergeOrder([]), {steps: [], renumberings: 0, isBest: true});
});
