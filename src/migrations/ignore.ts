import type {Finding} from './finding.ts';
import {appOf} from './key.ts';

/** What the configuration accepts: a code of findings, for an app label or a node key, and why. */
export interface Accepted {
	readonly code: string;
	readonly target: string;
	readonly reason: string;
}

export interface Silenced {
	readonly finding: Finding;
	readonly reason: string;
}

/**
 * Take out the findings that are accepted. A finding about several migrations is accepted when all of them are, each by its
 * key or by its app: another one that joins them is news.
 */
export function silence(findings: readonly Finding[], accepted: readonly Accepted[]): {kept: Finding[]; silenced: Silenced[]} {
	const kept: Finding[] = [];
	const silenced: Silenced[] = [];
	for (const finding of findings) {
		const reasons = targetsOf(finding).map(
			targets => accepted.find(({code, target}) => code === finding.code && targets.includes(target))?.reason,
		);
		const [reason] = reasons;
		reason !== undefined && reasons.every(each => each !== undefined) ? silenced.push({finding, reason}) : kept.push(finding);
	}
	return {kept, silenced};
}

/** For each migration, or for the app, the names by which it can be accepted. */
function targetsOf({nodes, app}: Finding): string[][] {
	return nodes.length > 0 ? nodes.map(key => [key, appOf(key)]) : app === undefined ? [] : [[app]];
}
