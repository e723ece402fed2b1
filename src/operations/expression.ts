import type {Call, Value} from './value.ts';

/** What an expression of the ORM names. */
interface Found {
	readonly fields: Set<string>;
	unclear: string | null;
}

/** The fields that expressions name, as they are spelled, and null or why there may be others: a part of them is computed. */
export function namedIn(values: readonly Value[]): {readonly fields: readonly string[]; readonly unclear: string | null} {
	const found: Found = {fields: new Set(), unclear: null};
	for (const value of values) inExpression(value, found);
	return {fields: [...found.fields], unclear: found.unclear};
}

/** Where a string is a name: lists of fields, and arguments of functions (expressions.py:BaseExpression._parse_expressions). */
function inExpression(value: Value, found: Found): void {
	if (value.kind === 'string') add(value.value, found);
	else if (value.kind === 'call') inCall(value, found);
	else if (value.kind === 'list') {
		if (!value.whole) found.unclear ??= 'a list in it is computed';
		for (const item of value.items) inExpression(item, found);
	} else if (value.kind === 'other') {
		if (value.parts.length === 0 && !CONSTANT.test(value.text)) found.unclear ??= `${value.text} is computed`;
		for (const part of value.parts) inExpression(part, found);
	}
}

/** Numbers, flags, and what Django has under a name of its own: `RangeOperators.OVERLAPS`, `models.Deferrable.DEFERRED`. */
const CONSTANT = /^(?:-?[\d.]+|None|True|False|.*[A-Z]\w*\.[A-Z_]+)$/;

function inCall(call: Call, found: Found): void {
	const name = call.callee.slice(call.callee.lastIndexOf('.') + 1);
	if (call.receiver) {
		// F("price").desc(nulls_last=True)
		inExpression(call.receiver, found);
		inParts(call.args, found);
	} else if (!/^[A-Z]/.test(name)) found.unclear ??= `made by ${name}()`;
	else if (name === 'Q' || name === 'When') inLookups(call, found, name === 'When');
	else if (name !== 'Value') inFunction(call, found, name);
}

function inFunction({args, keywords, whole}: Call, found: Found, name: string): void {
	if (!whole) found.unclear ??= 'its arguments are computed';
	// The second argument of these is a word of SQL.
	for (const arg of /^(?:Collate|OpClass)$/.test(name) ? args.slice(0, 1) : args) inExpression(arg, found);
	for (const [key, right] of keywords) {
		// function="…", template="…", config="…" are words of SQL.
		if (/^expressions?$/.test(key)) inExpression(right, found);
		else inParts([right], found);
	}
}

/** Where a string is a value, as on the right of a lookup: only expressions name fields there. */
function inParts(values: readonly Value[], found: Found): void {
	for (const value of values) {
		if (value.kind === 'call' && /(?:^|\.)[A-Z]\w*$/.test(value.callee)) inCall(value, found);
		else if (value.kind === 'call' && value.receiver) inParts([value.receiver, ...value.args], found);
		else if (value.kind === 'list') inParts(value.items, found);
		else if (value.kind === 'other') inParts(value.parts, found);
	}
}

/** `Q(price__gt=0)`, `Q(("price__gt", 0))` as MigrationWriter spells it, `Q(**{"price__gt": 0})`, `When(price__gt=0, then=…)`. */
function inLookups(call: Call, found: Found, isWhen: boolean): void {
	for (const arg of call.args) {
		if (arg.kind === 'list' && arg.items.length === 2 && arg.items[0]!.kind === 'string') {
			add(arg.items[0]!.value, found);
			inParts([arg.items[1]!], found);
		} else if (arg.kind === 'dict') inPairs(arg.entries, found);
		else inExpression(arg, found);
	}
	// A starred argument that was not read in full is among `args`, too.
	if (!call.whole && call.args.every(({kind}) => kind !== 'dict' && kind !== 'other'))
		found.unclear ??= 'its arguments are computed';
	for (const [key, right] of call.keywords) {
		if (isWhen && (key === 'then' || key === 'condition')) inExpression(right, found);
		else if (!key.startsWith('_')) {
			add(key, found);
			inParts([right], found);
		}
	}
}

function inPairs(entries: readonly (readonly [Value, Value])[], found: Found): void {
	for (const [key, right] of entries) {
		if (key.kind === 'string') add(key.value, found);
		else found.unclear ??= `${key.text} is computed`;
		inParts([right], found);
	}
}

/** Lookups (`price__gte`) and `-` are cut off. */
function add(name: string, {fields}: Found): void {
	const field = name.replace(/^-/, '').split('__')[0]!;
	if (/^\w+$/.test(field)) fields.add(field);
}
