import type {Ground} from '../doors/ground.ts';
import {twinMark} from '../history/renumbered.ts';
import {nameOf} from '../migrations/key.ts';
import {suffixOf} from '../migrations/name.ts';
import type {AddedMigration, OpenBranch} from './open-branches.ts';

/** Another branch that adds migrations to the same apps. */
export interface Collision {
	readonly branch: OpenBranch;
	/** What that branch adds there. */
	readonly adds: readonly AddedMigration[];
	/** Sorted. */
	readonly apps: readonly string[];
}

/** Whether two migrations are one. */
export type Same = (one: AddedMigration, other: AddedMigration) => boolean;

/** Those of some branches that add to an app to which these migrations are added, too. What both have is no collision: one stands on the other. */
export function collisionsOf(adds: readonly AddedMigration[], others: readonly OpenBranch[], isSame: Same): Collision[] {
	const own = new Set(adds.map(({app}) => app));
	return others.flatMap(branch => {
		if (!branch.adds.some(({app}) => own.has(app))) return [];
		const mine = without(adds, branch.adds, isSame);
		const theirs = without(branch.adds, adds, isSame);
		const apps = [...new Set(mine.map(({app}) => app))].filter(app => theirs.some(added => added.app === app)).sort();
		return apps.length === 0 ? [] : [{branch, apps, adds: theirs.filter(({app}) => apps.includes(app))}];
	});
}

function without(adds: readonly AddedMigration[], others: readonly AddedMigration[], isSame: Same): AddedMigration[] {
	return adds.filter(added => !others.some(other => other.app === added.app && isSame(added, other)));
}

/** The same blob, or the same migration under another number: a copy of a branch that was rebased. */
export function sameMigration({library}: Ground): Same {
	const mark = ({oid, key}: AddedMigration) => twinMark(library, {oid, mode: '100644'}, nameOf(key));
	return (one, other) => {
		if (one.oid === other.oid) return true;
		if (suffixOf(nameOf(one.key)) !== suffixOf(nameOf(other.key))) return false;
		library.fetch([one.oid, other.oid]);
		const own = mark(one);
		return own !== null && own === mark(other);
	};
}
