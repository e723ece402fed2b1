import type {Refusal} from '../refusal.ts';
import type {Concern} from './concern.ts';

/** How changes are noticed: the system tells, or the daemon looks around again and again. */
export type Mode = 'events' | 'polling';

/** What the daemon has to tell; a line each of `watch --json`. */
export type WatchEvent =
	| {readonly event: 'started'; readonly pid: number; readonly repository: string; readonly mode: Mode}
	/** Something to know, said once. */
	| {readonly event: 'concern'; readonly concern: Concern}
	/** It is not so any more; `isReplaced`: because it has become something else, which is said as well. */
	| {readonly event: 'over'; readonly concern: Concern; readonly isReplaced: boolean}
	/** A fork was resolved without being asked for (`watch.autoFix`); `lines` are what `fix` says. */
	| {readonly event: 'fixed'; readonly worktree: string; readonly lines: readonly string[]}
	| {readonly event: 'refused'; readonly worktree: string; readonly refusals: readonly Refusal[]}
	/** Everything that changed has been looked at. */
	| {readonly event: 'looked'; readonly worktrees: readonly string[]; readonly concerns: number}
	| {readonly event: 'fetched'; readonly mainline: string; readonly oid: string}
	/** The daemon cannot do all that it should. */
	| {readonly event: 'trouble'; readonly trouble: Trouble}
	| {readonly event: 'stopped'; readonly why: string};

export interface Trouble {
	/** Stable, kebab-case. */
	readonly code: 'no-watches' | 'fetch-failed' | 'not-looked-at' | 'not-watched' | 'not-written';
	readonly what: string;
	readonly why: string;
	/** What to do about it. */
	readonly next: string;
}
