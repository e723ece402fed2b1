import test from 'ava';
import fc from 'fast-check';
import {backwardsPlan, byPrefix, withoutReplacements} from '../../src/migrations/backwards-plan.ts';
import {buildGraph} from '../../src/migrations/graph.ts';
import {appOf, nodeKey} from '../../src/migrations/key.ts';
import {askRollback, djangos} from '../referee/django.ts';
import {randomProject} from './random-project.ts';
import {filesOf, treeOf} from './tree.ts';

const referees = await djangos();

const CHAIN = filesOf({
	'shop.0001_initial': [],
	'shop.0002_price': ['shop.0001_initial'],
	'shop.0003_size': ['shop.0002_price'],
	'pay.0001_initial': ['shop.0002_price'],
	'pay.0002_fee': ['pay.0001_initial', 'shop.0003_size'],
	'pay.0003_tip': ['pay.0002_fee'],
});

test('going back takes what depends on it in other apps along, and nothing else', t => {
	const {graph} = treeOf(CHAIN);
	t.deepEqual(backwardsPlan(graph, {app: 'shop', name: '0002_price'}), ['pay.0003_tip', 'pay.0002_fee', 'shop.0003_size']);
	t.deepEqual(backwardsPlan(graph, {app: 'shop', name: null}), [
		'pay.0003_tip',
		'pay.0002_fee',
		'shop.0003_size',
		'pay.0001_initial',
		'shop.0002_price',
		'shop.0001_initial',
	]);
	t.deepEqual(backwardsPlan(graph, {app: 'shop', name: '0003_size'}), []);
	const applied = new Set(['shop.0001_initial', 'shop.0002_price', 'shop.0003_size', 'pay.0001_initial']);
	t.deepEqual(
		backwardsPlan(graph, {app: 'shop', name: '0002_price'}, key => applied.has(key)),
		['shop.0003_size'],
	);
});

test('a name may be cut short', t => {
	const {project} = treeOf(CHAIN);
	t.deepEqual(byPrefix(project, 'shop', '0002'), ['0002_price']);
	t.is(byPrefix(project, 'shop', '000').length, 3);
});

const RUNS = 60;

for (const [index, django] of referees.entries()) {
	test(`Django ${django.version} reverses the same migrations in the same order`, async t => {
		const nested = Number(django.version.split('.')[0]) >= 6;
		const projects = fc
			.sample(randomProject(nested), {seed: 20_261_120 + index, numRuns: RUNS * 2})
			.map(random => {
				const {project} = treeOf(random.files, {swappable: random.userModel ? {AUTH_USER_MODEL: random.userModel} : {}});
				// As in a project whose settings name them: admin depends on the user model.
				const contrib = ['auth', 'contenttypes', 'admin', 'sites', 'flatpages'];
				return {random, project, contrib, graph: buildGraph(project, 'empty', contrib)};
			})
			.filter(({graph}) => graph.missing.length + graph.cycles.length + graph.squashCycles.length === 0);
		t.true(projects.length > RUNS, 'most random projects load');
		const questions = projects.map(({random, project, contrib}) => ({
			files: random.files,
			installed: random.apps,
			userModel: random.userModel,
			contrib,
			targets: [
				...random.apps.map(app => [app, null] as const),
				...[...project.nodes.values()].map(({app, name}) => [app, name] as const),
			],
		}));
		const answers = await askRollback(django, questions);
		let compared = 0;
		for (const [at, {project, graph, contrib}] of projects.entries()) {
			const {plans, error} = answers[at]!;
			if (error) continue; // An app whose __first__ is not there yet: makemigrations passes over it, migrate does not.
			for (const [which, [app, name]] of questions[at]!.targets.entries()) {
				const isLive = name === null || graph.keys.includes(nodeKey(app, name));
				// 3.2 and 4.0 cannot go back to what was replaced.
				if (!isLive && django.version.startsWith('3.')) continue;
				const seen = isLive ? graph : buildGraph(withoutReplacements(project), 'empty', contrib);
				const theirs = plans![which];
				if (!Array.isArray(theirs)) continue;
				t.deepEqual(
					backwardsPlan(seen, {app, name}),
					theirs.map(([label, each]) => nodeKey(label, each)),
					`${app} ${name} in ${JSON.stringify(projects[at]!.random.nodes)}`,
				);
				compared++;
			}
		}
		t.log(
			`${compared} plans compared; other apps in ${projects.filter(({graph}) => new Set(graph.keys.map(appOf)).size > 1).length} projects`,
		);
		t.true(compared > RUNS);
	});
}
