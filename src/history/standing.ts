import {readCarry} from '../migrations/carry.ts';
import {buildGraph, forkedApps, type MigrationGraph} from '../migrations/graph.ts';
import {appOf, type NodeKey, nodeKey} from '../migrations/key.ts';
import {isMigrationFile, type Project} from '../migrations/project.ts';
import {decode, encode} from '../python/source.ts';
import type {Meeting} from './meeting.ts';
import type {FileState, Files, Library} from './revision.ts';

/** A fork that stands in one tree, seen as the arms that lead to its leaves. */
export interface StandingFork {
	readonly app: string;
	readonly arms: readonly {readonly leaf: NodeKey; readonly nodes: readonly NodeKey[]}[];
}

/** The forks of a tree. An arm is what leads to its leaf and not to every other one; a node on two arms belongs to the first. */
export function standingForks(graph: MigrationGraph): StandingFork[] {
	return forkedApps(graph).map(({app, leaves}) => {
		const ancestors = leaves.map(leaf => sameAppAncestors(graph, leaf));
		const common = (node: NodeKey) => ancestors.every(set => set.has(node));
		return {app, arms: leaves.map((leaf, index) => ({leaf, nodes: [...ancestors[index]!].filter(node => !common(node))}))};
	});
}

function sameAppAncestors(graph: MigrationGraph, leaf: NodeKey): Set<NodeKey> {
	const seen = new Set<NodeKey>();
	const waiting = [leaf];
	for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
		if (seen.has(node)) continue;
		seen.add(node);
		waiting.push(...graph.parents(node).filter(parent => appOf(parent) === appOf(leaf)));
	}
	return seen;
}

/**
 * See a tree that is forked as a meeting: every arm a side, in the order given (the first stays, unless ranks say otherwise), and
 * the two files of a carry on two sides. Null when nothing is forked and nothing is carried.
 */
export function meetingWithin(
	files: Files,
	project: Project,
	order: (fork: StandingFork) => readonly number[],
	library: Library,
): Meeting | null {
	const graph = buildGraph(project);
	const forks = standingForks(graph);
	const sideOf = new Map<string, number>();
	let count = 1;
	for (const fork of forks) {
		order(fork).forEach((arm, side) => {
			for (const node of withReplaced(fork.arms[arm]!.nodes, project)) {
				const path = project.nodes.get(node)?.path;
				if (path !== undefined && !sideOf.has(path)) sideOf.set(path, side);
			}
			count = Math.max(count, side + 1);
		});
	}
	const carried = carries(files, library);
	if (forks.length === 0 && carried.size === 0) return null;
	const base = new Map([...files].filter(([path]) => !sideOf.has(path) && !carried.has(path)));
	const sides = Array.from({length: Math.max(count, 2)}, (_, side) => {
		const own = [...files].filter(([path]) => sideOf.get(path) === side && !carried.has(path));
		const split = [...carried].flatMap(([path, parts]) => (parts[side] ? [[path, parts[side]] as const] : []));
		return new Map([...base, ...own, ...split]);
	});
	return {base, sides, git: files, result: files, labels: new Map(project.folders.map(({path, app}) => [path, app]))};
}

/** Some nodes, and what they replace: it is no node of the graph, but goes where its squash goes. */
function withReplaced(nodes: readonly NodeKey[], project: Project): Set<NodeKey> {
	const found = new Set(nodes);
	for (const node of found) {
		for (const target of project.nodes.get(node)?.migration.replaces.items ?? [])
			if (target.kind === 'node') found.add(nodeKey(target.app, target.name));
	}
	return found;
}

function carries(files: Files, library: Library): Map<string, readonly FileState[]> {
	const found = new Map<string, readonly FileState[]>();
	for (const [path, file] of files) {
		if (!isMigrationFile(path) || !holdsCarry(file, library)) continue;
		const carry = readCarry(encode(library.source(file.oid)));
		if (carry === null || carry === 'damaged') continue;
		found.set(
			path,
			[carry.body, carry.carried].map(bytes => ({oid: library.draft(decode(bytes)), mode: file.mode})),
		);
	}
	return found;
}

/** Cheap: a reading of a carry says so, whatever else the text holds. */
function holdsCarry(file: FileState, library: Library): boolean {
	const reading = library.reading(file.oid);
	return 'unreadable' in reading && reading.unreadable === 'carry';
}
