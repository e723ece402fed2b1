import type {NodeKey} from '../migrations/key.ts';
import type {Operation} from '../operations/operation.ts';

/** An operation and the migration it stands in. */
export interface Work {
	readonly operation: Operation;
	readonly key: NodeKey;
	readonly path: string;
}

/**
 * What two pieces of work mean for each other. conflict: Django fails, or one undoes the other, or something is left that names what is gone.
 * review: right in this order only, or not to be decided from the text.
 */
export interface Verdict {
	readonly verdict: 'conflict' | 'review';
	readonly reason: 'fails' | 'lost-update' | 'drift' | 'order' | 'opaque';
	readonly mainline: Work;
	readonly incoming: Work;
	/** What would happen, in Django's words where it fails. */
	readonly what: string;
	/** What to do. */
	readonly next: string;
}
