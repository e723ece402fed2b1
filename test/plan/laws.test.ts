import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import {meetingWithin} from '../../src/history/standing.ts';
import {invert} from '../../src/plan/plan.ts';
import {shelf} from '../helpers/library.ts';
import {apply, labelsOf, meet, optionsFor, planned, type Story} from '../helpers/meet.ts';
import {rebase} from '../helpers/rebase.ts';
import {assertLawful, caseOf, draw} from './lawful.ts';
import {bytes, type RandomMeeting, randomMeeting} from './random-meeting.ts';

/** The same meetings every time; MIGRATION_GUARD_TEST_RUNS asks for that many others. */
const wanted = process.env.MIGRATION_GUARD_TEST_RUNS;
const PARAMETERS = wanted ? {numRuns: Number(wanted)} : {numRuns: 100, seed: 20_260_101};

/** A law over random meetings. The message of a counterexample draws it. */
function law(name: string, meetings: fc.Arbitrary<RandomMeeting>, holds: (random: RandomMeeting) => void): void {
	test(name, t => {
		fc.assert(fc.property(meetings, holds), {...PARAMETERS, includeErrorInReport: true});
		t.pass();
	});
}

/** The story of a random meeting, its sides in some order; `published` counts as they were drawn. */
function storyOf(
	{base, sides}: RandomMeeting,
	{
		published = [],
		order = sides.map((_, index) => index),
		...options
	}: {published?: readonly number[]; order?: readonly number[]} & Story['options'] = {},
): Story {
	return {
		base: bytes(base),
		sides: order.map(index => bytes(sides[index]!)),
		published: published.map(side => order.indexOf(side)),
		options,
	};
}

law('the second side moves behind the first, whole', randomMeeting(), random => {
	const met = meet(storyOf(random));
	assert.deepEqual(met.plan.refusals, [], draw(caseOf(met, [])));
	assertLawful(caseOf(met, [0]));
});

law(
	'the published side stays, and then it is the same whichever parent comes first',
	fc.oneof(randomMeeting(), randomMeeting({plain: true})),
	random => {
		const [one, other] = [
			[0, 1],
			[1, 0],
		].map(order => meet(storyOf(random, {published: [1], order})));
		assertLawful(caseOf(one!, [1]));
		assert.deepEqual(other!.texts, one!.texts);
		assert.deepEqual(one!.plan.refusals, []);
	},
);

law('an octopus of three', randomMeeting({sides: 3, maxMoves: 3}), random => {
	const met = meet(storyOf(random));
	assert.deepEqual(met.plan.refusals, [], draw(caseOf(met, [])));
	assertLawful(caseOf(met, [0]));
});

law(
	'two published sides are joined by a merge migration, and none of them is touched',
	randomMeeting({distinct: true, original: true}),
	random => {
		const met = meet(storyOf(random, {published: [0, 1]}));
		assert.deepEqual(met.plan.refusals, [], draw(caseOf(met, [])));
		assertLawful(caseOf(met, [0, 1]));
	},
);

law(
	'the strategy merge touches nobody’s file where no two have one name',
	randomMeeting({distinct: true, original: true}),
	random => {
		const [one, other] = [
			[0, 1],
			[1, 0],
		].map(order => meet(storyOf(random, {order, strategy: 'merge'})));
		assertLawful(caseOf(one!, [0, 1]));
		assert.deepEqual(other!.texts, one!.texts);
	},
);

law('taking the changes back gives what git made', randomMeeting(), random => {
	const {meeting, plan, outcome} = meet(storyOf(random));
	assert.deepEqual(new Map([...apply(outcome, invert(plan.changes))].sort()), new Map([...meeting.result].sort()));
});

law('what is done is done: planning again changes nothing', randomMeeting(), random => {
	const {meeting, outcome, library} = meet(storyOf(random));
	const again = planned({...meeting, result: outcome}, library, optionsFor(library));
	assert.deepEqual(again.plan.changes, []);
	assert.deepEqual(again.plan.refusals, []);
	assert.equal(
		meetingWithin(outcome, library.load(outcome), ({arms}) => arms.map((_, index) => index), library),
		null,
	);
});

law('merging one of the sides once more changes nothing', randomMeeting(), random => {
	const first = meet(storyOf(random));
	const {library, outcome} = first;
	for (const base of first.meeting.sides) {
		for (const sides of [
			[outcome, base],
			[base, outcome],
		]) {
			const again = planned(
				{base, sides, git: outcome, result: outcome, labels: labelsOf(library, outcome)},
				library,
				optionsFor(library),
			);
			assert.deepEqual(again.plan.changes, [], draw(caseOf(again, [])));
		}
	}
});

law('every commit of a rebase is linear and keeps onto’s files; the last holds all', randomMeeting(), random => {
	const library = shelf();
	const [fork, onto] = [library.tree(bytes(random.base)), library.tree(bytes(random.sides[0]!))];
	const steps = rebase(
		library,
		fork,
		onto,
		random.commits[1]!.map(commit => library.tree(bytes(commit))),
	);
	for (const [index, step] of steps.entries()) {
		assert.deepEqual(step.plan.refusals, [], `commit ${index + 1}\n${draw(caseOf(step, []))}`);
		const sides = [onto, library.tree(bytes(random.commits[1]![index]!))].map(library.written);
		assertLawful({base: library.written(fork), sides, stays: [0], outcome: step.texts});
	}
});

law('a rebased chain ends in the tree of the merge', randomMeeting({plain: true}), random => {
	const library = shelf();
	const [fork, onto] = [library.tree(bytes(random.base)), library.tree(bytes(random.sides[0]!))];
	const steps = rebase(
		library,
		fork,
		onto,
		random.commits[1]!.map(commit => library.tree(bytes(commit))),
	);
	const last = steps.at(-1);
	if (last) assert.deepEqual(last.texts, meet(storyOf(random), library).texts);
});

law('a branch that goes on under its old names after it was merged is merged again', randomMeeting(), random => {
	const library = shelf();
	const commits = random.commits[1]!;
	const trees = [random.base, ...commits].map(commit => library.tree(bytes(commit)));
	const [main, half, whole] = [library.tree(bytes(random.sides[0]!)), trees[Math.floor(commits.length / 2)]!, trees.at(-1)!];
	const first = meet(
		{
			base: bytes(random.base),
			sides: [bytes(random.sides[0]!), bytes([random.base, ...commits][Math.floor(commits.length / 2)]!)],
		},
		library,
	);
	const sides = [first.outcome, whole];
	const git = library.merge(half, sides);
	const second = planned({base: half, sides, git, result: git, labels: labelsOf(library, whole)}, library, optionsFor(library));
	const judged = {
		base: library.written(trees[0]!),
		sides: [main, whole].map(library.written),
		stays: [0],
		outcome: second.texts,
		isNamed: true,
	};
	// A squash of what was merged and of what was not yet is refused.
	if ([...whole.keys()].some(path => path.includes('_squashed_')) && second.plan.refusals.length > 0)
		return assert.deepEqual(second.plan.changes, []);
	assert.deepEqual(second.plan.refusals, [], draw(judged));
	assertLawful(judged);
});

law('a branch that merges mainline twice moves behind it twice', randomMeeting(), random => {
	const library = shelf();
	const commits = random.commits[0]!;
	const trees = [random.base, ...commits].map(commit => library.tree(bytes(commit)));
	const [half, main, branch] = [trees[Math.floor(commits.length / 2)]!, trees.at(-1)!, library.tree(bytes(random.sides[1]!))];
	const labels = labelsOf(library, main, branch);
	const merge = (base: typeof main, sides: (typeof main)[]) => {
		const git = library.merge(base, sides);
		return planned({base, sides, git, result: git, labels}, library, optionsFor(library, {published: [1]}));
	};
	const first = merge(trees[0]!, [branch, half]);
	const second = merge(half, [new Map(first.outcome), main]);
	const judged = {
		base: library.written(trees[0]!),
		sides: [main, branch].map(library.written),
		stays: [0],
		outcome: second.texts,
		isNamed: true,
	};
	assert.deepEqual(second.plan.refusals, [], draw(judged));
	assertLawful(judged);
});

law('a fork that stands in a tree comes out as its merge would have', randomMeeting({distinct: true, original: true}), random => {
	const library = shelf();
	const merged = meet(storyOf(random), library);
	const forked = merged.meeting.git;
	const first = library.tree(bytes(random.sides[0]!));
	const holds = ({leaf}: {leaf: string}) => (first.has(`${leaf.replace('.', '/migrations/')}.py`) ? 1 : 0);
	const meeting = meetingWithin(
		forked,
		library.load(forked),
		({arms}) => arms.map((_, index) => index).sort((a, b) => holds(arms[b]!) - holds(arms[a]!)),
		library,
	);
	if (meeting === null)
		assert.deepEqual(
			merged.plan.steps.filter(({kind}) => kind === 'renumber'),
			[],
		);
	else assert.deepEqual(planned(meeting, library, optionsFor(library, {refreshAll: true})).texts, merged.texts);
});
