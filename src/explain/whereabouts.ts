import type {NodeKey} from '../migrations/key.ts';
import type {Facts} from './facts.ts';
import {commitText, listed, pathOf} from './look-up.ts';

/** What became of a migration that a tree does not have, in words: renamed, deleted, on another branch. Null: git knows nothing of it. */
export function whereaboutsOf(facts: Facts, key: NodeKey): {readonly said: string; readonly renamedTo: NodeKey | null} | null {
	const path = pathOf(facts, key);
	if (path === null) return null;
	const {deleted, renamedTo, branches} = facts.lost(path);
	if (renamedTo !== null)
		return {said: `it is called ${renamedTo} now${deleted ? `, since ${commitText(deleted)}` : ''}`, renamedTo};
	const said = [
		...(deleted ? [`deleted by ${commitText(deleted)}`] : []),
		...(branches.length > 0 ? [`it is on ${listed(branches.slice(0, 3))}`] : []),
	];
	return said.length === 0 ? null : {said: said.join('; '), renamedTo: null};
}
