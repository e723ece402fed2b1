import test from 'ava';
import {isSettingsFile, readDjangoSettings} from '../../src/migrations/django-settings.ts';

const read = (files: Readonly<Record<string, string>>) =>
	readDjangoSettings(Object.entries(files).map(([path, text]) => ({path, text})));

test('files that look like settings', t => {
	for (const path of [
		'settings.py',
		'a/settings/base.py',
		'a/config/django.py',
		'conf/base.py',
		'a/settings.dist.py',
		'common.py',
	])
		t.true(isSettingsFile(path), path);
	for (const path of ['settings.txt', 'a/models.py', 'a/configured.py', 'settings/migrations/0001_initial.py'])
		t.false(isSettingsFile(path), path);
});

test('swappable models', t => {
	const {swappable} = read({
		'settings.py': "AUTH_USER_MODEL = 'users.User'\nOAUTH_MODEL: str = \"api.App\"\n# OTHER_MODEL = 'a.B'\n",
	});
	t.deepEqual(swappable, {AUTH_USER_MODEL: 'users.User', OAUTH_MODEL: 'api.App'});
});

test('what is computed is not known', t => {
	t.deepEqual(read({'settings.py': "AUTH_USER_MODEL = env('USER', 'users.User')\nX_MODEL = NAME\n"}).swappable, {});
});

test('of several values the real one counts: no test, nearer to the root, less indented, first', t => {
	const model = (name: string, indent = '') => `${indent}AUTH_USER_MODEL = '${name}'\n`;
	t.is(read({'tests/settings.py': model('t.T'), 'a/b/settings.py': model('a.A')}).swappable.AUTH_USER_MODEL, 'a.A');
	t.is(read({'z/settings.py': model('z.Z'), 'a/b/settings.py': model('a.A')}).swappable.AUTH_USER_MODEL, 'z.Z');
	t.is(read({'config.py': model('c.C'), 'a/settings.py': model('a.A')}).swappable.AUTH_USER_MODEL, 'a.A');
	t.is(read({'settings.py': `if x:\n${model('x.X', '    ')}${model('y.Y')}`}).swappable.AUTH_USER_MODEL, 'y.Y');
	t.is(read({'settings.py': `if x:\n${model('x.X', '    ')}else:\n${model('y.Y', '    ')}`}).swappable.AUTH_USER_MODEL, 'x.X');
});

test('MIGRATION_MODULES', t => {
	const text =
		"MIGRATION_MODULES = {\n    'dojo': 'dojo.db_migrations',  # moved\n    'off': None,\n    'computed': f(),\n    'b': 'c.d',\n}\n";
	t.deepEqual(read({'settings.py': text}).migrationModules, {dojo: 'dojo.db_migrations', b: 'c.d'});
	t.deepEqual(read({'tests/settings.py': text}).migrationModules, {});
	t.deepEqual(read({'settings.py': 'MIGRATION_MODULES = modules()\n'}).migrationModules, {});
});

test('installed apps, and everything else that may be one', t => {
	t.is(read({'settings.py': 'DEBUG = True\n'}).installed, null);
	for (const more of ['INSTALLED_APPS += plugins', 'INSTALLED_APPS.append(config)', 'INSTALLED_APPS.insert(0, name)'])
		t.is(read({'settings.py': `INSTALLED_APPS = ['a']\n${more}\n`}).installed, null, more);
	const {installed} = read({
		'settings.py': "INSTALLED_APPS = ['django.contrib.auth', 'shop.apps.ShopConfig']\nINSTALLED_APPS += ['pay']\n",
	});
	t.deepEqual([...installed!], ['django.contrib.auth', 'shop.apps.ShopConfig', 'pay']);
});

test('django-linear-migrations, and its FIRST_PARTY_APPS', t => {
	const {linearMigrations, firstParty} = read({
		'settings.py':
			"FIRST_PARTY_APPS = ['shop.apps.Shop', 'pay']\nINSTALLED_APPS = FIRST_PARTY_APPS + ['django_linear_migrations']\n",
	});
	t.true(linearMigrations);
	t.deepEqual([...firstParty!], ['shop.apps.Shop', 'pay']);
	t.deepEqual([...read({'settings.py': 'FIRST_PARTY_APPS = ()\n'}).firstParty!], []);
	for (const text of ["FIRST_PARTY_APPS = ['a', name]", 'FIRST_PARTY_APPS = find()', 'INSTALLED_APPS = []'])
		t.is(read({'settings.py': text}).firstParty, null, text);
	t.true(read({'settings.py': "    'django_linear_migrations.apps.DjangoLinearMigrationsAppConfig',\n"}).linearMigrations);
	for (const text of ["# 'django_linear_migrations',", "NAME = 'django_linear_migrations_too'"])
		t.false(read({'settings.py': text}).linearMigrations, text);
});
