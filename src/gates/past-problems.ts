import {codeOf, pairOf} from '../commute/weigh.ts';
import type {Verdict, Work} from '../state/work.ts';
import type {PastWork} from './judge-past.ts';
import type {GateProblem} from './problem.ts';

/** What a push gate has to say of work that met in what is pushed. What a person was shown at the merge is only called to mind. Pure. */
export function pastProblems({stops, warns, shown}: PastWork): GateProblem[] {
	return [
		...stops.map(verdict => problem(verdict, 'stop')),
		...warns.map(verdict => problem(verdict, 'warn')),
		...shown.map(verdict => ({...problem(verdict, 'warn'), why: 'it was shown when the merge was made', next: null})),
	];
}

function problem(verdict: Verdict, weight: GateProblem['weight']): GateProblem {
	const {mainline, incoming, what, next} = verdict;
	const isConflict = verdict.verdict === 'conflict';
	return {
		code: isConflict ? 'conflict' : 'review',
		weight,
		what: `${mainline.operation.title} and ${incoming.operation.title} ${isConflict ? 'do not commute' : 'have to be read together'}: ${what}`,
		details: [site(mainline), site(incoming)],
		why: null,
		next: weight === 'stop' ? `${next}; or accept it: ignore, ${codeOf(verdict)}, "${pairOf(verdict)}"` : next,
	};
}

function site({operation, key, path}: Work): string {
	return `${key} (${path}:${operation.line})`;
}
