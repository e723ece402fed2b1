import {withAppsBetween} from '../commute/apps-between.ts';
import {identityIn, renamedSince, twinMark} from '../history/renumbered.ts';
import {type Files, stemOf} from '../history/revision.ts';
import {hasCarry} from '../migrations/carry.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import {buildGraph, fullPlan} from '../migrations/graph.ts';
import {nodeKey} from '../migrations/key.ts';
import type {LoadedMigration} from '../migrations/project.ts';
import {apply} from '../state/apply.ts';
import {EMPTY, failed, type State} from '../state/state.ts';
import type {Work} from '../state/work.ts';
import {djangoSettings} from './django-settings.ts';
import type {Ground} from './ground.ts';

/** What one side of a meeting added, and the tree in which it is read. */
export interface Side {
	readonly files: Files;
	/** Path → blob. */
	readonly fresh: ReadonlyMap<string, string>;
}

/** The migrations that a tree has and none of the bases, under whatever number. */
export function addedSince({library}: Ground, bases: readonly Files[], files: Files): Side {
	const renumbered = new Set(bases.flatMap(base => renamedSince(base, files, library).map(({to}) => to)));
	const fresh = new Map<string, string>();
	for (const [path, {oid}] of files) {
		const isNew = isMigrationFile(path) && bases.every(base => !base.has(path)) && !renumbered.has(path);
		if (isNew) fresh.set(path, oid);
	}
	return {files, fresh};
}

/**
 * The same for each of several sides as it stands in their merge, where a person may have edited it: under the name and with the text it has
 * there. Two of one name that wait in one file to be split are taken from their sides. What is in none of the sides is the work of the one that lacks something.
 */
export function addedIn(ground: Ground, bases: readonly Files[], sides: readonly Files[], result: Files): Side[] {
	const {library} = ground;
	const identityOf = (oid: string) => identityIn(library, {oid, mode: '100644'}) ?? oid;
	const standing = new Map(addedSince(ground, bases, result).fresh);
	const added = sides.map(files => ({files: new Map(result), own: addedSince(ground, bases, files).fresh}));
	const settled = added.map(({files, own}, index) => {
		const fresh = new Map<string, string>();
		let lacks = false;
		for (const [path, oid] of own) {
			const now = result.get(path)?.oid;
			const others = added.some((other, at) => at !== index && other.own.get(path) === now);
			if (now !== undefined && (now === oid || !others)) {
				const text = now !== oid && hasCarry(library.source(now).text) ? oid : now;
				files.set(path, {oid: text, mode: '100644'});
				fresh.set(path, text);
				standing.delete(path);
				continue;
			}
			const moved = [...standing].find(([, other]) => identityOf(other) === identityOf(oid));
			if (moved) fresh.set(...moved);
			else lacks = true;
		}
		return {files: sameAs(result, files), fresh, lacks};
	});
	for (const {fresh} of settled) for (const path of fresh.keys()) standing.delete(path);
	const unclaimed = settled.find(({lacks}) => lacks) ?? settled.at(-1);
	for (const [path, oid] of standing) unclaimed?.fresh.set(path, oid);
	return settled;
}

/** One object for one tree: it is ordered once. */
function sameAs(result: Files, files: Files): Files {
	return [...files].every(([path, {oid}]) => result.get(path)?.oid === oid) ? result : files;
}

/** Path → blob of what several sides added, without the migrations that more than one has, under whatever name: they are no meeting. */
export function withoutShared<T extends readonly ReadonlyMap<string, string>[]>(
	{library}: Ground,
	sides: T,
): {[K in keyof T]: Map<string, string>} {
	const identities = sides.map(
		fresh => new Map([...fresh].map(([path, oid]) => [path, twinMark(library, {oid, mode: '100644'}, stemOf(path)) ?? oid])),
	);
	return sides.map((fresh, index) => {
		const others = new Set(identities.flatMap((each, at) => (at === index ? [] : [...each.values()])));
		return new Map([...fresh].filter(([path]) => !others.has(identities[index]!.get(path)!)));
	}) as {[K in keyof T]: Map<string, string>};
}

/** Orders the migrations of a tree as Django would run them; a tree is looked at once. */
export function orderer(ground: Ground): (files: Files) => readonly LoadedMigration[] {
	const known = new Map<Files, readonly LoadedMigration[]>();
	return files => {
		const before = known.get(files);
		if (before) return before;
		const project = ground.load(files, djangoSettings(ground));
		const ordered = fullPlan(buildGraph(project)).flatMap(key => project.nodes.get(key) ?? []);
		known.set(files, ordered);
		return ordered;
	};
}

/**
 * A squash on one side of what another side added is the same work: neither is new then, the squash nor what it replaces.
 * @param ordered the migrations of each side's tree
 */
export function withoutSquashed(sides: readonly Side[], ordered: readonly (readonly LoadedMigration[])[]): Side[] {
	const fresh = sides.map(({fresh: own}, index) => ordered[index]!.filter(({path}) => own.has(path)));
	const squashed = new Set<string>();
	for (const [index, own] of fresh.entries()) {
		const others = new Map(fresh.flatMap((each, at) => (at === index ? [] : each.map(({key, path}) => [key, path] as const))));
		for (const {migration, path} of own) {
			const met = replacedBy(migration).flatMap(key => others.get(key) ?? []);
			for (const each of met.length > 0 ? [path, ...met] : []) squashed.add(each);
		}
	}
	if (squashed.size === 0) return [...sides];
	return sides.map(side => ({...side, fresh: new Map([...side.fresh].filter(([path]) => !squashed.has(path)))}));
}

function replacedBy({replaces}: LoadedMigration['migration']): string[] {
	return replaces.items.flatMap(item => (item.kind === 'node' ? [nodeKey(item.app, item.name)] : []));
}

/** The operations of what a side added, in the order in which Django would run them. A squash of older ones is no new work. */
export function workOf(
	{library}: Ground,
	{files, fresh}: Side,
	ordered: readonly LoadedMigration[],
	bases: readonly Files[],
): Work[] {
	const news = ordered.filter(({path}) => fresh.has(path));
	const isOld = (app: string, name: string, path: string) => {
		const file = `${path.slice(0, path.lastIndexOf('/') + 1)}${name}.py`;
		if (bases.some(base => base.has(file))) return true;
		return (
			(files.has(file) && !fresh.has(file)) || ordered.some(({key, path: at}) => key === nodeKey(app, name) && !fresh.has(at))
		);
	};
	return news
		.filter(
			({migration, path}) => !migration.replaces.items.some(item => item.kind === 'node' && isOld(item.app, item.name, path)),
		)
		.flatMap(({key, app, path}) => library.operations(fresh.get(path)!, app).map(operation => ({operation, key, path})));
}

/**
 * What the shared history made of some apps and of those between them. What cannot be read is left out: nothing is known of it then.
 * @param ordered of a tree that holds the base, which saves ordering that
 */
export function stateOf(
	ground: Ground,
	base: Files,
	apps: ReadonlySet<string>,
	ordered: readonly LoadedMigration[],
	order: (files: Files) => readonly LoadedMigration[],
): State {
	const {library} = ground;
	const held = new Set(ordered.map(({path}) => path));
	const isWhole = [...base.keys()].every(path => held.has(path) || !isMigrationFile(path));
	const plan = (isWhole ? ordered : order(base)).filter(({path}) => base.has(path));
	const known = withAppsBetween(apps, plan);
	const wanted = plan.filter(({app}) => known.has(app));
	library.fetchUnworked(wanted.map(({path}) => base.get(path)!.oid));
	let state: State = EMPTY;
	for (const {app, path} of wanted) {
		for (const operation of library.operations(base.get(path)!.oid, app)) {
			const next = apply(state, operation);
			if (!failed(next)) state = next;
		}
	}
	return state;
}
