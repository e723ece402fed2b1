import {setTimeout} from 'node:timers/promises';
import type {Repo} from '../git/repo.ts';
import {spawnDaemon} from './spawn.ts';
import {readStatus, watcherOf, watchFiles} from './status.ts';

/** What became of a start: a process that watches, one that did before, or none. */
export type Started =
	| {readonly kind: 'started' | 'running'; readonly pid: number}
	| {readonly kind: 'failed'; readonly log: string};

/**
 * Start the daemon of a repository unless there is one. `program` is our script; `wait`: for how many milliseconds to see whether it
 * comes up; 0: leave it to itself.
 */
export async function startDaemon(repo: Repo, program: string, wait: number): Promise<Started> {
	const running = watcherOf(repo);
	if (running) return {kind: 'running', pid: running.pid};
	const {log} = watchFiles(repo);
	const pid = spawnDaemon(repo.cwd, program, log);
	if (wait === 0 && pid !== undefined) return {kind: 'started', pid};
	for (const deadline = Date.now() + wait; Date.now() < deadline; await setTimeout(20)) {
		// Another start may have been faster; one of the two watches.
		const status = readStatus(repo);
		const watcher = watcherOf(repo);
		if (watcher && status?.pid === watcher.pid) return {kind: 'started', pid: watcher.pid};
	}
	return {kind: 'failed', log};
}

/** End the daemon and wait until it has let go; the process id it had, null where none ran, or false: it does not end. */
export async function stopDaemon(repo: Repo, wait: number): Promise<number | null | false> {
	const running = watcherOf(repo);
	if (!running) return null;
	process.kill(running.pid, 'SIGTERM');
	for (const deadline = Date.now() + wait; Date.now() < deadline; await setTimeout(20)) {
		if (watcherOf(repo)?.pid !== running.pid) return running.pid;
	}
	return false;
}
