import {comeBack} from '../database/back.ts';
import type {Found} from '../database/find-django.ts';
import {findDjango} from '../database/find-django.ts';
import {openedRepair} from '../database/repair-journal.ts';
import {type Survey, survey} from '../database/survey.ts';
import {djangoSettings} from '../doors/django-settings.ts';
import {readSettings} from '../doors/read-settings.ts';
import {openWorktree} from '../doors/worktree.ts';
import {EXIT, UsageError} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {statusJson, statusText} from '../report/database.ts';
import {jsonDocument} from '../report/json.ts';
import {refusalText} from '../report/refusal.ts';
import type {Command, Context} from './command.ts';
import {type Patient, repair} from './db-repair.ts';
import {DRY_RUN, JSON_OUTPUT} from './options.ts';
import {requireWorktree} from './repository.ts';

/** What the developer's own databases make of a renumbering. */
export const command: Command = {
	name: 'db',
	summary: 'find renumbered migrations in your databases, and repair their tables of applied ones',
	usage:
		'status|repair [--from REV] [--database ALIAS] [--command COMMAND] [--dry-run] [--yes] [--back] [--not-development NAME] [--json]',
	about:
		"A database that has applied 0003_add_phone does not know that it is 0004_add_phone now. status asks the project's own Django, repair shows what it would do, asks, does it and looks at the result. Runs manage.py: found by itself, or by the command in git's configuration (migration-guard.dbCommand).",
	options: {
		from: {type: 'string', value: 'REV', multiple: true, about: 'the revision whose names the database knows, as ORIG_HEAD'},
		database: {type: 'string', value: 'ALIAS', multiple: true, about: 'only this database; all by default'},
		command: {type: 'string', value: 'COMMAND', about: 'how manage.py is started: "docker compose exec -T web python manage.py"'},
		'dry-run': DRY_RUN,
		yes: {type: 'boolean', short: 'y', about: 'do not ask'},
		back: {type: 'boolean', about: 'go back on the old tip instead, and lose the data in what the branch added'},
		'not-development': {type: 'string', value: 'NAME', about: 'this database is no one for development, and is meant'},
		json: JSON_OUTPUT,
	},
	examples: [
		['migration-guard db status', 'which of the renumbered migrations are applied, in each database'],
		['migration-guard db repair --dry-run', 'what would be done'],
		['migration-guard db repair', 'show it, ask, do it'],
		['migration-guard db status --from origin/feature@{1}', 'a branch that a teammate renumbered'],
	],
	async run(context) {
		const [what = '', ...more] = context.positionals;
		if ((what !== 'status' && what !== 'repair') || more.length > 0) throw new UsageError('db takes one word: status or repair');
		const repo = requireWorktree(context.cwd);
		const returned = comeBack(repo);
		if (returned !== null) context.err(`migration-guard: an interrupted repair was ${returned}\n`);
		const {load} = await readSettings(repo);
		const found = findDjango(repo, {cwd: context.cwd, env: context.env, command: textOf(context, 'command')});
		if (!found.ok) {
			context.err(refusalText(found.refusal));
			return EXIT.problems;
		}
		const ground = openWorktree(repo, load);
		const surveyed = survey(repo, ground, found, {from: originsOf(context, repo), aliases: aliasesOf(context, found)});
		const patient: Patient = {repo, ground, project: ground.load(ground.files, djangoSettings(ground)), found, survey: surveyed};
		return what === 'status' ? status(context, patient) : repair(context, patient);
	},
};

function status(context: Context, {found: {look}, survey}: {found: Extract<Found, {ok: true}>; survey: Survey}): number {
	context.out(context.values.json ? jsonDocument(statusJson(look, survey)) : statusText(look, survey));
	return survey.databases.every(({state}) => state === 'current') ? EXIT.ok : EXIT.problems;
}

/** The revisions of `--from`, else those of a repair that was interrupted; none: they are looked for. */
function originsOf(context: Context, repo: Repo): {commit: string; label: string}[] {
	const asked = listOf(context, 'from');
	const labels = asked.length > 0 ? asked : (openedRepair(repo)?.from ?? []);
	return labels.map(label => {
		const commit = resolveCommit(repo, label);
		if (commit === null) throw new UsageError(`${label} is no commit of this repository`);
		return {commit, label};
	});
}

function aliasesOf(context: Context, {look}: Extract<Found, {ok: true}>): readonly string[] {
	const aliases = listOf(context, 'database');
	const known = look.databases.map(({alias}) => alias);
	const strange = aliases.find(alias => !known.includes(alias));
	if (strange !== undefined) throw new UsageError(`there is no database ${strange}; there are ${known.join(', ')}`);
	return aliases;
}

function listOf({values}: Context, name: string): readonly string[] {
	const value = values[name];
	return Array.isArray(value) ? value.map(String) : [];
}

function textOf({values}: Context, name: string): string | null {
	const value = values[name];
	return typeof value === 'string' ? value : null;
}
