import type {Repo} from '../git/repo.ts';
import type {Refusal} from '../refusal.ts';
import {failpoint} from './failpoint.ts';
import {hold, holderOf, release} from './holder.ts';
import {statePath} from './state.ts';

export interface LockOptions {
	/** How long to wait for another holder, in milliseconds. */
	readonly wait?: number;
}

const held = new Map<string, number>();

/**
 * Do something as the only writer among the repository's worktrees. `<common git dir>/migration-guard/lock` names the holder by process
 * id, start time and host; a holder that is dead is recognised and replaced. Nests within a process. `busy` gets the reason
 * when another run keeps the lock for longer than `wait` (2 s).
 */
export function withLock<T>(repo: Repo, busy: (refusal: Refusal) => T, body: () => T, {wait = 2000}: LockOptions = {}): T {
	const file = statePath(repo, 'lock');
	const depth = held.get(file) ?? 0;
	if (depth === 0 && !hold(file, wait)) {
		return busy(refusal(file));
	}

	held.set(file, depth + 1);
	try {
		if (depth === 0) {
			failpoint('locked');
		}

		return body();
	} finally {
		held.set(file, depth);
		if (depth === 0) {
			release(file);
			failpoint('released');
		}
	}
}

function refusal(file: string): Refusal {
	const {pid = '?', host = '?'} = holderOf(file) ?? {};
	return {
		code: 'locked',
		what: 'Another migration-guard is at work in this repository.',
		nodes: [],
		paths: [file],
		why: `Process ${pid} on ${host} holds the lock ${file}.`,
		next: 'migration-guard fix',
	};
}
