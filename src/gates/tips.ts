import {isGuardedPath, pathspecs} from '../doors/guarded.ts';
import {emptyTree, type Repo} from '../git/repo.ts';
import {diffCommits, diffTrees, type TreeChange} from '../git/trees.ts';
import {type Authorship, commitsThatTouch, firstParents, gained, independent, unmergedCommits} from '../git/unmerged.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import type {LoadOptions} from '../migrations/project.ts';
import type {TipCache} from './tip-cache.ts';

/** What the tip of an open branch brings, as far as migrations go. */
export interface Tip {
	readonly oid: string;
	/** Where it left the mainline; null: unrelated, or beyond the end of a shallow clone. */
	readonly base: string | null;
	/** The author date of the oldest unmerged commit that touches a migration; null: none does. */
	readonly oldest: number | null;
	/** Who wrote the newest of these commits. */
	readonly author: string;
	/** Migration modules that are otherwise at the tip than at the base; blob ids, null where there is none. */
	readonly changes: readonly {readonly path: string; readonly before: string | null; readonly after: string | null}[];
}

/** What was asked about tips, and what could not be looked at in time. */
export interface Examined {
	/** The unmerged ones among the tips. */
	readonly open: ReadonlyMap<string, Tip>;
	readonly unexamined: ReadonlySet<string>;
}

/** How many commits are looked at between two looks at the clock: some twenty milliseconds. */
const PIECE = 500;

/**
 * Describe the tips that the mainline does not hold. What is remembered costs nothing; the rest one walk of the commits, and one look at
 * the trees of each. `hasTime` is asked now and then: what is not done when it says no is handed back as not examined.
 */
export function examineTips(
	repo: Repo,
	tips: readonly string[],
	mainline: readonly string[],
	{options, cache, hasTime}: {options: LoadOptions; cache: TipCache; hasTime: () => boolean},
): Examined {
	follow(repo, cache, mainline);
	for (const tip of tips) cache.used.add(tip);
	const unknown = [...new Set(tips)].filter(tip => !cache.merged.has(tip) && !cache.open.has(tip));
	const unexamined = new Set<string>();
	if (unknown.length > 0) {
		cache.isChanged = true;
		const parents = unmergedCommits(repo, unknown, mainline);
		const fresh = unknown.filter(tip => parents.has(tip));
		for (const tip of unknown) if (!parents.has(tip)) cache.merged.add(tip);
		const baseOf = baseFinder(repo, mainline);
		const touching = new Map<string, Authorship | null>();
		for (let next = 0; next < fresh.length; ) {
			// Some are always described, so that many short looks come to an end.
			if (next > 0 && !hasTime()) {
				for (const tip of fresh.slice(next)) unexamined.add(tip);
				break;
			}
			const piece: Own[] = [];
			for (let size = 0; size < PIECE && next < fresh.length; next++) {
				const own = ownCommits(fresh[next]!, parents);
				piece.push(own);
				size += own.commits.length;
			}
			describe(repo, piece, {options, cache, touching, baseOf});
		}
	}
	return {open: new Map(tips.flatMap(tip => (cache.open.has(tip) ? [[tip, cache.open.get(tip)!.tip]] : []))), unexamined};
}

/** The mainline may have moved: what it gained since may be the commits of a branch, which is then to be looked at again. */
function follow(repo: Repo, cache: TipCache, mainline: readonly string[]): void {
	const news = gained(repo, cache.mainline, mainline);
	if (news?.size === 0) return;
	cache.isChanged = true;
	cache.mainline = mainline;
	if (news === null) {
		cache.merged.clear();
		cache.open.clear();
	}
	for (const [tip, {roots}] of cache.open) if (roots.some(root => news?.has(root))) cache.open.delete(tip);
}

/** The commits of a branch that mainline has not, those they begin with, and the mainline's own that they stand on. */
interface Own {
	readonly tip: string;
	readonly commits: readonly string[];
	readonly roots: readonly string[];
	readonly stands: readonly string[];
}

function ownCommits(tip: string, parents: ReadonlyMap<string, readonly string[]>): Own {
	const commits = new Set([tip]);
	const stands = new Set<string>();
	// A set that grows is gone through to its end.
	for (const commit of commits) {
		for (const parent of parents.get(commit)!) (parents.has(parent) ? commits : stands).add(parent);
	}
	const roots = [...commits].filter(commit => parents.get(commit)!.every(parent => !parents.has(parent)));
	return {tip, commits: [...commits], roots, stands: [...stands]};
}

interface Describing {
	readonly options: LoadOptions;
	readonly cache: TipCache;
	readonly touching: Map<string, Authorship | null>;
	readonly baseOf: (stands: readonly string[]) => string | null;
}

function describe(repo: Repo, piece: readonly Own[], {options, cache, touching, baseOf}: Describing): void {
	const paths = pathspecs(options);
	const unseen = new Set(piece.flatMap(({commits}) => commits.filter(commit => !touching.has(commit))));
	const found = commitsThatTouch(repo, [...unseen], paths);
	for (const commit of unseen) touching.set(commit, found.get(commit) ?? null);
	const based = piece.map(own => ({...own, base: baseOf(own.stands)}));
	const pairs = based.flatMap(({tip, base}) => (base === null ? [] : [{from: base, to: tip}]));
	const differences = diffCommits(repo, pairs, paths);
	for (const {tip, base, commits, roots} of based) {
		const authors = commits.flatMap(commit => touching.get(commit) ?? []).sort((a, b) => a.authored - b.authored);
		const changes = base === null ? diffTrees(repo, emptyTree(repo), tip, paths) : differences.get(tip)!;
		cache.open.set(tip, {
			roots,
			tip: {
				oid: tip,
				base,
				oldest: authors[0]?.authored ?? null,
				author: authors.at(-1)?.author ?? '',
				changes: changes.filter(({path}) => isMigrationFile(path) && isGuardedPath(path, options)).map(brief),
			},
		});
	}
}

function brief({path, before, after}: TreeChange): Tip['changes'][number] {
	return {path, before: before?.oid ?? null, after: after?.oid ?? null};
}

/** Mostly all that a branch stands on lies on the mainline's first parents, and the last of these is the base: no process for each branch. */
function baseFinder(repo: Repo, mainline: readonly string[]): (stands: readonly string[]) => string | null {
	let order: ReadonlyMap<string, number> | null = null;
	return stands => {
		if (stands.length < 2) return stands[0] ?? null;
		order ??= new Map(mainline.slice(0, 1).flatMap(tip => firstParents(repo, tip).map((oid, index) => [oid, index])));
		const places = stands.map(oid => order!.get(oid));
		if (places.some(place => place === undefined)) return independent(repo, stands)[0]!;
		return stands[places.indexOf(Math.min(...(places as number[])))]!;
	};
}
