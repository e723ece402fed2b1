import {join} from 'node:path';
import {DEFAULTS, type Watch} from '../config/config.ts';
import {loadConfig} from '../config/find.ts';
import {examineWorktree} from '../doors/examine.ts';
import {shortRef} from '../doors/label.ts';
import {readSettings} from '../doors/read-settings.ts';
import type {Settings} from '../doors/settings.ts';
import {headRef, type Operation} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {folderOf, stemOf} from '../history/revision.ts';
import type {Finding} from '../migrations/finding.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import {type Standing, standing} from './concern.ts';
import type {Candidate} from './foresee.ts';
import type {Worktree} from './places.ts';
import {commitOfWorktree} from './quarantine.ts';

/** A worktree as the last look found it. */
export interface WorktreeState {
	readonly path: string;
	/** As people call it; null: a detached HEAD. */
	readonly branch: string | null;
	readonly head: string | null;
	/** What git is in the middle of; then all else is as it was before. */
	readonly operation: Operation | null;
	/** What `migration-guard check` says of it. */
	readonly apps: number;
	readonly migrations: number;
	readonly findings: readonly Finding[];
	/** Why it could not be looked at: a mistake in its configuration, a git that failed. */
	readonly error: string | null;
}

/** All that a look at one worktree yields. */
export interface WorktreeLook {
	readonly state: WorktreeState;
	readonly settings: Settings | null;
	/** What its configuration says of the daemon. */
	readonly watch: Watch;
	/** Folders of its migrations, absolute. */
	readonly folders: readonly string[];
	readonly standing: readonly Standing[];
	/** What of it may meet mainline. */
	readonly candidate: Candidate | null;
	/** The branch that it has checked out, by its full name. */
	readonly ref: string | null;
}

/** Look at a worktree as `check` does. `quarantine` is the same repository, where objects may be made. Never throws: what fails is part of the answer. */
export async function lookAt(repo: Worktree, quarantine: Worktree): Promise<WorktreeLook> {
	const empty = {path: repo.top, branch: null, head: null, operation: null, apps: 0, migrations: 0, findings: [], error: null};
	try {
		const settings = await readSettings(repo);
		const config = await loadConfig(repo.top);
		const ref = headRef(repo);
		const branch = shortRef(ref);
		const head = resolveCommit(repo, 'HEAD');
		const {examined, ground} = await examineWorktree(repo, settings.load, config);
		const {findings, summary} = examined;
		const folders = [...new Set([...ground.files.keys()].map(folderOf))];
		const made = commitOfWorktree(quarantine, ground, head);
		const labels =
			made.paths.length === 0
				? new Map<string, string>()
				: new Map(ground.load(ground.files).folders.map(({path, app}) => [path, app]));
		const uncommitted = new Set<NodeKey>(
			made.paths.flatMap(path => {
				const app = labels.get(folderOf(path));
				return app !== undefined && path.endsWith('.py') ? [nodeKey(app, stemOf(path))] : [];
			}),
		);
		const subject = {branch, worktree: repo.top};
		return {
			state: {...empty, branch, head, apps: summary.apps, migrations: summary.migrations, findings},
			settings,
			watch: config.watch,
			folders: folders.map(folder => join(repo.top, folder)),
			standing: standing(subject, findings),
			candidate: made.commit === null ? null : {subject, commit: made.commit, uncommitted},
			ref,
		};
	} catch (error) {
		const said = (error as Error).message;
		return {
			state: {...empty, error: said},
			settings: null,
			watch: DEFAULTS.watch,
			folders: [],
			standing: [],
			candidate: null,
			ref: null,
		};
	}
}
