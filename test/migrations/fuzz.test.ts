import {randomInt} from 'node:crypto';
import test from 'ava';
import {NOTHING_YET, plus, tryOne} from '../helpers/fuzz-laws.ts';
import {randomFrom} from '../helpers/random.ts';

/** `MIGRATION_GUARD_SEED` brings a failure back; the message names the seed of its input. */
const SEED = Number(process.env.MIGRATION_GUARD_SEED ?? randomInt(2 ** 31));

test('2,000 random files: never a crash, never an edit outside of its place, and what was written is read', t => {
	t.log(`from seed ${SEED}`);
	let tally = NOTHING_YET;
	for (let seed = SEED; seed < SEED + 2000; seed++) tally = plus(tally, tryOne(seed));
	t.is(tally.inputs, 2000);
	// A law that never had anything to hold for proves nothing.
	for (const [what, count] of Object.entries(tally)) t.true(count >= 10, `${what}: ${count}`);
});

test('a seed brings its numbers back', t => {
	const numbers = () => randomFrom(7).many(5, 5, randomFrom(8).next);
	t.deepEqual(numbers(), numbers());
	t.notDeepEqual(randomFrom(7).next(), randomFrom(8).next());
});
