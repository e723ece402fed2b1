import type {Assembly, Entry} from '../history/meeting.ts';
import {folderOf} from '../history/revision.ts';
import type {Arm} from '../history/sides.ts';
import {nodeKey} from '../migrations/key.ts';
import type {Refusal} from '../refusal.ts';
import {type AppGraph, appGraph, targets} from './app-graph.ts';
import {mergeNameOf} from './merge-migration.ts';
import {nameGiver, parentsFirst} from './naming.ts';
import type {Resolve} from './resolve.ts';
import {leavesPartlyApplied, overlappingSquashes, squashExtended} from './squashes.ts';

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
	readonly resolve: Resolve;
	/** One leaf even where the staying history has more by itself. */
	readonly strict: boolean;
	/** A name decided elsewhere (at the tip of a rebase) for an entry, or null. */
	readonly decided: (entry: Entry) => string | null;
	/** A migration that keeps its name where it moves. */
	readonly keepsName: (entry: Entry) => boolean;
	/** What moves follows the leaf where its parent does not exist. */
	readonly adopt: boolean;
	/** `%Y%m%d_%H%M` of the youngest of the commits that added the leaves, for a merge name that would be too long. */
	readonly stamp: (leaves: readonly Entry[]) => string;
	/** Names a side deleted: what stood on them is that side's business. */
	readonly deleted: ReadonlySet<string>;
	/** Names of the app that no new name may take besides those of the entries (unreadable modules). */
	readonly taken: ReadonlySet<string>;
}

/** Decide how one app becomes linear: null when it is not forked, or not by this meeting. */
export function linearizeApp(
	app: string,
	arms: readonly Arm[],
	assembly: Assembly,
	options: LinearizeOptions,
): AppPlan | Refusal | null {
	const {resolve} = options;
	const entries = assembly.entries.filter(entry => entry.app === app && resolve(entry.side, app, entry.name) === entry);
	const overlap = overlappingSquashes(entries, resolve);
	if (overlap) return overlap;
	const whole = appGraph(entries, resolve);
	const moving = movingOf(arms.slice(1), entries, whole, resolve);
	if (moving.size === 0) return null;
	const staying = entries.filter(entry => !moving.has(entry));
	const rest = appGraph(staying, resolve);
	const collides = entries.some(
		entry => moving.has(entry) && entries.some(other => other !== entry && other.name === entry.name),
	);
	const isFork = (all: readonly Entry[], stay: readonly Entry[]) => all.length > (options.strict ? 1 : Math.max(1, stay.length));
	const partly = leavesPartlyApplied(entries, whole, resolve);
	const isForked = isFork(whole.leaves, rest.leaves) || isFork(partly, leavesPartlyApplied(staying, rest, resolve));
	const isOutOfStep = [...moving].some(entry => options.decided(entry) !== null || namesAnotherName(entry, resolve));
	const leaf = rest.leaves.at(-1);
	const dangling =
		whole.leaves.length > 1 || partly.length > 1 || collides ? missingParent(options.adopt ? staying : entries, options) : null;
	if (dangling) return dangling;
	if (!leaf || !(collides || isForked || isOutOfStep)) return null;
	const torn = isForked ? squashExtended(entries, moving, leaf, resolve) : null;
	if (torn) return torn;

	const plan = {app, arms, leaf, mainlineLeaves: rest.leaves.length};
	const inOrder = arms.map(arm => ({...arm, own: asWritten(arm.own, assembly)}));
	const published = arms.filter(arm => arm.rank === 2);
	if (published.length > 1 && collides) return publishedCollision(app, arms);
	if (published.length > 1 || (options.strategy === 'merge' && !collides)) {
		const merged = published.length > 1 ? published : arms;
		const after = inOrder.filter((_, index) => !merged.includes(arms[index]!));
		const later = new Set(after.flatMap(arm => arm.own));
		const earlier = entries.filter(entry => !later.has(entry));
		const joined = appGraph(earlier, resolve);
		const parents = joined.leaves.length > 1 ? joined.leaves : leavesPartlyApplied(earlier, joined, resolve);
		const name = mergeNameOf(parents, options.stamp);
		return {...plan, merge: {name, parents}, ...chain(after, moving, {name, entry: null}, entries, whole, options)};
	}
	return {...plan, merge: null, ...chain(inOrder.slice(1), moving, {name: leaf.name, entry: leaf}, entries, whole, options)};
}

/** Where a merge migration is put: beside the leaf. */
export function mergePath({leaf, merge}: AppPlan): string {
	return `${folderOf(leaf.path)}/${merge!.name}.py`;
}

/** What the next root has to follow: a name, and the entry it is the name of, unless it is a merge still to be written. */
interface Tip {
	readonly name: string;
	readonly entry: Entry | null;
}

/** Put the arms behind each other after `start`, each keeping its own shape. */
function chain(
	arms: readonly Arm[],
	moving: ReadonlySet<Entry>,
	start: Tip,
	entries: readonly Entry[],
	graph: AppGraph,
	options: LinearizeOptions,
): Pick<AppPlan, 'names' | 'follows'> {
	const {resolve} = options;
	const names = new Map<Entry, string>();
	const follows = new Map<Entry, string>();
	const moved = new Set(arms.flatMap(arm => arm.own).filter(entry => moving.has(entry)));
	const taken = new Set([...options.taken, start.name, ...entries.filter(entry => !moved.has(entry)).map(({name}) => name)]);
	// Also the old names of what is recognised as mainline's.
	const reserved = new Set(arms.flatMap(arm => arm.own).map(({name}) => name));
	const decided = (entry: Entry) => options.decided(entry) ?? (options.keepsName(entry) ? entry.name : null);
	const nameEntry = nameGiver({names, taken, decided, reserved});
	let tip = start;
	const parentsOf = (entry: Entry) => graph.parents.get(entry) ?? [];
	for (const arm of arms) {
		for (const part of parts(
			arm.own.filter(entry => moving.has(entry)),
			graph,
			resolve,
		)) {
			const own = new Set(part);
			for (const entry of parentsFirst(part, parentsOf)) {
				const over = parentsOf(entry);
				if (!over.some(parent => own.has(parent)) && !(tip.entry && over.includes(tip.entry))) follows.set(entry, tip.name);
				nameEntry(entry, over, follows.get(entry) ?? null);
			}
			const last = appGraph(part, resolve).leaves.at(-1);
			if (last) tip = {name: names.get(last) ?? last.name, entry: last};
		}
	}
	return {names, follows};
}

/**
 * The connected parts of an arm, in its order. There are several where the arm itself is forked, or where what joined
 * them was recognised as mainline's: they are put behind each other, too.
 */
function parts(own: readonly Entry[], graph: AppGraph, resolve: Resolve): Entry[][] {
	const found: Entry[][] = [];
	const over = new Map(
		own.map(entry => [entry, [...(graph.parents.get(entry) ?? []), ...targets(entry, entry.edges.migration.replaces, resolve)]]),
	);
	for (const entry of own) {
		const linked = found.filter(part => part.some(other => over.get(entry)!.includes(other) || over.get(other)!.includes(entry)));
		for (const part of linked) found.splice(found.indexOf(part), 1);
		found.push([...linked.flat(), entry]);
	}
	const place = (part: readonly Entry[]) => Math.min(...part.map(entry => own.indexOf(entry)));
	return found.sort((a, b) => place(a) - place(b));
}

/** An arm in the order its own side put it in, by way of what is recognised as mainline's, too. */
function asWritten(own: readonly Entry[], assembly: Assembly): Entry[] {
	const named: Resolve = (side, app, name) => (side === null ? null : (assembly.names[side]?.get(nodeKey(app, name)) ?? null));
	return parentsFirst(own, entry => targets(entry, entry.edges.migration.dependencies, named));
}

/**
 * What may move: what is not recognised as mainline's, not a squash of migrations that stay (it takes their place), and not what
 * something that stays is built on (a branch that put a migration of its own under an older one).
 */
function movingOf(arms: readonly Arm[], entries: readonly Entry[], graph: AppGraph, resolve: Resolve): ReadonlySet<Entry> {
	const moving = new Set<Entry>();
	for (const arm of arms) {
		const own = new Set(arm.own);
		for (const entry of arm.own) {
			const isStanding = resolve(entry.side, entry.app, entry.name) === entry;
			if (isStanding && targets(entry, entry.edges.migration.replaces, resolve).every(target => own.has(target)))
				moving.add(entry);
		}
	}
	const waiting = entries.filter(entry => !moving.has(entry));
	for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
		for (const parent of graph.parents.get(entry) ?? []) if (moving.delete(parent)) waiting.push(parent);
	}
	return moving;
}

/** Does it name a parent that has another number today? Then its own number is out of step too. */
function namesAnotherName(entry: Entry, resolve: Resolve): boolean {
	return entry.edges.migration.dependencies.items.some(reference => {
		const target =
			reference.kind === 'node' && reference.app === entry.app ? resolve(entry.edges.side, entry.app, reference.name) : null;
		return target !== null && reference.kind === 'node' && target.name !== reference.name;
	});
}

/** A parent that does not exist: what is a leaf cannot be told, and any repair would be a guess. */
function missingParent(entries: readonly Entry[], {resolve, taken, deleted}: LinearizeOptions): Refusal | null {
	const replaced = new Set(
		entries.flatMap(({edges}) => edges.migration.replaces.items.flatMap(item => (item.kind === 'node' ? [item.name] : []))),
	);
	const isKnown = (name: string) => name.startsWith('__') || replaced.has(name) || taken.has(name) || deleted.has(name);
	for (const entry of entries) {
		for (const reference of entry.edges.migration.dependencies.items) {
			if (reference.kind !== 'node' || reference.app !== entry.app || isKnown(reference.name)) continue;
			if (resolve(entry.edges.side, entry.app, reference.name)) continue;
			const [node, parent] = [nodeKey(entry.app, entry.name), nodeKey(entry.app, reference.name)];
			return {
				code: 'missing-parent',
				what: `${node} depends on ${parent}, which does not exist, so ${entry.app} was left as git merged it.`,
				nodes: [node, parent],
				paths: [entry.path],
				why: 'Without it nobody can tell what comes after what.',
				next: 'migration-guard check',
			};
		}
	}
	return null;
}

function publishedCollision(app: string, arms: readonly Arm[]): Refusal {
	const nodes = arms.flatMap(arm => arm.own.map(({name}) => nodeKey(app, name)));
	return {
		code: 'both-published',
		what: `Two published migrations of ${app} have one name.`,
		nodes,
		paths: arms.flatMap(arm => arm.own.map(({path}) => path)),
		why: 'A published migration is never renamed, and two files cannot have one name.',
		next: `migration-guard fix --renumber ${nodes.at(-1)}`,
	};
}
