import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {addField} from '../helpers/django.ts';
import type {Django} from './django.ts';

const SCRIPT = fileURLToPath(new URL('steps.py', import.meta.url));

export type Step =
	| readonly ['write', Readonly<Record<string, string | null>>]
	| readonly ['manage', ...string[]]
	| readonly ['sql' | 'rows' | 'columns', string];

export interface Session {
	readonly steps: readonly Step[];
	readonly apps?: readonly string[];
}

/** What a step answered: see steps.py. */
export type Answer = null | {readonly error: string | null; readonly output: string} | readonly string[] | readonly unknown[][];

/** Let a developer's sessions be played, one after the other, each in a project of its own. `database`: of settings.DATABASES, as JSON. */
export async function playAll(
	django: Django,
	sessions: readonly Session[],
	{database = null, env = {}}: {readonly database?: unknown; readonly env?: Readonly<Record<string, string>>} = {},
): Promise<readonly (readonly Answer[])[]> {
	const input = sessions.map(session => `${JSON.stringify({apps: ['shop'], database, ...session})}\n`).join('');
	const {stdout} = await execa(django.python, ['-W', 'ignore', SCRIPT], {
		input,
		env: {PYTHONHASHSEED: '0', PYTHONPATH: '', DJANGO_SETTINGS_MODULE: '', ...env},
	});
	const crash = /"crashed": "((?:[^"\\]|\\.)*)"/.exec(stdout);
	if (crash) throw new Error(`a step could not be played: ${crash[1]}`);
	return stdout.split('\n').map(line => JSON.parse(line) as Answer[]);
}

/** A migration of `shop`, as a file of the project. */
export function migration(
	name: string,
	parent: string | null,
	operations: string,
	{app = 'shop', more = ''}: {readonly app?: string; readonly more?: string} = {},
): Record<string, string> {
	const dependencies =
		parent === null
			? ''
			: `(${parent
					.split('.')
					.map(part => `'${part}'`)
					.join(', ')})`;
	const text = `from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [${dependencies}]\n${more}\n    operations = [\n${operations}\n    ]\n`;
	return {[`${app}/__init__.py`]: '', [`${app}/migrations/__init__.py`]: '', [`${app}/migrations/${name}.py`]: text};
}

export const createItem = `        migrations.CreateModel('Item', [('id', models.BigAutoField(primary_key=True)), ('name', models.CharField(max_length=50))]),`;

/** AlterField of what the common base made: SQLite makes the table anew for it, in every version. */
export const alterName = `        migrations.AlterField('item', 'name', models.CharField(max_length=60)),`;

export {addField};
