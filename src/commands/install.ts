import {loadConfig} from '../config/find.ts';
import {EXIT, UsageError} from '../errors.ts';
import {openRepo, type Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import {applyChanges, effective, Locked} from '../install/changes.ts';
import {foldersFromSettings} from '../install/folders.ts';
import {gitVersion, oldestGit} from '../install/git-version.ts';
import {chooseWay, type Way} from '../install/hooks.ts';
import {installChanges} from '../install/install.ts';
import {type Layout, layoutOf} from '../install/layout.ts';
import {changesText, installedText} from '../report/installation.ts';
import {refusalText} from '../report/refusal.ts';
import {VERSION} from '../version.ts';
import type {Command, Context} from './command.ts';
import {DRY_RUN} from './options.ts';
import {lockedRefusal} from './uninstall.ts';

export const command: Command = {
	name: 'install',
	summary: 'set up the hooks and the merge driver in this repository',
	usage: '[--dry-run]',
	about: `Sets up the hooks and the merge driver in this repository, in its git directory only: no file of the worktree changes, and
other hooks keep running. Run it again after an update, or when the folders of migrations changed. It is per clone.`,
	options: {'dry-run': DRY_RUN},
	examples: [
		['npx migration-guard install', 'set it up in the repository you are in'],
		['npx migration-guard install --dry-run', 'list what would be written'],
	],
	run: async context => install(context, import.meta.dirname),
};

/**
 * Set up the repository around `context.cwd`.
 * @param program folder of the built program, which is copied into the git directory
 */
export async function install(context: Context, program: string): Promise<number> {
	const repo = openRepo(context.cwd);
	if (!repo) throw new UsageError(`install: there is no git repository around ${context.cwd}`);
	const version = gitVersion(repo);
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
	const layout = layoutOf(repo.commonDir);
	const config = await loadConfig(repo.top);
	const way = chooseWay(layout, version.configurableHooks, foreignHooksPath(repo, layout));
	const found = foldersFromSettings(repo);
	const wish = {layout, top: repo.cwd, way, globs: config.folders, found, program, version: VERSION, node: process.execPath};
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
	const inForce = text(git(repo, ['config', '--type=path', 'core.hooksPath'], {ok: [0, 1]}));
	const expected = way === 'take-over' ? layout.hooks.replaceAll('\\', '/') : '';
	if (way === 'configuration' || inForce === expected) return;
	context.err(
		`migration-guard: core.hooksPath is ${inForce} here and hides the hooks; unset it in .git/config.worktree and install again\n`,
	);
}

/** `core.hooksPath` as others set it: what is in force, and behind our own value the one it hides. */
function foreignHooksPath(repo: Repo, layout: Layout): string | null {
	const ask = (...args: string[]) => text(git(repo, ['config', ...args, '--type=path', 'core.hooksPath'], {ok: [0, 1]}));
	const inForce = ask();
	const foreign = inForce === layout.hooks.replaceAll('\\', '/') ? ask('--no-includes') : inForce;
	return foreign === '' ? null : foreign;
}
