import {appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';

/** What was read in blobs, remembered from run to run; an entry begins with the blob id. Entries are added at the end of one file, later ones count. */
export interface Cache<Entry extends AnyEntry> {
	get(oid: string): Entry | undefined;
	/** Remember it, once `save` is called. */
	set(entry: Entry): void;
	/** Write what is new. Never fails: it is only a cache. */
	save(): void;
}

type AnyEntry = readonly [oid: string, ...unknown[]];

/** Blobs come and go with the branches: with more entries than this the file is begun anew. */
const MOST_ENTRIES = 100_000;

/** Open the cache in a file; nothing is read before it is asked. */
export function openCache<Entry extends AnyEntry>(file: string): Cache<Entry> {
	const known = new Map<string, Entry>();
	const fresh = new Map<string, Entry>();
	let count = -1;
	const load = () => {
		if (count >= 0) return;
		const entries = existsSync(file) ? parse<Entry>(readFileSync(file, 'utf8')) : [];
		count = entries.length;
		for (const entry of entries) known.set(entry[0], entry);
	};
	return {
		get(oid) {
			load();
			return known.get(oid);
		},
		set(entry) {
			known.set(entry[0], entry);
			fresh.set(entry[0], entry);
		},
		save() {
			// `install` makes the folder; without it there is nothing to keep a cache in.
			if (fresh.size === 0 || !existsSync(dirname(dirname(file)))) return;
			try {
				mkdirSync(dirname(file), {recursive: true});
				const text = `${JSON.stringify([...fresh.values()]).slice(1, -1)},\n`;
				if (count + fresh.size <= MOST_ENTRIES) appendFileSync(file, text);
				else {
					writeFileSync(`${file}.${process.pid}`, text);
					renameSync(`${file}.${process.pid}`, file);
				}
				fresh.clear();
			} catch {
				// A full disk or a foreign owner costs the next run some milliseconds, nothing else.
			}
		},
	};
}

/** All entries at once, which is much faster than line by line; after a torn write those of the runs whose line is whole. */
function parse<Entry>(text: string): Entry[] {
	try {
		return JSON.parse(`[${text.slice(0, -2)}]`);
	} catch {
		return text.split('\n').flatMap(line => {
			try {
				return JSON.parse(`[${line.slice(0, -1)}]`) as Entry[];
			} catch {
				return [];
			}
		});
	}
}
