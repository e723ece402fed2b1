import assert from 'node:assert/strict';
import {readCarry, writeCarry} from '../../src/migrations/carry.ts';
import {readDjangoSettings} from '../../src/migrations/django-settings.ts';
import {addDependency, renameReference} from '../../src/migrations/edit.ts';
import {identityOf} from '../../src/migrations/identity.ts';
import type {EdgeList, Migration} from '../../src/migrations/migration.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';
import {mergeMigrationFile} from '../../src/plan/merge-file.ts';
import {findMentions} from '../../src/plan/references.ts';
import {firstError, parsePython} from '../../src/python/parse.ts';
import {applyEdits, decode, encode, type Span, type TextEdit} from '../../src/python/source.ts';
import {fuzzedBytes} from './fuzz-input.ts';
import {randomFrom} from './random.ts';

/** How often each law had something to hold for: a law that never applies proves nothing. */
export type Tally = Record<'inputs' | 'migrations' | 'renamed' | 'added' | 'followed' | 'carried', number>;

export const NOTHING_YET: Tally = {inputs: 0, migrations: 0, renamed: 0, added: 0, followed: 0, carried: 0};

/** Hold one input, made from a seed, against all laws. Throws with the input when one is broken. */
export function tryOne(seed: number): Tally {
	const random = randomFrom(seed);
	const bytes = fuzzedBytes(random);
	const source = decode(bytes);
	try {
		assert.deepEqual(Buffer.from(encode(source)), Buffer.from(bytes), 'bytes do not come back');
		const reading = readMigration(source.text);
		const carried = carry(bytes, fuzzedBytes(random), random.below(10_000));
		readDjangoSettings([{path: 'site/settings.py', text: source.text}]);
		const followed = mentions(source.text);
		if ('unreadable' in reading) {
			assert.ok(reading.line >= 1 && reading.line <= source.text.split('\n').length, `line ${reading.line}`);
			return {...NOTHING_YET, inputs: 1, carried, followed};
		}
		spans(source.text, reading);
		// Syntax the parser does not know is read as well as it can be; an edit that goes wrong there is refused when the plan is verified.
		const isPython = firstError(parsePython(source.text)) === null;
		return {
			inputs: 1,
			migrations: 1,
			renamed: renames(source.text, reading, isPython),
			added: additions(source.text, reading, isPython),
			followed,
			carried,
		};
	} catch (error) {
		const what = error instanceof Error ? error.message : String(error);
		throw new Error(`seed ${seed}: ${what}\n--- input\n${JSON.stringify(source.text)}\n---\n${source.text}`, {cause: error});
	}
}

/** Add up. */
export function plus(a: Tally, b: Tally): Tally {
	return Object.fromEntries(Object.keys(a).map(key => [key, a[key as keyof Tally] + b[key as keyof Tally]])) as Tally;
}

const LISTS = ['dependencies', 'replaces', 'runBefore'] as const;

/** What a migration says, without where. */
function said(migration: Migration) {
	const list = ({items, dynamic}: EdgeList) => ({
		items: items.map(item => (item.kind === 'node' ? [item.app, item.name] : [item.setting])),
		dynamic,
	});
	const {dependencies, replaces, runBefore, operations, line} = migration;
	// From the text alone it cannot be told whether an element is computed (`[*x]`).
	const isSome = operations === 'some' || operations === 'dynamic';
	return {
		dependencies: list(dependencies),
		replaces: list(replaces),
		runBefore: list(runBefore),
		operations: isSome ? 'some' : operations,
		line,
	};
}

function inside(text: string, span: Span): void {
	assert.ok(
		0 <= span.from && span.from <= span.to && span.to <= text.length,
		`a span outside of the text: ${JSON.stringify(span)}`,
	);
}

function spans(text: string, migration: Migration): void {
	inside(text, migration.classSpan);
	for (const list of LISTS.map(name => migration[name])) {
		for (const span of [...list.values, ...(list.list ? [list.list] : [])]) inside(text, span);
		for (const item of list.items) {
			inside(text, item.span);
			if (item.kind !== 'node' || item.nameSpan.from === -1) continue;
			assert.equal(text.slice(item.nameSpan.from, item.nameSpan.to), item.name, 'a name is not what stands in its span');
		}
	}
	identityOf(text, migration);
}

/** Renaming changes one name and nothing else, in the text and in what is read. */
function renames(text: string, migration: Migration, isPython: boolean): number {
	let count = 0;
	for (const name of LISTS) {
		for (const [index, item] of migration[name].items.entries()) {
			const edits = item.kind === 'node' ? renameReference(item, '0099_fuzz') : null;
			// A string of several lines can hold a whole module, with more that is read than a name.
			if (!edits || item.kind !== 'node' || item.name.includes('\n')) continue;
			assert.deepEqual(edits, [{...item.nameSpan, insert: '0099_fuzz'}], 'an edit outside of the name');
			count++;
			if (!isPython) continue;
			const before = said(migration);
			before[name].items[index] = [item.app, '0099_fuzz'];
			const after = again(applyEdits(text, edits));
			assert.deepEqual(said(after), before, 'a renamed reference reads as something else');
		}
	}
	return count;
}

/** Adding puts something in, takes nothing out, and is read back at the end of the list. */
function additions(text: string, migration: Migration, isPython: boolean): number {
	const edits = addDependency(text, migration, 'fuzz', '0099_fuzz');
	if (!edits) return 0;
	const place = migration.dependencies.list ?? {from: migration.insertAt!, to: migration.insertAt!};
	for (const edit of edits)
		assert.ok(edit.from === edit.to && place.from <= edit.from && edit.to <= place.to, 'an edit outside of the list');
	const edited = applyEdits(text, edits);
	if (!isPython) return 1;
	const after = again(edited);
	const before = said(migration);
	before.dependencies.items.push(['fuzz', '0099_fuzz']);
	const moved = {...said(after), line: before.line};
	assert.deepEqual(
		moved.dependencies.items.toSorted(),
		before.dependencies.items.toSorted(),
		'an added dependency reads as something else',
	);
	assert.deepEqual({...moved, dependencies: moved.dependencies.dynamic}, {...before, dependencies: before.dependencies.dynamic});
	if (migration.operations === 'some' || migration.operations === 'dynamic')
		assert.equal(identityOf(edited, after), identityOf(text, migration), 'an added dependency makes it another migration');
	return 1;
}

function again(text: string): Migration {
	const reading = readMigration(text);
	if ('unreadable' in reading) throw new Error(`after an edit it is ${reading.unreadable}:\n${text}`);
	return reading;
}

/** Followed mentions stand in strings, and only the name changes. */
function mentions(text: string): number {
	const from = ['0002_price', '0001_initial'];
	const renames = from.map((name, side) => ({app: 'shop', folder: 'shop/migrations', from: name, to: `${name}_2`, side}));
	const {edits} = findMentions(text, renames, () => true);
	for (const edit of edits as readonly TextEdit[])
		assert.ok(
			from.some(name => text.slice(edit.from, edit.to).endsWith(name)),
			'not a name',
		);
	applyEdits(text, edits);
	return edits.length > 0 ? 1 : 0;
}

/** Two files in one come out again byte for byte, or not at all; the driver never answers with one of two sides. */
function carry(body: Uint8Array, carried: Uint8Array, at: number): number {
	const block = writeCarry({body, carried});
	const back = readCarry(block);
	const isNested = [body, carried].some(bytes => readCarry(bytes) !== null);
	if (!isNested) assert.ok(back !== null && back !== 'damaged', 'a carry does not come back');
	if (back !== null && back !== 'damaged' && !isNested) {
		assert.deepEqual(Buffer.from(back.body), Buffer.from(body), 'the body of a carry changed');
		assert.deepEqual(Buffer.from(back.carried), Buffer.from(carried), 'the carried file changed');
	}
	const damaged = Buffer.from(block);
	damaged[at % damaged.length] = damaged[at % damaged.length]! ^ 0x01;
	const read = readCarry(damaged);
	if (read !== null && read !== 'damaged' && !isNested)
		assert.deepEqual(Buffer.from(read.carried), Buffer.from(carried), 'a damaged carry gave another file');
	const merged = mergeMigrationFile({base: new Uint8Array(), ours: body, theirs: carried}, () => 'same path');
	if (merged.kind === 'merged') {
		for (const side of [body, carried])
			assert.ok(!Buffer.from(merged.bytes).equals(Buffer.from(side)), 'one side of two is the answer');
	}
	return merged.kind === 'merged' ? 1 : 0;
}
