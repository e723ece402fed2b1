import {loadConfig} from '../config/find.ts';
import {examine, openAt} from '../doors/examine.ts';
import {readSettings} from '../doors/read-settings.ts';
import {EXIT, UsageError} from '../errors.ts';
import {CHECK_FORMATS} from '../report/check-formats.ts';
import type {CheckReport} from '../report/check-report.ts';
import type {Command, Context} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** Is a tree linear, and would Django load it? */
export const command: Command = {
	name: 'check',
	summary: 'say whether the history is linear and would load in Django',
	usage: '[REV] [--format FORMAT | --json]',
	about: 'Checks the worktree as it stands on disk, or any revision; a bare repository is checked at HEAD. No Python is run.',
	options: {
		format: {type: 'string', value: 'FORMAT', about: `${Object.keys(CHECK_FORMATS).join(', ')}; text is the default`},
		json: JSON_OUTPUT,
	},
	examples: [
		['migration-guard check', 'the worktree'],
		['migration-guard check origin/main', 'any revision'],
	],
	async run(context) {
		const render = formatOf(context);
		const repo = requireRepo(context.cwd);
		const {load} = await readSettings(repo);
		const config = await loadConfig(repo.top);
		const {ground, revision} = openAt(repo, load, context.positionals[0]);
		const {findings, silenced, summary} = examine(ground, revision, config);
		context.out(render({findings, silenced, looked: summary}));
		return findings.some(({severity}) => severity === 'error') ? EXIT.problems : EXIT.ok;
	},
};

/** How the report is to be written. Throws UsageError for a format that does not exist. */
function formatOf({values}: Context): (report: CheckReport) => string {
	const format = values.json ? 'json' : String(values.format ?? 'text');
	const render = Object.hasOwn(CHECK_FORMATS, format) ? CHECK_FORMATS[format] : undefined;
	if (!render) throw new UsageError(`there is no format ${format}; the formats are ${Object.keys(CHECK_FORMATS).join(', ')}`);
	return render;
}
