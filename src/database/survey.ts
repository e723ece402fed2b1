import {djangoSettings} from '../doors/django-settings.ts';
import type {WorktreeGround} from '../doors/worktree.ts';
import type {Repo} from '../git/repo.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import {askDjango, type Check, type Database, type DjangoCommand, type Look} from './ask.ts';
import {findOrigins, movedIn, type Origin, orphans} from './find-revision.ts';
import {type OldName, since} from './old-names.ts';

/** What one database knows under names that are not those of today. */
export interface Surveyed {
	readonly database: Database;
	readonly state:
		| 'current'
		/** Rows have old names; `check` is what Django makes of them under the new ones. */
		| 'old-names'
		/** A row may be the branch's migration or mainline's of the same name, and the tables do not tell. */
		| 'undecided'
		/** The tables are not what the rows say. */
		| 'damaged'
		/** It could not be asked. */
		| 'unknown';
	/** Rows with an old name. */
	readonly renamed: readonly OldName[];
	/** Rows of this worktree's apps that are no migration of it, under any name that could be found. */
	readonly orphans: readonly NodeKey[];
	readonly check: Check | null;
	/** Why it could not be asked. */
	readonly error: string | null;
}

/** What all databases of a project know, and where their old names come from. */
export interface Survey {
	readonly origins: readonly Origin[];
	readonly databases: readonly Surveyed[];
}

export interface SurveyOptions {
	/** The commits of `--from`; empty: they are looked for. */
	readonly from: readonly {readonly commit: string; readonly label: string}[];
	/** Only these aliases; empty: all. */
	readonly aliases: readonly string[];
}

/** Read the tables of applied migrations against the worktree. Nothing is changed. */
export function survey(
	repo: Repo,
	ground: WorktreeGround,
	{command, look}: {readonly command: DjangoCommand; readonly look: Look},
	{from, aliases}: SurveyOptions,
): Survey {
	const project = ground.load(ground.files, djangoSettings(ground));
	const databases = distinct(look.databases).filter(({alias}) => aliases.length === 0 || aliases.includes(alias));
	const origins =
		from.length > 0
			? from.map(origin => ({...origin, since: since(ground, origin.commit)}))
			: findOrigins(repo, ground, project, new Set(databases.flatMap(({rows}) => rows)));
	ground.library.save();
	return {origins, databases: databases.map(database => surveyOne(project, command, database, movedIn(origins)))};
}

/** Two aliases of one database (a replica, as settings say it) are one. */
function distinct(databases: readonly Database[]): readonly Database[] {
	const key = ({vendor, name, host, port, file, alias, error}: Database) =>
		error || (vendor === 'sqlite' && file === null) ? alias : [vendor, file ?? name, host, port].join('\0');
	const known = new Set<string>();
	return databases.filter(database => !known.has(key(database)) && known.add(key(database)));
}

function surveyOne(project: Project, command: DjangoCommand, database: Database, moved: readonly OldName[]): Surveyed {
	const rows = new Set(database.rows);
	const nothing = {database, renamed: [], orphans: [], check: null, error: null};
	if (database.error) return {...nothing, state: 'unknown', error: `${database.error.type}: ${database.error.message}`};
	const old = moved.filter(({from}) => rows.has(from));
	const left = new Set(old.map(({from}) => from));
	const unexplained = orphans(project, rows).filter(key => !left.has(key));
	if (old.length === 0) return {...nothing, state: 'current', orphans: unexplained};
	// A name that a file has today, too: the row may be either.
	const doubtful = old.filter(({from}) => project.nodes.has(from));
	const readings = doubtful.length === 0 ? [old] : [old, old.filter(pair => !doubtful.includes(pair))];
	const answers = readings.map(renamed => {
		const asked = askDjango(command, {action: 'check', alias: database.alias, renamed: renamesOf(renamed)});
		return asked.ok ? {renamed, check: asked.answer, error: null} : {renamed, check: null, error: asked.why};
	});
	const errors = answers.flatMap(({error}) => error ?? []);
	if (errors.length === answers.length) return {...nothing, state: 'unknown', orphans: unexplained, error: errors[0]!};
	const apps = new Set(old.map(({to}) => appOf(to)));
	const judged = answers.flatMap(({renamed, check}) => (check ? [{renamed, check, faults: faultsOf(check, apps)}] : []));
	const [best, other] = judged.sort((a, b) => compareFaults(a.faults, b.faults));
	const {renamed, check, faults} = best!;
	const found = {database, renamed, orphans: unexplained, check, error: null};
	if (faults.missing > 0 || (doubtful.length > 0 && faults.inconsistent > 0)) return {...found, state: 'damaged'};
	if (other && compareFaults(faults, other.faults) === 0) return {...found, state: 'undecided'};
	return {...found, state: renamed.length === 0 ? 'current' : 'old-names'};
}

interface Faults {
	readonly inconsistent: number;
	readonly missing: number;
	readonly extra: number;
}

/** What speaks against a reading of the rows: the tables are not what it says. Rows of other apps are not in question. */
function faultsOf({inconsistent, complaints}: Check, apps: ReadonlySet<string>): Faults {
	const of = (what: string) => complaints.filter(([app, , kind]) => kind === what && (apps.has(app) || app === '')).length;
	return {inconsistent: inconsistent.length, missing: of('missing'), extra: of('extra')};
}

function compareFaults(a: Faults, b: Faults): number {
	return a.missing - b.missing || a.inconsistent - b.inconsistent || a.extra - b.extra;
}

/** Pairs as Django is told them. */
export function renamesOf(pairs: readonly OldName[]): Record<NodeKey, NodeKey> {
	return Object.fromEntries(pairs.map(({from, to}) => [from, to]));
}
