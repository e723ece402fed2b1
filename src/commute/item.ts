import {apply} from '../state/apply.ts';
import {failed, type State} from '../state/state.ts';
import type {Verdict, Work} from '../state/work.ts';
import {nextStep} from './advice.ts';
import type {Touches} from './touches.ts';

/** Work, and what it has to do with. */
export interface Item extends Work {
	readonly touches: Touches;
}

/** What one side comes to by itself. What cannot work there, we know too little of: it is left out. */
export function alone(base: State, items: readonly Item[]): {items: Item[]; states: State[]; left: Map<Item, string>} {
	const states = [base];
	const left = new Map<Item, string>();
	const able = items.filter(item => {
		const next = apply(states.at(-1)!, item.operation);
		if (failed(next)) left.set(item, next.error);
		else states.push(next);
		return !failed(next);
	});
	return {items: able, states, left};
}

/** A verdict on two items. */
export function verdictOf(
	mainline: Item,
	incoming: Item,
	verdict: Verdict['verdict'],
	reason: Verdict['reason'],
	what: string,
): Verdict {
	const pair = {mainline: workOf(mainline), incoming: workOf(incoming)};
	return {verdict, reason, ...pair, what, next: nextStep(pair.mainline, pair.incoming, reason)};
}

function workOf({operation, key, path}: Item): Work {
	return {operation, key, path};
}
