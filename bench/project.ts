/** Path → text. */
export type ProjectFiles = Map<string, string>;

export interface ProjectSize {
	readonly apps: number;
	/** Migrations in each app. */
	readonly perApp: number;
	/** Python files that have nothing to do with migrations. */
	readonly noise?: number;
}

/** A Django project as files, and the name of each app's leaf. */
export interface DjangoProject {
	readonly files: ProjectFiles;
	readonly leaves: ReadonlyMap<string, string>;
}

interface Model {
	readonly name: string;
	readonly fields: Map<string, string>;
	readonly indexes: {field: string; name: string}[];
}

/**
 * A project that Django accepts: `makemigrations --check` finds nothing to do. The mix is that of real projects: mostly
 * added and altered fields, some models, indexes, foreign keys to other apps, and data migrations. The same size gives the same bytes.
 */
export function djangoProject({apps, perApp, noise = 0}: ProjectSize): DjangoProject {
	const random = generator(apps * 1000 + perApp);
	const names = Array.from({length: apps}, (_, index) => `app${String(index).padStart(3, '0')}`);
	const files: ProjectFiles = new Map([
		['manage.py', MANAGE],
		['settings.py', settings(names)],
		['.gitignore', 'db.sqlite3\n__pycache__/\n'],
	]);
	const leaves = new Map(
		names.map((app, index) => [app, writeApp(files, app, names.slice(Math.max(0, index - 10), index), perApp, random)]),
	);
	for (let index = 0; index < noise; index++) {
		files.set(`lib/part${index % 50}/module_${index}.py`, `VALUE = ${index}\n\n\ndef plus(number):\n    return number + VALUE\n`);
	}
	return {files, leaves};
}

/** One more migration of an app, on top of `parent`, that adds a field; the model's file is the caller's affair. */
export function extraMigration(app: string, name: string, parent: string): [path: string, text: string] {
	return [`${app}/migrations/${name}.py`, migration([[app, parent]], [addField('Alpha', `extra_${name}`, FIELDS[1]!(0))])];
}

export type Random = (below: number) => number;

/** A linear congruential generator (Numerical Recipes): the same numbers everywhere. */
export function generator(seed: number): Random {
	let state = seed >>> 0;
	return below => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

const FIELDS: readonly ((number: number) => string)[] = [
	number =>
		`models.CharField(blank=True, default='', help_text='What is shown in the list of ${number}.', max_length=${50 + number})`,
	() => `models.TextField(blank=True, default='')`,
	number => `models.IntegerField(default=${number})`,
	() => `models.BooleanField(default=False, verbose_name='is enabled')`,
	() => 'models.DateTimeField(blank=True, db_index=True, null=True)',
	number =>
		`models.PositiveSmallIntegerField(choices=[(1, 'Draft'), (2, 'Published'), (3, 'Archived')], default=${1 + (number % 3)})`,
];

function writeApp(files: ProjectFiles, app: string, earlier: readonly string[], count: number, random: Random): string {
	const models: Model[] = [];
	let parent: string | null = null;
	for (let number = 1; number <= count; number++) {
		const step: Operation =
			number === 1 ? createModel(models, 'Alpha', random) : nextOperation(app, models, earlier, number, random);
		const name: string = `${String(number).padStart(4, '0')}_${number === 1 ? 'initial' : step.name}`;
		const dependencies: [string, string][] = [
			...(parent === null ? [] : [[app, parent] as [string, string]]),
			...(step.dependencies ?? []),
		];
		files.set(`${app}/migrations/${name}.py`, migration(dependencies, [step.code], step));
		parent = name;
	}
	files.set(`${app}/__init__.py`, '');
	files.set(`${app}/migrations/__init__.py`, '');
	files.set(
		`${app}/models.py`,
		`import django.db.models.deletion\nfrom django.db import models\n${models.map(modelCode).join('')}`,
	);
	return parent!;
}

interface Operation {
	readonly name: string;
	readonly code: string;
	readonly dependencies?: readonly [string, string][];
	readonly imports?: string;
	readonly above?: string;
}

function nextOperation(app: string, models: Model[], earlier: readonly string[], number: number, random: Random): Operation {
	const model = models[random(models.length)]!;
	const field = `field_${number}`;
	const lower = model.name.toLowerCase();
	const dice = random(100);
	if (dice < 6) return createModel(models, `Model${number}`, random);
	if (dice < 14 && earlier.length > 0) {
		const target = earlier[random(earlier.length)]!;
		const code = `models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='${target}.alpha')`;
		model.fields.set(field, code);
		const imports = 'import django.db.models.deletion\n';
		return {
			name: `${lower}_${field}`,
			code: addField(model.name, field, code),
			dependencies: [[target, '0001_initial']],
			imports,
		};
	}
	if (dice < 22) {
		const above = `\n\ndef forwards(apps, schema_editor):\n    for item in apps.get_model('${app}', '${model.name}').objects.all():\n        item.save()\n`;
		return {name: `fill_${lower}`, code: '        migrations.RunPython(forwards, migrations.RunPython.noop),', above};
	}
	const plain = [...model.fields].filter(([, code]) => /Integer|Boolean|DateTime/.test(code)).map(([name]) => name);
	if (dice < 30 && plain.length > 0) {
		const index = {field: plain[random(plain.length)]!, name: `${app}_${number}_idx`};
		model.indexes.push(index);
		return {
			name: index.name,
			code: `        migrations.AddIndex(\n            model_name='${lower}',\n            index=models.Index(fields=['${index.field}'], name='${index.name}'),\n        ),`,
		};
	}
	const own = [...model.fields].filter(([, code]) => !code.includes('ForeignKey')).map(([name]) => name);
	const isNew = dice < 70 || own.length === 0;
	const name = isNew ? field : own[random(own.length)]!;
	const code = FIELDS[random(FIELDS.length)]!(number);
	model.fields.set(name, code);
	return isNew
		? {name: `${lower}_${name}`, code: addField(model.name, name, code)}
		: {name: `alter_${lower}_${name}`, code: addField(model.name, name, code).replace('AddField', 'AlterField')};
}

function createModel(models: Model[], name: string, random: Random): Operation {
	const fields = new Map(
		Array.from({length: 3 + random(4)}, (_, index) => [`start_${index}`, FIELDS[random(FIELDS.length)]!(index)]),
	);
	models.push({name, fields, indexes: []});
	const lines = [...fields].map(([field, code]) => `                ('${field}', ${code}),\n`).join('');
	return {
		name: name.toLowerCase(),
		code: `        migrations.CreateModel(\n            name='${name}',\n            fields=[\n                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),\n${lines}            ],\n            options={'ordering': ['-id']},\n        ),`,
	};
}

function addField(model: string, name: string, code: string): string {
	return `        migrations.AddField(\n            model_name='${model.toLowerCase()}',\n            name='${name}',\n            field=${code},\n        ),`;
}

function modelCode({name, fields, indexes}: Model): string {
	const lines = [...fields].map(([field, code]) => `    ${field} = ${code}\n`).join('');
	const list = indexes.map(index => `models.Index(fields=['${index.field}'], name='${index.name}')`).join(', ');
	return `\n\nclass ${name}(models.Model):\n${lines}\n    class Meta:\n        ordering = ['-id']\n        indexes = [${list}]\n`;
}

function migration(
	dependencies: readonly [string, string][],
	operations: readonly string[],
	{imports = '', above = ''}: Partial<Operation> = {},
): string {
	const list = dependencies.map(([app, name]) => `        ('${app}', '${name}'),\n`).join('');
	const initial = dependencies.length === 0 ? '    initial = True\n\n' : '';
	return `# Generated by Django 5.2 on 2025-03-01 09:00\n\n${imports}from django.db import migrations, models\n${above}\n\nclass Migration(migrations.Migration):\n\n${initial}    dependencies = [\n${list}    ]\n\n    operations = [\n${operations.join('\n')}\n    ]\n`;
}

function settings(apps: readonly string[]): string {
	return [
		'from pathlib import Path',
		'',
		"SECRET_KEY = 'x'",
		'USE_TZ = True',
		"DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'",
		`INSTALLED_APPS = [${apps.map(app => `'${app}'`).join(', ')}]`,
		"DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': Path(__file__).parent / 'db.sqlite3'}}",
		'',
	].join('\n');
}

const MANAGE = `import os
import sys

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
`;
