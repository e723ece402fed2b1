import type {Ground} from '../doors/ground.ts';
import {pathspecs} from '../doors/guarded.ts';
import {shortRef} from '../doors/label.ts';
import {labelsOf} from '../doors/meeting.ts';
import {localMainlineRefs, type MainlineRef} from '../git/mainline.ts';
import type {Repo} from '../git/repo.ts';
import {branchesBelow} from '../git/unmerged.ts';
import {identityIn} from '../history/renumbered.ts';
import {type Files, folderOf, stemOf} from '../history/revision.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import {suffixOf} from '../migrations/name.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {openTipCache, type TipCache} from './tip-cache.ts';
import {examineTips, type Tip} from './tips.ts';

/** A migration that a branch has and the mainline has not. */
export interface AddedMigration {
	readonly key: NodeKey;
	readonly app: string;
	readonly path: string;
	/** The blob. */
	readonly oid: string;
}

/** A branch that is not merged and touches migrations. */
export interface OpenBranch {
	/** As people call it: `origin/feature`. */
	readonly name: string;
	/** Other names of the same commit. */
	readonly also: readonly string[];
	readonly tip: Tip;
	readonly adds: readonly AddedMigration[];
	/** Apps whose migrations it adds, edits or deletes; sorted. */
	readonly apps: readonly string[];
}

/** The open branches, and how much was looked at. */
export interface OpenBranches {
	readonly branches: readonly OpenBranch[];
	/** Names of branches for which there was no time. */
	readonly unexamined: readonly string[];
	/** How many unmerged branches there are, those without migrations included. */
	readonly unmerged: number;
}

/** Which branches to look at. */
export interface Looked {
	/** The refs of the mainline; the first is compared with. */
	readonly mainline: readonly MainlineRef[];
	/** Prefixes of refs: `refs/remotes/`, `refs/heads/`. */
	readonly below: readonly string[];
	/** Refs and commits that are not to be looked at. */
	readonly except: (ref: string, oid: string) => boolean;
	/** Whether to go on. */
	readonly hasTime: () => boolean;
}

/** What is remembered of the tips in this repository. */
export function tipsOf(repo: Repo, options: LoadOptions): TipCache {
	return openTipCache(repo, pathspecs(options));
}

/** Look at the branches that the mainline has not merged, for their migrations. Nothing is fetched: it is what the last `git fetch` brought. */
export function openBranches(ground: Ground, options: LoadOptions, cache: TipCache, looked: Looked): OpenBranches {
	const {repo} = ground;
	const {mainline, below, except, hasTime} = looked;
	const known = new Set([...mainline, ...localMainlineRefs(repo, mainline)].map(({ref}) => ref));
	const refs = branchesBelow(repo, below).filter(({ref, oid}) => !known.has(ref) && !except(ref, oid));
	const tips = [...new Set(refs.map(({oid}) => oid))];
	const {open, unexamined} = examineTips(
		repo,
		tips,
		mainline.map(({oid}) => oid),
		{options, cache, hasTime},
	);
	const names = new Map<string, string[]>();
	for (const {ref, oid} of refs) names.set(oid, [...(names.get(oid) ?? []), shortRef(ref)!]);
	const brought = bringing(ground, mainline[0]!.oid, [...open.values()]);
	return {
		branches: brought.map(({tip, ...rest}) => {
			const [name = '', ...also] = names.get(tip.oid)!;
			return {name, also, tip, ...rest};
		}),
		unexamined: [...unexamined].map(oid => names.get(oid)![0]!),
		unmerged: open.size + unexamined.size,
	};
}

/** What tips bring that the mainline has not, as apps call it; those that bring nothing are left out. */
export function bringing(ground: Ground, mainline: string, tips: readonly Tip[]): Omit<OpenBranch, 'name' | 'also'>[] {
	const files = ground.at(mainline);
	const touching = tips.filter(({changes, base}) => base !== null && changes.length > 0);
	const landed = landedTwins(ground, files, touching);
	const labelOf = labeller(ground, files);
	return touching.flatMap(tip => {
		const news = tip.changes.filter(({path, after}) => files.get(path)?.oid !== (after ?? undefined) && !landed.has(after ?? ''));
		const adds = news.flatMap(({path, before, after}) =>
			before === null && after !== null
				? [{key: nodeKey(labelOf(path), stemOf(path)), app: labelOf(path), path, oid: after}]
				: [],
		);
		const apps = [...new Set(news.map(({path}) => labelOf(path)))].sort();
		return apps.length > 0 ? [{tip, adds, apps}] : [];
	});
}

/** The label of a path's app. A folder that the mainline has not is called as the package is: what else would say so lies in that branch. */
function labeller(ground: Ground, files: Files): (path: string) => string {
	const labels = labelsOf(ground, [files]);
	return path => labels.get(folderOf(path)) ?? folderOf(folderOf(path)).split('/').at(-1)!;
}

/** Blobs that the mainline has under another number: a squash merge on the server renumbered them, and the branch was never deleted. */
function landedTwins(ground: Ground, files: Files, tips: readonly Tip[]): ReadonlySet<string> {
	const bySuffix = new Map<string, {oid: string; mode: string}[]>();
	const place = (path: string) => `${folderOf(path)}/${suffixOf(stemOf(path))}`;
	for (const [path, file] of files) bySuffix.set(place(path), [...(bySuffix.get(place(path)) ?? []), file]);
	const suspects = tips.flatMap(({changes}) =>
		changes.flatMap(({path, before, after}) =>
			before === null && after !== null && files.get(path)?.oid !== after && bySuffix.has(place(path))
				? [{path, oid: after}]
				: [],
		),
	);
	ground.library.fetch(suspects.flatMap(({path, oid}) => [oid, ...bySuffix.get(place(path))!.map(file => file.oid)]));
	const isTwin = ({path, oid}: {path: string; oid: string}) => {
		const identity = identityIn(ground.library, {oid, mode: '100644'});
		return identity !== null && bySuffix.get(place(path))!.some(file => identityIn(ground.library, file) === identity);
	};
	return new Set(suspects.filter(isTwin).map(({oid}) => oid));
}
