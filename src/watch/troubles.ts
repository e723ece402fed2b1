import type {Trouble} from './event.ts';

/** The system has no watches left. ENOSPC: fs.inotify.max_user_watches; EMFILE: max_user_instances, or open files. */
export function noWatches(code: string): Trouble {
	const [limit, value] = code === 'ENOSPC' ? ['max_user_watches', 524_288] : ['max_user_instances', 512];
	return {
		code: 'no-watches',
		what: 'The system has no file watches left, so changes are looked for every few seconds instead.',
		why: `${code}: other programs (editors, test runners) hold them all; the limit is fs.inotify.${limit}.`,
		next: `sudo sysctl fs.inotify.${limit}=${value}`,
	};
}

/** One worktree could not be looked at. */
export function notLookedAt({path, error}: {readonly path: string; readonly error: string | null}): Trouble {
	return {
		code: 'not-looked-at',
		what: `${path} could not be looked at.`,
		why: error ?? 'unknown',
		next: 'migration-guard check',
	};
}

/** Something that is to be watched cannot be. */
export function notWatched(error: Error): Trouble {
	return {
		code: 'not-watched',
		what: 'Not everything can be watched; it is looked at every ten minutes all the same.',
		why: error.message,
		next: 'migration-guard doctor',
	};
}

/** A full disk, or a folder that may not be written. */
export function notWritten(error: Error): Trouble {
	return {
		code: 'not-written',
		what: 'The status file could not be written, so prompts and editors see an old one.',
		why: error.message,
		next: 'migration-guard daemon status',
	};
}
