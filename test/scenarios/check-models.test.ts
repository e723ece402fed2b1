import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {type Scenario, scenario} from '../helpers/scenario.ts';
import {djangos} from '../referee/django.ts';

const MODELS = `from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=50)
`;
const SETTINGS = `SECRET_KEY = 'x'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
`;
const CREATE = `        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50)),
            ],
        ),`;
const FIELD = '    size = models.IntegerField(null=True)\n';

/** Models; what is found; whether Django would write a migration. */
const CASES: readonly [what: string, models: string, found: readonly string[], changes: boolean][] = [
	['as migrated', MODELS, [], false],
	['a field', MODELS + FIELD, ['Item.size'], true],
	['a model', `${MODELS}\n\nclass Order(models.Model):\n    item = models.ForeignKey(Item, models.CASCADE)\n`, ['Order'], true],
	[
		'a field by its own name',
		`from django.db.models import IntegerField\n${MODELS}    size = IntegerField(\n        null=True,\n    )\n`,
		['Item.size'],
		true,
	],
	[
		'an abstract model',
		`${MODELS}\n\nclass Base(models.Model):\n${FIELD}\n    class Meta:\n        abstract = True\n`,
		[],
		false,
	],
	['a proxy', `${MODELS}\n\nclass Proxy(Item):\n    class Meta:\n        proxy = True\n`, [], true],
	[
		'a model of another app',
		`${MODELS}\n\nclass Order(models.Model):\n    class Meta:\n        app_label = 'elsewhere'\n`,
		[],
		false,
	],
	['taken back', `${MODELS}${FIELD}    del size\n`, [], false],
	['under a condition', `import sys\n${MODELS}    if not sys:\n    ${FIELD}`, [], false],
	[
		'a field that is none',
		`${MODELS}    objects = models.Manager()\n    size = 3\n\n    def value(self):\n        size = models.IntegerField()\n`,
		[],
		false,
	],
	['a mixin that is no model', `${MODELS}\n\nclass Sized:\n${FIELD}`, [], false],
	['a child', `${MODELS}\n\nclass Big(Item):\n${FIELD}`, [], true],
	[
		'inherited',
		`${MODELS.replace('class Item(', 'class Base(')}${FIELD}\n    class Meta:\n        abstract = True\n\n\nclass Item(Base):\n    pass\n`,
		[],
		true,
	],
	['not managed', `${MODELS}\n\nclass View(models.Model):\n    class Meta:\n        managed = False\n`, ['View'], true],
	[
		'another meaning of models',
		`${MODELS}\n\nclass models:\n    Model = object\n\n\nclass Order(models.Model):\n    pass\n`,
		[],
		false,
	],
	['computed', `${MODELS}\n\nfor name in ('a', 'b'):\n    Item.add_to_class(name, models.IntegerField(null=True))\n`, [], true],
];

async function found({guard}: Scenario): Promise<string[]> {
	const {stdout} = await guard.run('check', '--models', '--json');
	const {findings} = JSON.parse(stdout) as {findings: {code: string; title: string}[]};
	return findings.filter(({code}) => code === 'MG013').map(({title}) => title.replace('no migration makes ', ''));
}

test('what is found is what makemigrations would write', async t => {
	const story = await scenario(t);
	const {files, git, django} = story;
	// Each case is an app, so that Django starts once.
	const apps = CASES.map(([what], index) => ({label: `app${index}`, what}));
	for (const {label} of apps) {
		await django.makemigrations(label, '0001_initial', {operations: [CREATE]});
		files.write(`${label}/models.py`, MODELS);
	}
	files.write('settings.py', `${SETTINGS}INSTALLED_APPS = [${apps.map(({label}) => `'${label}'`).join(', ')}]\n`);
	await git.commit('base');
	for (const [index, [, models]] of CASES.entries()) files.write(`app${index}/models.py`, models);
	const names = await found(story);
	const foundIn = (label: string) => names.filter(name => name.startsWith(`${label}.`)).map(name => name.slice(label.length + 1));
	for (const [index, [what, , expected]] of CASES.entries()) t.deepEqual(foundIn(`app${index}`), expected, what);

	const referees = await djangos();
	for (const {python, version} of referees) {
		const {stdout} = await execa(python, ['-m', 'django', 'makemigrations', '--dry-run'], {
			cwd: files.root,
			env: {DJANGO_SETTINGS_MODULE: 'settings', PYTHONPATH: files.root, PYTHONDONTWRITEBYTECODE: '1'},
		});
		const parts = new Map(stdout.split(/^Migrations for '/m).map(part => [part.slice(0, part.indexOf("'")), part]));
		for (const [index, [what, , expected, changes]] of CASES.entries()) {
			const part = parts.get(`app${index}`) ?? '';
			t.is(part !== '', changes, `Django ${version}: ${what}\n${stdout}`);
			for (const name of expected) t.regex(part, new RegExp(`\\b${name.split('.').at(-1)}\\b`), `Django ${version}: ${what}`);
		}
	}
	if (referees.length === 0) t.log('not judged: no Django could be installed here');
});

test('models of a package count when it imports them, and an app that cannot be read in full is left alone', async t => {
	const story = await scenario(t);
	const {files, git, django, guard} = story;
	await django.makemigrations('shop', '0001_initial');
	files.remove('shop/models.py');
	files.write('shop/models/__init__.py', 'from .items import *\n');
	files.write('shop/models/items.py', `${MODELS}${FIELD}`);
	files.write('shop/models/lost.py', MODELS.replace('Item', 'Lost'));
	await git.commit('a package');
	t.deepEqual(await found(story), ['shop.Item.size']);
	const {stdout, exitCode} = await guard.run('check', '--models', 'HEAD');
	t.is(exitCode, 1);
	t.regex(stdout, /MG013 no migration makes shop\.Item\.size\n +shop\/models\/items\.py:6\n/);
	t.is((await guard.run('check')).exitCode, 0);

	files.write('.migrationguardrc.json', JSON.stringify({ignore: {MG013: {shop: 'made by hand'}}}));
	t.is((await guard.run('check', '--models')).exitCode, 0);
	files.remove('.migrationguardrc.json');
	await django.makemigrations('shop', '0002_size', {operations: ['        AddFieldSafely(),']});
	t.deepEqual(await found(story), []);
	t.true(files.exists(join('shop', 'migrations', '0002_size.py')));
});
