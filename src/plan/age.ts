import type {NodeKey} from '../migrations/key.ts';
import {nameOf} from '../migrations/key.ts';

const DAY = 24 * 3600;

/** How far the mainline's history of an app has moved since a branch built on it. */
export interface Moved {
	readonly app: string;
	readonly by: number;
	/** The mainline's leaf, where it has one. */
	readonly leaf: NodeKey | null;
}

/** Whether a branch's oldest migration is older than the team wants; all in seconds. */
export function isStale(oldest: number | null, now: number, staleAfter: number | null): boolean {
	return oldest !== null && staleAfter !== null && now - oldest >= staleAfter;
}

/** The line that a merge and a push have for a branch that waited too long. */
export function staleLine(branch: string, oldest: number, now: number, moved: readonly Moved[]): string {
	const since = moved
		.filter(({by}) => by > 0)
		.map(
			({app, by, leaf}) => `${app} by ${by === 1 ? 'one migration' : `${by} migrations`}${leaf ? `, to ${nameOf(leaf)}` : ''}`,
		);
	const ending = since.length === 0 ? '' : `; mainline has moved on meanwhile: ${since.join('; ')}`;
	return `the oldest migration of ${branch} is ${daysOf(now - oldest)} old${ending}; short-lived branches fork less`;
}

/** `1 day`, `12 days`; `today` within the first. */
export function daysOf(seconds: number): string {
	const days = Math.max(0, Math.floor(seconds / DAY));
	return days === 0 ? 'less than a day' : `${days} ${days === 1 ? 'day' : 'days'}`;
}
