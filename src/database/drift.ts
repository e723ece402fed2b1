import type {NodeKey} from '../migrations/key.ts';
import {driftBetween} from './drift-between.ts';
import {driftWithin} from './drift-within.ts';
import {type Environment, factsOf, type Tree} from './environment.ts';

/** Where environments part, or where one of them is between two states. All texts are for people. */
export interface Drift {
	readonly kind: /** Applied somewhere, known here and not applied. */
		| 'behind'
		/** Applied somewhere, and the code of another environment does not have it. */
		| 'code'
		/** Applied somewhere, and the tree has no such file. */
		| 'vanished'
		/** All that a merge migration merges is applied, and it is not. */
		| 'orphaned-merge'
		/** What a squash replaces is applied in part, or its row is missing. */
		| 'half-squash'
		/** A child is applied and its parent is not: Django refuses every migrate. */
		| 'gap'
		/** The code has several leaves: Django refuses every migrate. */
		| 'fork'
		/** Two migrations ran, or would run, in another order. */
		| 'order';
	readonly app: string;
	readonly nodes: readonly NodeKey[];
	/** Where it is so, by name. */
	readonly environments: readonly string[];
	readonly what: string;
	/** What to do, and where; null: nothing to be run. */
	readonly next: {readonly environment: string; readonly command: string; readonly why: string} | null;
}

/** How far each environment has applied an app, where they differ. */
export interface AppliedLeaves {
	readonly app: string;
	/** In the order of the environments; none applied: empty. */
	readonly leaves: readonly {readonly environment: string; readonly nodes: readonly NodeKey[]}[];
}

export interface Comparison {
	readonly leaves: readonly AppliedLeaves[];
	readonly drifts: readonly Drift[];
}

/** Compare environments with each other and with the tree that says what depends on what. Pure. */
export function compareEnvironments(environments: readonly Environment[], tree: Tree): Comparison {
	const facts = environments.map(environment => factsOf(environment, tree));
	const apps = [...new Set(facts.flatMap(({apps: shown}) => shown))].sort();
	const leaves = apps.flatMap(app => {
		const sides = facts.filter(each => each.shows(app)).map(each => ({environment: each.name, nodes: each.appliedLeaves(app)}));
		const isSame = sides.every(({nodes}) => nodes.join() === sides[0]!.nodes.join());
		return isSame ? [] : [{app, leaves: sides}];
	});
	const drifts = [...facts.flatMap(each => driftWithin(each, tree)), ...driftBetween(facts, tree)];
	return {
		leaves,
		drifts: drifts.sort((a, b) => (a.app === b.app ? 0 : a.app < b.app ? -1 : 1)),
	};
}
