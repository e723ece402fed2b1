import type {Repo} from '../git/repo.ts';
import {type GitPlace, git, text} from '../git/run.ts';
import {foldersFromSettings} from './folders.ts';
import {chooseWay} from './hooks.ts';
import type {Wish} from './install.ts';
import {type Layout, layoutOf} from './layout.ts';

/** What is known before the repository is looked at. */
export interface Given {
	/** Folder of the built program. */
	readonly program: string;
	readonly version: string;
	readonly node: string;
	/** Globs from the configuration. */
	readonly globs: readonly string[];
	/** Whether this git takes hooks from its configuration. */
	readonly configurable: boolean;
}

/** Find out everything an installation here depends on. */
export function wishFor(repo: Repo, {configurable, ...given}: Given): Wish {
	const layout = layoutOf(repo.commonDir);
	const way = chooseWay(layout, configurable, foreignHooksPath(repo, layout));
	return {...given, layout, top: repo.cwd, way, found: foldersFromSettings(repo)};
}

/** `core.hooksPath` as git has it in force in a worktree; empty when it is not set. */
export function hooksPathInForce(place: GitPlace, ...options: readonly string[]): string {
	return text(git(place, ['config', ...options, '--type=path', 'core.hooksPath'], {ok: [0, 1]}));
}

/** `core.hooksPath` as our own configuration sets it; it is absolute, so a repository that was moved has it wrong. */
export function ownHooksPath(place: GitPlace, layout: Layout): string {
	return hooksPathInForce(place, '--file', layout.config);
}

/** `core.hooksPath` as others set it: what is in force, and behind our own value the one it hides. */
function foreignHooksPath(repo: Repo, layout: Layout): string | null {
	const inForce = hooksPathInForce(repo);
	const ours = [layout.hooks.replaceAll('\\', '/'), ownHooksPath(repo, layout)];
	const foreign = ours.includes(inForce) ? hooksPathInForce(repo, '--no-includes') : inForce;
	return foreign === '' ? null : foreign;
}
