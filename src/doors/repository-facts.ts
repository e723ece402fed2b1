import type {Commit, Facts, Former, Lost} from '../explain/facts.ts';
import {branchesWith, lastChange, lastMention, type Touch} from '../git/path-history.ts';
import type {Repo} from '../git/repo.ts';
import {commitInfo, recentHeads, resolveCommit} from '../git/revisions.ts';
import {listIndex} from '../git/trees.ts';
import {renamedSince} from '../history/renumbered.ts';
import {buildGraph, fullPlan} from '../migrations/graph.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import {readOperations} from '../operations/read-operations.ts';
import {type SchemaChange, schemaChanges} from '../state/schema-changes.ts';
import {listEntries} from '../worktree/journal.ts';
import {djangoSettings} from './django-settings.ts';
import type {Ground} from './ground.ts';
import {readPublished} from './published.ts';

/** So many former tips of this worktree are looked at for names that migrations had. */
const MOST_TIPS = 40;

/** What `explain` may ask about a tree; `revision` is null for the worktree, whose history is HEAD's. Each answer is found once, and only when asked for. */
export function repositoryFacts(ground: Ground, revision: string | null, mainline: readonly string[] | null): Facts {
	const {repo, library} = ground;
	const settings = djangoSettings(ground);
	const project = ground.load(ground.files, settings);
	const graph = buildGraph(project);
	const head = revision ?? 'HEAD';
	const published = readPublished(repo, ground, mainline);
	const keyOf = new Map([...project.nodes.values()].map(({path, key}) => [path, key]));
	const text = (path: string) => library.source(ground.everything.get(path)!.oid).text;
	let changes: readonly SchemaChange[] | null = null;
	return {
		project,
		graph,
		settings,
		text,
		manage: `python ${managePath(ground.everything.keys())}`,
		isTracked: path => (revision === null ? listIndex(repo, [path]).entries.has(path) : ground.everything.has(path)),
		isPublished: path => published.has?.(path) ?? null,
		origin: path => commitOf(lastChange(repo, head, path, 'A')),
		mentionedSince: (path, mentioned) => withParent(lastMention(repo, head, path, mentioned)),
		lost: path => lostIn(ground, head, path, keyOf),
		formerNames: key => formerNames(ground, head, key, project.nodes.get(key)?.path ?? null),
		changes() {
			if (changes === null) {
				const plan = fullPlan(graph).flatMap(key => project.nodes.get(key) ?? []);
				library.fetch(plan.map(({path}) => ground.everything.get(path)!.oid));
				changes = schemaChanges(
					plan.flatMap(({key, app, path}) => readOperations(text(path), app).map(operation => ({operation, key, path}))),
				);
			}
			return changes;
		},
	};
}

/** The project's manage.py: the one nearest to the root. */
function managePath(paths: Iterable<string>): string {
	const found = [...paths].filter(path => /(?:^|\/)manage\.py$/.test(path));
	return found.sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))[0] ?? 'manage.py';
}

function commitOf(touch: Touch | null): Commit | null {
	if (touch === null) return null;
	const {oid, subject, author, date} = touch;
	return {oid: oid.slice(0, 9), subject, author, date};
}

function withParent(touch: Touch | null): (Commit & {readonly parent: string}) | null {
	return touch === null || touch.parent === null ? null : {...commitOf(touch)!, parent: touch.parent.slice(0, 9)};
}

function lostIn(ground: Ground, head: string, path: string, keyOf: ReadonlyMap<string, NodeKey>): Lost {
	const {repo, library} = ground;
	const here = resolveCommit(repo, head);
	// Taken away in the worktree, and not committed yet.
	const uncommitted = here !== null && !ground.files.has(path) && ground.at(here).has(path);
	const deleted = uncommitted
		? {oid: '', subject: '', author: '', date: '', parent: 'HEAD'}
		: withParent(lastChange(repo, head, path, 'D'));
	const before = deleted === null ? null : resolveCommit(repo, deleted.parent);
	const pair =
		before === null ? undefined : renamedSince(ground.at(before), ground.files, library).find(({from}) => from === path);
	return {
		deleted,
		renamedTo: (pair && keyOf.get(pair.to)) ?? null,
		branches: branchesWith(repo, path),
	};
}

/**
 * By identity, in the commits that may still have an old name: the parents of the commit that brought the file, tips that we or git replaced, and where HEAD was
 * lately. A commit with a fork in the app is no place from which to run `migrate`.
 */
function formerNames(ground: Ground, head: string, key: NodeKey, path: string | null): Former[] {
	const {repo, library} = ground;
	if (path === null) return [];
	const tips = [...new Set(oldTips(repo, head, path))].slice(0, MOST_TIPS);
	const found = new Map<NodeKey, Former>();
	for (const tip of tips) {
		const files = ground.at(tip);
		const pairs = renamedSince(files, ground.files, library);
		const pair = pairs.find(({to}) => to === path);
		if (!pair) continue;
		const project = ground.load(files, djangoSettings(ground));
		const graph = buildGraph(project);
		const keyAt = new Map([...project.nodes.values()].map(node => [node.path, node.key]));
		const old = keyAt.get(pair.from);
		if (old === undefined || found.has(old) || graph.leafNodes(appOf(key)).length !== 1) continue;
		const moved = new Set(pairs.flatMap(({from}) => keyAt.get(from) ?? []));
		const parentOf = (child: NodeKey) => graph.parents(child).find(parent => appOf(parent) === appOf(child));
		let forkPoint = parentOf(old);
		while (forkPoint !== undefined && moved.has(forkPoint)) forkPoint = parentOf(forkPoint);
		found.set(old, {key: old, commit: tip.slice(0, 9), forkPoint: forkPoint ?? null});
	}
	return [...found.values()];
}

function oldTips(repo: Repo, head: string, path: string): string[] {
	const added = lastChange(repo, head, path, 'A');
	const journal = listEntries(repo).reverse();
	const before = journal.flatMap(({start, old}) => [start, old].filter(oid => oid !== null));
	return [
		...(added ? commitInfo(repo, added.oid).parents : []),
		...before.filter(oid => resolveCommit(repo, oid) !== null),
		...[resolveCommit(repo, 'ORIG_HEAD'), resolveCommit(repo, head)].filter(oid => oid !== null),
		...recentHeads(repo, MOST_TIPS).map(({oid}) => oid),
	];
}
