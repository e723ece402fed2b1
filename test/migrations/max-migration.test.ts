import test from 'ava';
import {checkProject} from '../../src/migrations/check.ts';
import {type DjangoSettings, readDjangoSettings} from '../../src/migrations/django-settings.ts';
import {ask} from '../referee/django.ts';
import {linearMigrations} from '../referee/linear-migrations.ts';
import {filesOf, treeOf} from './tree.ts';

/** A tree, and what both are to say of it. */
interface Row {
	readonly what: string;
	readonly files: Readonly<Record<string, string>>;
	/** `dlm.E004 shop`, in the order of the apps. */
	readonly said: readonly string[];
	readonly firstParty?: readonly string[];
	/** Apps that are not in INSTALLED_APPS. */
	readonly apart?: readonly string[];
	/** Where django-linear-migrations itself fails, by the name of its error; `said` is then ours alone. */
	readonly fails?: string;
}

const MAX = 'shop/migrations/max_migration.txt';
const SHOP = filesOf({'shop.0001_initial': [], 'shop.0002_price': ['shop.0001_initial']});
const FORK = filesOf({'shop.0003_a': ['shop.0002_price'], 'shop.0003_b': ['shop.0002_price']});
const PAY = filesOf({'pay.0001_initial': []});
const shop = (text: string, more: Readonly<Record<string, string>> = {}) => ({...SHOP, ...more, [MAX]: text});

const ROWS: readonly Row[] = [
	{what: 'a right one', files: shop('0002_price\n'), said: []},
	{what: 'no file', files: SHOP, said: ['dlm.E001 shop']},
	{what: 'a file in one app of two', files: {...shop('0002_price\n'), ...PAY}, said: ['dlm.E001 pay']},
	{what: 'no migrations', files: {'shop/__init__.py': '', 'shop/migrations/__init__.py': ''}, said: []},
	{
		what: 'no __init__.py',
		files: Object.fromEntries(Object.entries(SHOP).filter(([path]) => path !== 'shop/migrations/__init__.py')),
		said: [],
	},
	{what: 'two lines', files: shop('line1\nline2\n'), said: ['dlm.E002 shop']},
	{what: 'the same line twice', files: shop('0002_price\n0002_price\n'), said: ['dlm.E002 shop']},
	{what: 'conflict markers', files: shop('<<<<<<< HEAD\n0002_price\n=======\n0002_x\n>>>>>>> b\n'), said: ['dlm.E002 shop']},
	{what: 'a form feed between two names', files: shop('0002_price\f0001_initial'), said: ['dlm.E002 shop']},
	{what: 'a name that does not exist', files: shop('0001_start\n'), said: ['dlm.E003 shop']},
	{what: 'a byte order mark', files: shop('\uFEFF0002_price\n'), said: ['dlm.E003 shop']},
	{what: 'the name of another case', files: shop('0002_Price\n'), said: ['dlm.E003 shop']},
	{what: 'a name with .py', files: shop('0002_price.py\n'), said: ['dlm.E003 shop']},
	{what: 'a name and a word', files: shop('0002_price # the last\n'), said: ['dlm.E003 shop']},
	{what: 'a name that is behind', files: shop('0001_initial\n'), said: ['dlm.E004 shop']},
	{what: 'a fork', files: shop('0003_a\n', FORK), said: ['dlm.E005 shop']},
	{what: 'a fork, and another app without a file', files: {...shop('0003_a\n', FORK), ...PAY}, said: ['dlm.E005 shop']},
	{what: 'a fork without a file', files: {...SHOP, ...FORK}, said: ['dlm.E005 shop']},
	{what: 'no line ending', files: shop('0002_price'), said: []},
	{what: 'CRLF', files: shop('0002_price\r\n'), said: []},
	{what: 'blanks around', files: shop('\n \t0002_price \u00a0\n\n'), said: []},
	{what: 'an empty file', files: shop('\n'), said: ['dlm.E004 shop'], fails: 'IndexError'},
	{
		what: 'a squash beside what it replaces: it is the leaf',
		files: shop(
			'0001_squashed_0002\n',
			filesOf({'shop.0001_squashed_0002': {replaces: ['shop.0001_initial', 'shop.0002_price']}}),
		),
		said: [],
	},
	{
		what: 'a squash, and the last of what it replaces',
		files: shop('0002_price\n', filesOf({'shop.0001_squashed_0002': {replaces: ['shop.0001_initial', 'shop.0002_price']}})),
		said: ['dlm.E004 shop'],
	},
	{
		what: 'a leaf whose number is not the greatest',
		files: {
			...filesOf({'a.0001': [], 'a.0009_late': ['a.0001'], 'a.0003': ['a.0009_late']}),
			'a/migrations/max_migration.txt': '0009_late\n',
		},
		said: ['dlm.E004 a'],
	},
	{
		what: 'a leaf by run_before',
		files: {
			...filesOf({'a.0001': [], 'a.0002': ['a.0001'], 'a.0003': {dependencies: ['a.0001'], runBefore: ['a.0002']}}),
			'a/migrations/max_migration.txt': '0003\n',
		},
		said: ['dlm.E004 a'],
	},
	{
		what: 'a leaf on which only another app depends',
		files: {
			...filesOf({'a.0001': [], 'a.0002': ['a.0001'], 'b.0001': ['a.0002']}),
			'a/migrations/max_migration.txt': '0002\n',
			'b/migrations/max_migration.txt': '0001\n',
		},
		said: [],
	},
	{what: 'FIRST_PARTY_APPS without it', files: shop('nonsense\n', PAY), firstParty: ['pay'], said: ['dlm.E001 pay']},
	{what: 'an empty FIRST_PARTY_APPS', files: shop('nonsense\n'), firstParty: [], said: []},
	{
		what: 'FIRST_PARTY_APPS with an AppConfig',
		files: shop('nonsense\n', {
			...PAY,
			'shop/apps.py': "from django.apps import AppConfig\n\n\nclass Shop(AppConfig):\n    name = 'shop'\n    label = 'store'\n",
			...Object.fromEntries(Object.entries(SHOP).map(([path, text]) => [path, text.replaceAll("('shop'", "('store'")])),
		}),
		firstParty: ['shop.apps.Shop'],
		said: ['dlm.E003 store'],
	},
	{
		what: 'site-packages inside of the repository',
		files: {
			...shop('0002_price\n'),
			...Object.fromEntries(Object.entries(PAY).map(([path, text]) => [`lib/site-packages/${path}`, text])),
		},
		said: [],
	},
	{what: 'an app that is not installed', files: shop('0002_price\n', PAY), apart: ['pay'], said: []},
];

/** The settings of a row, as its settings.py says them. */
function settingsOf({files, firstParty, apart = []}: Row): {installed: string[]; settings: DjangoSettings} {
	const packages = treeOf(files).project.folders.map(({path}) => path.replace(/\/migrations$/, '').replaceAll('/', '.'));
	const installed = packages.filter(name => !apart.includes(name));
	const lines = [
		`INSTALLED_APPS = ['django_linear_migrations', ${installed.map(name => `'${name}'`).join(', ')}]`,
		...(firstParty ? [`FIRST_PARTY_APPS = [${firstParty.map(name => `'${name}'`).join(', ')}]`] : []),
	];
	return {installed, settings: readDjangoSettings([{path: 'settings.py', text: `${lines.join('\n')}\n`}])};
}

/** What `check` says, in the other's words. A fork silences everything else there; here the other apps are looked at all the same. */
function ours(row: Row): string[] {
	const {project, graph} = treeOf(row.files);
	const found = checkProject(project, graph, {text: path => row.files[path] ?? '', settings: settingsOf(row).settings});
	const said = found.flatMap(({code, severity, title, nodes, app = nodes[0]?.split('.')[0]}) => {
		const id = {
			MG001: 'dlm.E005',
			MG012: 'dlm.E001',
			MG007: /lines|markers/.test(title) ? 'dlm.E002' : /not exist/.test(title) ? 'dlm.E003' : 'dlm.E004',
		}[code as string];
		return id === undefined || severity !== 'error' ? [] : [`${id} ${app}`];
	});
	const forks = said.filter(line => line.startsWith('dlm.E005'));
	return forks.length > 0 ? forks : said;
}

for (const row of ROWS) {
	test(`max_migration.txt: ${row.what}`, t => {
		t.deepEqual(ours(row), [...row.said]);
	});
}

for (const line of ['4.2', '5.2', '6.0']) {
	test(`django-linear-migrations says the same, with Django ${line}`, async t => {
		const real = await linearMigrations(line);
		if (typeof real === 'string') {
			t.log(`not judged: ${real}`);
			t.pass();
			return;
		}
		const questions = ROWS.map(row => {
			const {files, firstParty} = row;
			// A vendored folder is on Python's path, as an environment's is.
			const named = settingsOf(row).installed;
			return {files, installed: named, contrib: [], linearMigrations: true, ...(firstParty ? {firstParty} : {})};
		});
		const verdicts = await ask(real.django, questions, real.env);
		for (const [index, {what, said, fails}] of ROWS.entries()) {
			const {linear, error} = verdicts[index]!;
			t.truthy(linear, `${what}: ${error?.message}`);
			if (linear === undefined) continue;
			if ('type' in linear) t.is(linear.type, fails ?? '', `${what}: ${linear.message}`);
			else t.deepEqual(linear.flatMap(wordsOf), [...said], what);
		}
	});
}

function wordsOf([id, message]: readonly [string, string]): string[] {
	const apps = id === 'dlm.E005' ? message.matchAll(/^\* (\w+):/gm) : message.matchAll(/^(\w+)'s /g);
	return [...apps].map(([, app]) => `${id} ${app}`);
}

test('a team without such files is not asked for them', t => {
	const {findings} = treeOf({...SHOP, ...PAY});
	t.deepEqual(findings, []);
});

test('one app with a file and one without, and no django-linear-migrations: a notice', t => {
	const {findings} = treeOf({...shop('0002_price\n'), ...PAY, ...prefixed('tests', PAY)});
	t.deepEqual(
		findings.map(({code, severity, title}) => `${code} ${severity} ${title}`),
		['MG012 notice pay has no max_migration.txt', 'MG009 notice the app label pay is used by 2 folders'],
	);
});

function prefixed(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}
