import {type Draft, run} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {HEARSAY} from './hearsay.ts';

/** What is passed on and not true: what is, and what to do instead. */
export function explainHearsay({claim}: Extract<Diagnosis, {kind: 'hearsay'}>, {manage}: Facts): Draft {
	const {title, truth, instead} = HEARSAY.find(each => each.claim === claim)!;
	return {
		genuine: false,
		here: false,
		title,
		cause: truth,
		ways: instead.map(({when, steps}) => ({
			when,
			steps: steps.map(([command, why]) => run(command.replace('{manage}', manage), why)),
		})),
	};
}
