import test from 'ava';
import {checkProject} from '../../src/migrations/check.ts';
import type {DjangoSettings} from '../../src/migrations/django-settings.ts';
import {readDjangoSettings} from '../../src/migrations/django-settings.ts';
import {ask, eachDjango} from '../referee/django.ts';
import {type Edges, filesOf, treeOf} from './tree.ts';

type Nodes = Readonly<Record<string, readonly string[] | Edges>>;

interface Row {
	readonly what: string;
	readonly nodes: Nodes;
	/** Code and title. */
	readonly findings: readonly string[];
	readonly published?: readonly string[];
	readonly settings?: Partial<DjangoSettings>;
}

const model = (name: string, fields = '') =>
	`migrations.CreateModel(name='${name}', fields=[('id', models.AutoField(primary_key=True)),${fields}])`;
const foreign = (to: string) => `('other', models.ForeignKey(on_delete=models.CASCADE, to=${to}, null=True)),`;
const addForeign = (to: string) =>
	`migrations.AddField('item', 'more', models.ForeignKey(to=${to}, null=True, on_delete=models.CASCADE))`;
const run = (body: string): Edges => ({
	above: `def forwards(apps, schema_editor):\n    Item = apps.get_model('m', 'Item')\n    ${body}`,
	operations: 'migrations.RunPython(forwards)',
});
const chain = (app: string, ...names: string[]): Nodes =>
	Object.fromEntries(names.map((name, at) => [`${app}.${name}`, at === 0 ? [] : [`${app}.${names[at - 1]}`]]));

/** Relations between apps: here Django is asked what it thinks of them. */
const RELATIONS: readonly (Row & {readonly fails?: true})[] = [
	{
		what: 'a relation with its dependency',
		nodes: {'m.1': {dependencies: ['z.1'], operations: model('Item', foreign("'z.Cat'"))}, 'z.1': {operations: model('Cat')}},
		findings: [],
	},
	{
		what: 'a relation without one, to what comes later',
		nodes: {'m.1': {operations: model('Item', foreign("'z.Cat'"))}, 'z.1': {operations: model('Cat')}},
		findings: ['MG011 m.1 refers to z.cat and does not depend on z.1'],
		fails: true,
	},
	{
		what: 'a relation without one, to what comes earlier by luck',
		nodes: {'m.1': {operations: model('Item', foreign("'a.Cat'"))}, 'a.1': {operations: model('Cat')}},
		findings: ['MG104 m.1 refers to a.cat and does not depend on a.1'],
	},
	{
		what: 'a dependency that is too early',
		nodes: {
			'm.1': {dependencies: ['z.1'], operations: model('Item', foreign("'z.Cat'"))},
			'z.1': {operations: model('Dog')},
			'z.2': {dependencies: ['z.1'], operations: model('Cat')},
		},
		findings: ['MG011 m.1 refers to z.cat and does not depend on z.2'],
		fails: true,
	},
	{
		what: 'a dependency over two others',
		nodes: {
			'm.1': {dependencies: ['n.1'], operations: model('Item', foreign("'z.Cat'"))},
			'n.1': {dependencies: ['z.1'], operations: model('Dog')},
			'z.1': {operations: model('Cat')},
		},
		findings: [],
	},
	{
		what: 'an added field, the first argument positional',
		nodes: {
			'm.1': {operations: model('Item')},
			'm.2': {
				dependencies: ['m.1'],
				operations: "migrations.AddField('item', 'cat', models.ForeignKey('z.Cat', models.CASCADE, null=True))",
			},
			'z.1': {operations: model('Cat')},
		},
		findings: ['MG011 m.2 refers to z.cat and does not depend on z.1'],
		fails: true,
	},
	{
		what: 'base classes',
		nodes: {
			'm.1': {operations: "migrations.CreateModel(name='Item', fields=[], bases=('z.cat',))"},
			'z.1': {operations: model('Cat')},
		},
		findings: ['MG011 m.1 refers to z.cat and does not depend on z.1'],
		fails: true,
	},
	{
		what: 'many to many through another app',
		nodes: {
			'm.1': {operations: model('Item')},
			'm.2': {
				dependencies: ['m.1', 'a.1'],
				operations: "migrations.AddField('item', 'cats', models.ManyToManyField(to='a.Cat', through='z.Link'))",
			},
			'a.1': {operations: model('Cat')},
			'z.1': {
				dependencies: ['m.1', 'a.1'],
				operations: model(
					'Link',
					"('a', models.ForeignKey('a.Cat', models.CASCADE)), ('m', models.ForeignKey('m.Item', models.CASCADE)),",
				),
			},
		},
		findings: ['MG011 m.2 refers to z.link and does not depend on z.1'],
		fails: true,
	},
	{
		what: 'a renamed model',
		nodes: {
			'm.1': {dependencies: ['z.2'], operations: model('Item', foreign("'z.Puma'"))},
			'z.1': {operations: model('Cat')},
			'z.2': {dependencies: ['z.1'], operations: "migrations.RenameModel('Cat', 'Puma')"},
		},
		findings: [],
	},
	{
		what: 'a squash that makes the model',
		nodes: {
			'm.1': {dependencies: ['z.1'], operations: model('Item', foreign("'z.Cat'"))},
			'z.1': {operations: model('Cat')},
			'z.1_squashed_1': {replaces: ['z.1'], operations: model('Cat')},
		},
		findings: [],
	},
	{
		what: "a change of Django's state alone",
		nodes: {
			'm.1': {operations: model('Item')},
			'm.2': {
				dependencies: ['m.1'],
				operations: `migrations.SeparateDatabaseAndState(state_operations=[${addForeign("'z.Cat'")}])`,
			},
			'z.1': {operations: model('Cat')},
		},
		findings: ['MG104 m.2 refers to z.cat and does not depend on z.1'],
	},
	{
		what: 'a comment, an own model and an app elsewhere',
		nodes: {
			'm.1': {
				operations: `\n        # to='z.Cat'\n        ${model('Item', "('x', models.ForeignKey('m.Item', models.CASCADE)),")}`,
			},
			'z.1': {operations: model('Cat')},
		},
		findings: [],
	},
];

const ROWS: readonly Row[] = [
	{
		what: 'the user model without a dependency',
		nodes: {'m.1': {operations: model('Item', foreign('settings.AUTH_USER_MODEL'))}, 'z.1': {operations: model('User')}},
		settings: {swappable: {AUTH_USER_MODEL: 'z.User'}},
		findings: ['MG104 m.1 refers to z.user and does not depend on z.1'],
	},
	{
		what: 'the user model with one',
		nodes: {
			'm.1': {dependencies: ['settings.AUTH_USER_MODEL'], operations: model('Item', foreign('settings.AUTH_USER_MODEL'))},
			'z.1': {operations: model('User')},
		},
		settings: {swappable: {AUTH_USER_MODEL: 'z.User'}},
		findings: [],
	},
	{
		what: 'one number on two arms',
		nodes: {
			'm.0001': [],
			'm.0002_a': ['m.0001'],
			'm.0002_b': ['m.0001'],
			'm.0003_merge': {dependencies: ['m.0002_a', 'm.0002_b'], operations: ''},
		},
		findings: ['MG101 m uses a number more than once: 0002_a and 0002_b'],
	},
	{
		what: 'one number twice in a line',
		nodes: chain('m', '0001', '0002_a', '0002_b', '0003'),
		findings: ['MG111 m has a number twice in one line: 0002_a and 0002_b'],
	},
	{
		what: 'a merge after a renumbering',
		nodes: {...chain('m', '0001', '0002_a', '0003_b'), 'm.0004_merge': {dependencies: ['m.0002_a', 'm.0003_b'], operations: ''}},
		findings: ['MG105 m.0004_merge merges nothing: 0003_b is the only leaf below it'],
	},
	{
		what: 'a merge with one parent',
		nodes: {'m.0001': [], 'm.0002_merge_a_b': {dependencies: ['m.0001'], operations: ''}},
		findings: ['MG105 m.0002_merge_a_b merges nothing: 0001 is the only leaf below it'],
	},
	{
		what: 'a merge with one parent, published',
		nodes: {'m.0001': [], 'm.0002_merge_a_b': {dependencies: ['m.0001'], operations: ''}},
		published: ['m.0002_merge_a_b'],
		findings: [],
	},
	{
		what: 'a migration that merges rows',
		nodes: {'m.0001': [], 'm.0002_merge_duplicates': ['m.0001']},
		findings: [],
	},
	{
		what: 'a squash, half of whose targets are gone',
		nodes: {'m.0001': [], 'm.0001_squashed_0002': {replaces: ['m.0001', 'm.0002']}},
		findings: ['MG106 m.0001_squashed_0002 replaces 2 migrations, of which 1 is gone: m.0002'],
	},
	{what: 'a squash whose targets are gone', nodes: {'m.0001_squashed_0002': {replaces: ['m.0001', 'm.0002']}}, findings: []},
	{
		what: 'a narrow and a wide number',
		nodes: chain('m', '0001_a', '0002_b', '003_c', '00004_d'),
		findings: ['MG107 m writes its numbers with 4 digits, but for 00004_d, 003_c'],
	},
	{what: 'a number that outgrows the width', nodes: chain('m', '9998_a', '9999_b', '10000_c'), findings: []},
	{what: 'dates', nodes: chain('m', '0001_a', '0002_b', '20260101_c'), findings: []},
	{what: 'names without numbers', nodes: chain('m', 'a', 'b'), findings: []},
	{
		what: 'a long history',
		nodes: chain('m', ...Array.from({length: 201}, (_, at) => String(at + 1000))),
		findings: ['MG108 m has 201 migrations'],
	},
	{
		what: 'a history that is not too long',
		nodes: chain('m', ...Array.from({length: 200}, (_, at) => String(at + 1000))),
		findings: [],
	},
	{
		what: 'an app that is not installed',
		nodes: {'m.1': [], 'n.1': []},
		settings: {installed: new Set(['django.contrib.auth', 'm.apps.MConfig'])},
		findings: ['MG109 n has migrations, and no settings file names it'],
	},
	{
		what: 'settings that name no app at all',
		nodes: {'m.1': []},
		settings: {installed: new Set(['django.contrib.auth'])},
		findings: [],
	},
	{
		what: 'a loop over a table',
		nodes: {'m.1': run('for item in Item.objects.all():\n        item.save()')},
		findings: ['MG110 m goes through whole tables in one transaction: 1'],
	},
	{
		what: 'an update of a table',
		nodes: {'m.1': run('Item.objects.update(name="x")')},
		findings: ['MG110 m goes through whole tables in one transaction: 1'],
	},
	{
		what: 'a loop over some rows',
		nodes: {'m.1': run('for item in Item.objects.filter(x=1):\n        item.save()')},
		findings: [],
	},
	{
		what: 'a loop outside a transaction',
		nodes: {'m.1': {...run('Item.objects.update(name="x")'), inside: 'atomic = False'}},
		findings: [],
	},
	{what: 'a loop that has run', nodes: {'m.1': run('Item.objects.update(name="x")')}, published: ['m.1'], findings: []},
];

function findings({nodes, published, settings}: Row): readonly string[] {
	const files = filesOf(nodes);
	const known = {...readDjangoSettings([]), ...settings};
	const {project, graph} = treeOf(files, known);
	const paths = published?.map(key => `${key.replace('.', '/migrations/')}.py`);
	const found = checkProject(project, graph, {
		text: path => files[path] ?? '',
		settings: known,
		isPublished: paths ? path => paths.includes(path) : null,
	});
	return found.map(({code, title}) => `${code} ${title}`);
}

for (const row of [...RELATIONS, ...ROWS]) {
	test(`the findings about ${row.what}`, t => {
		t.deepEqual(findings(row), row.findings);
	});
}

test('Django fails to run what is an error, and nothing else', async t => {
	await eachDjango(t, async django => {
		const verdicts = await ask(
			django,
			RELATIONS.map(({nodes}) => {
				const files = filesOf(nodes);
				return {files, installed: treeOf(files).project.folders.map(({app}) => app), contrib: [], migrate: true};
			}),
		);
		for (const [index, {what, fails = false}] of RELATIONS.entries()) {
			const {error, migrated} = verdicts[index]!;
			t.is(error, null, `${django.version}: ${what}`);
			t.is(migrated !== null, fails, `${django.version}: ${what}: ${migrated?.message}`);
		}
	});
});
