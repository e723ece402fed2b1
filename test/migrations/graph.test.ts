import test from 'ava';
import {forkedApps, fullPlan} from '../../src/migrations/graph.ts';
import {nameOf} from '../../src/migrations/key.ts';
import {ask, eachDjango} from '../referee/django.ts';
import {type Edges, filesOf, treeOf} from './tree.ts';

interface Row {
	readonly what: string;
	readonly nodes: Readonly<Record<string, readonly string[] | Edges>>;
	/** Leaves of all apps, and the plan, as node keys; only the names when there is one app. */
	readonly leaves: string;
	readonly plan: string;
	readonly forked?: readonly string[];
	/** The first Django that gets it right. */
	readonly since?: number;
}

/** What Django's own fixtures show (tests/migrations), in other words. */
const ROWS: readonly Row[] = [
	{
		what: 'a chain',
		nodes: {'m.0001': [], 'm.0002': ['m.0001'], 'm.0003': ['m.0002']},
		leaves: '0003',
		plan: '0001 0002 0003',
	},
	{
		what: 'names without numbers, in the order of their dependencies',
		nodes: {'m.thefirst': [], 'm.second': ['m.thefirst', 'n.0002'], 'n.0001': ['m.thefirst'], 'n.0002': ['n.0001']},
		leaves: 'm.second n.0002',
		plan: 'm.thefirst n.0001 n.0002 m.second',
	},
	{
		what: 'names that start alike',
		nodes: {'m.a': [], 'm.ab': ['m.a']},
		leaves: 'ab',
		plan: 'a ab',
	},
	{
		what: 'a fork',
		nodes: {'m.0001': [], 'm.0002_second': ['m.0001'], 'm.0002_conflicting': ['m.0001']},
		leaves: '0002_conflicting 0002_second',
		plan: '0001 0002_conflicting 0002_second',
		forked: ['m'],
	},
	{
		what: 'a fork without a common ancestor',
		nodes: {'m.0001_initial': [], 'm.0002_second': ['m.0001_initial'], 'm.0002_conflicting': []},
		leaves: '0002_conflicting 0002_second',
		plan: '0002_conflicting 0001_initial 0002_second',
		forked: ['m'],
	},
	{
		what: 'run_before in the same app',
		nodes: {'m.0001': [], 'm.0002': ['m.0001'], 'm.0003': {dependencies: ['m.0001'], runBefore: ['m.0002']}},
		leaves: '0002',
		plan: '0001 0003 0002',
	},
	{
		what: 'run_before in another app',
		nodes: {'m.0001': [], 'n.0001': {runBefore: ['m.0001']}},
		leaves: 'm.0001 n.0001',
		plan: 'n.0001 m.0001',
	},
	{
		what: 'a squash and its targets',
		nodes: {
			'm.0001': [],
			'm.0002': ['m.0001'],
			'm.0001_squashed_0002': {replaces: ['m.0001', 'm.0002']},
			'm.0003': ['m.0002'],
		},
		leaves: '0003',
		plan: '0001_squashed_0002 0003',
	},
	{
		what: 'a squash whose targets are gone',
		nodes: {'m.0001_squashed_0002': {replaces: ['m.0001', 'm.0002']}, 'm.0003': ['m.0002']},
		leaves: '0003',
		plan: '0001_squashed_0002 0003',
	},
	{
		what: 'one node upon the squash and one upon its target',
		nodes: {
			'm.0001': [],
			'm.0001_squashed': {replaces: ['m.0001']},
			'm.0002_a': ['m.0001'],
			'm.0002_b': ['m.0001_squashed'],
		},
		leaves: '0002_a 0002_b',
		plan: '0001_squashed 0002_a 0002_b',
		forked: ['m'],
	},
	{
		what: 'a squash in the middle',
		nodes: {
			'm.1': [],
			'm.2': ['m.1'],
			'm.3_squashed_5': {replaces: ['m.3', 'm.4', 'm.5'], dependencies: ['m.2']},
			'm.3': ['m.2'],
			'm.4': ['m.3'],
			'm.5': ['m.4'],
			'm.6': ['m.5'],
			'm.7': ['m.6'],
		},
		leaves: '7',
		plan: '1 2 3_squashed_5 6 7',
	},
	{
		what: 'squashes in two apps that need each other',
		nodes: {
			'a.1': [],
			'a.2': ['a.1', 'b.2'],
			'a.3': ['a.2'],
			'a.2_squashed_3': {replaces: ['a.2', 'a.3'], dependencies: ['a.1', 'b.2']},
			'a.4': ['a.2_squashed_3'],
			'b.1': ['a.1'],
			'b.2': ['b.1'],
			'b.1_squashed_2': {replaces: ['b.1', 'b.2'], dependencies: ['a.1']},
		},
		leaves: 'a.4 b.1_squashed_2',
		plan: 'a.1 b.1_squashed_2 a.2_squashed_3 a.4',
	},
	{
		what: 'a squash of a squash',
		nodes: {
			'm.0001': [],
			'm.0002': ['m.0001'],
			'm.0003_squashed_0001_and_0002': {replaces: ['m.0001', 'm.0002']},
			'm.0004': ['m.0003_squashed_0001_and_0002'],
			'm.0005_squashed_0003_and_0004': {replaces: ['m.0003_squashed_0001_and_0002', 'm.0004']},
		},
		leaves: '0005_squashed_0003_and_0004',
		plan: '0005_squashed_0003_and_0004',
		since: 6,
	},
	{
		what: 'the greatest parent first',
		nodes: {
			'a.0001': ['c.0001'],
			'a.0002': ['a.0001'],
			'a.0003': ['c.0002', 'b.0002', 'a.0002'],
			'a.0004': ['a.0003'],
			'b.0001': ['a.0002'],
			'b.0002': ['b.0001', 'c.0002'],
			'b.0003': ['a.0004', 'b.0002'],
			'c.0001': [],
			'c.0002': ['a.0002', 'c.0001'],
			'c.0003': ['b.0003', 'c.0002'],
		},
		leaves: 'a.0004 b.0003 c.0003',
		plan: 'c.0001 a.0001 a.0002 c.0002 b.0001 b.0002 a.0003 a.0004 b.0003 c.0003',
	},
	{
		what: '__first__ and __latest__ of another app, and of the own',
		nodes: {
			'm.0001': ['n.__first__'],
			'm.0002': ['m.__first__', 'm.0001'],
			'n.0001': [],
			'n.0002': ['n.0001'],
			'o.0001': ['n.__latest__'],
		},
		leaves: 'm.0002 n.0002 o.0001',
		plan: 'n.0001 m.0001 m.0002 n.0002 o.0001',
	},
];

for (const {what, nodes, leaves, plan, forked = []} of ROWS) {
	test(`${what}: leaves and plan`, t => {
		const {graph} = treeOf(filesOf(nodes));
		const print = (keys: readonly string[]) => keys.map(key => (graph.apps.length === 1 ? nameOf(key) : key)).join(' ');
		t.is(print(graph.apps.flatMap(app => graph.leafNodes(app))), leaves);
		t.is(print(fullPlan(graph)), plan);
		t.deepEqual(
			forkedApps(graph).map(({app}) => app),
			[...forked],
		);
		t.deepEqual([graph.missing, graph.cycles, graph.external], [[], [], []]);
	});
}

test('real Django agrees with every row', async t => {
	await eachDjango(t, async django => {
		const rows = ROWS.filter(({since = 0}) => since <= Number.parseInt(django.version, 10));
		const questions = rows.map(({nodes}) => {
			const files = filesOf(nodes);
			return {files, installed: treeOf(files).graph.apps, contrib: []};
		});
		const verdicts = await ask(django, questions);
		for (const [index, {what, nodes}] of rows.entries()) {
			const {graph} = treeOf(filesOf(nodes));
			const {plan, error} = verdicts[index]!;
			t.deepEqual(
				{plan: plan?.map(key => key.join('.')), error},
				{plan: fullPlan(graph), error: null},
				`${django.version}: ${what}`,
			);
		}
	});
});

test('the user model is another app of the tree, or that of Django', t => {
	const files = filesOf({'shop.0001': ['settings.AUTH_USER_MODEL'], 'users.0001': []});
	t.deepEqual(treeOf(files, {userModel: 'users.User'}).graph.parents('shop.0001'), ['users.0001']);
	const {graph} = treeOf(files);
	t.deepEqual(graph.parents('shop.0001'), ['auth.0001_initial']);
	t.deepEqual(graph.keys, ['shop.0001', 'users.0001']);
	t.is(graph.contrib.length, 14);
	t.deepEqual(fullPlan(graph).slice(0, 3), [
		'contenttypes.0001_initial',
		'contenttypes.0002_remove_content_type_name',
		'auth.0001_initial',
	]);
});

test('the user app that depends on its own model depends on nothing', t => {
	const {graph} = treeOf(filesOf({'users.0001': ['settings.AUTH_USER_MODEL']}), {userModel: 'users.User'});
	t.deepEqual([graph.parents('users.0001'), graph.cycles], [[], []]);
});

test('apps and settings that the tree does not explain are external, never errors', t => {
	const {graph} = treeOf(filesOf({'shop.0001': ['taggit.0002_x', 'taggit.__first__', 'settings.OTHER_MODEL']}));
	t.deepEqual(
		graph.external.map(({reference}) => reference),
		['taggit.0002_x', 'taggit.__first__', 'settings.OTHER_MODEL'],
	);
	t.deepEqual([graph.missing, graph.cycles], [[], []]);
});

test('every missing node is listed, with who wants it', t => {
	const {graph} = treeOf(
		filesOf({'a.0001': ['a.0000', 'b.0009'], 'b.0001': {runBefore: ['a.0009']}, 'c.0001': ['auth.0099_x', 'c.__latest__']}),
	);
	t.deepEqual(
		[...graph.missing].sort((x, y) => (x.reference < y.reference ? -1 : 1)),
		[
			{node: 'a.0001', reference: 'a.0000', attribute: 'dependencies'},
			{node: 'b.0001', reference: 'a.0009', attribute: 'run_before'},
			{node: 'c.0001', reference: 'auth.0099_x', attribute: 'dependencies'},
			{node: 'a.0001', reference: 'b.0009', attribute: 'dependencies'},
			{node: 'c.0001', reference: 'c.__latest__', attribute: 'dependencies'},
		],
	);
	t.deepEqual(graph.leafNodes('a'), ['a.0001']);
});

for (const [what, nodes, expected] of [
	['itself', {'a.0001': ['a.0001']}, ['a.0001']],
	['each other', {'a.0001': ['a.0002'], 'a.0002': ['a.0001']}, ['a.0001 a.0002']],
	['one another over apps', {'a.0001': ['c.0001'], 'b.0001': ['a.0001'], 'c.0001': ['b.0001']}, ['a.0001 b.0001 c.0001']],
	[
		'each other in two places',
		{'a.1': ['a.2'], 'a.2': ['a.1'], 'b.1': ['b.2', 'a.1'], 'b.2': ['b.3'], 'b.3': ['b.1', 'b.2']},
		['a.1 a.2', 'b.1 b.3 b.2'],
	],
	['each other by run_before', {'a.1': [], 'a.2': {dependencies: ['a.1'], runBefore: ['a.1']}}, ['a.1 a.2']],
] as const) {
	test(`nodes that wait for ${what} are a cycle`, t => {
		const {graph} = treeOf(filesOf(nodes));
		t.deepEqual(
			graph.cycles.map(cycle => cycle.join(' ')),
			[...expected],
		);
		t.deepEqual(fullPlan(graph), []);
	});
}

for (const [what, nodes] of [
	['itself', {'a.1': {replaces: ['a.1']}}],
	['each other', {'a.1': {replaces: ['a.2']}, 'a.2': {replaces: ['a.1']}}],
] as const) {
	test(`squashes that replace ${what} are reported`, t => {
		t.is(treeOf(filesOf(nodes)).graph.squashCycles.length, 1);
	});
}

test('names are resolved as a reference from outside would be', t => {
	const {graph} = treeOf(
		filesOf({
			'm.0001': [],
			'm.0001_squashed': {replaces: ['m.0001', 'm.gone']},
			'm.0002_all': {replaces: ['m.0001_squashed']},
			'm.0003': ['m.0002_all'],
		}),
	);
	for (const [name, expected] of [
		['0001', 'm.0002_all'],
		['gone', 'm.0002_all'],
		['0001_squashed', 'm.0002_all'],
		['0003', 'm.0003'],
		['__first__', 'm.0002_all'],
		['__latest__', 'm.0003'],
		['other', null],
	] as const) {
		t.is(graph.resolve('m', name), expected, name);
	}
});

test('ten thousand migrations in one chain exhaust nothing', t => {
	const nodes: Record<string, string[]> = {};
	for (let number = 0; number < 10_000; number++) {
		nodes[`m.${String(number).padStart(5, '0')}`] = number === 0 ? [] : [`m.${String(number - 1).padStart(5, '0')}`];
	}
	const {graph} = treeOf(filesOf(nodes));
	t.is(fullPlan(graph).length, 10_000);
	t.deepEqual(graph.leafNodes('m'), ['m.09999']);
});
