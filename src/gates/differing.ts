import type {Ground} from '../doors/ground.ts';
import {labelsOf} from '../doors/meeting.ts';
import {withoutShared} from '../doors/work.ts';
import {identityIn} from '../history/renumbered.ts';
import {type FileState, folderOf, sameFile, stemOf} from '../history/revision.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';

/** A guarded path on which the three trees do not agree, and what each has there. */
export interface Differing {
	readonly path: string;
	readonly base: FileState | undefined;
	readonly mainline: FileState | undefined;
	readonly incoming: FileState | undefined;
}

/** Where three commits differ; `base` null: there is no common ancestor. As cheap as the differences from the ground are small. */
export function differingPaths(ground: Ground, base: string | null, mainline: string, incoming: string): Differing[] {
	if (base === null) {
		const [one, other] = [ground.at(mainline), ground.at(incoming)];
		const paths = new Set([...one.keys(), ...other.keys()]);
		return [...paths].map(path => ({path, base: undefined, mainline: one.get(path), incoming: other.get(path)}));
	}
	const [before, one, other] = [base, mainline, incoming].map(commit => ground.changesAt(commit)) as [Moved, Moved, Moved];
	const at = (changes: Moved, path: string) => (changes.has(path) ? (changes.get(path) ?? undefined) : ground.files.get(path));
	return [...new Set([...before.keys(), ...one.keys(), ...other.keys()])]
		.map(path => ({path, base: at(before, path), mainline: at(one, path), incoming: at(other, path)}))
		.filter(each => !(sameFile(each.base, each.mainline) && sameFile(each.base, each.incoming)));
}

type Moved = ReturnType<Ground['changesAt']>;

/** App → migrations, sorted. */
export type ByApp = ReadonlyMap<string, readonly NodeKey[]>;

/** What each side has and the other, and where they parted, have not. One migration under two names is on neither. */
export interface Added {
	readonly mainline: ByApp;
	readonly incoming: ByApp;
	/** Whether both have files of one app that the common ancestor has not, the same ones included. */
	readonly isContested: boolean;
}

/** Find what each side added. */
export function addedBy(
	ground: Ground,
	paths: readonly Differing[],
	commits: readonly [mainline: string, incoming: string],
): Added {
	const news = paths.filter(({path, base}) => base === undefined && isMigrationFile(path));
	const labels = labelsFor(
		ground,
		news.map(({path}) => folderOf(path)),
		commits,
	);
	const appOf = (path: string) => labels.get(folderOf(path)) ?? '';
	const on = (side: 'mainline' | 'incoming') => {
		const renamed = renamedBy(ground, paths, side);
		const own = news.flatMap(each => (each[side] ? [[each.path, each[side].oid] as const] : []));
		return new Map(own.filter(([path]) => !renamed.has(path)));
	};
	const [mainline, incoming] = [on('mainline'), on('incoming')];
	const theirs = new Set([...incoming.keys()].map(appOf));
	const contested = new Set([...mainline.keys()].map(appOf).filter(app => theirs.has(app)));
	const inContested = (side: ReadonlyMap<string, string>) => new Map([...side].filter(([path]) => contested.has(appOf(path))));
	const met = [inContested(mainline), inContested(incoming)] as const;
	ground.library.fetch(met.flatMap(side => [...side.values()]));
	const [own, others] = withoutShared(ground, met);
	const byApp = (side: ReadonlyMap<string, string>, kept: ReadonlyMap<string, string>): ByApp => {
		const found = new Map<string, NodeKey[]>();
		for (const path of [...side.keys()].sort()) {
			const app = appOf(path);
			if (!contested.has(app) || kept.has(path)) found.set(app, [...(found.get(app) ?? []), nodeKey(app, stemOf(path))]);
		}
		return found;
	};
	return {mainline: byApp(mainline, own), incoming: byApp(incoming, others), isContested: contested.size > 0};
}

/** New paths of migrations that the common ancestor has at a path that is gone: a side that renumbered them added nothing. */
function renamedBy({library}: Ground, paths: readonly Differing[], side: 'mainline' | 'incoming'): ReadonlySet<string> {
	const files = paths.filter(({path}) => isMigrationFile(path));
	const gone = files.flatMap(each => (each.base && !each[side] ? [each.base] : []));
	const arrived = files.flatMap(each => (each[side] && !each.base ? [{path: each.path, file: each[side]}] : []));
	if (gone.length === 0 || arrived.length === 0) return new Set();
	library.fetch([...gone, ...arrived.map(({file}) => file)].map(({oid}) => oid));
	const known = new Set(gone.map(file => identityIn(library, file)).filter(identity => identity !== null));
	return new Set(arrived.filter(({file}) => known.has(identityIn(library, file) ?? '')).map(({path}) => path));
}

/** The labels of some folders. A commit is read as a whole only where the ground has not all of them: for a new app. */
function labelsFor(ground: Ground, folders: readonly string[], commits: readonly string[]): ReadonlyMap<string, string> {
	if (folders.length === 0) return new Map();
	const known = labelsOf(ground, []);
	if (folders.every(folder => known.has(folder))) return known;
	return labelsOf(
		ground,
		commits.map(commit => ground.at(commit)),
	);
}
