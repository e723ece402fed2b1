import type {Repo} from '../git/repo.ts';
import {refusalText} from '../report/refusal.ts';
import {recover} from '../worktree/apply.ts';
import {hasOpenEntry} from '../worktree/journal.ts';
import type {Context} from './command.ts';

/** A run that was killed left its journal open: lead it to its end before anything else is planned. False: that was refused, and said. */
export function finishInterrupted(repo: Repo, context: Pick<Context, 'err'>): boolean {
	if (!hasOpenEntry(repo)) return true;
	const recovery = recover(repo);
	if (!recovery.ok) context.err(refusalText(recovery.refusal));
	else for (const {kind, outcome} of recovery.recovered) context.err(`migration-guard: an interrupted ${kind} was ${outcome}\n`);
	return recovery.ok;
}
