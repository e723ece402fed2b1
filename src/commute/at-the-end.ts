import {apply} from '../state/apply.ts';
import {systemErrors} from '../state/checks.ts';
import {driftOf} from '../state/drift.ts';
import {failed, type Models, type State} from '../state/state.ts';
import type {Verdict} from '../state/work.ts';
import {nextStep} from './advice.ts';
import {alone, type Item} from './item.ts';

/**
 * Verdicts of pairs, each judged on the way, as they hold when both sides are through. An ordering by a name that is gone for a while (two fields that
 * change places) is for a person to look at, while an index stays on its column; the system checks see the models of the end alone.
 */
export function heldAtTheEnd(
	base: State,
	mainline: readonly Item[],
	incoming: readonly Item[],
	verdicts: readonly Verdict[],
): readonly Verdict[] {
	const [drifting, refused] = [verdicts.some(isDrift), verdicts.some(isRefused)];
	if (!drifting && !refused) return verdicts;
	const [one, other] = [mainline, incoming].map(items => alone(base, items).states.at(-1)!.models);
	const end = afterAll(base, [...mainline, ...incoming]).models;
	const isNew = (texts: (models: Models) => Pick<ReadonlySet<string>, 'has' | 'keys'>) => {
		const [before, after] = [texts(one!), texts(other!)];
		return [...texts(end).keys()].some(text => !before.has(text) && !after.has(text));
	};
	const [drifts, refuses] = [drifting && isNew(driftOf), refused && isNew(systemErrors)];
	return verdicts
		.filter(verdict => refuses || !isRefused(verdict))
		.map(verdict => (isDrift(verdict) && !drifts ? inThisOrder(verdict) : verdict));
}

/** What meets on the way only, and is taken back: the order of the merged history works. */
export function inThisOrder(verdict: Verdict): Verdict {
	const {mainline, incoming} = verdict;
	return {...verdict, verdict: 'review', reason: 'order', next: nextStep(mainline, incoming, 'order')};
}

function isDrift({reason, what}: Verdict): boolean {
	return reason === 'drift' && what.startsWith('ordering ');
}

function isRefused({what}: Verdict): boolean {
	return what.startsWith('SystemCheckError');
}

function afterAll(base: State, items: readonly Item[]): State {
	return items.reduce((state, {operation}) => {
		const next = apply(state, operation);
		return failed(next) ? state : next;
	}, base);
}
