import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Repo} from '../git/repo.ts';
import type {Tip} from './tips.ts';

/** What was found out about the tips of branches, from run to run. Everything in it is true of commits, which never change. */
export interface TipCache {
	/** The mainline commits that it was found out against. */
	mainline: readonly string[];
	/** Tips that these hold. */
	readonly merged: Set<string>;
	/** Tips that they do not, and the first commits of their own: those a mainline gains first when it gains the branch. */
	readonly open: Map<string, {readonly tip: Tip; readonly roots: readonly string[]}>;
	/** Whether two branches commute, by their tips. */
	readonly pairs: Map<string, string | null>;
	/** Tips that were asked about in this run: what is kept when there is too much. */
	readonly used: Set<string>;
	/** Write it, if `isChanged`. Never fails: it is only a cache. */
	save(): void;
	isChanged: boolean;
}

/** Counts up whenever the same commits would be described in another way. */
const VERSION = 1;

interface Stored {
	readonly paths: string;
	readonly mainline: readonly string[];
	readonly merged: readonly string[];
	readonly open: readonly (readonly [oid: string, record: {readonly tip: Tip; readonly roots: readonly string[]}])[];
	readonly pairs: readonly (readonly [key: string, what: string | null])[];
}

/** Open what is remembered; `paths` are the pathspecs of migrations. Remembered only where `install` has made our directory. */
export function openTipCache(repo: Repo, paths: readonly string[]): TipCache {
	const file = join(repo.commonDir, 'migration-guard', 'cache', `tips-${VERSION}.json`);
	const stored = read(file, paths.join('\n'));
	const cache: TipCache = {
		mainline: stored?.mainline ?? [],
		merged: new Set(stored?.merged),
		open: new Map(stored?.open),
		pairs: new Map(stored?.pairs),
		used: new Set(),
		isChanged: false,
		save() {
			if (!cache.isChanged || !existsSync(dirname(dirname(file)))) return;
			const isKept = (tip: string) => cache.used.has(tip) || cache.merged.size + cache.open.size <= MOST_TIPS;
			const now: Stored = {
				paths: paths.join('\n'),
				mainline: cache.mainline,
				merged: [...cache.merged].filter(isKept),
				open: [...cache.open].filter(([oid]) => isKept(oid)),
				pairs: [...cache.pairs].slice(-MOST_PAIRS),
			};
			try {
				mkdirSync(dirname(file), {recursive: true});
				writeFileSync(`${file}.${process.pid}`, JSON.stringify(now));
				renameSync(`${file}.${process.pid}`, file);
			} catch {
				// A full disk or a foreign owner costs the next run some time, nothing else.
			}
		},
	};
	return cache;
}

const MOST_TIPS = 50_000;
const MOST_PAIRS = 5000;

function read(file: string, paths: string): Stored | null {
	try {
		const stored = JSON.parse(readFileSync(file, 'utf8')) as Stored;
		return stored.paths === paths ? stored : null;
	} catch {
		return null;
	}
}
