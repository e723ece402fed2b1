import type {Call, Value} from './value.ts';

/** Two lists or two strings, one behind the other. */
export function sumOf([left, right]: readonly Value[], from: number): Value | null {
	if (left?.kind === 'list' && right?.kind === 'list')
		return listOf([...left.items, ...right.items], left.whole && right.whole, from);
	if (left?.kind !== 'string' || right?.kind !== 'string') return null;
	const value = left.value + right.value;
	return {kind: 'string', value, text: JSON.stringify(value), from};
}

/** A list, a tuple or a set of values. */
export function listOf(items: readonly Value[], whole: boolean, from: number, isSet = false): Value {
	const texts = items.map(({text}) => text);
	// The order of a set is no part of it, and a list is as good as a tuple to Django.
	return {kind: 'list', items, whole, text: `[${(isSet ? texts.sort() : texts).join()}]`, from};
}

/** A dictionary. Of two entries under one key the last holds. */
export function dictOf(all: readonly (readonly [Value, Value])[], whole: boolean, from: number): Value {
	const entries = [...new Map(all.map(entry => [entry[0].text, entry])).values()];
	const texts = entries.map(([key, value]) => `${key.text}:${value.text}`).sort();
	return {kind: 'dict', entries, whole, text: `{${texts.join()}}`, from};
}

/** `set([…])`, as Django 1 wrote it, is the set; `dict(a=1)` is the dictionary. */
export function asCollection(call: Call & {readonly text: string; readonly from: number}): Value {
	const {callee, args, keywords, from} = call;
	const [first] = args;
	if (callee === 'dict' && call.whole && args.length < 2 && (!first || first.kind === 'dict')) {
		const named = [...keywords].map(([name, value]): [Value, Value] => [
			{kind: 'string', value: name, text: JSON.stringify(name), from},
			value,
		]);
		return dictOf([...(first?.entries ?? []), ...named], first?.whole ?? true, from);
	}
	if (!/^(?:set|frozenset|list|tuple)$/.test(callee) || args.length !== 1 || first?.kind !== 'list') return call;
	return listOf(first.items, first.whole, from, callee.endsWith('set'));
}
