import type {Locked} from '../install/changes.ts';
import type {Refusal} from '../refusal.ts';

/** A lock of git's was in the way of an installation or its end. */
export function lockedRefusal({lock}: Locked, next: string): Refusal {
	return {
		code: 'locked',
		what: 'another git process holds a lock',
		nodes: [],
		paths: [lock],
		why: 'it may be writing the same file; if no git runs, one was killed and the lock can be removed by hand',
		next,
	};
}
