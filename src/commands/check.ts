import type {Config} from '../config/config.ts';
import {loadConfig} from '../config/find.ts';
import type {Examined} from '../doors/examine.ts';
import {readSettings} from '../doors/read-settings.ts';
import {ask, recall, remember} from '../doors/recall.ts';
import {EXIT, UsageError} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {CHECK_FORMATS} from '../report/check-formats.ts';
import type {CheckReport} from '../report/check-report.ts';
import type {Command, Context} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** Is a tree linear, and would Django load it? */
export const command: Command = {
	name: 'check',
	summary: 'say whether the history is linear and would load in Django',
	usage: '[REV] [--against REF | --models] [--format FORMAT | --json]',
	about:
		'Checks the worktree as it stands on disk, or any revision; a bare repository is checked at HEAD. With --against, HEAD or REV is judged as if it were merged into REF, by the configuration of REF. No Python is run, and nothing of the repository.',
	options: {
		against: {type: 'string', value: 'REF', about: 'before a merge: what would REF get?'},
		format: {type: 'string', value: 'FORMAT', about: `${Object.keys(CHECK_FORMATS).join(', ')}; text is the default`},
		json: JSON_OUTPUT,
		models: {type: 'boolean', about: 'look for models and fields that no migration makes, where that can be read for certain'},
	},
	examples: [
		['migration-guard check', 'the worktree'],
		['migration-guard check origin/main', 'any revision'],
		['migration-guard check --against origin/main --format github', 'a pull request, in CI'],
	],
	async run(context) {
		const render = await formatOf(context);
		const repo = requireRepo(context.cwd);
		const {against} = context.values;
		const [asked] = context.positionals;
		const report =
			typeof against === 'string'
				? await beforeMerge(repo, against, asked)
				: await asItIs(repo, asked, context.values.models === true);
		context.out(render(report));
		return report.findings.some(({severity}) => severity === 'error') ? EXIT.problems : EXIT.ok;
	},
};

async function asItIs(repo: Repo, asked: string | undefined, models: boolean): Promise<CheckReport> {
	const {load} = await readSettings(repo);
	const config = await loadConfig(repo.top);
	const {findings, silenced, summary} =
		asked === undefined && repo.top !== null
			? await examineWorktree({...repo, top: repo.top}, load, config)
			: await examineAt(repo, load, config, asked);
	if (!models) return {findings, silenced, looked: summary};
	const {examineModels} = await import('../doors/models.ts');
	const more = await examineModels(repo, load, config, asked);
	return {findings: [...findings, ...more.findings], silenced: [...silenced, ...more.silenced], looked: summary};
}

async function beforeMerge(repo: Repo, ref: string, asked = 'HEAD'): Promise<CheckReport> {
	const {checkAgainst} = await import('./check-against.ts');
	return checkAgainst(repo, ref, asked);
}

/** How the report is to be written. Throws UsageError for a format that does not exist. */
async function formatOf({values}: Context): Promise<(report: CheckReport) => string> {
	const format = values.json ? 'json' : String(values.format ?? 'text');
	const load = Object.hasOwn(CHECK_FORMATS, format) ? CHECK_FORMATS[format] : undefined;
	if (!load) throw new UsageError(`there is no format ${format}; the formats are ${Object.keys(CHECK_FORMATS).join(', ')}`);
	return load();
}

/** The worktree: most of the time the answer to it is known. What reads and examines is loaded when it is not. */
async function examineWorktree(repo: Repo & {readonly top: string}, load: LoadOptions, config: Config): Promise<Examined> {
	const question = await ask(repo, load, config);
	const known = recall(repo, question);
	if (known) return known;
	const {examineWorktree: examine} = await import('../doors/examine.ts');
	const {examined, ground} = await examine(repo, load, config, question);
	remember(repo, question, ground, examined);
	return examined;
}

async function examineAt(repo: Repo, load: LoadOptions, config: Config, asked: string | undefined): Promise<Examined> {
	const {examine, openAt} = await import('../doors/examine.ts');
	const {ground, revision} = await openAt(repo, load, asked);
	return examine(ground, revision, config);
}
