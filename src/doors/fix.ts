import {headRef, type Repo} from '../git/repo.ts';
import {commitInfo, resolveCommit} from '../git/revisions.ts';
import {git} from '../git/run.ts';
import type {Assembly, Entry} from '../history/meeting.ts';
import {type Arm, armsOf, type Rank} from '../history/sides.ts';
import {meetingWithin, type StandingFork} from '../history/standing.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import {type Outcome, type SideLabel, unchanged} from '../plan/outcome.ts';
import {planMeeting} from '../plan/plan-meeting.ts';
import type {Refusal} from '../refusal.ts';
import {isUndone} from '../worktree/undo.ts';
import {resolveIndex} from './concluded.ts';
import {recentPick} from './finished-pick.ts';
import {finishedRebase} from './finished-rebase.ts';
import {commitFix, stageFix} from './fix-apply.ts';
import {leftBehind, type Running, running} from './left-behind.ts';
import {stampFinder, standingOf} from './meeting.ts';
import {findLeftMentions} from './mentions.ts';
import {resolveMergeCommit} from './merge.ts';
import {resolveReplay} from './replay.ts';
import type {Settings} from './settings.ts';
import {openWorktree, type WorktreeGround} from './worktree.ts';

export interface FixOptions {
	readonly dryRun: boolean;
	/** Make a commit of its own instead of staging. */
	readonly commit: boolean;
	/** The migration whose arm moves, whatever the ranks say. */
	readonly renumber: NodeKey | null;
	/** Join the leaves by a merge migration. */
	readonly merge: boolean;
}

/** Resolve a fork that stands in HEAD, the index or the worktree, however it got there. */
export function fix(repo: Repo & {readonly top: string}, settings: Settings, options: FixOptions): Outcome {
	const chosen = {...settings, strategy: options.merge ? ('merge' as const) : settings.strategy};
	const found = running(repo);
	const isOver = found.isOver && !isDirty(repo);
	const going = isOver ? null : found.operation;
	if (going === 'merge') {
		const outcome = resolveIndex(repo, chosen, 'commit', options);
		if (outcome.kind !== 'nothing' && outcome.kind !== 'noticed') return outcome;
	} else if (going !== null && going !== 'bisect') {
		return refuse(inProgress(going));
	}
	const outcome = fixHere(repo, chosen, options, going === null, found);
	return isOver && found.operation !== null && outcome.kind === 'done'
		? {...outcome, notices: [...outcome.notices, leftBehind(found.operation)]}
		: outcome;
}

function fixHere(
	repo: Repo & {readonly top: string},
	chosen: Settings,
	options: FixOptions,
	isIdle: boolean,
	found: Running,
): Outcome {
	const head = resolveCommit(repo, 'HEAD');
	if (head !== null && isIdle && isUndone(repo, head) && !options.renumber && !options.merge) return refuse(wasUndone());
	if (head !== null && isIdle && !options.commit && !isDirty(repo)) {
		const outcome = resolveMergeCommit(repo, chosen, 'person', {
			dryRun: options.dryRun,
			...(options.renumber ? {armsOf: chosenArms(options.renumber)} : {}),
		});
		if (outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.refusals.some(({code}) => code !== 'already-pushed')))
			return outcome;
		const replayed = options.renumber || options.merge ? null : fixReplay(repo, chosen, options, head, found);
		if (replayed?.kind === 'done') return replayed;
	}
	return fixStanding(repo, chosen, options, head);
}

function fixStanding(repo: Repo & {readonly top: string}, settings: Settings, options: FixOptions, head: string | null): Outcome {
	const ground = openWorktree(repo, settings.load);
	ground.library.save();
	if (ground.unmerged.size > 0) return refuse(unmergedPaths([...ground.unmerged]));
	const project = ground.load(ground.files);
	const standing = standingOf(ground, settings, {branch: headRef(repo), head: head ?? 'HEAD'});
	const meeting =
		meetingWithin(ground.files, project, fork => entryOrder(ground, fork, project), ground.library) ?? unforked(ground, project);
	const planned = planMeeting(meeting, ground.library, {
		strategy: settings.strategy,
		...standing,
		stamp: stampFinder(ground, ['HEAD']),
		load: ground.load,
		refreshAll: true,
		...(options.renumber ? {armsOf: chosenArms(options.renumber)} : {}),
	});
	const reported = head === null ? [] : findLeftMentions(ground, head, planned.decisions.renames);
	const plan = {...planned.plan, reported: [...planned.plan.reported, ...reported]};
	const sides: SideLabel[] = [];
	if (plan.changes.length === 0) return unchanged(plan, () => sides);
	if (options.dryRun) return {kind: 'done', how: 'dry run', plan, sides, notices: []};
	return options.commit ? commitFix(ground, plan, head) : stageFix(ground, plan);
}

/** Nothing is forked: a meeting in which nothing can move, for what else may be out of step (max_migration.txt). */
function unforked(ground: WorktreeGround, project: Project) {
	const {files} = ground;
	return {
		base: files,
		sides: [files, files],
		git: files,
		result: files,
		labels: new Map(project.folders.map(({path, app}) => [path, app])),
	};
}

/** Order the arms by when they entered HEAD's first-parent history; what is not committed comes last. */
function entryOrder({repo}: WorktreeGround, fork: StandingFork, project: Project): number[] {
	const paths = fork.arms.flatMap(({nodes}) => nodes.map(node => project.nodes.get(node)!.path));
	const args = [
		'log',
		'--first-parent',
		'-m',
		'--diff-filter=A',
		'--no-renames',
		'--format=',
		'--name-only',
		'-z',
		'HEAD',
		'--',
		...paths.map(path => `:(literal,top)${path}`),
	];
	const {stdout, code} = git(repo, args, {ok: [0, 128]});
	// Newest first: the last mention of a path is when it entered for the first time.
	const entered =
		code === 0
			? stdout
					.toString('utf8')
					.split('\0')
					.map(path => path.trim())
					.filter(Boolean)
					.reverse()
			: [];
	const since = (index: number) => {
		const positions = fork.arms[index]!.nodes.map(node => entered.indexOf(project.nodes.get(node)!.path)).filter(
			position => position >= 0,
		);
		return positions.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...positions);
	};
	return fork.arms.map((_, index) => index).sort((a, b) => (since(a) === since(b) ? a - b : since(a) - since(b)));
}

/** The arm with the chosen migration moves, all others stay in their order. */
function chosenArms(chosen: NodeKey) {
	return (app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank): readonly Arm[] => {
		const arms = armsOf(app, assembly, rankOf);
		const holds = (arm: Arm) => arm.own.some(({name}) => nodeKey(app, name) === chosen);
		if (!arms.some(holds)) return arms;
		return [...arms.filter(arm => !holds(arm)), ...arms.filter(holds).map(arm => ({...arm, rank: 0 as const}))];
	};
}

/** A rebase, picks or patches that no hook has looked at: each commit gets its own part, as it would have from the hook. */
function fixReplay(repo: Repo, settings: Settings, options: FixOptions, head: string, found: Running): Outcome | null {
	const rebased = found.operation === 'rebase-merge' ? finishedRebase(repo, head) : null;
	if (rebased) return resolveReplay(repo, rebased, settings, 'rebase', options);
	const picked = commitInfo(repo, head).parents.length > 1 ? null : recentPick(repo);
	return picked && resolveReplay(repo, picked.replay, settings, picked.kind, options);
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

function wasUndone(): Refusal {
	return {
		code: 'undone',
		what: 'The renumbering of this commit was undone, so it is left alone until HEAD changes.',
		nodes: [],
		paths: [],
		why: 'What a person took back is not done again by itself.',
		next: 'migration-guard fix --renumber APP.NAME',
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
