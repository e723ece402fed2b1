import {loadConfig} from '../config/find.ts';
import {EXIT, UsageError} from '../errors.ts';
import {openRepo, type Repo} from '../git/repo.ts';
import {applyChanges, effective, Locked} from '../install/changes.ts';
import {gitVersion, oldestGit} from '../install/git-version.ts';
import type {Way} from '../install/hooks.ts';
import {installChanges} from '../install/install.ts';
import {shareableCommand} from '../install/launchers.ts';
import {EVENTS, type Layout} from '../install/layout.ts';
import {hooksPathInForce, wishFor} from '../install/wish.ts';
import {changesText, installedText} from '../report/installation.ts';
import {refusalText} from '../report/refusal.ts';
import {sharedText} from '../report/shared.ts';
import {VERSION} from '../version.ts';
import type {Command, Context} from './command.ts';
import {installGlobally} from './install-global.ts';
import {installOnServer} from './install-server.ts';
import {lockedRefusal} from './locked.ts';
import {DRY_RUN} from './options.ts';

export const command: Command = {
	name: 'install',
	summary: 'set up the hooks and the merge driver in this repository',
	usage: '[--dry-run] [--global | --shared | --server [--each-ref]]',
	about: `Sets up the hooks and the merge driver in this repository, in its git directory only: no file of the worktree changes, and
other hooks keep running. Run it again after an update, or when the folders of migrations changed. It is per clone.`,
	options: {
		'dry-run': DRY_RUN,
		global: {type: 'boolean', about: 'for all repositories of this user (git 2.54 or newer)'},
		shared: {type: 'boolean', about: 'print what a team commits, for each hook manager'},
		server: {type: 'boolean', about: 'in a bare repository: refuse pushes that fork a protected branch'},
		'each-ref': {type: 'boolean', about: 'with --server: refuse single refs, and not the push as a whole'},
	},
	examples: [
		['npx migration-guard install', 'set it up in the repository you are in'],
		['npx migration-guard install --dry-run', 'list what would be written'],
		['npx migration-guard install --global', 'protect every Django repository of this machine'],
	],
	run: async context => {
		if (!context.values.shared) return install(context, import.meta.dirname);
		context.out(
			sharedText(
				VERSION,
				EVENTS.map(event => [event, shareableCommand(event)]),
			),
		);
		return EXIT.ok;
	},
};

/**
 * Set up the repository around `context.cwd`.
 * @param program folder of the built program, which is copied into the git directory
 */
export async function install(context: Context, program: string): Promise<number> {
	const isGlobal = context.values.global === true;
	const repo = isGlobal ? null : openRepo(context.cwd);
	if (!repo && !isGlobal) throw new UsageError(`install: there is no git repository around ${context.cwd}`);
	const version = gitVersion({cwd: context.cwd});
	if (!version.supported) {
		context.err(
			refusalText({
				code: 'git-too-old',
				what: `git ${version.text} is too old`,
				nodes: [],
				paths: [],
				why: `git ${oldestGit.join('.')} brought \`git merge-tree --write-tree\`, which every merge needs; nothing was changed`,
				next: 'git --version, after an update of git',
			}),
		);
		return EXIT.problems;
	}
	if (!repo) return installGlobally(context, program, version);
	if (context.values.server) return installOnServer(context, repo, program);
	if (repo.bare)
		throw new UsageError(
			`install: ${repo.cwd} is a bare repository, in which nobody merges or commits; for a hook that refuses pushes: migration-guard install --server`,
		);
	const config = await loadConfig(repo.top);
	const wish = wishFor(repo, {
		program,
		version: VERSION,
		node: process.execPath,
		globs: config.folders,
		configurable: version.configurableHooks,
	});
	const {layout, way, found} = wish;
	const changes = effective(installChanges(wish));
	if (context.values['dry-run']) {
		context.out(changesText(changes, layout.common));
		return EXIT.ok;
	}
	try {
		applyChanges(changes);
	} catch (error) {
		if (!(error instanceof Locked)) throw error;
		context.err(refusalText(lockedRefusal(error, 'migration-guard install')));
		return EXIT.problems;
	}
	warnWhenHidden(context, repo, layout, way.way);
	context.out(
		installedText({
			version: VERSION,
			common: layout.common,
			way: way.way,
			git: version.text,
			folders: [...found, ...config.folders],
			again: changes.length === 0,
		}),
	);
	return EXIT.ok;
}

/** A worktree's own configuration (extensions.worktreeConfig) is read after ours and may name another folder of hooks. */
function warnWhenHidden(context: Context, repo: Repo, layout: Layout, way: Way['way']): void {
	const inForce = hooksPathInForce(repo);
	const expected = way === 'take-over' ? layout.hooks.replaceAll('\\', '/') : '';
	if (way === 'configuration' || inForce === expected) return;
	context.err(
		`migration-guard: core.hooksPath is ${inForce} here and hides the hooks; unset it in .git/config.worktree and install again\n`,
	);
}
