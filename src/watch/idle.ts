import type {Operation} from '../git/repo.ts';

/** What a sweep saw of one worktree. Prints are texts that are equal as long as nothing has changed. */
export interface WorktreePulse {
	/** Its HEAD, index, configuration and migration folders. */
	readonly print: string;
	/** Its HEAD alone. */
	readonly head: string;
	/** A git holds one of its locks. */
	readonly isLocked: boolean;
	/** What git is in the middle of. */
	readonly operation: Operation | null;
}

/** What a sweep saw of a repository. */
export interface Pulse {
	/** Local branches. */
	readonly heads: string;
	/** All other refs, and which worktrees there are. */
	readonly refs: string;
	/** A git holds a lock on the refs. */
	readonly isLocked: boolean;
	/** By git directory. */
	readonly worktrees: ReadonlyMap<string, WorktreePulse>;
}

/** What the daemon remembers from sweep to sweep. Times in milliseconds of any clock that only goes forward. */
export interface Rhythm {
	readonly last: Pulse | null;
	/** When that was. */
	readonly at: number;
	/** Since when the sweeps are equal. */
	readonly since: number;
	/** By git directory: what was seen when the worktree was looked at for the last time. */
	readonly looked: ReadonlyMap<string, Seen>;
}

interface Seen {
	/** Everything. */
	readonly all: string;
	/** HEAD and the branches. */
	readonly moving: string;
}

/** What to do next. */
export type Turn =
	/** Sweep again after `BEAT`: git may be at work. */
	| {readonly kind: 'again'}
	/** Nothing to do until something rings. */
	| {readonly kind: 'rest'}
	/** Look: at these worktrees, by git directory; in those of `moved` a branch moved, and a hook may be at work all the same. */
	| {readonly kind: 'look'; readonly worktrees: readonly string[]; readonly moved: readonly string[]};

/** Two sweeps that are equal, this far apart, say that git is idle; if they are further apart than `FURTHEST`, it may have been at work in between. */
export const BEAT = 120;
const FURTHEST = 300;

/**
 * A hook of ours starts after git has let its locks go and may still be resolving what the daemon would complain about: for so long after
 * a branch or HEAD moved, nothing is said.
 */
export const GRACE = 1000;

/** A lock that stays for longer was left behind by a git that was killed; the next thing that rings is waited for. */
export const PATIENCE = 10_000;

export const START: Rhythm = {last: null, at: 0, since: 0, looked: new Map()};

/** Decide by one more sweep. Idle: nothing in progress, no lock, and the last sweep saw the same. */
export function turn(rhythm: Rhythm, pulse: Pulse, now: number): {readonly rhythm: Rhythm; readonly turn: Turn} {
	const isEqual = rhythm.last !== null && isSame(rhythm.last, pulse);
	const next = {...rhythm, last: pulse, at: now, since: isEqual ? rhythm.since : now};
	if (!isEqual || now - rhythm.at > FURTHEST) return {rhythm: next, turn: {kind: 'again'}};
	const waited = now - next.since;
	const result = (kind: 'again' | 'rest') => ({rhythm: next, turn: {kind}}) as const;
	if (pulse.isLocked) return result(waited < PATIENCE ? 'again' : 'rest');
	const seen = new Map([...pulse.worktrees].map(([dir, worktree]) => [dir, seenNow(pulse, worktree)]));
	const worktrees = [...pulse.worktrees]
		.filter(([dir, worktree]) => isIdle(worktree) && rhythm.looked.get(dir)?.all !== seen.get(dir)!.all)
		.map(([dir]) => dir);
	const hasMoved = (dir: string) => rhythm.looked.has(dir) && rhythm.looked.get(dir)!.moving !== seen.get(dir)!.moving;
	if (worktrees.length > 0) {
		const moved = worktrees.filter(hasMoved);
		if (waited < GRACE && moved.length > 0) return result('again');
		return {rhythm: next, turn: {kind: 'look', worktrees, moved}};
	}
	const isHeld = [...pulse.worktrees.values()].some(({isLocked}) => isLocked);
	return result(isHeld && waited < PATIENCE ? 'again' : 'rest');
}

/** Remember what a look was about. `pulse` is the sweep before the look: what changed during it is looked at again. */
export function lookedAt(rhythm: Rhythm, pulse: Pulse, worktrees: readonly string[]): Rhythm {
	const looked = [...pulse.worktrees].flatMap(([dir, worktree]) => {
		const seen = worktrees.includes(dir) ? seenNow(pulse, worktree) : rhythm.looked.get(dir);
		return seen ? [[dir, seen] as const] : [];
	});
	return {...rhythm, looked: new Map(looked)};
}

function isIdle({isLocked, operation}: WorktreePulse): boolean {
	return !isLocked && operation === null;
}

function seenNow({heads, refs}: Pulse, {print, head}: WorktreePulse): Seen {
	return {all: `${heads}\n${refs}\n${print}`, moving: `${heads}\n${head}`};
}

/** Has nothing changed from one sweep to the other? */
export function isSame(one: Pulse, other: Pulse): boolean {
	return (
		one.heads === other.heads &&
		one.refs === other.refs &&
		one.isLocked === other.isLocked &&
		one.worktrees.size === other.worktrees.size &&
		[...one.worktrees].every(([dir, seen]) => {
			const now = other.worktrees.get(dir);
			return (
				now !== undefined &&
				seen.print === now.print &&
				seen.head === now.head &&
				seen.isLocked === now.isLocked &&
				seen.operation === now.operation
			);
		})
	);
}
