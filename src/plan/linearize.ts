import type {Assembly, Entry} from '../history/meeting.ts';
import type {Arm} from '../history/sides.ts';
import {nodeKey} from '../migrations/key.ts';
import type {Refusal} from '../refusal.ts';
import {type AppGraph, appGraph, targets} from './app-graph.ts';
import {mergeNameOf} from './merge-migration.ts';
import {assignNames} from './naming.ts';
import type {Resolve} from './resolve.ts';

/** What becomes of one forked app. */
export interface AppPlan {
	readonly app: string;
	/** The arms, the staying one first. */
	readonly arms: readonly Arm[];
	/** The leaf the moving migrations follow. */
	readonly leaf: Entry;
	/** How many leaves the staying history has by itself: more than one when mainline was forked before. */
	readonly mainlineLeaves: number;
	/** Moved entry → its new name (may be the old one: only its parent changes). */
	readonly names: ReadonlyMap<Entry, string>;
	/** Root of a moving arm → the name of the migration it now follows. */
	readonly follows: ReadonlyMap<Entry, string>;
	/** A merge migration to add, where both sides are published: its name and the names of its parents. */
	readonly merge: {readonly name: string; readonly parents: readonly Entry[]} | null;
}

export interface LinearizeOptions {
	readonly strategy: 'renumber' | 'merge';
	/** Names decided elsewhere (at the tip of a rebase): old node key → new name. */
	readonly decided: ReadonlyMap<string, string>;
	/** `%Y%m%d_%H%M` of the youngest of the commits that added the leaves, for a merge name that would be too long. */
	readonly stamp: (leaves: readonly Entry[]) => string;
	/** Names of the app that no new name may take besides those of the entries (unreadable modules). */
	readonly taken: ReadonlySet<string>;
}

/** Decide how one app becomes linear: null when it is not forked, or not by this meeting. */
export function linearizeApp(app: string, arms: readonly Arm[], assembly: Assembly, resolve: Resolve, options: LinearizeOptions): AppPlan | Refusal | null {
	const entries = assembly.entries.filter(entry => entry.app === app && resolve(entry.side, app, entry.name) === entry);
	const moving = new Set(arms.slice(1).flatMap(arm => movable(arm, resolve)));
	if (moving.size === 0) return null;
	const staying = entries.filter(entry => !moving.has(entry));
	const whole = appGraph(entries, resolve);
	const rest = appGraph(staying, resolve);
	const collides = entries.some(entry => moving.has(entry) && entries.some(other => other !== entry && other.name === entry.name));
	const renamedUnder = [...moving].some(entry => namesAnotherName(entry, resolve));
	if (!collides && !renamedUnder && whole.leaves.length <= Math.max(1, rest.leaves.length)) return null;
	const leaf = rest.leaves.at(-1);
	if (!leaf) return null;

	const published = arms.filter(arm => arm.rank === 2);
	if ((published.length > 1 || options.strategy === 'merge') && !collides) {
		const merged = published.length > 1 ? arms.filter(arm => arm.rank === 2) : arms;
		const movingOn = new Set(arms.filter(arm => !merged.includes(arm)).flatMap(arm => arm.own));
		const parents = appGraph(entries.filter(entry => !movingOn.has(entry)), resolve).leaves;
		const name = mergeNameOf(parents, options.stamp);
		const after = arms.filter(arm => !merged.includes(arm));
		return {app, arms, leaf, mainlineLeaves: rest.leaves.length, merge: {name, parents}, ...chain(after, name, entries, whole, resolve, options)};
	}
	if (published.length > 1) return publishedCollision(app, arms);
	return {app, arms, leaf, mainlineLeaves: rest.leaves.length, merge: null, ...chain(arms.slice(1), leaf.name, entries, whole, resolve, options, leaf)};
}

/** Does it name a parent that has another number today? Then its own number is out of step too. */
function namesAnotherName(entry: Entry, resolve: Resolve): boolean {
	return entry.edges.migration.dependencies.items.some(reference => {
		const target = reference.kind === 'node' && reference.app === entry.app ? resolve(entry.edges.side, entry.app, reference.name) : null;
		return target !== null && reference.kind === 'node' && target.name !== reference.name;
	});
}

/** Put the arms behind each other after `tip`, each keeping its own shape. */
function chain(
	arms: readonly Arm[],
	start: string,
	entries: readonly Entry[],
	graph: AppGraph,
	resolve: Resolve,
	options: LinearizeOptions,
	startEntry: Entry | null = null,
): Pick<AppPlan, 'names' | 'follows'> {
	const names = new Map<Entry, string>();
	const follows = new Map<Entry, string>();
	const moved = new Set(arms.flatMap(arm => movable(arm, resolve)));
	const taken = new Set([...options.taken, start, ...entries.filter(entry => !moved.has(entry)).map(({name}) => name)]);
	let tip = start;
	let tipEntry = startEntry;
	for (const arm of arms) {
		const own = new Set(movable(arm, resolve));
		for (const entry of own) {
			const parents = graph.parents.get(entry) ?? [];
			const isRoot = !parents.some(parent => own.has(parent));
			if (isRoot && !(tipEntry && parents.includes(tipEntry) && names.get(tipEntry) === undefined)) follows.set(entry, tip);
		}
		assignNames([...own], {graph, follows, names, taken, decided: options.decided, reserved: new Set([...moved].map(({name}) => name))});
		tipEntry = appGraph([...own], resolve).leaves.at(-1) ?? tipEntry;
		tip = tipEntry ? (names.get(tipEntry) ?? tipEntry.name) : tip;
	}
	return {names, follows};
}

/** What an arm may move: not a squash of migrations that are not its own, which takes their place in the staying history. */
function movable(arm: Arm, resolve: Resolve): Entry[] {
	const own = new Set(arm.own);
	return arm.own.filter(
		entry =>
			resolve(entry.side, entry.app, entry.name) === entry &&
			targets(entry, entry.edges.migration.replaces, resolve).every(target => own.has(target)),
	);
}

function publishedCollision(app: string, arms: readonly Arm[]): Refusal {
	const nodes = arms.flatMap(arm => arm.own.map(({name}) => nodeKey(app, name)));
	return {
		code: 'both-published',
		what: `Two published migrations of ${app} have one name.`,
		nodes,
		paths: arms.flatMap(arm => arm.own.map(({path}) => path)),
		why: 'A published migration is never renamed, and two files cannot have one name.',
		next: 'migration-guard fix --renumber APP.NAME',
	};
}
