import test from 'ava';
import fc from 'fast-check';
import {questionFor} from '../helpers/judge.ts';
import {shelf} from '../helpers/library.ts';
import {meet, type Story} from '../helpers/meet.ts';
import type {MigrationFiles} from '../helpers/reader.ts';
import {rebase} from '../helpers/rebase.ts';
import {ask, eachDjango} from '../referee/django.ts';
import {leavesOf} from './facts.ts';
import {bytes, type RandomMeeting, randomMeeting} from './random-meeting.ts';

const sample = (meetings: fc.Arbitrary<RandomMeeting>, seed: number, numRuns: number) => fc.sample(meetings, {seed, numRuns});

function outcomeOf(random: RandomMeeting, story: Partial<Story> = {}): MigrationFiles {
	return meet({base: bytes(random.base), sides: random.sides.map(bytes), ...story}).texts;
}

/** Every commit of the second side on top of the first. */
function rebased({base, sides, commits}: RandomMeeting): MigrationFiles[] {
	const library = shelf();
	const branch = commits[1]!.map(commit => library.tree(bytes(commit)));
	return rebase(library, library.tree(bytes(base)), library.tree(bytes(sides[0]!)), branch).map(({texts}) => texts);
}

test('real Django loads every outcome, and finds no conflict in it', async t => {
	const outcomes = [
		...sample(randomMeeting(), 1, 60).map(random => outcomeOf(random)),
		...sample(randomMeeting(), 2, 20).map(random => outcomeOf(random, {published: [1]})),
		...sample(randomMeeting({sides: 3, maxMoves: 3}), 3, 20).map(random => outcomeOf(random)),
		...sample(randomMeeting({distinct: true, original: true}), 4, 20).map(random => outcomeOf(random, {published: [0, 1]})),
		...sample(randomMeeting(), 5, 20).flatMap(rebased),
	];
	await eachDjango(t, async django => {
		const verdicts = await ask(
			django,
			outcomes.map(files => ({...questionFor(files), contrib: []})),
		);
		for (const [index, {error, conflicts, leaves}] of verdicts.entries()) {
			const files = outcomes[index]!;
			const about = `Django ${django.version}, outcome ${index}:\n${[...files.keys()].join('\n')}`;
			t.is(error, null, about);
			t.deepEqual(conflicts, {}, about);
			t.deepEqual(leaves, Object.fromEntries(leavesOf(files)), about);
		}
	});
	t.log(`${outcomes.length} outcomes`);
});
