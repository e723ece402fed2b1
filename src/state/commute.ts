import {nextStep} from './advice.ts';
import {apply} from './apply.ts';
import {atBase} from './at-base.ts';
import {isOpaque, judgeOpaque} from './code.ts';
import {groupsOf} from './groups.ts';
import {netOf} from './net.ts';
import {inTheWay} from './remake.ts';
import {judge} from './square.ts';
import {failed, type State} from './state.ts';
import {withUserModel} from './swappable.ts';
import {meet, namesTouched, type Touches, toucher} from './touches.ts';
import {isUnclear, judgeUnclear, withoutGuess} from './unclear.ts';
import type {Verdict, Work} from './work.ts';

interface Item extends Work {
	readonly touches: Touches;
}

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
	const verdicts = [...unfollowed(base, mainline, incoming), ...grid(base, ours!, theirs!)];
	verdicts.push(...run(base, mainline, incoming, verdicts));
	if (ours!.length === mainline.length && theirs!.length === incoming.length) return verdicts;
	for (const each of grid(base, mainline, incoming)) {
		const told = verdicts.some(({incoming: {operation}}) => operation === each.incoming.operation);
		if (!told) verdicts.push(inThisOrder(each));
	}
	return verdicts;
}

/** What meets on the way only, and is taken back: the order of the merged history works. */
function inThisOrder(verdict: Verdict): Verdict {
	const {mainline, incoming} = verdict;
	return {...verdict, verdict: 'review', reason: 'order', next: nextStep(mainline, incoming, 'order')};
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
	return mainline.flatMap((one, j) =>
		incoming.flatMap((other, k) => {
			const code = codeHere![j] || codeThere![k] ? judgeOpaque(ours![j]!, theirs![k]!, base.models) : null;
			const judgement = code ?? (unclearHere![j] || unclearThere![k] ? judgeUnclear(ours![j]!, theirs![k]!) : null);
			return judgement ? [verdictOf(one, other, judgement.verdict, judgement.reason, judgement.what)] : [];
		}),
	);
}

/** What one side comes to by itself. What cannot work there, we know too little of: it is left out. */
function alone(base: State, items: readonly Item[]): {items: Item[]; states: State[]; left: Map<Item, string>} {
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

/** The very order of the merged history. What fails in it is a conflict, even where the net work of both sides does not meet. */
function run(base: State, mainline: readonly Item[], incoming: readonly Item[], known: readonly Verdict[]): Verdict[] {
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

function workOf({operation, key, path}: Item): Work {
	return {operation, key, path};
}

function verdictOf(
	mainline: Item,
	incoming: Item,
	verdict: Verdict['verdict'],
	reason: Verdict['reason'],
	what: string,
): Verdict {
	const pair = {mainline: workOf(mainline), incoming: workOf(incoming)};
	return {verdict, reason, ...pair, what, next: nextStep(pair.mainline, pair.incoming, reason)};
}
