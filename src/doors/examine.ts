import {UsageError} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {checkProject, type Finding} from '../migrations/check.ts';
import {buildGraph} from '../migrations/graph.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {djangoSettings} from './django-settings.ts';
import {type Ground, openGround} from './ground.ts';
import {openWorktree} from './worktree.ts';

/** What was found in a tree, and what was looked at. */
export interface Examined {
	readonly findings: readonly Finding[];
	readonly summary: {readonly revision: string | null; readonly apps: number; readonly migrations: number};
}

/** Run every check on a tree. */
export function examine(ground: Ground, revision: string | null): Examined {
	const project = ground.load(ground.files, djangoSettings(ground));
	// Only now: what has just been read is what the next run need not read.
	ground.library.save();
	const text = (path: string) => ground.library.source(ground.everything.get(path)!.oid).text;
	const findings = checkProject(project, buildGraph(project), {text});
	return {
		findings,
		summary: {revision, apps: project.folders.length, migrations: project.nodes.size + project.unreadable.length},
	};
}

/** The tree that a command was asked about: a revision, else the worktree, else (in a bare repository) HEAD. Throws UsageError. */
export function openAt(repo: Repo, options: LoadOptions, asked: string | undefined): {ground: Ground; revision: string | null} {
	const {top} = repo;
	if (asked === undefined && top !== null) return {ground: openWorktree({...repo, top}, options), revision: null};
	const revision = asked ?? 'HEAD';
	const commit = resolveCommit(repo, revision);
	if (commit === null) throw new UsageError(`${revision} is no commit of this repository`);
	return {ground: openGround(repo, commit, options), revision};
}
