import {join} from 'node:path';
import {execa} from 'execa';

/** A command to be timed, and what puts its stage right before each run. */
export interface Case {
	readonly name: string;
	readonly argv: readonly string[];
	readonly cwd: string;
	readonly before?: readonly (readonly string[])[];
	/** Exit codes that are as they should be; default `[0]`. */
	readonly expect?: readonly number[];
}

/** One run: wall time, and the memory of the largest process of it. */
export interface Run {
	readonly ms: number;
	readonly kb: number;
}

export type Runs = Readonly<Record<string, readonly Run[]>>;

/** Run all cases in turn, round by round. Throws when one ends with an exit code that it should not. */
export async function measure(cases: readonly Case[], rounds: number, env: Readonly<Record<string, string>>): Promise<Runs> {
	const input = JSON.stringify({rounds, cases: cases.map(one => ({...one, env}))});
	const {stdout} = await execa('python3', [join(import.meta.dirname, 'measure.py')], {input, env, extendEnv: false});
	return JSON.parse(stdout) as Runs;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median of what a function says of each round: pairs that ran after one another, so that a machine that slows down slows both. */
export function medianOf(runs: Runs, of: (at: (name: string) => Run) => number): number {
	const rounds = Math.min(...Object.values(runs).map(list => list.length));
	return median(Array.from({length: rounds}, (_, round) => of(name => runs[name]![round]!)));
}
