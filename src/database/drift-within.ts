import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Drift} from './drift.ts';
import {type EnvironmentFacts, replacedBy, type Tree} from './environment.ts';
import {migrateTo} from './migrate-to.ts';

/** What is wrong inside one environment: half-merged and half-squashed states, gaps, forks. */
export function driftWithin(environment: EnvironmentFacts, tree: Tree): Drift[] {
	const pending = [...environment.listed.values()].filter(({state}) => state === 'unapplied').map(({key}) => key);
	return [
		...environment.apps.flatMap(app => forkIn(environment, app)),
		...[...environment.listed.keys()].flatMap(key => gapAt(environment, key)),
		...pending.flatMap(key => orphanAt(environment, tree, key)),
		...halfSquashes(environment, tree),
	];
}

function forkIn({name, leaves, isCharted}: EnvironmentFacts, app: string): Drift[] {
	const nodes = isCharted(app) ? leaves(app) : [];
	if (nodes.length < 2) return [];
	return [
		{
			kind: 'fork',
			app,
			nodes,
			environments: [name],
			what: `the code of ${name} has several leaves in ${app}: ${nodes.join(', ')}; Django refuses every migrate there`,
			next: {environment: name, command: 'migration-guard fix', why: 'in the repository; then deploy the result'},
		},
	];
}

function gapAt({name, isApplied, parents}: EnvironmentFacts, key: NodeKey): Drift[] {
	const open = isApplied(key) ? parents(key).filter(parent => !isApplied(parent)) : [];
	return open.map(parent => ({
		kind: 'gap',
		app: appOf(key),
		nodes: [key, parent],
		environments: [name],
		what: `in ${name}, ${key} is applied and ${parent}, which it depends on, is not: InconsistentMigrationHistory`,
		next: {
			environment: name,
			command: `echo "Migration ${key} is applied before its dependency ${parent} on database 'default'." | migration-guard explain`,
			why: 'in the repository: says how it came, and the ways out',
		},
	}));
}

/** A merge with nothing to do whose arms are all applied: a roll-out that stopped in between. */
function orphanAt({name, isApplied, parents}: EnvironmentFacts, {project}: Tree, key: NodeKey): Drift[] {
	const arms = parents(key);
	const node = project.nodes.get(key);
	const isEmpty = node === undefined || node.migration.operations === 'empty' || node.migration.operations === 'none';
	if (arms.length < 2 || !isEmpty || !arms.every(isApplied)) return [];
	return [
		{
			kind: 'orphaned-merge',
			app: appOf(key),
			nodes: [key],
			environments: [name],
			what: `${key} is not applied in ${name}, and all that it merges is: ${arms.join(', ')}`,
			next: {
				environment: name,
				command: migrateTo(key),
				why: node ? 'it has no operations: it only records' : 'the tree does not have it: look whether it has operations',
			},
		},
	];
}

function halfSquashes({name, listed, isApplied}: EnvironmentFacts, {project}: Tree): Drift[] {
	const unrecorded = [...listed.values()]
		.filter(({state}) => state === 'replaced')
		.map(
			({key}): Drift => ({
				kind: 'half-squash',
				app: appOf(key),
				nodes: [key],
				environments: [name],
				what: `${name} has applied all that ${key} replaces, and its own row is missing`,
				next: {environment: name, command: `migrate ${appOf(key)}`, why: 'writes the row; nothing is run'},
			}),
		);
	// Django lists what a squash replaces, and not the squash, while only a part of it is applied.
	const partly = [...project.nodes.keys()].flatMap((squash): Drift[] => {
		const targets = listed.has(squash) ? [] : replacedBy(project, squash).filter(key => listed.has(key));
		const open = targets.filter(key => !isApplied(key));
		const last = targets.at(-1);
		if (last === undefined || open.length === 0 || open.length === targets.length) return [];
		return [
			{
				kind: 'half-squash',
				app: appOf(squash),
				nodes: [squash, ...open],
				environments: [name],
				what: `${name} has applied a part of what ${squash} replaces; ${open.join(', ')} ${open.length > 1 ? 'are' : 'is'} left, and until then the squash does not count`,
				next: {environment: name, command: migrateTo(last), why: 'finishes the old migrations; they may not be deleted before'},
			},
		];
	});
	return [...unrecorded, ...partly];
}
