import {EXIT, UsageError} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import {applyChanges, effective, Locked} from '../install/changes.ts';
import {foldersFromSettings} from '../install/folders.ts';
import {layoutOf} from '../install/layout.ts';
import {serverChanges} from '../install/server.ts';
import {hooksPathInForce} from '../install/wish.ts';
import {changesText, serverInstalledText} from '../report/installation.ts';
import {refusalText} from '../report/refusal.ts';
import {VERSION} from '../version.ts';
import type {Context} from './command.ts';
import {lockedRefusal} from './locked.ts';

/** Set up a bare repository that others push to. Throws UsageError where pushes do not end. */
export function installOnServer(context: Context, repo: Repo, program: string): number {
	if (!repo.bare) throw new UsageError(`--server is for a bare repository, which others push to; ${repo.cwd} has a worktree`);
	const layout = layoutOf(repo.commonDir);
	const event = context.values['each-ref'] === true ? 'update' : 'pre-receive';
	const elsewhere = hooksPathInForce(repo);
	if (elsewhere !== '') {
		context.err(
			refusalText({
				code: 'hooks-elsewhere',
				what: `core.hooksPath is ${elsewhere} for this repository, so nothing was installed`,
				nodes: [],
				paths: [],
				why: 'hooks of a server that lie elsewhere belong to its software or its administrator',
				next: 'docs/server.md, "Hooks in another place"',
			}),
		);
		return EXIT.problems;
	}
	const wish = {layout, event, found: foldersFromSettings(repo), program, version: VERSION, node: process.execPath} as const;
	const changes = effective(serverChanges(wish));
	if (context.values['dry-run']) {
		context.out(changesText(changes, layout.common));
		return EXIT.ok;
	}
	try {
		applyChanges(changes);
	} catch (error) {
		if (!(error instanceof Locked)) throw error;
		context.err(refusalText(lockedRefusal(error, 'migration-guard install --server')));
		return EXIT.problems;
	}
	context.out(serverInstalledText({version: VERSION, common: layout.common, event, again: changes.length === 0}));
	return EXIT.ok;
}
