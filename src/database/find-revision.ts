import {shortRef} from '../doors/label.ts';
import type {WorktreeGround} from '../doors/worktree.ts';
import type {Repo} from '../git/repo.ts';
import {resolveCommits} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import {blobsAt} from '../git/trees.ts';
import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import type {Plan} from '../plan/plan.ts';
import {listEntries} from '../worktree/journal.ts';
import {type OldName, type Since, since} from './old-names.ts';

/** A revision whose names a database knows: the commit, and how people call it. */
export interface Origin {
	readonly commit: string;
	readonly label: string;
	readonly since: Since;
}

/** How far back the logs of HEAD and of the upstream are looked through. */
const LOOK_BACK = 100;

/**
 * Find the revisions in which rows that no file answers to were migrations: first where the journal says that something was renumbered, then
 * where HEAD and its upstream have been, then the tips of all branches. What they are called today is found by identity, never by a record.
 */
export function findOrigins(repo: Repo, ground: WorktreeGround, project: Project, rows: ReadonlySet<NodeKey>): readonly Origin[] {
	const renumbered = journaled(repo);
	const suspects = new Map<NodeKey, string>();
	for (const key of [...orphans(project, rows), ...renumbered.names.filter(name => rows.has(name))]) {
		const folder = project.folders.find(({app}) => app === appOf(key));
		if (folder) suspects.set(key, `${folder.path}/${nameOf(key)}.py`);
	}
	if (suspects.size === 0) return [];
	const candidates = candidatesOf(repo, renumbered.commits);
	const held = new Map(
		blobsAt(repo, [...candidates.keys()], [...suspects.values()]).map(({commit, path, oid}) => [`${commit}:${path}`, oid]),
	);
	const holds = (commit: string, path: string) => held.get(`${commit}:${path}`) ?? null;
	const origins: Origin[] = [];
	const missing = new Set(suspects.keys());
	// One branch at a time: several may have been renumbered since this database was last brought up to date.
	while (missing.size > 0) {
		const covered = (commit: string) =>
			[...missing].filter(key => isAnother(ground, suspects.get(key)!, holds(commit, suspects.get(key)!)));
		const best = [...candidates.keys()].reduce<string | null>(
			(one, other) => (covered(other).length > (one === null ? 0 : covered(one).length) ? other : one),
			null,
		);
		if (best === null) break;
		for (const key of covered(best)) missing.delete(key);
		const found = since(ground, best);
		if (found.moved.some(({from}) => suspects.has(from)))
			origins.push({commit: best, label: candidates.get(best)!, since: found});
	}
	return origins;
}

/** Rows of the apps of this worktree that no file answers to, not even as something that a squash replaces. */
export function orphans(project: Project, rows: ReadonlySet<NodeKey>): NodeKey[] {
	const apps = new Set(project.folders.map(({app}) => app));
	const files = new Set(project.folders.flatMap(({app, names}) => names.map(name => `${app}.${name}`)));
	const replaced = new Set(
		[...project.nodes.values()].flatMap(({migration}) =>
			migration.replaces.items.flatMap(item => (item.kind === 'node' ? [`${item.app}.${item.name}`] : [])),
		),
	);
	return [...rows].filter(key => apps.has(appOf(key)) && !files.has(key) && !replaced.has(key));
}

/** All pairs of some origins, those of the first where two say something of one name. */
export function movedIn(origins: readonly Origin[]): readonly OldName[] {
	const known = new Map<NodeKey, OldName>();
	for (const pair of origins.flatMap(origin => origin.since.moved)) if (!known.has(pair.from)) known.set(pair.from, pair);
	return [...known.values()];
}

function isAnother({files}: WorktreeGround, path: string, oid: string | null): boolean {
	return oid !== null && files.get(path)?.oid !== oid;
}

/** What the journal says was renumbered, and the commits where it had its old name. Newest first. */
function journaled(repo: Repo): {readonly names: readonly NodeKey[]; readonly commits: readonly string[]} {
	const entries = listEntries(repo).reverse();
	const renumbering = entries.filter(({state, plan}) => state === 'done' && stepsOf(plan).length > 0);
	return {
		names: renumbering.flatMap(({plan}) => stepsOf(plan).map(({from}) => from)),
		commits: renumbering.flatMap(({start, old}) => [...(start === null ? [] : [start]), `${old}^2`, `${old}^1`, old]),
	};
}

function stepsOf(plan: unknown): {readonly from: NodeKey}[] {
	return ((plan as Partial<Plan> | null)?.steps ?? []).flatMap(step => (step.kind === 'renumber' ? [step] : []));
}

/** Commits to look at, in that order, each with a name for people. */
function candidatesOf(repo: Repo, first: readonly string[]): ReadonlyMap<string, string> {
	const lines = (args: readonly string[]) =>
		text(git(repo, args, {ok: [0, 1, 128]}))
			.split('\n')
			.filter(Boolean);
	const log = (ref: string) =>
		lines(['log', '-g', '--no-show-signature', `--max-count=${LOOK_BACK}`, '--format=%H %gd', ref, '--']);
	const named = [...log('HEAD'), ...log('@{upstream}')].map(line => line.split(' ') as [string, string]);
	const tips = lines(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/remotes']).map(line => {
		const [oid, ref] = line.split(' ') as [string, string];
		return [oid, shortRef(ref)!] as const;
	});
	const merged = lines(['rev-list', '--min-parents=2', `--max-count=${LOOK_BACK}`, '--format=%P', 'HEAD'])
		.filter(line => !line.startsWith('commit '))
		.flatMap(line => line.split(' '));
	const asked = [...first, 'ORIG_HEAD'];
	const resolved = resolveCommits(repo, asked).flatMap((oid, index) => (oid === null ? [] : [[oid, asked[index]!] as const]));
	const all = [...resolved, ...named, ...tips, ...merged.map(oid => [oid, oid] as const)];
	const result = new Map<string, string>();
	for (const [oid, label] of all) if (!result.has(oid)) result.set(oid, /^[0-9a-f]{40,}/.test(label) ? oid.slice(0, 9) : label);
	return result;
}
