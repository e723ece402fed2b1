import type {Rule} from './operation.ts';
import {type Call, stringIn, stringsIn, type Value} from './value.ts';

/** Read `models.Index(...)` or a constraint. Null: it is no call, or has no literal name (the names Django makes up are not guessed). */
export function readRule(value: Value | undefined): Rule | null {
	if (value?.kind !== 'call') return null;
	const name = stringIn(value.keywords.get('name'));
	if (name === null) return null;
	const type = value.callee.slice(value.callee.lastIndexOf('.') + 1);
	const rest = [...value.keywords].filter(([key]) => key !== 'name').map(([key, {text}]) => `${key}=${text}`);
	const fields = new Set<string>();
	for (const part of [...value.args, ...[...value.keywords].filter(([key]) => key !== 'name').map(([, each]) => each)]) {
		collect(part, fields);
	}
	return {
		name,
		type,
		text: `${type}(${[...value.args.map(({text}) => text), ...rest.sort()].join()})`,
		fields: [...fields],
		compares: value.keywords.has('check') || value.keywords.has('condition') || value.args.length > 0,
		unclear: null,
	};
}

/** Names that may be fields: strings in lists and calls, and the keywords of `Q`. Lookups (`price__gte`) and `-` are cut off. */
function collect(value: Value, into: Set<string>): void {
	if (value.kind === 'string') add(value.value, into);
	else if (value.kind === 'list') for (const item of value.items) collect(item, into);
	else if (value.kind === 'call') collectCall(value, into);
	else if (value.kind === 'other') {
		// Q(a=1) | Q(b=2): the operands are not taken apart, their words are.
		for (const [, key] of value.text.matchAll(/[(,](\w+)=(?!=)/g)) add(key!, into);
		for (const [, key] of value.text.matchAll(/"([\w-]+)"/g)) add(key!, into);
	}
}

function collectCall(call: Call, into: Set<string>): void {
	const isQuery = /(?:^|\.)Q$/.test(call.callee);
	if (/(?:^|\.)(?:Value|Collate|OpClass)$/.test(call.callee)) {
		if (call.args[0] && call.args[0].kind !== 'string') collect(call.args[0], into);
		return;
	}
	for (const arg of call.args) {
		// Q(("price__gte", 0)): MigrationWriter's own spelling.
		if (isQuery && arg.kind === 'list') {
			const [key, right] = arg.items;
			if (key) collect(key, into);
			if (right?.kind === 'call') collect(right, into);
		} else collect(arg, into);
	}
	for (const [key, right] of call.keywords) {
		if (isQuery && !key.startsWith('_')) add(key, into);
		if (!isQuery || right.kind === 'call') collect(right, into);
	}
}

function add(name: string, into: Set<string>): void {
	const field = name.replace(/^-/, '').split('__')[0]!.toLowerCase();
	if (/^\w+$/.test(field)) into.add(field);
}

/** `unique_together`, in any of its spellings: one tuple of names, or several (models/options.py:normalize_together). */
export function readTogether(value: Value | undefined): readonly (readonly string[])[] {
	if (value?.kind !== 'list') return [];
	if (value.items.some(({kind}) => kind === 'string')) return [stringsIn(value)];
	return value.items.map(stringsIn);
}

/** Whether all of it is literal. */
export function isTogether(value: Value): boolean {
	if (value.text === 'None' || value.text === 'set()') return true;
	const isLiteral = (item: Value): boolean =>
		item.kind === 'string' || (item.kind === 'list' && item.whole && item.items.every(isLiteral));
	return value.kind === 'list' && isLiteral(value);
}
