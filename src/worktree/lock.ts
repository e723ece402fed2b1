import {existsSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {dirname} from 'node:path';
import type {Repo} from '../git/repo.ts';
import type {Refusal} from '../refusal.ts';
import {failpoint} from './failpoint.ts';
import {statePath} from './state.ts';

export interface LockOptions {
	/** How long to wait for another holder, in milliseconds. */
	readonly wait?: number;
}

// Locks are held for milliseconds. What cannot be asked (another machine's process, an unreadable file) is believed this long.
const trust = 10 * 60 * 1000;
const held = new Map<string, number>();

/**
 * Do something as the only writer among the repository's worktrees. `<common git dir>/migration-guard/lock` names the holder by process
 * id, start time and host; a holder that is dead is recognised and replaced. Nests within a process. `busy` gets the reason
 * when another run keeps the lock for longer than `wait` (2 s).
 */
export function withLock<T>(repo: Repo, busy: (refusal: Refusal) => T, body: () => T, {wait = 2000}: LockOptions = {}): T {
	const file = statePath(repo, 'lock');
	const depth = held.get(file) ?? 0;
	if (depth === 0 && !acquire(file, wait)) {
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
			// One that cannot be deleted is a dead process's in a moment, and keeps nobody out.
			remove(file);
			failpoint('released');
		}
	}
}

function acquire(file: string, wait: number): boolean {
	mkdirSync(dirname(file), {recursive: true});
	const deadline = Date.now() + wait;
	while (!create(file, holder())) {
		if (!breakStale(file)) {
			if (Date.now() >= deadline) {
				return false;
			}

			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
		}
	}

	return true;
}

/** Make a file that says who holds it, at once: one without a holder's name would keep everybody out. False: there is one already. */
function create(file: string, content: string): boolean {
	const own = `${file}.${process.pid}`;
	try {
		writeFileSync(own, content);
		linkSync(own, file);
		return true;
	} catch (error) {
		if (existsSync(file)) {
			return false;
		}

		// Not every file system has links.
		if (['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return createInPlace(file, content);
		}

		throw error;
	} finally {
		remove(own);
	}
}

function createInPlace(file: string, content: string): boolean {
	try {
		writeFileSync(file, content, {flag: 'wx'});
		return true;
	} catch (error) {
		// Windows answers EPERM while another process is deleting the file.
		if (['EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return false;
		}

		throw error;
	}
}

// Two runs may find the same dead lock. Only who holds the guard may remove it, and only after looking again: else the
// second would remove the first one's new lock.
function breakStale(file: string): boolean {
	const guard = `${file}.break`;
	if (!isStale(file)) {
		return false;
	}

	if (!create(guard, holder())) {
		// Who held it was killed while it looked.
		if (isStale(guard)) {
			remove(guard);
		}

		return false;
	}

	try {
		const stale = isStale(file);
		if (stale) {
			remove(file);
		}

		return stale;
	} finally {
		remove(guard);
	}
}

function isStale(file: string): boolean {
	const [pid, started, host] = read(file).split('\n');
	if (!pid || !host || host !== hostname()) {
		return age(file) > trust;
	}

	return !isAlive(Number(pid)) || startTime(Number(pid)) !== started;
}

function holder(): string {
	return [process.pid, startTime(process.pid), hostname(), ''].join('\n');
}

// Process ids are used again, after a reboot above all. Linux tells when a process started; elsewhere the id must do.
function startTime(pid: number): string {
	const stat = process.platform === 'linux' ? read(`/proc/${pid}/stat`) : '';
	const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
	return started ? `${started}@${read('/proc/sys/kernel/random/boot_id').trim()}` : 'unknown';
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

function age(file: string): number {
	const stat = statSync(file, {throwIfNoEntry: false});
	return stat ? Date.now() - stat.mtimeMs : 0;
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

function remove(file: string): void {
	try {
		unlinkSync(file);
	} catch {
		// Someone else was faster.
	}
}

function refusal(file: string): Refusal {
	const [pid = '?', , host = '?'] = read(file).split('\n');
	return {
		code: 'locked',
		what: 'Another migration-guard is at work in this repository.',
		nodes: [],
		paths: [file],
		why: `Process ${pid} on ${host} holds the lock ${file}.`,
		next: 'migration-guard fix',
	};
}
