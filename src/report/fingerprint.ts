import {createHash} from 'node:crypto';
import type {Finding} from '../migrations/finding.ts';

/**
 * A fingerprint for each finding: the same from run to run as long as the same is the matter with the same migrations, whatever
 * line they stand on and however the text is put. No two of one report are the same.
 */
export function fingerprints(findings: readonly Finding[]): string[] {
	const seen = new Map<string, number>();
	return findings.map(({code, nodes, app, title, places}) => {
		const about = nodes.length > 0 ? [...nodes].sort() : [app ?? title];
		const identity = JSON.stringify([code, about, places[0]?.path ?? '']);
		const times = seen.get(identity) ?? 0;
		seen.set(identity, times + 1);
		return createHash('sha256')
			.update(times === 0 ? identity : `${identity} ${times}`)
			.digest('hex');
	});
}
