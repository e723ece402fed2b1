import type {Ground} from '../doors/ground.ts';
import {wayBack} from '../doors/left-alone.ts';
import {planStanding} from '../doors/plan-standing.ts';
import type {Settings} from '../doors/settings.ts';
import {isUndone} from '../worktree/undo.ts';

/** The command that resolves the forks of a commit at HEAD whose renumbering was undone: plain `fix` leaves it alone. Null: it does not. */
export function wayBackFrom(ground: Ground, commit: string, settings: Settings): string | null {
	if (!isUndone(ground.repo, commit)) return null;
	const {planned} = planStanding(ground, settings, commit);
	return planned.appPlans.length > 0 ? wayBack(planned) : null;
}
