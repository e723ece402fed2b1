import type {Files} from '../history/revision.ts';
import {hasCarry} from '../migrations/carry.ts';
import type {Judged} from '../plan/outcome.ts';
import {compareFiles} from './commute.ts';
import type {Ground} from './ground.ts';
import {judged} from './judged.ts';
import type {Settings} from './settings.ts';

/** Where the replayed commits left the others, what they were put on, and where they were before. */
export interface ReplayFiles {
	readonly fork: Files;
	readonly onto: Files;
	readonly start: Files;
}

/** Does what was put on top, the tree of the ground, commute with what it was put on? */
export function judgeReplay(ground: Ground, {fork, onto, start}: ReplayFiles, settings: Settings): Judged | null {
	return judged(settings, () => {
		const incoming = new Map(ground.files);
		for (const path of onto.keys()) {
			const [standing, own] = [incoming.get(path), start.get(path)];
			if (fork.has(path) || !standing) continue;
			// Two of one name wait in one file to be split.
			if (own && hasCarry(ground.library.source(standing.oid).text)) incoming.set(path, own);
			else incoming.delete(path);
		}
		return compareFiles(ground, {bases: [fork], mainline: onto, incoming}).verdicts;
	});
}
