import {isOpaque} from '../commute/code.ts';
import type {Ground} from '../doors/ground.ts';
import {addedSince, orderer, stateOf, workOf} from '../doors/work.ts';
import {failures} from '../state/run.ts';
import type {Work} from '../state/work.ts';

/** An operation that Django would fail at, in the order that stands, and Django's error. */
export interface FailingWork {
	readonly work: Work;
	readonly error: string;
	/** On every database, whatever code and SQL beside it do. PostgreSQL takes along what SQLite would miss, and a later operation may come in time. */
	readonly isCertain: boolean;
}

/** Errors of tables that SQLite makes anew, and of models that are only looked at when all is rendered. */
const BY_DATABASE = /\bNew\w+ has no field\b|\blazy reference\b|\bused by a generated column\b/;

/**
 * The operations that a commit gained since another and at which `migrate` would fail, in the order of its history: all that a linear history still shows
 * of work that does not commute. What one side overwrote of another it shows no more.
 */
export function failsInOrder(ground: Ground, base: string, commit: string): readonly FailingWork[] {
	const [before, files] = [ground.at(base), ground.at(commit)];
	const side = addedSince(ground, [before], files);
	if (side.fresh.size === 0) return [];
	const order = orderer(ground);
	ground.library.fetchUnworked(side.fresh.values());
	const works = workOf(ground, side, order(files), [before]);
	const apps = new Set(works.map(({operation}) => operation.app));
	const coded = new Set(
		works.filter(({operation}) => isOpaque(operation) || operation.kind === 'Separate').map(({path}) => path),
	);
	return failures(stateOf(ground, before, apps, order(files), order), works).map(failure => ({
		...failure,
		isCertain: !coded.has(failure.work.path) && !BY_DATABASE.test(failure.error),
	}));
}
