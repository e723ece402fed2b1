import {weigh} from '../commute/weigh.ts';
import {configAt} from '../doors/config-at.ts';
import {type Ground, openGround} from '../doors/ground.ts';
import {isGuardedPath} from '../doors/guarded.ts';
import {shortRef} from '../doors/label.ts';
import {planMerge} from '../doors/plan-merge.ts';
import {settingsOf} from '../doors/read-settings.ts';
import type {Settings} from '../doors/settings.ts';
import {pathChanges, storeDrafts} from '../doors/write.ts';
import {commitTree, mergeTree, objectBatch, type PathChange, writeTree} from '../git/objects.ts';
import {type Repo, withoutWorktree} from '../git/repo.ts';
import {isMaxMigration} from '../history/revision.ts';
import {foldersFromSettings} from '../install/folders.ts';
import type {Plan} from '../plan/plan.ts';
import type {Refusal} from '../refusal.ts';
import {forecast} from './forecast.ts';
import {notTogether, otherConflicts, treesOnly} from './merge-refusals.ts';
import type {Met} from './met.ts';

/** What a merge of mainline into a branch came to. The commit is in the object store, and nothing refers to it. */
export type MergedInto =
	| {readonly kind: 'nothing'}
	| {readonly kind: 'refused'; readonly refusals: readonly Refusal[]; readonly plan: Plan | null}
	/** `commit` null: only planned. */
	| {readonly kind: 'merged'; readonly commit: string | null; readonly plan: Plan};

/**
 * Merge mainline into a branch in memory, with a linear history: the merge that `git merge` makes where migration-guard is installed. Only
 * where there is something to put in order, and nothing for a person to decide. The configuration is mainline's; no driver and no code
 * of the branch is run. `branch` is what the message calls it.
 */
export async function mergeIntoBranch(
	around: Repo,
	met: Met,
	{branch, dryRun}: {branch: string; dryRun: boolean},
): Promise<MergedInto> {
	const repo = withoutWorktree(around);
	if (met.seen === 'trees') return refused(treesOnly(repo, met));
	const config = await configAt(repo, met.mainline);
	const settings: Settings = {
		...settingsOf(config, foldersFromSettings(repo, met.mainline)),
		mainline: [met.ref, ...(config.mainline ?? [])],
	};
	const ground = openGround(repo, met.mainline, settings.load);
	const foreseen = forecast(ground, met, settings);
	const {changes, refusals} = foreseen.plan;
	if (changes.length === 0 && refusals.length === 0) return {kind: 'nothing'};
	const merged = mergeTree(repo, met.incoming, met.mainline);
	const foreign = forPersons(ground, met, settings, merged.conflicted);
	if (foreign.length > 0) return refused(otherConflicts(foreign, met));
	if (refusals.length > 0) return {kind: 'refused', refusals, plan: foreseen.plan};
	const {stops} = weigh(foreseen.verdicts(), settings.handling);
	if (stops.length > 0) return refused(notTogether(stops, met));
	const batch = objectBatch(repo);
	const tree = writeTree(repo, merged.tree, asOnMainline(ground, merged.conflicted), batch);
	batch.flush();
	return planned(repo, met, settings, {tree, branch, dryRun});
}

function planned(
	repo: Repo,
	met: Met,
	settings: Settings,
	{tree, branch, dryRun}: {tree: string; branch: string; dryRun: boolean},
): MergedInto {
	const ground = openGround(repo, tree, settings.load);
	// Mainline is the first side: between equals the first one stays.
	const sides = [met.mainline, met.incoming];
	const found = planMerge(ground, {base: met.base, sides, result: tree, git: null}, settings, {branch: null, head: met.mainline});
	ground.library.save();
	if (found.plan.refusals.length > 0) return {kind: 'refused', refusals: found.plan.refusals, plan: found.plan};
	if (dryRun) return {kind: 'merged', commit: null, plan: found.plan};
	const batch = objectBatch(repo);
	const plan = {...found.plan, changes: storeDrafts(repo, ground.library, found.plan.changes, batch)};
	const linear = writeTree(repo, tree, pathChanges(plan.changes), batch);
	batch.flush();
	const moves = plan.steps.flatMap(step => (step.kind === 'renumber' ? [`${step.from} -> ${step.to}`] : []));
	const message = [
		`Merge ${shortRef(met.ref)} into ${branch}`,
		'',
		'Migrations of the branch follow those of mainline:',
		'',
		...moves,
	];
	return {kind: 'merged', commit: commitTree(repo, linear, [met.incoming, met.mainline], `${message.join('\n')}\n`), plan};
}

/** Conflicts that are not ours to resolve: outside of the migrations, and where both sides edited one of them. */
function forPersons(ground: Ground, met: Met, {load}: Settings, conflicted: readonly string[]): string[] {
	const before = met.base === null ? new Map() : ground.at(met.base);
	return conflicted.filter(path => !isGuardedPath(path, load) || (before.has(path) && !isMaxMigration(path)));
}

/** Two migrations of one name, and max_migration.txt: what the plan writes anew. Until then mainline's stands. */
function asOnMainline({files}: Ground, paths: readonly string[]): PathChange[] {
	return paths.map(path => ({path, oid: files.get(path)?.oid ?? null, mode: files.get(path)?.mode ?? '100644'}));
}

function refused(refusal: Refusal): MergedInto {
	return {kind: 'refused', refusals: [refusal], plan: null};
}
