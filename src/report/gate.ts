import type {GateProblem} from '../gates/problem.ts';
import {oneLine} from './words.ts';

/** What a gate has to say, for the terminal: one block a problem. `about`: said before each where several branches are looked at. */
export function gateLines(problems: readonly GateProblem[], about = ''): string[] {
	return problems.flatMap(({what, details, why, next}) => [
		`migration-guard: ${about}${oneLine(what)}`,
		...details.map(line => `  ${oneLine(line)}`),
		...(why === null ? [] : [`  why: ${oneLine(why)}`]),
		...(next === null ? [] : [`  next: ${oneLine(next)}`]),
	]);
}

/** The last lines: whether the push goes on, and what nobody looked at. */
export function pushEnding(isStopped: boolean, unexamined: readonly string[]): string[] {
	return [
		...unexamined.map(line => `migration-guard: not examined: ${oneLine(line)}`),
		...(isStopped ? ['migration-guard: nothing was pushed; to push all the same: git push --no-verify'] : []),
	];
}
