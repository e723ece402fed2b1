import {loadConfig} from '../config/find.ts';
import {examine, openAt} from '../doors/examine.ts';
import {readSettings} from '../doors/read-settings.ts';
import {EXIT} from '../errors.ts';
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
		const config = await loadConfig(repo.top);
		const {ground, revision} = openAt(repo, load, context.positionals[0]);
		const {findings, silenced, summary} = examine(ground, revision, config);
		context.out(
			context.values.json
				? jsonDocument({...summary, findings, silenced})
				: findingsText(findings, {...summary, silenced: silenced.length}),
		);
		return findings.some(({severity}) => severity === 'error') ? EXIT.problems : EXIT.ok;
	},
};
