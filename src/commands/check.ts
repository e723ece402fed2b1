import {examine} from '../doors/examine.ts';
import {openGround} from '../doors/ground.ts';
import {readSettings} from '../doors/read-settings.ts';
import {openWorktree} from '../doors/worktree.ts';
import {EXIT, UsageError} from '../errors.ts';
import {resolveCommit} from '../git/revisions.ts';
import {findingsText} from '../report/findings.ts';
import {jsonDocument} from '../report/json.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** Is a tree linear, and would Django load it? */
export const command: Command = {
	name: 'check',
	summary: 'say whether the history is linear and would load in Django',
	usage: '[REV] [--json]',
	about: 'Checks the worktree as it stands on disk, or any revision; a bare repository is checked at HEAD. No Python is run.',
	options: {json: JSON_OUTPUT},
	examples: [
		['migration-guard check', 'the worktree'],
		['migration-guard check origin/main', 'any revision'],
	],
	async run(context) {
		const repo = requireRepo(context.cwd);
		const {load} = await readSettings(repo);
		const rev = context.positionals[0] ?? (repo.top === null ? 'HEAD' : undefined);
		const commit = rev === undefined ? null : resolveCommit(repo, rev);
		if (rev !== undefined && commit === null) throw new UsageError(`${rev} is no commit of this repository`);
		const ground = commit === null ? openWorktree({...repo, top: repo.top!}, load) : openGround(repo, commit, load);
		const {findings, summary} = examine(ground, rev ?? null);
		context.out(context.values.json ? jsonDocument({...summary, findings}) : findingsText(findings, summary));
		return findings.some(({severity}) => severity === 'error') ? EXIT.problems : EXIT.ok;
	},
};
