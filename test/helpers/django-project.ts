import type {Django} from '../referee/django.ts';
import {expectSuccess, type Result, run} from './command.ts';
import type {Scenario} from './scenario.ts';

export interface ManageOptions {
	/** Entries of settings.DATABASES, as Python; `default` is an SQLite file of the worktree when it is not said. */
	readonly databases?: Readonly<Record<string, string>>;
	readonly apps?: readonly string[];
	/** More lines for the settings. */
	readonly settings?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Where manage.py is; the top by default. */
	readonly folder?: string;
}

/** A real Django project around the migrations of a story. */
export interface Manage {
	/** The words that start manage.py, for `--command`. */
	readonly command: string;
	/** Run manage.py, whatever it answers. */
	attempt(...args: readonly string[]): Promise<Result>;
	/** Run it; it must succeed. */
	run(...args: readonly string[]): Promise<Result>;
	/** SQL on a database; the rows. */
	sql(statement: string, alias?: string): Promise<readonly (readonly unknown[])[]>;
	/** The names that are recorded as applied for an app, sorted. */
	applied(app?: string, alias?: string): Promise<readonly string[]>;
	/** Names of the columns of a table, sorted. */
	columns(table: string, alias?: string): Promise<readonly string[]>;
}

export const SQLITE = "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE / 'db.sqlite3'}";

const SQL = `
import json
from django.db import connections
with connections[ALIAS].cursor() as cursor:
    cursor.execute(STATEMENT)
    rows = cursor.fetchall() if cursor.description else []
print('ROWS ' + json.dumps(rows, default=str))
`;

/** Write manage.py, the settings and a .gitignore into a story; committing them is left to it. */
export function manageIn(
	{files, folder}: Pick<Scenario, 'files' | 'folder'>,
	{python}: Django,
	options: ManageOptions = {},
): Manage {
	const {databases = {default: SQLITE}, apps = ['shop'], settings = [], env = {}, folder: place = ''} = options;
	const at = (path: string) => (place === '' ? path : `${place}/${path}`);
	files.write(
		at('manage.py'),
		[
			'import os, sys',
			"os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'project.settings')",
			'from django.core.management import execute_from_command_line',
			'execute_from_command_line(sys.argv)',
			'',
		].join('\n'),
	);
	files.write(at('project/__init__.py'), '');
	files.write(
		at('project/settings.py'),
		[
			'from pathlib import Path',
			'BASE = Path(__file__).resolve().parent.parent',
			"SECRET_KEY = 'not a secret'",
			'DEBUG = True',
			'USE_TZ = True',
			"DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'",
			`INSTALLED_APPS = [${apps.map(app => `'${app}'`).join(', ')}]`,
			`DATABASES = {${Object.entries(databases)
				.map(([alias, entry]) => `'${alias}': ${entry}`)
				.join(', ')}}`,
			...settings,
			'',
		].join('\n'),
	);
	files.write('.gitignore', '*.sqlite3\n__pycache__/\n');
	const cwd = `${files.root}/${place}`;
	const environment = {PATH: process.env.PATH ?? '', HOME: `${folder}/home`, PYTHONDONTWRITEBYTECODE: '1', ...env};
	const attempt = (...args: readonly string[]) => run(python, ['-W', 'ignore', 'manage.py', ...args], {cwd, env: environment});
	const sql = async (statement: string, alias = 'default') => {
		const code = SQL.replace('ALIAS', JSON.stringify(alias)).replace('STATEMENT', JSON.stringify(statement));
		const {stdout} = expectSuccess(await attempt('shell', '-v', '0', '-c', code));
		return JSON.parse(/^ROWS (.*)$/m.exec(stdout)?.[1] ?? '[]') as (readonly unknown[])[];
	};
	return {
		command: `'${python}' manage.py`,
		attempt,
		run: async (...args) => expectSuccess(await attempt(...args)),
		sql,
		applied: async (app = 'shop', alias = 'default') =>
			(await sql(`SELECT name FROM django_migrations WHERE app = '${app}' ORDER BY name`, alias)).map(([name]) => String(name)),
		columns: async (table, alias = 'default') => {
			const code = `from django.db import connections\nc = connections['${alias}']\nprint('COLUMNS', *sorted(d.name for d in c.introspection.get_table_description(c.cursor(), '${table}')))`;
			const {stdout} = expectSuccess(await attempt('shell', '-v', '0', '-c', code));
			return /^COLUMNS (.*)$/m.exec(stdout)![1]!.split(' ');
		},
	};
}
