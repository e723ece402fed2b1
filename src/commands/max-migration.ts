import {openAt} from '../doors/examine.ts';
import {type Surveyed, surveyMaxMigrations, writeMaxMigrations} from '../doors/max-migration.ts';
import {readSettings} from '../doors/read-settings.ts';
import {EXIT, UsageError} from '../errors.ts';
import type {MaxMigration} from '../migrations/max-migration.ts';
import {jsonDocument} from '../report/json.ts';
import {maxMigrationChecked, maxMigrationJson, maxMigrationsWritten} from '../report/max-migration.ts';
import type {Command} from './command.ts';
import {DRY_RUN, JSON_OUTPUT} from './options.ts';
import {requireWorktree} from './repository.ts';

const ACTIONS = ['check', 'create', 'recreate'] as const;

/** Begin with max_migration.txt, or put it right by hand; the hooks keep it. */
export const command: Command = {
	name: 'max-migration',
	summary: 'check, create or put right the max_migration.txt of apps',
	usage: 'check|create|recreate [APP…] [--dry-run] [--json]',
	about:
		'The files of django-linear-migrations, one for each app of your own: its only line is the name of the latest migration. `create` writes those that are missing, `recreate` also those that name another. Nothing is staged. The hooks keep the files right where a team has them; nobody needs them. Exit code 1: a file is wrong, or an app is forked and nothing can be written.',
	options: {'dry-run': DRY_RUN, json: JSON_OUTPUT},
	examples: [
		['migration-guard max-migration create', 'begin with it, for every app'],
		['migration-guard max-migration recreate shop', 'put one right'],
	],
	async run(context) {
		const [action, ...labels] = context.positionals;
		if (!isAction(action)) throw new UsageError(`max-migration needs one of: ${ACTIONS.join(', ')}`);
		const repo = requireWorktree(context.cwd);
		const {load} = await readSettings(repo);
		const {ground} = await openAt(repo, load, undefined);
		const survey = surveyMaxMigrations(ground);
		const files = chosen(survey, labels);
		const dryRun = context.values['dry-run'] === true;
		const wanted = files.filter(({state, leaf}) => leaf !== null && isWanted(action, state));
		const left = files.filter(file => !wanted.includes(file) && isWrong(file, survey, action));
		if (!dryRun) writeMaxMigrations(ground, wanted);
		if (context.values.json) {
			const described = files.map(file => maxMigrationJson(file, !dryRun && wanted.includes(file)));
			context.out(jsonDocument({action, dryRun, kept: survey.isKept, files: described}));
		} else if (action === 'check') context.out(maxMigrationChecked(files, left, survey.isKept));
		else {
			context.out(maxMigrationsWritten(wanted, dryRun));
			if (left.length > 0) context.err(maxMigrationChecked(files, left, true));
		}
		return left.length > 0 ? EXIT.problems : EXIT.ok;
	},
};

function isAction(word: string | undefined): word is (typeof ACTIONS)[number] {
	return ACTIONS.some(action => action === word);
}

function isWanted(action: (typeof ACTIONS)[number], state: MaxMigration['state']): boolean {
	return action === 'recreate' ? state !== 'right' : action === 'create' && state === 'missing';
}

/** What is still wrong afterwards: to `check` a missing file only where django-linear-migrations asks for it. */
function isWrong({state}: MaxMigration, survey: Surveyed, action: (typeof ACTIONS)[number]): boolean {
	if (state === 'right') return false;
	if (state === 'missing') return action !== 'check' || survey.isDemanded;
	return survey.isKept || action !== 'check';
}

function chosen({files}: Surveyed, labels: readonly string[]): readonly MaxMigration[] {
	const unknown = labels.filter(label => files.every(({app}) => app !== label));
	if (unknown.length > 0) {
		const known = files.map(({app}) => app).sort();
		throw new UsageError(`no app of your own with migrations is called ${unknown.join(', ')}; there are: ${known.join(', ')}`);
	}
	return labels.length === 0 ? files : files.filter(({app}) => labels.includes(app));
}
