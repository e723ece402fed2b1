import assert from 'node:assert/strict';
import type {Met} from '../helpers/meet.ts';
import {danglingOf, historyOf, type MigrationFiles} from '../helpers/reader.ts';
import {type Fact, factsOf, frameOf, isInsertion, leavesOf, orderOf} from './facts.ts';

/** What is to be judged: the trees that met, the one that stays (it may be none: then nothing is), and what came out. */
export interface Case {
	readonly base: MigrationFiles;
	readonly sides: readonly MigrationFiles[];
	readonly stays: readonly number[];
	readonly outcome: MigrationFiles;
	/** Names were given before this meeting, which has to keep them. */
	readonly isNamed?: boolean;
}

/** The trees of a meeting, as the laws see them. */
export function caseOf({library, meeting, texts}: Met, stays: readonly number[]): Case {
	return {base: library.written(meeting.base), sides: meeting.sides.map(library.written), stays, outcome: texts};
}

/** All that must hold of the outcome of any meeting of sides that were linear each for itself. */
export function assertLawful(judged: Case): void {
	try {
		assertLinear(judged.outcome);
		assertNothingLost(judged);
		assertStaying(judged);
		assertOrder(judged);
		assertText(judged);
		if (!judged.isNamed) assertNames(judged);
	} catch (error) {
		throw new Error(`${(error as Error).message}\n${draw(judged)}`);
	}
}

/** The histories of a case, for the message. */
export function draw({base, sides, outcome}: Case): string {
	const line = (files: MigrationFiles) => [...leavesOf(files).keys()].map(app => `  ${app}: ${historyOf(files, app)}`).join('\n');
	return [`base\n${line(base)}`, ...sides.map((side, index) => `side ${index}\n${line(side)}`), `outcome\n${line(outcome)}`].join(
		'\n',
	);
}

/** One leaf an app, every name leads somewhere, no circle, and max_migration.txt says the leaf. */
export function assertLinear(outcome: MigrationFiles): void {
	const leaves = leavesOf(outcome);
	for (const [app, names] of leaves) assert.equal(names.length, 1, `${app} ends in ${names.join(', ')}`);
	assert.deepEqual(danglingOf(outcome), []);
	for (const pair of orderOf(outcome)) assert.notEqual(...(pair.split(' → ') as [string, string]), 'a circle');
	for (const [path, text] of outcome) {
		if (path.endsWith('/max_migration.txt')) assert.equal(text, `${leaves.get(path.split('/')[0]!)![0]}\n`, path);
	}
}

/** Every migration of every side stands in the outcome exactly once, and nothing else does but merges of published sides. */
function assertNothingLost({sides, outcome}: Case): void {
	const standing = [...factsOf(outcome).values()];
	const known = new Set<string>();
	for (const side of sides) {
		for (const {app, identity, path} of factsOf(side).values()) {
			known.add(identity);
			assert.equal(standing.filter(fact => fact.app === app && fact.identity === identity).length, 1, `${path} must stand once`);
		}
	}
	for (const fact of standing)
		assert.ok(known.has(fact.identity) || (fact.isMerge && fact.name.includes('_merge_')), `where is ${fact.path} from?`);
}

/** What stays is untouched, byte for byte, and so is what all had. */
function assertStaying({sides, stays, outcome}: Case): void {
	for (const side of stays) {
		for (const [path, text] of sides[side]!) if (path.endsWith('.py')) assert.equal(outcome.get(path), text, `${path} stays`);
	}
	for (const [path, text] of sides[0]!) {
		if (path.endsWith('.py') && sides.every(side => side.get(path) === text))
			assert.equal(outcome.get(path), text, `${path} was everybody's`);
	}
}

/** What a side put in an order is still in it. What it shares with another side may stand earlier, where that side has it. */
function assertOrder({base, sides, outcome}: Case): void {
	const order = orderOf(outcome);
	const old = new Set([...factsOf(base).values()].map(({identity}) => identity));
	const added = sides.map(
		side => new Set([...factsOf(side).values()].map(({identity}) => identity).filter(identity => !old.has(identity))),
	);
	const copied = new Set(added.flatMap(own => [...own]).filter(identity => added.filter(own => own.has(identity)).length > 1));
	for (const side of sides) {
		for (const pair of orderOf(side, copied)) {
			const isCopy = copied.has(pair.split(' → ')[1]!);
			assert.ok(isCopy || order.has(pair), `the order ${pair.replaceAll(/[^→]*?# (f\d+)[^→]*/g, '$1 ')} is lost`);
		}
	}
}

/** Outside the edges no byte changes but names of migrations; inside, one edge may be put in. */
function assertText({sides, outcome}: Case): void {
	for (const {path, identity} of factsOf(outcome).values()) {
		const after = frameOf(outcome.get(path)!);
		const origins = sides.flatMap(side =>
			[...factsOf(side).values()].filter(fact => fact.identity === identity).map(fact => frameOf(side.get(fact.path)!)),
		);
		if (origins.length === 0) continue;
		assert.ok(
			origins.some(
				before => before.outside === after.outside && (before.edges === after.edges || isInsertion(before.edges, after.edges)),
			),
			`text of ${path}:\n${outcome.get(path)}`,
		);
	}
}

/** What moved is numbered as Django would have, keeps what its name says, and never gets a name that meant another one on a side that moved. */
function assertNames({sides, stays, outcome}: Case): void {
	const facts = factsOf(outcome);
	const origins = sides.map(side => new Map([...factsOf(side).values()].map(fact => [fact.identity, fact])));
	for (const fact of facts.values()) {
		const was = origins.flatMap(side => side.get(fact.identity) ?? []);
		for (const [side, files] of sides.entries()) {
			const namesake = stays.includes(side) ? undefined : factsOf(files).get(`${fact.app}.${fact.name}`);
			const isMoved = was.length > 0 && !was.some(({path}) => path === fact.path);
			if (namesake && isMoved) assert.equal(namesake.identity, fact.identity, `${fact.path} was the name of another one`);
		}
		if (was.length === 0 || was.some(({path}) => path === fact.path)) continue;
		const origin = was[0]!;
		assert.equal(fact.number === null, origin.number === null, `${origin.path} became ${fact.path}`);
		assert.equal(suffixOf(fact), suffixOf(origin), `${origin.path} became ${fact.path}`);
		const parents = fact.dependencies.flatMap(key => facts.get(key) ?? []).filter(({app}) => app === fact.app);
		// Where a name has no number the count begins anew, for Django, too.
		const isCounted = ![...facts.values()].some(({app, number}) => app === fact.app && number === null);
		const numbers = parents.flatMap(({number}) => number ?? []);
		if (fact.replaces.length > 0 || !isCounted) continue;
		assert.equal(fact.number, 1 + Math.max(0, ...numbers), `the number of ${fact.path}`);
	}
}

/** The name without its number and without the `_2` that keeps it apart. */
function suffixOf({name}: Fact): string {
	return name
		.replace(/^\d+/, '')
		.replace(/_squashed_\d+/, '_squashed')
		.replace(/_\d+$/, '');
}
