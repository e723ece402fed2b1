import {join} from 'node:path';
import type {Django} from '../referee/django.ts';
import {type Result, run} from './command.ts';
import type {Scenario} from './scenario.ts';

/** A project that real Django runs: `manage.py`, settings and a database of its own, git-ignored. */
export interface Project {
	/** `python manage.py …`, whatever it answers. */
	manage(...args: readonly string[]): Promise<Result>;
	/** What is applied of an app, as the database's table has it. */
	applied(app: string): Promise<readonly string[]>;
	/** Columns of a table. */
	columns(table: string): Promise<readonly string[]>;
	/** Run a line of Python in the project, Django set up. */
	python(line: string): Promise<Result>;
}

const MANAGE = `import os
import sys

if __name__ == '__main__':
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'project.settings')
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`;

/** Make the story's repository a project of these apps, for one Django. The files are there to be committed with the next commit. */
export function project({files, folder}: Pick<Scenario, 'files' | 'folder'>, django: Django, apps: readonly string[]): Project {
	files.write('manage.py', MANAGE);
	files.write('.gitignore', '__pycache__/\n*.sqlite3\n');
	files.write('project/__init__.py', '');
	files.write('project/settings.py', settings(apps));
	const environment = {
		PATH: process.env.PATH ?? '',
		HOME: join(folder, 'home'),
		LC_ALL: 'C.UTF-8',
		// Else Python would keep the module of a file that was replaced in the same second.
		PYTHONDONTWRITEBYTECODE: '1',
		PYTHONHASHSEED: '0',
		DJANGO_SETTINGS_MODULE: 'project.settings',
	};
	const start = (...args: readonly string[]) =>
		run(django.python, ['-W', 'ignore', ...args], {cwd: files.root, env: environment});
	const python = (line: string) => start('-c', `import django; django.setup(); ${line}`);
	const printed = async (line: string): Promise<readonly string[]> =>
		(await python(`from django.db import connection; print(*(${line}), sep='\\n')`)).stdout.split('\n').filter(Boolean);
	return {
		manage: (...args) => start('manage.py', ...args),
		python,
		applied: app =>
			printed(
				`n for a, n in __import__('django.db.migrations.recorder', fromlist=['x']).MigrationRecorder(connection).applied_migrations() if a == '${app}'`,
			),
		columns: table => printed(`c.name for c in connection.introspection.get_table_description(connection.cursor(), '${table}')`),
	};
}

function settings(apps: readonly string[]): string {
	return `from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = 'none'
DEBUG = True
USE_TZ = True
INSTALLED_APPS = [${apps.map(app => `'${app}'`).join(', ')}]
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
`;
}
