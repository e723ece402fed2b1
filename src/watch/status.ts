import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';
import {type Holder, holderOf, release} from '../worktree/holder.ts';
import {statePath, writeAtomically} from '../worktree/state.ts';
import type {Mode, Trouble} from './event.ts';
import type {WorktreeState} from './look.ts';

/** What the daemon keeps in `<common git dir>/migration-guard/watch/status.json`, for editors, prompts and `daemon status`. */
export interface Status {
	readonly version: 1;
	readonly pid: number;
	/** ISO 8601: when it was started, and when it looked for the last time. */
	readonly started: string;
	readonly looked: string | null;
	readonly mode: Mode;
	/** How many folders are watched. */
	readonly folders: number;
	readonly worktrees: readonly WorktreeState[];
	/** As `concernJson` has them. */
	readonly concerns: readonly Readonly<Record<string, unknown>>[];
	readonly troubles: readonly Trouble[];
}

/** The files of the daemon, in the directory that all worktrees share. */
export function watchFiles(repo: Pick<Repo, 'commonDir'>) {
	const file = (name: string) => statePath(repo as Repo, 'watch', name);
	return {lock: file('lock'), status: file('status.json'), log: file('log')};
}

/** The process that watches this repository; null: none does. */
export function watcherOf(repo: Pick<Repo, 'commonDir'>): Holder | null {
	const holder = holderOf(watchFiles(repo).lock);
	return holder?.isAlive ? holder : null;
}

/** What the daemon wrote last; null: nothing that can be read. */
export function readStatus(repo: Pick<Repo, 'commonDir'>): Status | null {
	try {
		const status: Status = JSON.parse(readFileSync(watchFiles(repo).status, 'utf8'));
		return status?.version === 1 ? status : null;
	} catch {
		return null;
	}
}

/** Replace the status file at once. */
export function writeStatus(repo: Pick<Repo, 'commonDir'>, status: Status): void {
	writeAtomically(watchFiles(repo).status, `${JSON.stringify(status, null, '\t')}\n`);
}

/**
 * What a shell prompt shows, in the git directory of each worktree (`git rev-parse --git-path migration-guard/prompt`): one line of text,
 * which may be empty, and the process id of the daemon that wrote it.
 */
export function promptFile(gitDir: string): string {
	return join(gitDir, 'migration-guard', 'prompt');
}

/** Replace the prompt of a worktree, or take it away (null). */
export function writePrompt(gitDir: string, text: string | null): void {
	if (text === null) release(promptFile(gitDir));
	else writeAtomically(promptFile(gitDir), `${text}\n${process.pid}\n`);
}

/** The one-liner for a prompt: prints the text while the daemon that wrote it is alive. POSIX sh, one git process. */
export const PROMPT_LINE =
	'( IFS= read -r mg && read -r pid && kill -0 "$pid" && [ -n "$mg" ] && printf \' [%s]\' "$mg" ) 2>/dev/null <"$(git rev-parse --git-path migration-guard/prompt 2>/dev/null || echo /dev/null)"';
