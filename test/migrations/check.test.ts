import test from 'ava';
import {ask, eachDjango} from '../referee/django.ts';
import {filesOf, treeOf} from './tree.ts';

type Files = Record<string, string>;

/** Files of one app, some of them replaced. */
function shop(changes: Files = {}): Files {
	const files = filesOf({'shop.0001_initial': [], 'shop.0002_price': ['shop.0001_initial']});
	const named = Object.fromEntries(Object.entries(changes).map(([name, text]) => [`shop/migrations/${name}`, text]));
	return {...files, ...named};
}

interface Row {
	readonly what: string;
	readonly files: Files;
	/** Code, title and first place. */
	readonly findings: readonly string[];
	/** Whether Django refuses it, too: every error must be one that it refuses. */
	readonly refused?: boolean;
	readonly since?: number;
}

const MERGE_CONFLICT = '<<<<<<< HEAD\n0002_price\n=======\n0002_other\n>>>>>>> b\n';

const ROWS: readonly Row[] = [
	{what: 'a sound project', files: shop(), findings: []},
	{
		what: 'a fork',
		files: {...shop(), ...filesOf({'shop.0003_a': ['shop.0002_price'], 'shop.0003_b': ['shop.0002_price']})},
		findings: [
			'MG001 shop has 2 leaf migrations: shop.0003_a, shop.0003_b shop/migrations/0003_a.py:5',
			'MG101 shop uses a number more than once: 0003_a and 0003_b shop/migrations/0003_a.py:5',
		],
		refused: true,
	},
	{
		what: 'a missing node that was renumbered',
		files: filesOf({'a.0001_initial': ['b.0002_colour'], 'b.0001_initial': [], 'b.0003_colour': ['b.0001_initial']}),
		findings: ['MG002 a.0001_initial depends on b.0002_colour, which does not exist a/migrations/0001_initial.py:7'],
		refused: true,
	},
	{
		what: 'a missing node that would join two leaves',
		files: filesOf({'a.0001': [], 'a.0002': ['a.0001'], 'a.0004': ['a.0003_gone']}),
		findings: ['MG002 a.0004 depends on a.0003_gone, which does not exist a/migrations/0004.py:7'],
		refused: true,
	},
	{
		what: 'a missing node of run_before',
		files: filesOf({'a.0001': {runBefore: ['b.0009']}, 'b.0001': []}),
		findings: ['MG002 a.0001 wants to run before b.0009, which does not exist a/migrations/0001.py:7'],
		refused: true,
	},
	{
		what: 'a cycle',
		files: filesOf({'a.0001': ['b.0001'], 'b.0001': ['a.0001']}),
		findings: ['MG003 circular dependency: a.0001 → b.0001 → a.0001 a/migrations/0001.py:5'],
		refused: true,
	},
	{
		what: 'a node that depends on itself',
		files: filesOf({'a.0001': ['a.0001']}),
		findings: ['MG004 a.0001 depends on itself a/migrations/0001.py:7'],
		refused: true,
	},
	{
		what: 'broken text',
		files: shop({'0003_x.py': 'from django.db import migrations\nclass Migration(migrations.Migration:\n    dependencies = [\n'}),
		findings: ['MG005 shop/migrations/0003_x.py cannot be read: it is not valid Python shop/migrations/0003_x.py:2'],
		refused: true,
	},
	{
		what: 'conflict markers',
		files: shop({'0002_price.py': '<<<<<<< HEAD\nclass Migration(x): pass\n=======\n>>>>>>> b\n'}),
		findings: [
			'MG005 shop/migrations/0002_price.py cannot be read: it holds conflict markers of git shop/migrations/0002_price.py:1',
		],
		refused: true,
	},
	{
		what: 'a helper without an underscore',
		files: shop({'tools.py': 'def f(): pass\n'}),
		findings: ['MG005 shop/migrations/tools.py cannot be read: it has no class Migration shop/migrations/tools.py:1'],
		refused: true,
	},
	{
		what: 'a class that is no migration',
		files: shop({'tools.py': 'class Migration:\n    pass\n'}),
		findings: [
			'MG005 shop/migrations/tools.py cannot be read: its class Migration does not inherit from django.db.migrations.Migration shop/migrations/tools.py:1',
		],
		refused: true,
	},
	{
		what: 'a carry',
		files: shop({
			'0003_x.py': `${shop()['shop/migrations/0002_price.py']}# >>> migration-guard carry v1 sha256=0 bytes=0 side=theirs\n#mg|\n# <<< migration-guard carry\nraise ImportError("split it")\n`,
		}),
		findings: ['MG006 shop/migrations/0003_x.py holds two migrations of one name shop/migrations/0003_x.py:11'],
		refused: true,
	},
	{what: 'a right max_migration.txt', files: shop({'max_migration.txt': '0002_price\n'}), findings: []},
	{
		what: 'a max_migration.txt that is behind',
		files: shop({'max_migration.txt': '0001_initial\n'}),
		findings: [
			'MG007 shop/migrations/max_migration.txt names 0001_initial, which is not the leaf shop/migrations/max_migration.txt:1',
		],
	},
	{
		what: 'a max_migration.txt of two lines',
		files: shop({'max_migration.txt': '0001_initial\n0002_price\n'}),
		findings: ['MG007 shop/migrations/max_migration.txt has 2 lines shop/migrations/max_migration.txt:1'],
	},
	{
		what: 'a max_migration.txt in conflict',
		files: shop({'max_migration.txt': MERGE_CONFLICT}),
		findings: ['MG007 shop/migrations/max_migration.txt holds conflict markers shop/migrations/max_migration.txt:1'],
	},
	{
		what: 'an empty max_migration.txt',
		files: shop({'max_migration.txt': ''}),
		findings: ['MG007 shop/migrations/max_migration.txt is empty shop/migrations/max_migration.txt:1'],
	},
	{
		what: 'a folder without __init__.py',
		files: (({'shop/migrations/__init__.py': _, ...rest}) => rest)(shop() as Files & {'shop/migrations/__init__.py': string}),
		findings: ['MG008 shop/migrations has no __init__.py shop/migrations:1'],
	},
	{
		what: 'a folder without __init__.py that others need',
		files: (({'shop/migrations/__init__.py': _, ...rest}) => rest)({
			...(shop() as Files & {'shop/migrations/__init__.py': string}),
			...filesOf({'pay.0001': ['shop.0001_initial']}),
		}),
		findings: [
			'MG002 pay.0001 depends on shop.0001_initial, which does not exist pay/migrations/0001.py:7',
			'MG008 shop/migrations has no __init__.py shop/migrations:1',
		],
		refused: true,
	},
	{
		what: 'squashes that replace each other',
		files: filesOf({'a.1': {replaces: ['a.2']}, 'a.2': {replaces: ['a.1']}}),
		findings: [
			'MG010 a.1 replaces itself, directly or through another squashed migration a/migrations/1.py:5',
			'MG103 a.1 replaces a migration that replaces others itself a/migrations/1.py:5',
			'MG103 a.2 replaces a migration that replaces others itself a/migrations/2.py:5',
		],
		refused: true,
		since: 6,
	},
	{
		what: 'dependencies that are computed',
		files: shop({
			'0003_x.py':
				"from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [('shop', '0002_price')] + list(x for x in ())\n    operations = []\n",
		}),
		findings: ['MG102 dependencies of shop.0003_x cannot be read in full: a function call shop/migrations/0003_x.py:5'],
	},
];

for (const {what, files, findings} of ROWS) {
	test(`the findings about ${what}`, t => {
		const found = treeOf(files).findings;
		const told = found.map(({code, title, places: [place]}) => `${code} ${title} ${place?.path}:${place?.line}`);
		t.deepEqual(told, [...findings]);
		for (const {code, severity, why, fix} of found) {
			t.is(severity, /^MG(?:008|009|1..)$/.test(code) ? 'notice' : 'error');
			t.true(why !== '' && fix !== '');
		}
	});
}

test('Django refuses what is an error, and nothing else', async t => {
	await eachDjango(t, async django => {
		const rows = ROWS.filter(({since = 0}) => since <= Number.parseInt(django.version, 10));
		const installed = rows.map(({files}) => treeOf(files).project.folders.map(({app}) => app));
		const verdicts = await ask(
			django,
			rows.map(({files}, index) => ({files, installed: installed[index]!, contrib: []})),
		);
		for (const [index, {what, refused = false}] of rows.entries()) {
			const {error, conflicts = {}} = verdicts[index]!;
			t.is(error !== null || Object.keys(conflicts).length > 0, refused, `${django.version}: ${what}`);
		}
	});
});

test('a missing node that was renumbered is found again', t => {
	const {findings} = treeOf(filesOf({'a.1': ['b.0002_colour'], 'b.0001_initial': [], 'b.0003_colour': ['b.0001_initial']}));
	t.is(findings[0]?.fix, 'if it was renamed, name b.0003_colour instead; else bring the file back');
});

test('a cycle is told in words', t => {
	const {findings} = treeOf(filesOf({'a.1': [], 'b.1': {dependencies: ['a.1'], runBefore: ['a.1']}}));
	t.is(findings[0]?.why, 'b.1 depends on a.1, b.1 runs before a.1; Django refuses to load them: CircularDependencyError');
});
