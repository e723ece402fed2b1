import test from 'ava';
import fc from 'fast-check';
import {forkedApps, fullPlan, type MigrationGraph} from '../../src/migrations/graph.ts';
import {appOf, nameOf, nodeKey} from '../../src/migrations/key.ts';
import {ask, djangos, type Verdict} from '../referee/django.ts';
import {type RandomProject, randomProject} from './random-project.ts';
import {treeOf} from './tree.ts';

const RUNS = 100;

const referees = await djangos();

if (referees.length === 0) {
	test('real Django agrees', t => {
		t.log('skipped: no Django could be installed here');
		t.pass();
	});
}

for (const [index, django] of referees.entries()) {
	test(`Django ${django.version} sees the same leaves, forks, missing nodes, cycles and plan`, async t => {
		const nested = Number(django.version.split('.')[0]) >= 6;
		const projects = fc.sample(randomProject(nested), {seed: 20_260_101 + index, numRuns: RUNS});
		const trees = projects.map(({files, userModel}) => treeOf(files, {swappable: userModel ? {AUTH_USER_MODEL: userModel} : {}}));
		const verdicts = await ask(
			django,
			projects.map(({files, apps, userModel}, at) => {
				const contrib = [...new Set(trees[at]!.graph.contrib.map(appOf))];
				return {files, installed: apps, userModel, contrib};
			}),
		);
		const outcomes: Record<string, number> = {};
		for (const [at, project] of projects.entries()) {
			const verdict = verdicts[at]!;
			const {graph} = trees[at]!;
			t.deepEqual(ours(graph, verdict), theirs(graph, verdict), describe(project, verdict));
			const outcome = verdict.error?.type ?? (Object.keys(verdict.conflicts ?? {}).length > 0 ? 'fork' : 'linear');
			outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
		}
		t.log(outcomes);
		for (const outcome of ['linear', 'fork', 'NodeNotFoundError', 'CircularDependencyError']) {
			t.true((outcomes[outcome] ?? 0) > RUNS / 100, `the random projects hardly ever end as ${outcome}`);
		}
	});
}

/** What we say, in the terms of the verdict: Django stops at the first error, so only that one can be compared. */
function ours(graph: MigrationGraph, {error}: Verdict) {
	if (error?.type === 'ValueError') {
		return {error: error.type, hasCycle: graph.cycles.length > 0};
	}
	if (graph.squashCycles.length > 0) {
		return {error: 'CommandError'};
	}
	if (graph.missing.length > 0) {
		const named = error?.node ? nodeKey(...error.node) : null;
		return {error: 'NodeNotFoundError', node: graph.missing.find(({reference}) => reference === named)?.reference ?? 'another'};
	}
	if (graph.cycles.length > 0) {
		return {error: 'CircularDependencyError', together: true};
	}
	return {
		error: null,
		leaves: graph.apps.map(app => graph.leafNodes(app)),
		roots: graph.apps.map(app => graph.rootNodes(app)),
		forks: forkedApps(graph),
		plan: fullPlan(graph),
	};
}

function theirs(graph: MigrationGraph, verdict: Verdict) {
	const {error} = verdict;
	switch (error?.type) {
		case 'NodeNotFoundError':
			return {error: error.type, node: error.node && nodeKey(...error.node)};
		case 'CircularDependencyError':
			return {error: error.type, together: isCycle(graph, error.message.split(', '))};
		case 'ValueError':
			// "Dependency on app with no migrations": each of them has a parent in the app, so there is a cycle.
			return {error: error.type, hasCycle: error.message.startsWith('Dependency on app with no migrations')};
		case undefined: {
			const keys = (app: string, names: Verdict['leaves']) => (names?.[app] ?? []).map(name => nodeKey(app, name));
			return {
				error: null,
				leaves: graph.apps.map(app => keys(app, verdict.leaves)),
				roots: graph.apps.map(app => keys(app, verdict.roots)),
				forks: Object.keys(verdict.conflicts ?? {})
					.sort()
					.map(app => ({app, leaves: keys(app, verdict.conflicts)})),
				plan: verdict.plan!.map(([app, name]) => nodeKey(app, name)),
			};
		}
		default:
			return {error: error?.type};
	}
}

/** Whether each node is the parent of the next, in our graph, too. */
function isCycle(graph: MigrationGraph, keys: readonly string[]): boolean {
	return keys.every((key, index) => graph.children(key).includes(keys[(index + 1) % keys.length]!));
}

function describe({nodes, userModel}: RandomProject, {error}: Verdict): string {
	const apps = Object.entries(nodes).map(([key, edges]) => `${appOf(key)} ${nameOf(key)} ${JSON.stringify(edges)}`);
	return [...apps, `user model ${userModel}`, error?.message ?? ''].join('\n');
}
