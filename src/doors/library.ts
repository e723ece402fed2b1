import {join} from 'node:path';
import {eachBlob, readBlobs} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import type {Library} from '../history/revision.ts';
import {type MigrationFacts, readFacts} from '../migrations/facts.ts';
import type {Reading} from '../migrations/migration.ts';
import {readMigration} from '../migrations/read-migration.ts';
import type {Operation} from '../operations/operation.ts';
import {readOperations} from '../operations/read-operations.ts';
import {decode, encode, type Source} from '../python/source.ts';
import {openCache} from './cache.ts';
import {type OperationsRecord, operationsOf, operationsRecord} from './operation-records.ts';
import {type FactsRecord, factsOf, factsRecord, type ReadingRecord, readingOf, readingRecord} from './records.ts';

/** The blobs of a repository, read in batches, and what was read in them, remembered from run to run by blob id. */
export interface Shelf extends Library {
	/**
	 * These blobs will be asked for: all that were announced are read in one process, when the first of them is. Asking for one
	 * that was not announced costs a process of its own.
	 */
	fetch(oids: Iterable<string>): void;
	/** The same for those whose reading is not remembered. */
	fetchUnread(oids: Iterable<string>): void;
	/** The same for those whose facts are not remembered. */
	fetchUnknown(oids: Iterable<string>): void;
	/** Fetch what was announced now, and read in it what `fetchUnread` announced, while git is still at work on the rest. Never fails: what did not come is fetched as ever. */
	readAhead(): Promise<void>;
	/** What the operations of a migration say. */
	facts(oid: string): MigrationFacts;
	/** The operations of a migration of an app. */
	operations(oid: string, app: string): readonly Operation[];
	/** The same as `fetch` for those whose operations are not remembered. */
	fetchUnworked(oids: Iterable<string>): void;
	/** The text of a file that says what an app is; short ones are remembered, too. */
	evidence(oid: string): string;
	/** The same as `fetch` for those whose text is not remembered. */
	fetchEvidence(oids: Iterable<string>): void;
	/** Put in bytes that are on disk and perhaps in no object (a file of the worktree), under their blob id. */
	put(oid: string, bytes: Uint8Array): void;
	/** The bytes of a draft. */
	drafted(oid: string): Uint8Array | null;
	/** Write what was newly read, for the next run. Never fails: it is only a cache. */
	save(): void;
}

/** Counts up whenever the same bytes may be read in another way, or are remembered in another form. */
const READER_VERSION = 5;
const OPERATIONS_VERSION = 5;
const DRAFT = 'draft:';
/** What apps.py and settings files are shorter than. */
const SHORT = 50_000;

/** What was read in one blob; null: it was not asked for yet. */
type Entry = readonly [oid: string, reading: ReadingRecord | null, facts: FactsRecord | null, text?: string];
/** What this run read in one blob. */
interface Found {
	reading?: Reading;
	facts?: MigrationFacts;
	text?: string;
}

function entryOf(oid: string, {reading, facts, text}: Found, before: Entry | undefined): Entry {
	const record = reading ? readingRecord(reading) : (before?.[1] ?? null);
	const known = facts ? factsRecord(facts) : (before?.[2] ?? null);
	const words = text ?? before?.[3];
	return words === undefined ? [oid, record, known] : [oid, record, known, words];
}

/** In a file of its own: much longer, and asked for by few. */
type WorkEntry = readonly [oid: string, app: string, operations: OperationsRecord];

/** Open the library of a repository. Readings are remembered only where `install` has made our directory. */
export function openLibrary(repo: Repo): Shelf {
	const cacheIn = (name: string) => join(repo.commonDir, 'migration-guard', 'cache', name);
	const cache = openCache<Entry>(cacheIn(`readings-${READER_VERSION}`));
	const worked = openCache<WorkEntry>(cacheIn(`operations-${OPERATIONS_VERSION}`));
	const sources = new Map<string, Source>();
	const readings = new Map<string, Reading>();
	const found = new Map<string, Found>();
	const announced = new Set<string>();
	const unread = new Set<string>();
	let drafts = 0;

	const fetch = (oids: Iterable<string>) => {
		for (const oid of oids) if (!sources.has(oid) && !oid.startsWith(DRAFT)) announced.add(oid);
	};
	const takeAnnounced = (): string[] => {
		const wanted = [...announced].filter(oid => !sources.has(oid));
		announced.clear();
		return wanted;
	};
	const source = (oid: string): Source => {
		if (!sources.has(oid)) {
			announced.add(oid);
			for (const [each, bytes] of readBlobs(repo, takeAnnounced())) sources.set(each, decode(bytes));
		}
		return sources.get(oid)!;
	};
	const keep = (oid: string, part: Found) => {
		if (oid.startsWith(DRAFT)) return;
		const before = found.get(oid);
		if (before) Object.assign(before, part);
		else found.set(oid, part);
	};
	const reading = (oid: string): Reading => {
		const known = readings.get(oid);
		if (known) return known;
		const record = cache.get(oid)?.[1];
		const result = record ? readingOf(record) : readMigration(source(oid).text);
		readings.set(oid, result);
		if (!record) keep(oid, {reading: result});
		return result;
	};
	const facts = (oid: string): MigrationFacts => {
		const before = found.get(oid)?.facts;
		if (before) return before;
		const record = cache.get(oid)?.[2] ?? null;
		if (record !== null) return factsOf(record);
		const result = readFacts(source(oid).text);
		keep(oid, {facts: result});
		return result;
	};
	const operations = (oid: string, app: string): readonly Operation[] => {
		const entry = worked.get(oid);
		// One blob may be a migration of several apps.
		if (entry?.[1] === app) return operationsOf(entry[2]);
		const result = readOperations(source(oid).text, app);
		if (!oid.startsWith(DRAFT)) worked.set([oid, app, operationsRecord(result)]);
		return result;
	};
	const evidence = (oid: string): string => {
		const known = found.get(oid)?.text ?? cache.get(oid)?.[3];
		if (known !== undefined) return known;
		const {text} = source(oid);
		if (text.length < SHORT) keep(oid, {text});
		return text;
	};
	return {
		fetch,
		source,
		reading,
		facts,
		operations,
		evidence,
		fetchEvidence: oids => fetch([...oids].filter(oid => cache.get(oid)?.[3] === undefined)),
		fetchUnread(oids) {
			for (const oid of oids) if (!readings.has(oid) && !cache.get(oid)?.[1]) unread.add(oid);
			fetch(unread);
		},
		async readAhead() {
			const wanted = takeAnnounced();
			const read = eachBlob(repo, wanted, (oid, bytes) => {
				sources.set(oid, decode(bytes));
				if (unread.has(oid)) reading(oid);
			});
			// What is wrong is said to whoever asks for them.
			await read.catch(() => fetch(wanted));
			unread.clear();
		},
		fetchUnknown: oids => fetch([...oids].filter(oid => (cache.get(oid)?.[2] ?? null) === null)),
		fetchUnworked: oids => fetch([...oids].filter(oid => worked.get(oid) === undefined)),
		put(oid, bytes) {
			if (!sources.has(oid)) sources.set(oid, decode(bytes));
		},
		draft(text) {
			const oid = `${DRAFT}${++drafts}`;
			sources.set(oid, text);
			return oid;
		},
		drafted(oid) {
			return oid.startsWith(DRAFT) ? encode(sources.get(oid)!) : null;
		},
		save() {
			// Only now: what is not written yet needs no second form.
			for (const [oid, part] of found) cache.set(entryOf(oid, part, cache.get(oid)));
			found.clear();
			cache.save();
			worked.save();
		},
	};
}
