/**
 * Steps after which a test can stop the program, to prove that the next run finishes or goes back. The names are part of the tests:
 * `MIGRATION_GUARD_FAIL=<step>[:kill|:exit|:throw]` stops right after the step of that name; `kill` (default) is `kill -9`.
 */
export type Step =
	| 'locked'
	| 'checked'
	| 'backed-up'
	| 'journaled'
	| 'worktree'
	| 'ref'
	| 'side'
	| 'done'
	| 'released'
	| 'database-migrated'
	| 'database-renamed'
	| 'database-away'
	| 'database-gone-back'
	| 'database-finished';

export function failpoint(step: Step): void {
	const [name, how = 'kill'] = (process.env.MIGRATION_GUARD_FAIL ?? '').split(':');
	if (name !== step) {
		return;
	}

	if (how === 'exit') {
		process.exit(99);
	}

	if (how === 'throw') {
		throw new Error(`failpoint ${step}`);
	}

	process.kill(process.pid, 'SIGKILL');
	// On Windows the end comes a moment later: nothing more may happen until then.
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
