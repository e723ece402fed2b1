import type {Repo} from '../git/repo.ts';
import {mergeBases} from '../git/revisions.ts';
import {identityIn} from '../history/renumbered.ts';
import type {Files} from '../history/revision.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import {buildGraph, fullPlan} from '../migrations/graph.ts';
import {nodeKey} from '../migrations/key.ts';
import type {LoadedMigration, LoadOptions} from '../migrations/project.ts';
import {apply} from '../state/apply.ts';
import {commute} from '../state/commute.ts';
import {readOperations} from '../state/read-operations.ts';
import {EMPTY, failed, type State} from '../state/state.ts';
import type {Verdict, Work} from '../state/work.ts';
import {djangoSettings} from './django-settings.ts';
import {type Ground, openGround} from './ground.ts';

/** What was compared, and the pairs of operations that do not commute. */
export interface Compared {
	/** Migrations that each side has and the other, and where they parted, have not. */
	readonly mainline: number;
	readonly incoming: number;
	readonly verdicts: readonly Verdict[];
}

/** Do the migrations that two commits gained since they parted commute? `mainline` is the one whose come first. */
export function compare(
	repo: Repo,
	commits: {readonly mainline: string; readonly incoming: string},
	options: LoadOptions,
): Compared {
	const {mainline, incoming} = commits;
	const ground = openGround(repo, incoming, options);
	const result = compareFiles(ground, {
		bases: mergeBases(repo, mainline, incoming).map(base => ground.at(base)),
		mainline: ground.at(mainline),
		incoming: ground.at(incoming),
	});
	ground.library.save();
	return result;
}

/** The same for files that a door has at hand. */
export function compareFiles(
	ground: Ground,
	{bases, mainline, incoming}: {readonly bases: readonly Files[]; readonly mainline: Files; readonly incoming: Files},
): Compared {
	ground.library.fetch(changedBlobs(mainline, incoming));
	const [first, second] = withoutShared(ground, addedTo(mainline, bases), addedTo(incoming, bases));
	if (first.size === 0 || second.size === 0) return {mainline: first.size, incoming: second.size, verdicts: []};
	const [one, other] = [workOf(ground, mainline, first), workOf(ground, incoming, second)];
	const apps = new Set([...one, ...other].map(({operation}) => operation.app));
	const verdicts = commute(bases[0] ? stateOf(ground, bases[0], apps) : EMPTY, one, other);
	return {mainline: first.size, incoming: second.size, verdicts};
}

function addedTo(side: Files, bases: readonly Files[]): Map<string, string> {
	const added = new Map<string, string>();
	for (const [path, {oid}] of side) if (isMigrationFile(path) && bases.every(base => !base.has(path))) added.set(path, oid);
	return added;
}

function changedBlobs(a: Files, b: Files): string[] {
	const changed = (one: Files, other: Files) =>
		[...one].filter(([path, {oid}]) => other.get(path)?.oid !== oid).map(([, {oid}]) => oid);
	return [...changed(a, b), ...changed(b, a)];
}

/** Path → blob of what two sides added, without the migrations that both have, under whatever name: they are no meeting of two. */
export function withoutShared(
	{library}: Ground,
	a: ReadonlyMap<string, string>,
	b: ReadonlyMap<string, string>,
): [Map<string, string>, Map<string, string>] {
	const identities = (side: ReadonlyMap<string, string>) =>
		new Map([...side].map(([path, oid]) => [path, identityIn(library, {oid, mode: '100644'}) ?? oid]));
	const [one, other] = [identities(a), identities(b)];
	const without = (side: ReadonlyMap<string, string>, own: Map<string, string>, others: Map<string, string>) => {
		const known = new Set(others.values());
		return new Map([...side].filter(([path]) => !known.has(own.get(path)!)));
	};
	return [without(a, one, other), without(b, other, one)];
}

/** The operations of some migrations of a tree, in the order in which Django would run them. A squash of older ones is no new work. */
function workOf(ground: Ground, files: Files, only: ReadonlyMap<string, string>): Work[] {
	const ordered = planOf(ground, files);
	const fresh = new Set(ordered.filter(({path}) => only.has(path)).map(({key}) => key));
	const old = new Set(ordered.map(({key}) => key).filter(key => !fresh.has(key)));
	const replaces = ({migration}: LoadedMigration) =>
		migration.replaces.items.flatMap(item => (item.kind === 'node' ? [nodeKey(item.app, item.name)] : []));
	const paths = new Set(files.keys());
	return ordered
		.filter(loaded => fresh.has(loaded.key) && !replaces(loaded).some(key => old.has(key) || isOld(key, loaded, paths, only)))
		.flatMap(({key, app, path}) =>
			readOperations(ground.library.source(only.get(path)!).text, app).map(operation => ({operation, key, path})),
		);
}

/** A replaced migration that is still in the tree, and not new there. */
function isOld(
	key: string,
	{app, path}: LoadedMigration,
	paths: ReadonlySet<string>,
	only: ReadonlyMap<string, string>,
): boolean {
	const file = `${path.slice(0, path.lastIndexOf('/') + 1)}${key.slice(app.length + 1)}.py`;
	return paths.has(file) && !only.has(file);
}

function planOf(ground: Ground, files: Files): LoadedMigration[] {
	const project = ground.load(files, djangoSettings(ground));
	return fullPlan(buildGraph(project)).flatMap(key => project.nodes.get(key) ?? []);
}

/** What the shared history made of some apps. What cannot be read is left out: nothing is known of it then. */
function stateOf(ground: Ground, base: Files, apps: ReadonlySet<string>): State {
	const wanted = planOf(ground, base).filter(({app}) => apps.has(app));
	ground.library.fetch(wanted.map(({path}) => base.get(path)!.oid));
	let state: State = EMPTY;
	for (const {app, path} of wanted) {
		for (const operation of readOperations(ground.library.source(base.get(path)!.oid).text, app)) {
			const next = apply(state, operation);
			if (!failed(next)) state = next;
		}
	}
	return state;
}
