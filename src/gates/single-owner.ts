import type {OpenBranch} from './open-branches.ts';

/** A branch that claims apps, and since when (seconds; null: nothing of it is committed). */
export interface Claimant {
	readonly name: string;
	readonly apps: readonly string[];
	readonly since: number | null;
}

/** An app that two open branches touch, and which of them came first. */
export interface Claim {
	readonly app: string;
	readonly owner: Claimant;
	readonly other: Claimant;
}

/**
 * The rule that an app's migrations are touched by one open branch at a time: which apps of `mine` others touch, too. The older branch
 * owns an app (the author date of its oldest migration commit, then its name), so that never both are sent away.
 */
export function claimsOn(mine: Claimant, others: readonly Claimant[]): Claim[] {
	return mine.apps.flatMap(app => {
		const [first] = others.filter(({apps}) => apps.includes(app)).sort(byAge);
		if (!first) return [];
		const [owner, other] = [mine, first].sort(byAge) as [Claimant, Claimant];
		return [{app, owner, other}];
	});
}

/** An open branch as one that claims apps. */
export function claimant({name, apps, tip}: OpenBranch): Claimant {
	return {name, apps, since: tip.oldest};
}

function byAge(a: Claimant, b: Claimant): number {
	return (a.since ?? Number.POSITIVE_INFINITY) - (b.since ?? Number.POSITIVE_INFINITY) || (a.name < b.name ? -1 : 1);
}
