import {apply} from './apply.ts';
import {failed, type State} from './state.ts';
import type {Work} from './work.ts';

/** What fails of some work in its order, each with Django's error; the rest goes on without it. */
export function failures(base: State, works: readonly Work[]): {readonly work: Work; readonly error: string}[] {
	let state = base;
	return works.flatMap(work => {
		const next = apply(state, work.operation);
		if (failed(next)) return [{work, error: next.error}];
		state = next;
		return [];
	});
}
