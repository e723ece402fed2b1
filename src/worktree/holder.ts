import {existsSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {dirname} from 'node:path';

/*
 * A file that says which process holds something: process id, start time and host, a line each. A holder that is dead, or
 * whose id another process has by now, is recognised.
 */

// What cannot be asked (another machine's process, an unreadable file) is believed this long.
const trust = 10 * 60 * 1000;

/** Who holds a file. */
export interface Holder {
	readonly pid: number;
	readonly host: string;
	/** Whether that process is there; what cannot be asked is believed for ten minutes after the file was written. */
	readonly isAlive: boolean;
}

/** Make a file in this process's name, in the place of a dead process's one. `wait`: how long to wait for its holder, in milliseconds. */
export function hold(file: string, wait: number): boolean {
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

/** Let a file go. One that cannot be deleted is a dead process's in a moment, and keeps nobody out. */
export function release(file: string): void {
	try {
		unlinkSync(file);
	} catch {
		// Someone else was faster.
	}
}

/** Who holds a file; null: nobody, or one who died before the name was written. */
export function holderOf(file: string): Holder | null {
	const [pid, , host] = read(file).split('\n');
	return pid && host ? {pid: Number(pid), host, isAlive: !isStale(file)} : null;
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
		release(own);
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
			release(guard);
		}

		return false;
	}

	try {
		const stale = isStale(file);
		if (stale) {
			release(file);
		}

		return stale;
	} finally {
		release(guard);
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
