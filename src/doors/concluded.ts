import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {mergeTree, objectBatch} from '../git/objects.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {isStaleMergeHead, resolveCommit} from '../git/revisions.ts';
import {writeIndexTree} from '../git/trees.ts';
import {NOTHING, type Outcome, unchanged, withNodes} from '../plan/outcome.ts';
import {applyToIndex} from '../worktree/apply.ts';
import {openGround} from './ground.ts';
import {labelSides, nameCommits, shortRef} from './label.ts';
import {mergeBaseOf, planMerge} from './merge.ts';
import type {Settings} from './settings.ts';
import {storeDrafts} from './write.ts';

/** How a merge is being concluded: `git commit` after conflicts or --no-commit; or a squash merge that stays in the index. */
export type Conclusion = 'commit' | 'squash';

/**
 * A merge is in the index and not yet a commit: make the index (and the worktree) linear, so that the commit will be. What the
 * user settled while resolving stands: only paths that still read as git's merge wrote them are replaced.
 */
export function resolveIndex(repo: Repo, settings: Settings, conclusion: Conclusion, options: {dryRun?: boolean} = {}): Outcome {
	const others = conclusion === 'commit' ? mergeHeads(repo) : squashedTip(repo);
	const head = resolveCommit(repo, 'HEAD');
	const tree = head === null || others.length === 0 ? null : writeIndexTree(repo);
	if (head === null || tree === null) return NOTHING;
	const oids = [head, ...others];
	const base = mergeBaseOf(repo, oids);
	const ground = openGround(repo, tree, settings.load);
	const written = others.length === 1 ? mergeTree(repo, head, others[0]!).tree : null;
	const branch = headRef(repo);
	const {plan: planned} = planMerge(ground, {base, sides: oids, result: tree, git: written}, settings, {branch, head});
	const names = () => nameCommits(repo, oids, new Map([[head, shortRef(branch) ?? 'HEAD']]));
	const sides = () => labelSides(repo, names(), oids, new Set(planned.forks.flatMap(({moves}) => moves)), base, settings);
	ground.library.save();
	if (planned.changes.length === 0) return unchanged(planned, sides);
	if (options.dryRun) return {kind: 'done', how: 'dry run', plan: planned, sides: sides(), notices: []};
	const batch = objectBatch(repo);
	const plan = {...planned, changes: storeDrafts(repo, ground.library, planned.changes, batch)};
	batch.flush();
	const applied = applyToIndex(repo, {kind: conclusion === 'squash' ? 'squash' : 'merge', changes: plan.changes, plan});
	if (!applied.ok) return {kind: 'refused', refusals: [withNodes(applied.refusal, plan)], plan, sides: sides()};
	return {kind: 'done', how: 'index and worktree', plan, sides: sides(), notices: []};
}

function mergeHeads(repo: Repo): string[] {
	const file = join(repo.gitDir, 'MERGE_HEAD');
	if (!existsSync(file) || isStaleMergeHead(repo)) return [];
	return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

/** The tip of the branch a `git merge --squash` is squashing: the first commit of SQUASH_MSG (git: builtin/merge.c squash_message). */
function squashedTip(repo: Repo): string[] {
	const file = join(repo.gitDir, 'SQUASH_MSG');
	const oid = existsSync(file) ? /^commit ([0-9a-f]{40,64})$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
	return oid === undefined ? [] : [oid];
}
