import {createHash} from 'node:crypto';
import {type Handling, weigh} from '../commute/weigh.ts';
import {compareFiles} from '../doors/commute.ts';
import type {Ground} from '../doors/ground.ts';
import {type Collision, collisionsOf, sameMigration} from './collisions.ts';
import type {AddedMigration, OpenBranch} from './open-branches.ts';
import type {Other} from './pre-push.ts';
import type {TipCache} from './tip-cache.ts';

/** What a comparison needs besides the branches. */
export interface Comparing {
	/** What the team accepts, or does not want to hear of. */
	readonly handling: Handling;
	readonly hasTime: () => boolean;
}

/** The branches that add migrations to the same apps as `mine`, and whether they commute with it: remembered, or compared while there is time. */
export function rivalsOf(
	ground: Ground,
	mine: OpenBranch,
	others: readonly OpenBranch[],
	cache: TipCache,
	{handling, hasTime}: Comparing,
): Other[] {
	const collisions = collisionsOf(mine.adds, others, sameMigration(ground));
	// The youngest are the likeliest to be worked on.
	const sorted = [...collisions].sort((a, b) => (b.branch.tip.oldest ?? 0) - (a.branch.tip.oldest ?? 0));
	return sorted.map(collision => ({
		name: collision.branch.name,
		author: collision.branch.tip.author,
		oldest: collision.branch.tip.oldest,
		adds: collision.adds.map(({key}) => key),
		verdict: together(ground, mine, collision, cache, {handling, hasTime}),
	}));
}

/** The gravest verdict about two branches, theirs first; null: they commute; undefined: there was no time. */
function together(
	ground: Ground,
	mine: OpenBranch,
	{branch}: Collision,
	cache: TipCache,
	{handling, hasTime}: Comparing,
): Other['verdict'] {
	const key = pairKey(branch, mine, handling);
	const known = cache.pairs.get(key);
	if (known !== undefined) return known === null ? null : (JSON.parse(known) as NonNullable<Other['verdict']>);
	if (!hasTime()) return undefined;
	const [theirs, ours] = [branch.tip.oid, mine.tip.oid];
	// The younger base knows what the older one knows; it is the one that differs less from either.
	const bases = [...new Set([branch.tip.base!, mine.tip.base!])].sort(
		(a, b) => ground.changesAt(a).size - ground.changesAt(b).size,
	);
	const {verdicts} = compareFiles(ground, {
		bases: bases.map(base => ground.at(base)),
		mainline: ground.at(theirs),
		incoming: ground.at(ours),
	});
	const {stops, warns} = weigh(verdicts, handling);
	const [worst] = [...stops, ...warns];
	const verdict = worst ? {verdict: worst.verdict, what: worst.what} : null;
	cache.pairs.set(key, verdict && JSON.stringify(verdict));
	cache.isChanged = true;
	return verdict;
}

/** What the answer depends on: the migrations, where the two left mainline, and what the team accepts. */
function pairKey(one: OpenBranch, other: OpenBranch, handling: Handling): string {
	const describe = ({tip, adds}: OpenBranch) =>
		[tip.base, ...adds.map(({key, oid}: AddedMigration) => `${key} ${oid}`).sort()].join('\n');
	return createHash('sha1')
		.update(`${describe(one)}\n\n${describe(other)}\n\n${JSON.stringify(handling)}`)
		.digest('hex');
}
