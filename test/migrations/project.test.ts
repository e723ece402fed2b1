import test from 'ava';
import {isMigrationFile} from '../../src/migrations/project.ts';
import {ask, eachDjango} from '../referee/django.ts';
import {filesOf, treeOf} from './tree.ts';

const EMPTY = 'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = []\n';

const NAMES: readonly (readonly [file: string, expected: boolean])[] = [
	['0001_initial.py', true],
	['unique_constraints.py', true],
	['0003_add-index.py', true],
	['0004_with blank.py', true],
	['_helpers.py', false],
	['~0001_a.py', false],
	['__init__.py', false],
	['0002.b.py', false],
	['.hidden.py', false],
	['0001_initial.pyi', false],
	['0001_initial.pyc', false],
	['max_migration.txt', false],
];

for (const [file, expected] of NAMES) {
	test(`${file} is ${expected ? 'a' : 'no'} migration file`, t => {
		t.is(isMigrationFile(`shop/migrations/${file}`), expected);
	});
}

test('real Django takes the same files', async t => {
	const files: Record<string, string> = {'shop/__init__.py': ''};
	for (const [file] of NAMES.filter(([name]) => !name.endsWith('.pyc'))) {
		files[`shop/migrations/${file}`] = file.endsWith('.py') && file !== '__init__.py' ? EMPTY : '';
	}
	const expected = NAMES.filter(([, taken]) => taken).map(([name]) => name.slice(0, -3));
	t.deepEqual([...treeOf(files).project.nodes.values()].map(({name}) => name).sort(), [...expected].sort());
	await eachDjango(t, async django => {
		const [verdict] = await ask(django, [{files, installed: ['shop']}]);
		t.deepEqual(verdict?.leaves?.shop, [...expected].sort(), django.version);
	});
});

test('folders are found by their name, with a readable or a broken migration in them', t => {
	const {project} = treeOf({
		'shop/migrations/__init__.py': '',
		'shop/migrations/0001_a.py': EMPTY,
		'shop/migrations/0002_b.py': `${EMPTY}<<<<<<< HEAD\n`,
		'shop/migrations/max_migration.txt': '0001_a\n',
		'blog/migrations/__init__.py': '',
		'blog/migrations/0001_a.py': `<<<<<<< HEAD\n${EMPTY}`,
		'helpers/migrations/__init__.py': '',
		'helpers/migrations/tools.py': 'from django.db.migrations import Migration\n\n\ndef f(): pass\n',
		'other/changes/0001_a.py': EMPTY,
		'empty/migrations/__init__.py': '',
		'migrations.py': EMPTY,
	});
	t.deepEqual(
		project.folders.map(({path, app, hasInit, maxMigration, names}) => ({path, app, hasInit, maxMigration, names})),
		[
			{path: 'blog/migrations', app: 'blog', hasInit: true, maxMigration: null, names: ['0001_a']},
			{
				path: 'shop/migrations',
				app: 'shop',
				hasInit: true,
				maxMigration: 'shop/migrations/max_migration.txt',
				names: ['0001_a', '0002_b'],
			},
		],
	);
	t.deepEqual([...project.nodes.keys()], ['shop.0001_a']);
	t.deepEqual(
		project.unreadable.map(({path, reading}) => `${path} ${reading.unreadable}`),
		['blog/migrations/0001_a.py conflict-markers', 'shop/migrations/0002_b.py conflict-markers'],
	);
});

test('a folder without __init__.py is known, and its files are not loaded', t => {
	const {project} = treeOf({'shop/migrations/0001_a.py': EMPTY});
	t.like(project.folders[0], {app: 'shop', hasInit: false});
	t.is(project.nodes.size, 0);
});

for (const [what, options, expected] of [
	['a glob', {folders: ['**/changes']}, 'other'],
	['a glob with one star', {folders: ['src/*/changes/']}, 'other'],
	['a label in the configuration', {apps: {'src/other/changes': 'thing'}}, 'thing'],
	['MIGRATION_MODULES', {migrationModules: {stuff: 'other.changes'}}, 'stuff'],
	['a glob for elsewhere', {folders: ['other/*']}, null],
] as const) {
	test(`a folder of another name is found by ${what}`, t => {
		const files = {'src/other/changes/__init__.py': '', 'src/other/changes/0001_a.py': EMPTY};
		t.is(treeOf(files, options).project.folders[0]?.app ?? null, expected);
	});
}

test('of two folders with one label the same one is always taken, and nothing in the other is missing', t => {
	const files = {
		...filesOf({'shop.0001_a': [], 'pay.0001_x': ['shop.0002_b']}),
		'tests/shop/migrations/__init__.py': '',
		'tests/shop/migrations/0001_a.py': EMPTY,
		'tests/shop/migrations/0002_b.py': EMPTY,
	};
	const {project, graph} = treeOf(files);
	t.deepEqual(project.duplicateLabels, [{label: 'shop', kept: 'shop/migrations', ignored: ['tests/shop/migrations']}]);
	t.deepEqual(graph.missing, []);
	t.deepEqual(
		graph.external.map(({reference}) => reference),
		['shop.0002_b'],
	);
});

test('a second project in the repository is checked by itself, with what is nearest to it', t => {
	const below = (folder: string, files: Readonly<Record<string, string>>) =>
		Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
	const users = {'users.0001_initial': [], 'users.0002_name': ['users.0001_initial']};
	const fork = filesOf({...users, 'users.0002_mail': ['users.0001_initial']});
	const files = {
		...below('a', filesOf({...users, 'shop.0001_initial': ['users.0002_name']})),
		// The shop of b needs the users of b, which those of a do not have.
		...below('b', {...fork, ...filesOf({'shop.0001_initial': ['users.0002_mail']})}),
		...below('a/tests', fork),
		'common/migrations/__init__.py': '',
		'common/migrations/0001_a.py': EMPTY,
	};
	const {project, findings} = treeOf(files);
	t.deepEqual(
		project.further.map(({folders}) => folders.map(({path}) => path).sort()),
		[['b/shop/migrations', 'b/users/migrations', 'common/migrations']],
	);
	t.deepEqual(
		findings.filter(({severity}) => severity === 'error').map(({code, places: [place]}) => `${code} ${place?.path}`),
		['MG001 b/users/migrations/0002_mail.py'],
	);
	t.deepEqual(
		findings.filter(({code}) => code === 'MG009').map(({app}) => app),
		['shop', 'users'],
	);
});

test('an app that never mentions itself is not taken for the app it depends on', t => {
	const {project} = treeOf(filesOf({'users.0001_initial': [], 'shop.0001_initial': [], 'shop.0002_b': ['users.0001_initial']}));
	t.deepEqual(project.folders.map(({app}) => app).sort(), ['shop', 'users']);
});

test('the label of the user model', t => {
	t.deepEqual([...treeOf({}, {swappable: {AUTH_USER_MODEL: 'users.User'}}).project.swappedTo], [['AUTH_USER_MODEL', 'users']]);
});
