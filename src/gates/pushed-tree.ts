import {djangoSettings} from '../doors/django-settings.ts';
import type {Ground} from '../doors/ground.ts';
import {publishedChanges} from '../doors/published.ts';
import type {MainlineRef} from '../git/mainline.ts';
import {diffTrees, type TreeChange} from '../git/trees.ts';
import type {Files} from '../history/revision.ts';
import {checkLoading, type Finding} from '../migrations/check.ts';
import {buildGraph} from '../migrations/graph.ts';
import {type Accepted, silence} from '../migrations/ignore.ts';
import {appOf} from '../migrations/key.ts';
import type {PushFacts} from './pre-push.ts';
import {MODELS, uncommittedMigrations} from './uncommitted.ts';

/** A pushed tree, and what it is measured by. */
export interface PushedTree {
	/** Opened on the pushed commit. */
	readonly ground: Ground;
	readonly commit: string;
	/** The commit that the remote's branch had, or else where this one left the mainline; null: neither is known. */
	readonly before: string | null;
	readonly mainline: readonly MainlineRef[];
	/** Top of the worktree, where the pushed commit is checked out there. */
	readonly checkedOutAt: string | null;
}

/** What the tree itself shows: what Django would refuse, what is published and changed, what was not committed. */
export function examineTree(
	{ground, commit, before, mainline, checkedOutAt}: PushedTree,
	ignore: readonly Accepted[],
): Pick<PushFacts, 'findings' | 'published' | 'uncommitted'> {
	const settings = djangoSettings(ground);
	const project = ground.load(ground.files, settings);
	const graph = buildGraph(project);
	const findings = problemsIn(ground, ground.files, ignore);
	const known = findings.length === 0 ? [] : knownProblems(ground, [before, ...mainline.map(({oid}) => oid)], ignore);
	const changed = before === null ? null : ground.changesAt(before);
	const published = publishedChanges(ground.repo, ground, {refs: mainline, has: null}, commit, project);
	return {
		findings: findings.map(finding => ({finding, isOld: known.some(old => isAsBad(old, finding))})),
		published: published.filter(({path}) => changed === null || changed.has(path)),
		uncommitted:
			checkedOutAt === null
				? []
				: uncommittedMigrations(ground, checkedOutAt, {graph, project, pushed: modelsChanged(ground, before, commit)}),
	};
}

function problemsIn(ground: Ground, files: Files, ignore: readonly Accepted[]): Finding[] {
	const project = ground.load(files, djangoSettings(ground));
	const text = (path: string) => ground.library.source(files.get(path)!.oid).text;
	return silence(checkLoading(project, buildGraph(project), {text}), ignore).kept;
}

function knownProblems(ground: Ground, commits: readonly (string | null)[], ignore: readonly Accepted[]): Finding[] {
	return [...new Set(commits)].flatMap(commit => (commit === null ? [] : problemsIn(ground, ground.at(commit), ignore)));
}

/** A fork is no news where the app had as many leaves before, whichever they were: a branch may have gone on from one of them. */
function isAsBad(old: Finding, now: Finding): boolean {
	if (old.code !== now.code) return false;
	const app = ({nodes}: Finding) => appOf(nodes[0] ?? '');
	return now.code === 'MG001' ? app(old) === app(now) && old.nodes.length >= now.nodes.length : old.title === now.title;
}

function modelsChanged({repo}: Ground, before: string | null, commit: string): readonly TreeChange[] {
	return before === null ? [] : diffTrees(repo, before, commit, MODELS);
}
