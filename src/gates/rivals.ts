import {createHash} from 'node:crypto';
import {compareFiles} from '../doors/commute.ts';
import type {Ground} from '../doors/ground.ts';
import {type Collision, collisionsOf, sameMigration} from './collisions.ts';
import type {AddedMigration, OpenBranch} from './open-branches.ts';
import type {Other} from './pre-push.ts';
import type {TipCache} from './tip-cache.ts';

/** The branches that add migrations to the same apps as `mine`, and whether they commute with it: remembered, or compared while there is time. */
export function rivalsOf(
	ground: Ground,
	mine: OpenBranch,
	others: readonly OpenBranch[],
	cache: TipCache,
	hasTime: () => boolean,
): Other[] {
	const collisions = collisionsOf(mine.adds, others, sameMigration(ground));
	// The youngest are the likeliest to be worked on.
	const sorted = [...collisions].sort((a, b) => (b.branch.tip.oldest ?? 0) - (a.branch.tip.oldest ?? 0));
	return sorted.map(collision => ({
		name: collision.branch.name,
		author: collision.branch.tip.author,
		oldest: collision.branch.tip.oldest,
		adds: collision.adds.map(({key}) => key),
		verdict: together(ground, mine, collision, cache, hasTime),
	}));
}

/** The gravest verdict about two branches, theirs first; null: they commute; undefined: there was no time. */
function together(
	ground: Ground,
	mine: OpenBranch,
	{branch}: Collision,
	cache: TipCache,
	hasTime: () => boolean,
): Other['verdict'] {
	const key = pairKey(branch, mine);
	const known = cache.pairs.get(key);
	if (known !== undefined) return known === null ? null : (JSON.parse(known) as NonNullable<Other['verdict']>);
	if (!hasTime()) return undefined;
	const [theirs, ours] = [branch.tip.oid, mine.tip.oid];
	// The younger base knows what the older one knows; it is the one that differs less from either.
	const bases = [...new Set([branch.tip.base!, mine.tip.base!])].sort(
		(a, b) => ground.changesAt(a).size - ground.changesAt(b).size,
	);
	const [worst] = compareFiles(ground, {
		bases: bases.map(base => ground.at(base)),
		mainline: ground.at(theirs),
		incoming: ground.at(ours),
	}).verdicts;
	const verdict = worst ? {verdict: worst.verdict, what: worst.what} : null;
	cache.pairs.set(key, verdict && JSON.stringify(verdict));
	cache.isChanged = true;
	return verdict;
}

/** What the answer depends on: the migrations, and where the two left mainline. */
function pairKey(one: OpenBranch, other: OpenBranch): string {
	const describe = ({tip, adds}: OpenBranch) =>
		[tip.base, ...adds.map(({key, oid}: AddedMigration) => `${key} ${oid}`).sort()].join('\n');
	return createHash('sha1')
		.update(`${describe(one)}\n\n${describe(other)}`)
		.digest('hex');
}
