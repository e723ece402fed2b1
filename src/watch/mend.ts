import {fix} from '../doors/fix.ts';
import type {Settings} from '../doors/settings.ts';
import {describeOutcome} from '../report/outcome.ts';
import {recover} from '../worktree/apply.ts';
import {hasOpenEntry} from '../worktree/journal.ts';
import type {WatchEvent} from './event.ts';
import type {Worktree} from './places.ts';

/**
 * Resolve what is forked in a worktree, as `migration-guard fix` does: the same plan, journal and undo. A run that was killed is
 * finished first. `now` in seconds. Null: nothing was done, and nothing is to be said.
 */
export function mend(worktree: Worktree, settings: Settings, now: number): WatchEvent | null {
	if (hasOpenEntry(worktree)) {
		const recovery = recover(worktree);
		if (!recovery.ok) return {event: 'refused', worktree: worktree.top, refusals: [recovery.refusal]};
	}
	const outcome = fix(worktree, settings, {dryRun: false, commit: false, merge: false, renumber: null});
	if (outcome.kind === 'refused') return {event: 'refused', worktree: worktree.top, refusals: outcome.refusals};
	if (outcome.kind !== 'done') return null;
	return {event: 'fixed', worktree: worktree.top, lines: describeOutcome(outcome, now, settings.staleAfter)};
}
