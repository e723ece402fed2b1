/*
 * `npm run fuzz`: 100,000 random Python-like files through the reader and the editors. `-- --count N --seed N` for another run; the
 * seed of an input that breaks a law is printed, and `-- --count 1 --seed N` is that input alone.
 */
import {randomInt} from 'node:crypto';
import {parseArgs} from 'node:util';
import {NOTHING_YET, plus, tryOne} from '../test/helpers/fuzz-laws.ts';

const {values} = parseArgs({
	options: {count: {type: 'string', default: '100000'}, seed: {type: 'string'}, keep: {type: 'boolean', default: false}},
});
const count = Number(values.count);
const first = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const started = performance.now();
let tally = NOTHING_YET;
let slowest = {seed: first, milliseconds: 0};
let broken = 0;

process.stdout.write(`fuzz: ${count} inputs from seed ${first}\n`);
for (let seed = first; seed < first + count; seed++) {
	const before = performance.now();
	try {
		tally = plus(tally, tryOne(seed));
	} catch (error) {
		process.stdout.write(`${(error as Error).message}\n`);
		broken++;
		if (!values.keep || broken >= 30) break;
	}
	const milliseconds = performance.now() - before;
	if (milliseconds > slowest.milliseconds) slowest = {seed, milliseconds};
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
	`${Object.entries(tally)
		.map(([what, number]) => `${number} ${what}`)
		.join(
			', ',
		)}; ${broken} laws broken; ${seconds.toFixed(0)} s, the slowest (seed ${slowest.seed}) ${slowest.milliseconds.toFixed(0)} ms\n`,
);
process.exitCode = broken === 0 ? 0 : 1;
