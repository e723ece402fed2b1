import {existsSync} from 'node:fs';
import type {Config} from '../config/config.ts';
import {configLine, loadConfig} from '../config/find.ts';
import type {Repo} from '../git/repo.ts';
import {mainlineRefs} from '../git/revisions.ts';
import {fields, git, text} from '../git/run.ts';
import {effective} from '../install/changes.ts';
import {type GitVersion, gitVersion, oldestGit} from '../install/git-version.ts';
import {globalInstallChanges, globalLayout} from '../install/global.ts';
import {globalDriverCommand} from '../install/launchers.ts';
import {type Layout, layoutOf} from '../install/layout.ts';
import {pathspecs} from '../install/patterns.ts';
import {readRecord} from '../install/record.ts';
import {wishFor} from '../install/wish.ts';
import {isMigrationFile} from '../migrations/project.ts';
import {type Answer, answers} from './answers.ts';
import {type Complaint, INSTALL, type Notice, shellWord} from './complaint.ts';
import {hookComplaints} from './hooks.ts';
import {mainlineComplaints, mainlineNotices} from './mainline.ts';
import {type FoundNode, findNode, nodeComplaints} from './node.ts';
import {attributesComplaint, partComplaints} from './parts.ts';
import {isServer, linkedWorktrees, lookAtServer} from './server.ts';
import {stateComplaints} from './state.ts';

/** What the looking one knows of itself. */
export interface Self {
	/** Folder of the built program. */
	readonly program: string;
	readonly version: string;
	readonly node: string;
	readonly env: Readonly<Record<string, string | undefined>>;
}

/** What was found in place and what was not. */
export interface Diagnosis {
	/** Where it is installed: in this clone, in a bare repository that others push to, or for all repositories; null: nowhere. */
	readonly installed: 'repository' | 'server' | 'global' | null;
	readonly git: string;
	/** Of the Node that the hooks find. */
	readonly node: string | null;
	readonly hooks: readonly Answer[];
	readonly mainline: readonly string[];
	/** The branches that a server protects, as patterns; null: this is none. */
	readonly protected: readonly string[] | null;
	/** Folders of migrations in the index. */
	readonly folders: number;
	readonly complaints: readonly Complaint[];
	readonly notices: readonly Notice[];
}

/** Look whether everything is in place around a repository. Changes nothing. Throws UsageError on a configuration that cannot be read. */
export async function diagnose(repo: Repo, self: Self): Promise<Diagnosis> {
	const version = gitVersion(repo);
	if (!version.supported) return tooOld(version);
	const layout = layoutOf(repo.commonDir);
	const worktrees = repo.bare && !isServer(layout) ? linkedWorktrees(repo) : [];
	if (repo.bare && worktrees.length === 0)
		return {...lookAtServer(repo, self), git: version.text, mainline: [], folders: 0, notices: []};
	const config = await loadConfig(repo.top);
	const paths = firstMigrations(repo, [...config.folders, ...(readRecord(layout)?.folders ?? [])]);
	// A run of the machine's installation leaves a folder here, too, with its journal.
	const isHere = [layout.hook, layout.driver].some(existsSync) || (existsSync(layout.record) && !isServer(layout));
	const found = isHere ? local(repo, self, config, version, paths) : elsewhere(repo, self, version, paths);
	const line = (names: readonly string[]) => configLine(repo.top, 'mainline', names);
	const off = self.env.MIGRATION_GUARD === '0' ? [switchedOff] : [];
	return {
		git: version.text,
		mainline: mainlineRefs(repo, config.mainline).map(({ref}) => ref),
		protected: null,
		folders: paths.length,
		...found,
		complaints: [
			...off,
			...found.complaints.map(one => mendedIn(worktrees[0], one)),
			...mainlineComplaints(repo, config.mainline, line),
			...stateComplaints(repo),
		],
		notices: mainlineNotices(repo, config.mainline, line),
	};
}

/** Hooks of clones are installed in a worktree, also where the repository beside it is bare. */
function mendedIn(worktree: string | undefined, complaint: Complaint): Complaint {
	if (worktree === undefined || complaint.mend !== INSTALL) return complaint;
	return {...complaint, mend: `cd ${shellWord(worktree)} && ${INSTALL}`};
}

type Found = Pick<Diagnosis, 'installed' | 'node' | 'hooks' | 'complaints'>;

const switchedOff: Complaint = {
	code: 'switched-off',
	what: 'MIGRATION_GUARD=0 switches hooks and merge driver off',
	why: 'it is in the environment of this shell',
	mend: 'unset MIGRATION_GUARD',
};

const notInstalled: Complaint = {
	code: 'not-installed',
	what: 'migration-guard is not installed in this clone',
	why: 'hooks and merge drivers are never cloned along',
	mend: INSTALL,
};

function tooOld({text: git}: GitVersion): Diagnosis {
	const what = `git ${git} is too old`;
	const why = `git ${oldestGit.join('.')} brought \`git merge-tree --write-tree\`, which every merge needs`;
	const complaint = {code: 'git-too-old', what, why, mend: 'git --version, after an update of git'};
	return {
		installed: null,
		git,
		node: null,
		hooks: [],
		mainline: [],
		protected: null,
		folders: 0,
		complaints: [complaint],
		notices: [],
	};
}

function local(repo: Repo, self: Self, {folders: globs}: Config, version: GitVersion, paths: readonly string[]): Found {
	const layout = layoutOf(repo.commonDir);
	const node = findNode(repo, readRecord(layout)?.node ?? self.node);
	const wish = wishFor(repo, {...self, globs, node: node.noted, configurable: version.configurableHooks});
	const hooks = answers(repo, version.configurableHooks);
	return {
		installed: 'repository',
		node: node.version,
		hooks,
		complaints: [
			...partComplaints(repo, wish, paths),
			...nodeComplaints(node),
			...hookComplaints(repo, layout, version.configurableHooks, hooks),
		],
	};
}

/** Without an installation of its own, a repository may have that of the machine. */
function elsewhere(repo: Repo, self: Self, version: GitVersion, paths: readonly string[]): Found {
	const layout = globalLayout(repo, self.env);
	const home = layout.home.replaceAll('\\', '/');
	const driver = text(git(repo, ['config', 'merge.migration-guard.driver'], {ok: [0, 1]}));
	if (driver !== globalDriverCommand(home)) return {installed: null, node: null, hooks: [], complaints: [notInstalled]};
	const node = findNode(repo, readRecord(layout)?.node ?? self.node);
	const hooks = answers(repo, version.configurableHooks);
	const complaints = [
		...outdated(layout, self, node),
		...attributesComplaint(repo, paths),
		...nodeComplaints(node),
		...hookComplaints(repo, layout, version.configurableHooks, hooks),
	];
	const mended = complaints.map(one => (one.mend === INSTALL ? {...one, mend: `${INSTALL} --global`} : one));
	return {installed: 'global', node: node.version, hooks, complaints: mended};
}

function outdated(layout: Layout, self: Self, node: FoundNode): Complaint[] {
	const changes = effective(globalInstallChanges({...self, layout, node: node.noted}));
	if (changes.length === 0) return [];
	const what = 'the installation for this machine is not what this version would write';
	return [{code: 'global-changed', what, why: `${changes.map(({path}) => path).join(', ')} differ`, mend: INSTALL}];
}

/** The first migration of each folder: one question of git's attributes for each. */
function firstMigrations(repo: Repo, folders: readonly string[]): string[] {
	if (repo.top === null) return [];
	const paths = fields(git(repo, ['ls-files', '-z', '--full-name', '--', ...pathspecs(folders)]));
	const first = new Map<string, string>();
	for (const path of paths) {
		const folder = path.slice(0, path.lastIndexOf('/'));
		if (isMigrationFile(path) && !first.has(folder)) first.set(folder, path);
	}
	return [...first.values()];
}
