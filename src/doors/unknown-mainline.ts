import type {Repo} from '../git/repo.ts';
import {mainlineRefs, namedMainlineRefs, refReader} from '../git/revisions.ts';
import {shortRef} from './label.ts';

/** What to say of names in the configuration that are no refs here, and what counts as the mainline in their place. No process where none is named. */
export function unknownMainline(repo: Repo, configured: readonly string[] | null): string[] {
	if (!configured || configured.length === 0) return [];
	const readRefs = refReader(repo);
	const unknown = configured.filter(name => namedMainlineRefs(repo, [name], readRefs).length === 0);
	if (unknown.length === 0) return [];
	const taken = mainlineRefs(repo, configured, readRefs).map(({ref}) => shortRef(ref) ?? ref);
	const instead = taken.length === 0 ? 'nothing counts as published' : `${taken.join(' and ')} counted as published`;
	return [`The mainline ${unknown.join(', ')} of the configuration is no ref here; ${instead}. More: migration-guard doctor`];
}
