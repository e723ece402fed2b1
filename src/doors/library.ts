import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readBlobs} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import type {Library} from '../history/revision.ts';
import {type MigrationFacts, readFacts} from '../migrations/facts.ts';
import type {Reading} from '../migrations/migration.ts';
import {readMigration} from '../migrations/read-migration.ts';
import {decode, encode, type Source} from '../python/source.ts';

/** The blobs of a repository, read in batches, and what was read in them, remembered from run to run by blob id. */
export interface Shelf extends Library {
	/**
	 * These blobs will be asked for: all that were announced are read in one process, when the first of them is. Asking for one
	 * that was not announced costs a process of its own.
	 */
	fetch(oids: Iterable<string>): void;
	/** The same for those whose reading is not remembered. */
	fetchUnread(oids: Iterable<string>): void;
	/** What the operations of a migration say. */
	facts(oid: string): MigrationFacts;
	/** Put in bytes that are on disk and perhaps in no object (a file of the worktree), under their blob id. */
	put(oid: string, bytes: Uint8Array): void;
	/** The bytes of a draft. */
	drafted(oid: string): Uint8Array | null;
	/** Write what was newly read, for the next run. Never fails: it is only a cache. */
	save(): void;
}

/** Counts up whenever a reading of the same bytes may come out differently. */
const READER_VERSION = 2;
const DRAFT = 'draft:';

/** Open the library of a repository. Readings are remembered only where `install` has made our directory. */
export function openLibrary(repo: Repo): Shelf {
	const folder = join(repo.commonDir, 'migration-guard');
	const file = join(folder, 'cache', `readings-${READER_VERSION}.jsonl`);
	const remembered = new Map<string, string>();
	const sources = new Map<string, Source>();
	const readings = new Map<string, Reading>();
	const fresh = new Map<string, Reading>();
	const announced = new Set<string>();
	let drafts = 0;
	let isLoaded = false;

	const load = () => {
		if (isLoaded) return;
		isLoaded = true;
		if (!existsSync(file)) return;
		for (const line of readFileSync(file, 'utf8').split('\n')) {
			const space = line.indexOf(' ');
			if (space > 0) remembered.set(line.slice(0, space), line.slice(space + 1));
		}
	};
	const fetch = (oids: Iterable<string>) => {
		for (const oid of oids) if (!sources.has(oid) && !oid.startsWith(DRAFT)) announced.add(oid);
	};
	const source = (oid: string): Source => {
		if (!sources.has(oid)) {
			const wanted = [...announced.add(oid)].filter(each => !sources.has(each));
			announced.clear();
			for (const [each, bytes] of readBlobs(repo, wanted)) sources.set(each, decode(bytes));
		}
		return sources.get(oid)!;
	};
	const reading = (oid: string): Reading => {
		const known = readings.get(oid);
		if (known) return known;
		load();
		const line = remembered.get(oid);
		const result = (line === undefined ? undefined : parse(line)) ?? readMigration(source(oid).text);
		readings.set(oid, result);
		if (line === undefined && !oid.startsWith(DRAFT)) fresh.set(oid, result);
		return result;
	};
	return {
		fetch,
		facts: oid => readFacts(source(oid).text),
		source,
		reading,
		fetchUnread(oids) {
			load();
			fetch([...oids].filter(oid => !readings.has(oid) && !remembered.has(oid)));
		},
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
			if (fresh.size === 0 || !existsSync(folder)) return;
			try {
				mkdirSync(join(folder, 'cache'), {recursive: true});
				const lines = [...remembered, ...[...fresh].map(([oid, value]) => [oid, JSON.stringify(value)] as const)];
				const temporary = `${file}.${process.pid}`;
				writeFileSync(temporary, lines.map(([oid, line]) => `${oid} ${line}\n`).join(''));
				renameSync(temporary, file);
			} catch {
				// A full disk or a foreign owner costs the next run some milliseconds, nothing else.
			}
		},
	};
}

function parse(line: string): Reading | undefined {
	try {
		return JSON.parse(line) as Reading;
	} catch {
		return undefined;
	}
}
