import {EXIT} from '../errors.ts';
import {applyChanges, type Change, effective, Locked} from '../install/changes.ts';
import type {GitVersion} from '../install/git-version.ts';
import {globalInstallChanges, globalLayout, globalUninstallChanges} from '../install/global.ts';
import type {Layout} from '../install/layout.ts';
import {changesText, globallyInstalledText} from '../report/installation.ts';
import {refusalText} from '../report/refusal.ts';
import {VERSION} from '../version.ts';
import type {Context} from './command.ts';
import {lockedRefusal} from './locked.ts';

/** Set up every repository of this user. Git must take hooks from its configuration: files for all would hide each repository's own. */
export function installGlobally(context: Context, program: string, git: GitVersion): number {
	if (!git.configurableHooks) {
		context.err(
			refusalText({
				code: 'git-too-old-for-global',
				what: `git ${git.text} takes hooks from files only`,
				nodes: [],
				paths: [],
				why: 'a folder of hooks for all repositories would hide the hooks that each of them has; git 2.54 takes hooks from its configuration',
				next: 'migration-guard install, in each repository',
			}),
		);
		return EXIT.problems;
	}
	const layout = globalLayout({cwd: context.cwd}, context.env);
	const changes = effective(globalInstallChanges({layout, program, version: VERSION, node: process.execPath}));
	return make(context, layout, changes, 'install', () =>
		globallyInstalledText({version: VERSION, home: layout.home, config: layout.gitConfig, again: changes.length === 0}),
	);
}

/** Take that away again, byte for byte. */
export function uninstallGlobally(context: Context): number {
	const layout = globalLayout({cwd: context.cwd}, context.env);
	const changes = effective(globalUninstallChanges(layout));
	return make(context, layout, changes, 'uninstall', () =>
		changes.length === 0
			? 'migration-guard is not installed for this machine; nothing to do\n'
			: `migration-guard is gone from ${layout.gitConfig} and ${layout.home}\n`,
	);
}

function make(context: Context, layout: Layout, changes: readonly Change[], command: string, done: () => string): number {
	if (context.values['dry-run']) {
		context.out(changesText(changes, layout.common));
		return EXIT.ok;
	}
	try {
		applyChanges(changes);
	} catch (error) {
		if (!(error instanceof Locked)) throw error;
		context.err(refusalText(lockedRefusal(error, `migration-guard ${command} --global`)));
		return EXIT.problems;
	}
	context.out(done());
	return EXIT.ok;
}
