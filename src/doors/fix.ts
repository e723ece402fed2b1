import type {Repo} from '../git/repo.ts';
import {commitInfo, resolveCommit} from '../git/revisions.ts';
import {git} from '../git/run.ts';
import type {NodeKey} from '../migrations/key.ts';
import {type Outcome, unchanged} from '../plan/outcome.ts';
import type {Refusal} from '../refusal.ts';
import {type Chosen, choose} from './chosen.ts';
import {resolveIndex} from './concluded.ts';
import {recentPick} from './finished-pick.ts';
import {finishedRebase} from './finished-rebase.ts';
import {commitFix, stageFix} from './fix-apply.ts';
import {isLeftAlone, wasUndone} from './left-alone.ts';
import {leftBehind, type Running, running} from './left-behind.ts';
import {findLeftMentions} from './mentions.ts';
import {resolveMergeCommit} from './merge.ts';
import {planStanding} from './plan-standing.ts';
import {resolveReplay} from './replay.ts';
import type {Settings} from './settings.ts';
import {openWorktree} from './worktree.ts';

export interface FixOptions {
	readonly dryRun: boolean;
	/** Make a commit of its own instead of staging. */
	readonly commit: boolean;
	/** The migration whose arm moves, whatever the ranks say. */
	readonly renumber: NodeKey | null;
	/** Join the leaves by a merge migration. */
	readonly merge: boolean;
}

/**
 * Resolve a fork that stands in HEAD, the index or the worktree, however it got there. Throws UsageError where the migration that is to move is in
 * no fork.
 */
export function fix(repo: Repo & {readonly top: string}, settings: Settings, options: FixOptions): Outcome {
	const strategy = options.merge ? ('merge' as const) : settings.strategy;
	const found = running(repo);
	const isOver = found.isOver && !isDirty(repo);
	const going = isOver ? null : found.operation;
	if (going !== null && going !== 'merge' && going !== 'bisect') return refuse(inProgress(going));
	const wanted = wish(repo, {...settings, strategy}, options);
	if ('code' in wanted) return refuse(wanted);
	if (going === 'merge') {
		const outcome = resolveIndex(repo, wanted.settings, 'commit', wanted);
		if (outcome.kind !== 'nothing' && outcome.kind !== 'noticed') return wanted.chosen?.told(outcome) ?? outcome;
	}
	const fixed = fixHere(repo, wanted, going === null, found);
	const outcome = wanted.chosen?.told(fixed) ?? fixed;
	return isOver && found.operation !== null && outcome.kind === 'done'
		? {...outcome, notices: [...outcome.notices, leftBehind(found.operation)]}
		: outcome;
}

/** What is asked for, looked up in what stands. */
interface Wish {
	readonly settings: Settings;
	readonly head: string | null;
	readonly dryRun: boolean;
	readonly commit: boolean;
	readonly chosen: Chosen | null;
	/** A person wants it, also where it was undone. */
	readonly anyway: boolean;
}

function wish(
	repo: Repo & {readonly top: string},
	settings: Settings,
	{renumber, merge, dryRun, commit}: FixOptions,
): Wish | Refusal {
	const head = resolveCommit(repo, 'HEAD');
	const isLeft = head !== null && isLeftAlone(repo, head);
	const anyway = renumber !== null || merge;
	const wanted = {settings, head, dryRun, commit, anyway, chosen: null};
	if (renumber === null && (anyway || !isLeft)) return wanted;
	const ground = openWorktree(repo, settings.load);
	if (ground.unmerged.size > 0) return wanted;
	if (renumber !== null) return {...wanted, chosen: choose(ground, settings, head, renumber, isLeft)};
	const {planned} = planStanding(ground, settings, head);
	return planned.appPlans.length > 0 ? wasUndone(planned) : wanted;
}

function fixHere(repo: Repo & {readonly top: string}, wanted: Wish, isIdle: boolean, found: Running): Outcome {
	const {head, settings, commit, anyway} = wanted;
	if (head !== null && isIdle && !commit && !isDirty(repo)) {
		const outcome = resolveMergeCommit(repo, settings, 'person', wanted);
		if (outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.refusals.some(({code}) => code !== 'already-pushed')))
			return outcome;
		const replayed = anyway ? null : fixReplay(repo, wanted, head, found);
		if (replayed?.kind === 'done') return replayed;
	}
	return fixStanding(repo, wanted);
}

function fixStanding(repo: Repo & {readonly top: string}, {settings, head, chosen, dryRun, commit}: Wish): Outcome {
	const ground = openWorktree(repo, settings.load);
	ground.library.save();
	if (ground.unmerged.size > 0) return refuse(unmergedPaths([...ground.unmerged]));
	const {planned, sides} = planStanding(ground, settings, head, chosen?.armsOf);
	const reported = head === null ? [] : findLeftMentions(ground, head, planned.decisions.renames);
	const plan = {...planned.plan, reported: [...planned.plan.reported, ...reported]};
	if (plan.changes.length === 0) return unchanged(plan, sides);
	if (dryRun) return {kind: 'done', how: 'dry run', plan, sides: sides(), notices: []};
	return commit ? commitFix(ground, plan, head, sides()) : stageFix(ground, plan, sides());
}

/** A rebase, picks or patches that no hook has looked at: each commit gets its own part, as it would have from the hook. */
function fixReplay(repo: Repo, {settings, dryRun}: Wish, head: string, found: Running): Outcome | null {
	const rebased = found.operation === 'rebase-merge' ? finishedRebase(repo, head) : null;
	if (rebased) return resolveReplay(repo, rebased, settings, 'rebase', {dryRun});
	const picked = commitInfo(repo, head).parents.length > 1 ? null : recentPick(repo);
	return picked && resolveReplay(repo, picked.replay, settings, picked.kind, {dryRun});
}

/** Are there local changes to tracked files? Then no commit is touched. */
function isDirty(repo: Repo): boolean {
	return git(repo, ['status', '--porcelain', '--untracked-files=no', '--ignore-submodules']).stdout.length > 0;
}

function refuse(refusal: Refusal): Outcome {
	return {kind: 'refused', refusals: [refusal], plan: null, sides: []};
}

function inProgress(what: string): Refusal {
	const name = what.startsWith('rebase') ? 'rebase' : what;
	return {
		code: 'in-progress',
		what: `A ${name} is in progress, so nothing was changed.`,
		nodes: [],
		paths: [],
		why: 'Git keeps its own idea of the index until it is done.',
		next: name === 'am' ? 'git am --continue' : `git ${name} --continue`,
	};
}

function unmergedPaths(paths: readonly string[]): Refusal {
	return {
		code: 'unmerged',
		what: 'There are conflicts left to resolve, so nothing was changed.',
		nodes: [],
		paths,
		why: 'Until they are resolved it is not known what the history will be.',
		next: 'git status',
	};
}
