import {objectBatch, writeTree} from '../git/objects.ts';
import {autostash} from '../git/revisions.ts';
import type {MeetingPlan} from '../plan/plan-meeting.ts';
import {translateFiles} from '../plan/translate.ts';
import type {SideState} from '../worktree/journal.ts';
import {translateStash} from '../worktree/stash.ts';
import type {Ground} from './ground.ts';
import {fetchDifferences} from './meeting.ts';
import {pathChanges, storeDrafts} from './write.ts';

/**
 * The stash git will apply after the hook holds the old names: left so, an edit of a renamed migration would land in whatever file
 * looks most like it. Give its trees the new names. Null when there is no autostash, or nothing in it changes.
 */
export function translateAutostash(ground: Ground, {assembly, decisions}: MeetingPlan, side: number): SideState | null {
	const stash = autostash(ground.repo);
	if (!stash || decisions.renames.length === 0) return null;
	const translate = (tree: string): string => {
		const files = ground.at(tree);
		fetchDifferences(ground, files);
		const batch = objectBatch(ground.repo);
		const labels = new Map(assembly.entries.map(entry => [entry.path.slice(0, entry.path.lastIndexOf('/')), entry.app]));
		const changes = storeDrafts(
			ground.repo,
			ground.library,
			translateFiles(files, side, assembly, decisions, labels, ground.library),
			batch,
		);
		const result = changes.length === 0 ? tree : writeTree(ground.repo, tree, pathChanges(changes), batch);
		batch.flush();
		return result;
	};
	const translated = translateStash(ground.repo, stash.oid, translate);
	return translated === stash.oid ? null : {kind: 'autostash', where: stash.where, old: stash.oid, new: translated};
}
