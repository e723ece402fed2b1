import {apply} from '../state/apply.ts';
import {failed, type State} from '../state/state.ts';
import type {Verdict} from '../state/work.ts';
import {alone, type Item, verdictOf} from './item.ts';
import {inTheWay} from './remake.ts';
import {meet} from './touches.ts';

/** The very order of the merged history. What fails in it is a conflict, even where the net work of both sides does not meet. */
export function inMergedOrder(
	base: State,
	mainline: readonly Item[],
	incoming: readonly Item[],
	known: readonly Verdict[],
): Verdict[] {
	const blamed = new Set(known.filter(({verdict}) => verdict === 'conflict').map(({incoming}) => incoming.operation));
	const straight = inOrder(base, mainline, incoming).filter(({later}) => !blamed.has(later.operation));
	const turned = inOrder(base, incoming, mainline).filter(({stale}) => stale !== 'no');
	return [
		...straight.map(({earlier, later, what, stale}) =>
			verdictOf(earlier, later, stale === 'perhaps' ? 'review' : 'conflict', stale === 'perhaps' ? 'order' : 'fails', what),
		),
		...turned.map(({earlier, later, what}) => verdictOf(later, earlier, 'review', 'order', `the other way round: ${what}`)),
	];
}

interface Failed {
	readonly earlier: Item;
	readonly later: Item;
	readonly what: string;
	/** It fails for what an earlier operation left behind: certainly, perhaps (by version), or for another reason. */
	readonly stale: 'certain' | 'perhaps' | 'no';
}

/** What of `second` fails after all of `first`, and works without it. */
function inOrder(base: State, first: readonly Item[], second: readonly Item[]): Failed[] {
	const one = alone(base, first);
	const able = new Set(alone(base, second).items);
	const found: Failed[] = [];
	let state = one.states.at(-1)!;
	for (const later of second.filter(item => able.has(item))) {
		const {operation, touches} = later;
		const next = apply(state, operation);
		const earlier = one.items.findLast(item => meet(item.touches, touches));
		if (failed(next)) {
			if (earlier) found.push({earlier, later, what: next.error, stale: 'no'});
			continue;
		}
		if (earlier) {
			const stale = inTheWay(operation, state, next, base);
			const renaming = one.items.findLast(
				({operation: {kind}, touches: renamed}) => /^(?:RenameField|Separate)$/.test(kind) && meet(renamed, touches),
			);
			const what = `FieldDoesNotExist on SQLite, which makes the table anew: ${stale?.what}, which is gone`;
			if (stale) found.push({earlier: renaming ?? earlier, later, what, stale: stale.certain ? 'certain' : 'perhaps'});
		}
		state = next;
	}
	return found;
}
