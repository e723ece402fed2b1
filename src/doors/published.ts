import {type MainlineRef, mainlineRefs} from '../git/mainline.ts';
import type {Repo} from '../git/repo.ts';
import {mergeBases} from '../git/revisions.ts';
import {renamedSince} from '../history/renumbered.ts';
import {type Files, folderOf, stemOf} from '../history/revision.ts';
import type {PublishedChange} from '../migrations/check-git.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import {nodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import type {Ground} from './ground.ts';
import {shortRef} from './label.ts';

/** What is published: the refs that say so, and what is in their trees. */
export interface Published {
	readonly refs: readonly MainlineRef[];
	/** Whether one of their trees has a file of this path; null: no remote mainline is known. */
	readonly has: ((path: string) => boolean) | null;
	/** Commands have to name the commits, as whoever reads them has no such refs. */
	readonly byCommit?: boolean;
}

/** Look at the remote mainline refs. Their trees are listed when somebody asks. */
export function readPublished(repo: Repo, ground: Ground, mainline: readonly string[] | null): Published {
	const refs = mainlineRefs(repo, mainline).filter(({remote}) => remote);
	return {refs, has: refs.length === 0 ? null : path => refs.some(({oid}) => ground.at(oid).has(path))};
}

/**
 * Published migrations that a tree has edited or lost since it left a mainline: what the merge base had, what the mainline
 * still has, and what is otherwise here. `commit` is what the tree comes from. What a squash replaces may go.
 */
export function publishedChanges(
	repo: Repo,
	ground: Ground,
	{refs, byCommit = false}: Published,
	commit: string,
	project: Project,
): PublishedChange[] {
	const replaced = new Set(
		[...project.nodes.values()].flatMap(({migration}) =>
			migration.replaces.items.flatMap(item => (item.kind === 'node' ? [nodeKey(item.app, item.name)] : [])),
		),
	);
	const appsOf = ({folders}: Project) => new Map(folders.map(({path, app}) => [path, app]));
	const apps = appsOf(project);
	const found = new Map<string, PublishedChange>();
	for (const {ref, oid} of refs) {
		const published = ground.at(oid);
		const name = shortRef(ref) ?? ref;
		const known = {ref: name, source: byCommit ? oid.slice(0, 9) : name};
		for (const base of mergeBases(repo, commit, oid)) {
			let renamed: ReadonlyMap<string, string> | null = null;
			for (const [path, before] of ground.at(base)) {
				const [here, there] = [ground.files.get(path), published.get(path)];
				if (here?.oid === before.oid || here?.oid === there?.oid || !there || !isMigrationFile(path)) continue;
				// A folder that is gone is only in the base.
				const app = apps.get(folderOf(path)) ?? appsOf(ground.load(ground.at(base))).get(folderOf(path));
				if (app === undefined) continue;
				const key = nodeKey(app, stemOf(path));
				if (here) found.set(path, {...known, key, path, how: 'edited', to: null});
				if (here || replaced.has(key)) continue;
				renamed ??= renamesSince(ground, ground.at(base));
				const now = renamed.get(path);
				const to = now === undefined ? null : {key: nodeKey(apps.get(folderOf(now)) ?? app, stemOf(now)), path: now};
				found.set(path, {...known, key, path, how: to === null ? 'deleted' : 'renamed', to});
			}
		}
	}
	return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function renamesSince({files, library}: Ground, before: Files): ReadonlyMap<string, string> {
	return new Map(renamedSince(before, files, library).map(({from, to}) => [from, to]));
}
