import type {FileState} from '../history/revision.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {Refusal} from '../refusal.ts';

/** One thing a plan does, in words for people and for `--json`. */
export type Step =
	| {readonly kind: 'renumber'; readonly from: NodeKey; readonly to: NodeKey; readonly path: string; readonly newPath: string}
	| {readonly kind: 'repoint'; readonly node: NodeKey; readonly path: string; readonly to: NodeKey}
	| {readonly kind: 'merge'; readonly node: NodeKey; readonly path: string; readonly parents: readonly NodeKey[]}
	| {readonly kind: 'recognise'; readonly node: NodeKey; readonly path: string; readonly as: NodeKey}
	| {readonly kind: 'keep-published'; readonly node: NodeKey; readonly path: string; readonly called: string}
	| {readonly kind: 'published-edit'; readonly node: NodeKey; readonly path: string; readonly how: 'edited' | 'deleted'}
	| {readonly kind: 'repair'; readonly path: string}
	| {readonly kind: 'max-migration'; readonly path: string; readonly to: string}
	| {readonly kind: 'mention'; readonly path: string; readonly line: number; readonly from: string; readonly to: string};

/** One file before and after. `undo` is the same value with the two swapped. */
export interface Change {
	readonly path: string;
	readonly before: FileState | null;
	readonly after: FileState | null;
}

/** How an app was forked, for the message. */
export interface ForkStory {
	readonly app: string;
	/** What stays: the leaf that the others now follow, and the side (an index of the meeting) it came from. */
	readonly leaf: NodeKey;
	readonly stays: number;
	/** How many migrations that side has and the others had not. */
	readonly gained: number;
	readonly moves: readonly number[];
}

/** What is to be done to a tree: printed by --dry-run, applied, journaled and inverted by undo. */
export interface Plan {
	readonly forks: readonly ForkStory[];
	readonly steps: readonly Step[];
	readonly changes: readonly Change[];
	/** Mentions of old names that were left alone: not certain, or not written by the moving side. */
	readonly reported: readonly {readonly path: string; readonly line: number; readonly from: string; readonly to: string}[];
	/** What could not be done; nothing of that app is changed. */
	readonly refusals: readonly Refusal[];
}

/** The plan that takes this one back. */
export function invert(changes: readonly Change[]): readonly Change[] {
	return changes.map(({path, before, after}) => ({path, before: after, after: before}));
}
