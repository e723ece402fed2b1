import type {Repo} from '../git/repo.ts';
import {isPushed, resolveCommit} from '../git/revisions.ts';
import {type JournalEntry, listEntries} from './journal.ts';
import {isRenumberedByHook} from './undo.ts';

/** One resolution that is still kept. */
export interface Undoable {
	readonly entry: JournalEntry;
	/** Null: it can be undone now, with its branch checked out. Else why not, for people. */
	readonly why: string | null;
}

/** The resolutions of this worktree that are still kept, newest first, and which of them can be undone. */
export function listUndoable(repo: Repo): Undoable[] {
	return listEntries(repo)
		.filter(entry => entry.worktree === repo.gitDir && entry.kind !== 'undo' && entry.state !== 'open')
		.reverse()
		.map(entry => ({entry, why: whyNot(repo, entry)}));
}

function whyNot(repo: Repo, entry: JournalEntry): string | null {
	if (entry.state === 'undone') return 'undone';
	if (entry.state === 'abandoned') return 'given up: somebody else was at work';
	const tip = resolveCommit(repo, entry.branch ?? 'HEAD');
	if (tip === null) return 'its branch is gone';
	const stands = entry.scope === 'commit' ? tip === entry.new : tip === entry.head || isRenumberedByHook(repo, entry, tip);
	if (!stands) return 'its branch moved on';
	return isPushed(repo, tip) && tip !== entry.head ? 'pushed' : null;
}
