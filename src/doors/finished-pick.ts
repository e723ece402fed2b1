import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pseudoRef, type Repo} from '../git/repo.ts';
import {commitInfo, commitsBetween, isPushed, type LogEntry, recentHeads, resolveCommit} from '../git/revisions.ts';
import type {Replay} from './finished-rebase.ts';

/** How commits came onto HEAD one by one, outside a rebase. */
export type PickKind = 'cherry-pick' | 'revert' | 'am';

export interface FinishedPick {
	readonly kind: PickKind;
	readonly replay: Replay;
	/** Git may be going on with an index that it holds in memory (`--continue` of the last one): HEAD must not move under it. */
	readonly isHeld: boolean;
}

/**
 * HEAD has just got a cherry-picked commit or a revert (post-commit): null when it has not. `more`: others follow, and a range is looked
 * at once, after its last commit: moving HEAD earlier makes git stop ("your local changes would be overwritten"), because its
 * sequencer holds the index in memory.
 */
export function finishedPick(repo: Repo): FinishedPick | 'more' | null {
	const todo = todoLines(repo);
	if (todo.length > 1) return 'more';
	const head = resolveCommit(repo, 'HEAD');
	if (head === null) return null;
	const picked = pseudoRef(repo, 'CHERRY_PICK_HEAD');
	const kind = todo[0]?.startsWith('revert') ? 'revert' : picked !== null || todo.length > 0 ? 'cherry-pick' : null;
	if (kind !== null) return ranged(repo, kind, sequencerStart(repo) ?? resolveCommit(repo, 'HEAD^'), head, picked);
	return concluded(repo, head);
}

/** The last patch of `git am` has been applied (post-applypatch). It leaves where it began in ORIG_HEAD (git: builtin/am.c am_setup). */
export function finishedAm(repo: Repo, isHeld: boolean): FinishedPick | 'more' | null {
	const read = (name: string) => {
		const file = join(repo.gitDir, 'rebase-apply', name);
		return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
	};
	if (read('applying') === null || read('rebasing') !== null) return null;
	if (read('next') !== read('last')) return 'more';
	const head = resolveCommit(repo, 'HEAD');
	return head === null ? null : ranged(repo, 'am', pseudoRef(repo, 'ORIG_HEAD'), head, null, isHeld);
}

/** Picks, reverts or patches at HEAD that no hook has looked at: it was killed, or could not act. By git's log of HEAD alone. */
export function recentPick(repo: Repo): FinishedPick | null {
	const head = resolveCommit(repo, 'HEAD');
	return head === null ? null : concluded(repo, head);
}

/**
 * A pick or revert that had stopped at a conflict and was concluded by `git commit` or `--continue`: git has taken its own notes away
 * before the hook runs, and what is left is what it wrote into the log of HEAD, and into the message of a revert.
 */
function concluded(repo: Repo, head: string): FinishedPick | null {
	const entries = recentHeads(repo, 100);
	const [last] = entries;
	const logged = last?.oid === head ? kindOf(last) : null;
	const kind = logged ?? (/^This reverts commit [0-9a-f]{40}/m.test(messageOf(repo, head)) ? 'revert' : null);
	if (kind === null) return null;
	const belongs = (entry: LogEntry) => kindOf(entry) === kind;
	let onto = resolveCommit(repo, `${head}^`);
	// The commits of the same range before it; one that is pushed is never rewritten.
	for (let place = 1; place < entries.length && onto === entries[place]!.oid && belongs(entries[place]!); place++) {
		if (isPushed(repo, onto)) break;
		onto = resolveCommit(repo, `${onto}^`);
	}
	return ranged(repo, kind, onto, head, null, onto !== resolveCommit(repo, `${head}^`));
}

function kindOf({subject}: LogEntry): PickKind | null {
	if (/^(?:commit \()?cherry-pick\b/.test(subject)) return 'cherry-pick';
	return subject.startsWith('revert') ? 'revert' : subject.startsWith('am') ? 'am' : null;
}

function ranged(
	repo: Repo,
	kind: PickKind,
	onto: string | null,
	head: string,
	picked: string | null,
	isHeld = false,
): FinishedPick | null {
	if (onto === null) return null;
	const range = commitsBetween(repo, [head], [onto]);
	if (range.length === 0) return null;
	return {kind, isHeld, replay: {onto, start: picked ?? onto, before: onto, head, range}};
}

function todoLines(repo: Repo): string[] {
	const todo = join(repo.gitDir, 'sequencer', 'todo');
	return existsSync(todo)
		? readFileSync(todo, 'utf8')
				.split('\n')
				.filter(line => /^\w/.test(line))
		: [];
}

function sequencerStart(repo: Repo): string | null {
	const file = join(repo.gitDir, 'sequencer', 'head');
	return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function messageOf(repo: Repo, oid: string): string {
	const {raw} = commitInfo(repo, oid);
	return raw.subarray(raw.indexOf('\n\n')).toString('latin1');
}
