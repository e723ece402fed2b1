import type {Plan} from './plan.ts';
import type {Refusal} from '../refusal.ts';

/** What a door did. */
export type Outcome =
	| {readonly kind: 'nothing'}
	/** `how`: what was changed: the commit replaced, commits rewritten, index and worktree, or nothing yet (--dry-run). */
	| {readonly kind: 'done'; readonly how: How; readonly plan: Plan; readonly sides: readonly SideLabel[]; readonly notices: readonly string[]}
	| {readonly kind: 'refused'; readonly refusals: readonly Refusal[]; readonly plan: Plan | null; readonly sides: readonly SideLabel[]};

export type How = 'merge commit replaced' | 'commit added' | 'commits rewritten' | 'index and worktree' | 'staged' | 'dry run';

/** How people call a side, and how old its oldest unmerged migration is. */
export interface SideLabel {
	readonly name: string;
	/** Author date (seconds) of the oldest unmerged commit of this side that touches a migration; null: none, or not asked. */
	readonly oldest: number | null;
}

export const NOTHING: Outcome = {kind: 'nothing'};
