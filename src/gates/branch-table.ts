import type {Behind} from './behind.ts';
import {collisionsOf, type Same} from './collisions.ts';
import type {Landing} from './merge-order.ts';
import type {AddedMigration, OpenBranch} from './open-branches.ts';

/** What a branch is to the others. */
export interface BranchRow {
	readonly branch: OpenBranch;
	readonly behind: readonly Behind[];
	readonly isStale: boolean;
	readonly collides: readonly {readonly name: string; readonly apps: readonly string[]}[];
	/** Branches that it stands on: what they add is part of what it adds. */
	readonly standsOn: readonly string[];
}

/** What is needed to know of the branches beside themselves. */
export interface TableOptions {
	readonly behindOf: (adds: readonly AddedMigration[]) => readonly Behind[];
	readonly isSame: Same;
	readonly isStale: (branch: OpenBranch) => boolean;
}

/** The open branches, those that will hurt first at the top: behind mainline or in each other's way, then the stale, then the large. */
export function branchTable(branches: readonly OpenBranch[], {behindOf, isSame, isStale}: TableOptions): BranchRow[] {
	const rows = branches.map(branch => {
		const others = branches.filter(other => other !== branch);
		return {
			branch,
			behind: behindOf(branch.adds),
			isStale: isStale(branch),
			collides: collisionsOf(branch.adds, others, isSame).map(({branch: {name}, apps}) => ({name, apps})),
			standsOn: others.filter(other => isPartOf(other, branch)).map(({name}) => name),
		};
	});
	return rows.sort(byPain);
}

function isPartOf(other: OpenBranch, branch: OpenBranch): boolean {
	// Of two that bring the same, one comes first.
	const isLess = other.adds.length < branch.adds.length || (other.adds.length === branch.adds.length && other.name < branch.name);
	if (other.adds.length === 0 || !isLess) return false;
	const own = new Set(branch.adds.map(({path, oid}) => `${path} ${oid}`));
	return other.adds.every(({path, oid}) => own.has(`${path} ${oid}`));
}

function byPain(a: BranchRow, b: BranchRow): number {
	const keys = [
		isInTheWay,
		({isStale}: BranchRow) => Number(isStale),
		toRenumber,
		({collides}: BranchRow) => collides.length,
		({standsOn}: BranchRow) => -standsOn.length,
	];
	const age = (a.branch.tip.oldest ?? Number.POSITIVE_INFINITY) - (b.branch.tip.oldest ?? Number.POSITIVE_INFINITY);
	return keys.map(key => key(b) - key(a)).find(difference => difference !== 0) || age || (a.branch.name < b.branch.name ? -1 : 1);
}

function isInTheWay({behind, collides}: BranchRow): number {
	return Number(collides.length > 0) + Number(behind.some(({by}) => by > 0));
}

/** How many of its migrations the next merge moves. */
export function toRenumber({branch, behind}: BranchRow): number {
	const late = new Set(behind.filter(({by}) => by > 0).map(({app}) => app));
	return branch.adds.filter(({app}) => late.has(app)).length;
}

/** The same rows as branches that are to land. */
export function landings(rows: readonly BranchRow[]): Landing[] {
	return rows
		.filter(({branch}) => branch.adds.length > 0)
		.map(({branch, behind, standsOn}) => {
			const weights = new Map<string, number>();
			for (const {app} of ownOf(branch, standsOn, rows)) weights.set(app, (weights.get(app) ?? 0) + 1);
			return {
				name: branch.name,
				weights,
				behind: new Set(behind.filter(({by}) => by > 0).map(({app}) => app)),
				after: new Set(standsOn),
				since: branch.tip.oldest ?? 0,
			};
		});
}

/** What a branch adds to those it stands on. */
function ownOf(branch: OpenBranch, standsOn: readonly string[], rows: readonly BranchRow[]): AddedMigration[] {
	const below = rows.filter(row => standsOn.includes(row.branch.name)).flatMap(row => row.branch.adds);
	const known = new Set(below.map(({path, oid}) => `${path} ${oid}`));
	return branch.adds.filter(({path, oid}) => !known.has(`${path} ${oid}`));
}
