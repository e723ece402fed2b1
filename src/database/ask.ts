import {randomUUID} from 'node:crypto';
import {bootstrap, type Request} from './in-django.ts';
import {type Ran, startProgram} from './run.ts';

/** How the project's manage.py is started: the words before its subcommand, and where. */
export interface DjangoCommand {
	readonly argv: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** How it was found, for people. */
	readonly found: string;
}

/** A database as settings.DATABASES has it, and the rows of its django_migrations as node keys. */
export interface Database {
	readonly alias: string;
	readonly vendor: string;
	readonly engine: string;
	readonly name: string;
	readonly host: string;
	readonly port: string;
	/** Of SQLite: the file, its links followed; null: in memory. */
	readonly file: string | null;
	readonly rows: readonly string[];
	readonly error: {readonly type: string; readonly message: string} | null;
}

/** What the project's Django says of itself. */
export interface Look {
	/** Its version: `5.2.8`. */
	readonly django: string;
	readonly debug: boolean;
	/** The settings module, as it was chosen. */
	readonly settings: string;
	/** Where Python runs, as it sees it: in a container that is another place. */
	readonly cwd: string;
	readonly databases: readonly Database[];
}

/** What a database says of its history when its rows are read under the names of today. Node keys everywhere. */
export interface Check {
	/** New names that Django does not know. */
	readonly unknown: readonly string[];
	/** What has to be applied before the renamed rows make sense; the targets of `migrate` that do it, in order. */
	readonly waiting: readonly string[];
	readonly targets: readonly string[];
	/** Other applied migrations whose parent is not. */
	readonly inconsistent: readonly (readonly [child: string, parent: string])[];
	/** Apps with several leaves. */
	readonly conflicts: readonly string[];
	/** Where the database is not what its applied migrations say; missing and extra are tables and columns. */
	readonly complaints: readonly Complaint[];
	/** What a plain `migrate` would apply. */
	readonly pending: readonly string[];
	/** Whether a failed migration leaves nothing behind (DDL in transactions). */
	readonly rollsBack: boolean;
}

export type Complaint = readonly [app: string, what: string, kind: 'missing' | 'extra' | 'differs'];

export interface Migrated {
	readonly said: string;
	readonly failed: {readonly type: string; readonly message: string} | null;
}

/** What going back would do. */
export interface Backwards {
	readonly plan: readonly (readonly [key: string, backwards: boolean])[];
	readonly irreversible: readonly (readonly [key: string, operation: string])[];
}

interface Answers {
	readonly look: Look;
	readonly check: Check;
	readonly migrate: Migrated;
	readonly rename: {readonly renamed: readonly string[]};
	readonly backwards: Backwards;
	readonly backup: {readonly done: boolean};
}

export type Asked<T> =
	| {readonly ok: true; readonly answer: T}
	/** `silent`: Django did not get as far as our question; `missing`: not even the program was there. */
	| {readonly ok: false; readonly why: string; readonly silent: boolean; readonly missing: boolean};

/**
 * Put a question to the project's Django: `manage.py shell -c`, whose answer is one marked line of its output, whatever else is printed
 * there. Never throws.
 */
export function askDjango<R extends Request>(command: DjangoCommand, request: R): Asked<Answers[R['action']]> {
	const marker = `migration-guard-${randomUUID()} `;
	const argv = [...command.argv, 'shell', '-v', '0', '-c', bootstrap(request, marker)];
	const ran = startProgram(argv, {cwd: command.cwd, env: {PYTHONDONTWRITEBYTECODE: '1', ...command.env}});
	const line = ran.stdout.split(/\r?\n/).findLast(each => each.startsWith(marker));
	if (line === undefined) return {ok: false, why: lastWords(ran), silent: true, missing: ran.missing};
	const result = JSON.parse(line.slice(marker.length)) as
		| {ok: true; answer: Answers[R['action']]}
		| {ok: false; error: {type: string; message: string}};
	if (result.ok) return result;
	return {ok: false, why: `${result.error.type}: ${result.error.message}`, silent: false, missing: false};
}

/** The end of what a program said before it gave up: Python's error is in the last line. */
function lastWords({stderr, stdout, code}: Ran): string {
	const lines = (stderr.trim() || stdout.trim()).split(/\r?\n/).filter(line => line.trim() !== '');
	return lines.length === 0 ? `it ended with ${code} and said nothing` : lines.slice(-3).join('\n');
}
