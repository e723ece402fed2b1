import {existsSync} from 'node:fs';
import path from 'node:path';
import {EXIT, UsageError} from '../errors.ts';
import {openRepo, type Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import {applyChanges, effective, Locked} from '../install/changes.ts';
import {layoutOf} from '../install/layout.ts';
import {uninstallChanges} from '../install/uninstall.ts';
import {changesText} from '../report/installation.ts';
import {refusalText} from '../report/refusal.ts';
import {count} from '../report/words.ts';
import type {Command, Context} from './command.ts';
import {uninstallGlobally} from './install-global.ts';
import {lockedRefusal} from './locked.ts';
import {DRY_RUN} from './options.ts';

export const command: Command = {
	name: 'uninstall',
	summary: 'take everything away again, byte for byte',
	usage: '[--global] [--dry-run]',
	about: `Takes away everything that install and later runs put into the git directory: hooks, merge driver, program, journal and
the refs that keep commits for undo. Other hooks and the configuration are left as they were, byte for byte.`,
	options: {global: {type: 'boolean', about: 'take away what install --global set up'}, 'dry-run': DRY_RUN},
	examples: [['migration-guard uninstall --dry-run', 'list what would be taken away']],
	run: async context => (context.values.global ? uninstallGlobally(context) : uninstall(context)),
};

/** Take migration-guard out of the repository around `context.cwd`. */
export function uninstall(context: Context): number {
	const repo = openRepo(context.cwd);
	if (!repo) throw new UsageError(`uninstall: there is no git repository around ${context.cwd}`);
	const layout = layoutOf(repo.commonDir);
	if (existsSync(path.join(layout.home, 'open'))) {
		context.err(
			refusalText({
				code: 'open-journal',
				what: 'a run of migration-guard was interrupted and is not finished',
				nodes: [],
				paths: [],
				why: 'what it needs to finish, or to go back, would be taken away with the rest',
				next: 'migration-guard check',
			}),
		);
		return EXIT.problems;
	}
	const refs = ourRefs(repo);
	const changes = effective(uninstallChanges(layout));
	if (context.values['dry-run']) {
		context.out(`${changesText(changes, layout.common)}${refs.map(ref => `delete ref ${ref}\n`).join('')}`);
		return EXIT.ok;
	}
	if (changes.length === 0 && refs.length === 0) {
		context.out('migration-guard is not installed here; nothing to do\n');
		return EXIT.ok;
	}
	try {
		deleteRefs(repo, refs);
		applyChanges(effective(uninstallChanges(layout)));
	} catch (error) {
		if (!(error instanceof Locked)) throw error;
		context.err(refusalText(lockedRefusal(error, 'migration-guard uninstall')));
		return EXIT.problems;
	}
	const kept = refs.length === 0 ? '' : `, with ${count(refs.length, 'ref')} that kept commits for undo`;
	context.out(`migration-guard is gone from ${layout.common}${kept}\n`);
	return EXIT.ok;
}

function ourRefs(repo: Repo): string[] {
	return text(git(repo, ['for-each-ref', '--format=%(refname)', 'refs/migration-guard/']))
		.split('\n')
		.filter(Boolean);
}

function deleteRefs(repo: Repo, refs: readonly string[]): void {
	if (refs.length > 0) git(repo, ['update-ref', '--stdin'], {input: refs.map(ref => `delete ${ref}\n`).join('')});
}
