import type {MigrationFacts} from '../migrations/facts.ts';
import type {EdgeList, Migration, Reading, Reference, Unreadable} from '../migrations/migration.ts';
import type {Span} from '../python/source.ts';

/** A reading without names, for the cache. */
export type ReadingRecord =
	| readonly [
			dependencies: EdgesRecord,
			replaces: EdgesRecord,
			runBefore: EdgesRecord,
			classFrom: number,
			classTo: number,
			line: number,
			operations: Migration['operations'],
			insertAt: number | null,
			indent: string,
	  ]
	| readonly [unreadable: Unreadable['unreadable'], why: string, line: number];

/** Facts without names, for the cache. Zero: nothing that bears on others, as of most migrations. */
export type FactsRecord =
	| 0
	| readonly [creates: readonly string[], relations: readonly (string | number | boolean)[], wholeTable: number | null];

/** Zero: an empty list that was not written at all. */
type EdgesRecord =
	| 0
	| readonly [
			items: readonly (readonly (string | number)[])[],
			values: readonly number[],
			list: readonly [number, number] | null,
			dynamic?: string,
			dynamicFrom?: number,
			dynamicTo?: number,
	  ];

/** A reading as a record. */
export function readingRecord(reading: Reading): ReadingRecord {
	if ('unreadable' in reading) return [reading.unreadable, reading.why, reading.line];
	const {dependencies, replaces, runBefore, classSpan, line, operations, insertAt, indent} = reading;
	const [from, to] = [classSpan.from, classSpan.to];
	return [edges(dependencies), edges(replaces), edges(runBefore), from, to, line, operations, insertAt, indent];
}

/** The reading in a record that `readingRecord` wrote. */
export function readingOf(record: ReadingRecord): Reading {
	if (record.length === 3) return {unreadable: record[0], why: record[1], line: record[2]};
	const [dependencies, replaces, runBefore, from, to, line, operations, insertAt, indent] = record;
	return {
		dependencies: edgesOf(dependencies),
		replaces: edgesOf(replaces),
		runBefore: edgesOf(runBefore),
		classSpan: {from, to},
		line,
		operations,
		insertAt,
		indent,
	};
}

/** Facts as a record. */
export function factsRecord({creates, relations, wholeTable}: MigrationFacts): FactsRecord {
	if (creates.length === 0 && relations.length === 0 && wholeTable === null) return 0;
	return [creates, relations.flatMap(({app, model, line, certain}) => [app, model, line, certain]), wholeTable];
}

/** The facts in a record that `factsRecord` wrote. */
export function factsOf(record: FactsRecord): MigrationFacts {
	if (record === 0) return NO_FACTS;
	const [creates, flat, wholeTable] = record;
	const relations = [];
	for (let at = 0; at < flat.length; at += 4) {
		const [app, model, line, certain] = flat.slice(at, at + 4) as [string, string, number, boolean];
		relations.push({app, model, line, certain});
	}
	return {creates, relations, wholeTable};
}

const NO_FACTS: MigrationFacts = {creates: [], relations: [], wholeTable: null};
const EMPTY: EdgeList = {items: [], values: [], list: null, dynamic: null};

function edges({items, values, list, dynamic, dynamicSpan}: EdgeList): EdgesRecord {
	if (items.length === 0 && values.length === 0 && list === null && dynamic === null) return 0;
	const span: readonly [number, number] | null = list && [list.from, list.to];
	const places: number[] = [];
	for (const {from, to} of values) places.push(from, to);
	const all = [items.map(reference), places, span] as const;
	if (dynamic === null) return all;
	return dynamicSpan ? [...all, dynamic, dynamicSpan.from, dynamicSpan.to] : [...all, dynamic];
}

function reference(item: Reference): (string | number)[] {
	if (item.kind === 'swappable') return [item.setting, item.span.from, item.span.to];
	const {app, name, span, appSpan, nameSpan} = item;
	return [app, name, span.from, span.to, appSpan.from, appSpan.to, nameSpan.from, nameSpan.to];
}

function edgesOf(record: EdgesRecord): EdgeList {
	if (record === 0) return EMPTY;
	const [items, values, list, dynamic = null, from, to] = record;
	const spans: Span[] = [];
	for (let at = 0; at < values.length; at += 2) spans.push({from: values[at]!, to: values[at + 1]!});
	const read = {items: items.map(referenceOf), values: spans, list: list && {from: list[0], to: list[1]}, dynamic};
	return from === undefined || to === undefined ? read : {...read, dynamicSpan: {from, to}};
}

function referenceOf(item: readonly (string | number)[]): Reference {
	if (item.length === 3) {
		const [setting, from, to] = item as [string, number, number];
		return {kind: 'swappable', setting, span: {from, to}};
	}
	const [app, name, from, to, appFrom, appTo, nameFrom, nameTo] = item as [
		string,
		string,
		number,
		number,
		number,
		number,
		number,
		number,
	];
	return {kind: 'node', app, name, span: {from, to}, appSpan: {from: appFrom, to: appTo}, nameSpan: {from: nameFrom, to: nameTo}};
}
