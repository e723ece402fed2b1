import {apply} from '../state/apply.ts';
import {failed, type State} from '../state/state.ts';
import type {Verdict, Work} from '../state/work.ts';
import {atBase} from './at-base.ts';
import {heldAtTheEnd, inThisOrder} from './at-the-end.ts';
import {isOpaque, judgeOpaque} from './code.ts';
import {groupsOf} from './groups.ts';
import {alone, type Item, verdictOf} from './item.ts';
import {inMergedOrder} from './merged-order.ts';
import {netOf} from './net.ts';
import {judge} from './square.ts';
import {withUserModel} from './swappable.ts';
import {judgeThings, thingsTaken} from './things.ts';
import {meet, namesTouched, toucher} from './touches.ts';
import {isUnclear, judgeUnclear, withoutGuess} from './unclear.ts';

/**
 * Does what two sides did since `base` commute? Each list is in the order in which Django would run it. Answers with the pairs that do not, or
 * may not; none: they commute. Every pair is judged where both lists have come to just before it.
 */
export function commute(base: State, mainline: readonly Work[], incoming: readonly Work[]): readonly Verdict[] {
	const known = withUserModel(base, mainline, incoming);
	return judgeSides(known.base, known.sides[0]!, known.sides[1]!);
}

function judgeSides(base: State, mainline: readonly Work[], incoming: readonly Work[]): readonly Verdict[] {
	const touches = toucher(
		base.models,
		[...mainline, ...incoming].map(({operation}) => operation),
	);
	const items = (works: readonly Work[]): Item[] => {
		const operations = works.map(({operation}) => operation);
		const names = namesTouched(base, operations);
		return works.map((work, index) => ({...work, touches: touches(work.operation, names[index]!)}));
	};
	const [first, second] = [items(mainline), items(incoming)];
	const net = new Set([...netOf(first), ...netOf(second)]);
	const verdicts = [
		...opaquePairs(base, first, second),
		...groupsOf(first, second).flatMap(({mainline: ours, incoming: theirs}) => judgeGroup(base, ours, theirs, net)),
	];
	return verdicts.sort((a, b) => Number(a.verdict === 'review') - Number(b.verdict === 'review'));
}

function judgeGroup(base: State, mainline: readonly Item[], incoming: readonly Item[], net: ReadonlySet<Item>): Verdict[] {
	const [ours, theirs] = [mainline, incoming].map(items => items.filter(item => net.has(item)));
	const met = heldAtTheEnd(base, mainline, incoming, grid(base, ours!, theirs!));
	const verdicts = [...unfollowed(base, mainline, incoming), ...met];
	verdicts.push(...inMergedOrder(base, mainline, incoming, verdicts));
	if (ours!.length === mainline.length && theirs!.length === incoming.length) return verdicts;
	for (const each of grid(base, mainline, incoming)) {
		const told = verdicts.some(({incoming: {operation}}) => operation === each.incoming.operation);
		if (!told) verdicts.push(inThisOrder(each));
	}
	return verdicts;
}

function opaquePairs(base: State, mainline: readonly Item[], incoming: readonly Item[]): Verdict[] {
	const touched = new Set(
		[...mainline, ...incoming].flatMap(({operation: {kind, model}}) => (kind === 'Opaque' ? [] : (model ?? []))),
	);
	const isModel = (key: string) => touched.has(key) || base.models.has(key) || base.models.size === 0;
	const [ours, theirs] = [mainline, incoming].map(items =>
		atBase(
			items.map(({operation}) => withoutGuess(operation, isModel)),
			base.models,
		),
	);
	const [codeHere, codeThere] = [ours!, theirs!].map(operations => operations.map(isOpaque));
	const [unclearHere, unclearThere] = [ours!, theirs!].map(operations => operations.map(isUnclear));
	const [takenHere, takenThere] = [ours!, theirs!].map(operations => operations.map(each => thingsTaken(each).length > 0));
	return mainline.flatMap((one, j) =>
		incoming.flatMap((other, k) => {
			const code = codeHere![j] || codeThere![k] ? judgeOpaque(ours![j]!, theirs![k]!, base.models) : null;
			const unclear = unclearHere![j] || unclearThere![k] ? judgeUnclear(ours![j]!, theirs![k]!) : null;
			const thing = takenHere![j] || takenThere![k] ? judgeThings(ours![j]!, theirs![k]!, ours!.slice(j + 1)) : null;
			const judgement = thing ?? code ?? unclear;
			return judgement ? [verdictOf(one, other, judgement.verdict, judgement.reason, judgement.what)] : [];
		}),
	);
}

/** Work that could not be followed is for a person to look at, wherever the other side meets it. */
function unfollowed(base: State, mainline: readonly Item[], incoming: readonly Item[]): Verdict[] {
	const why = (error: string) => `it cannot be followed: by itself it would end in ${error}`;
	const first = [...alone(base, mainline).left].flatMap(([ours, error]) => {
		const met = incoming.find(({touches}) => meet(touches, ours.touches));
		return met ? [verdictOf(ours, met, 'review', 'opaque', why(error))] : [];
	});
	const second = [...alone(base, incoming).left].flatMap(([theirs, error]) => {
		const met = mainline.find(({touches}) => meet(touches, theirs.touches));
		return met ? [verdictOf(met, theirs, 'review', 'opaque', why(error))] : [];
	});
	return [...first, ...second];
}

function grid(base: State, mainline: readonly Item[], incoming: readonly Item[]): Verdict[] {
	const verdicts: Verdict[] = [];
	// What fails once has an end of its own from there on: it overwrites nothing that anybody wrote.
	const failing = new Set<Item>();
	const [one, other] = [alone(base, mainline), alone(base, incoming)];
	let row = other.states;
	for (const [j, ours] of one.items.entries()) {
		const next = [one.states[j + 1]!];
		for (const [k, theirs] of other.items.entries()) {
			const [left, above] = [next[k]!, row[k + 1]!];
			if (!meet(ours.touches, theirs.touches)) {
				const after = apply(left, theirs.operation);
				next.push(failed(after) ? left : after);
				continue;
			}
			const square = judge(ours.operation, theirs.operation, row[k]!, left, above);
			next.push(square.state);
			if (square.reason === 'fails') failing.add(theirs);
			if (square.result === 'commutes' || (square.reason === 'lost-update' && failing.has(theirs))) continue;
			verdicts.push(verdictOf(ours, theirs, square.result, square.reason!, square.what!));
		}
		row = next;
	}
	return verdicts;
}
