import test from 'ava';
import {forkedApps, fullPlan} from '../../src/migrations/graph.ts';
import {nameOf} from '../../src/migrations/key.ts';
import {ask, eachDjango} from '../referee/django.ts';
import {GRAPH_ROWS as ROWS} from './graph-rows.ts';
import {filesOf, treeOf} from './tree.ts';

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
	t.deepEqual(treeOf(files, {swappable: {AUTH_USER_MODEL: 'users.User'}}).graph.parents('shop.0001'), ['users.0001']);
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
	const {graph} = treeOf(filesOf({'users.0001': ['settings.AUTH_USER_MODEL']}), {swappable: {AUTH_USER_MODEL: 'users.User'}});
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
