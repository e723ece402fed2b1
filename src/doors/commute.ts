import {commute} from '../commute/commute.ts';
import type {Repo} from '../git/repo.ts';
import {mergeBases} from '../git/revisions.ts';
import type {Files} from '../history/revision.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {EMPTY} from '../state/state.ts';
import type {Verdict} from '../state/work.ts';
import {type Ground, openGround} from './ground.ts';
import {fetchDifferences} from './meeting.ts';
import {addedIn, addedSince, orderer, type Side, stateOf, withoutShared, withoutSquashed, workOf} from './work.ts';

/** What was compared, and the pairs of operations that do not commute. */
export interface Compared {
	/** Migrations that each side has and the other, and where they parted, have not. */
	readonly mainline: number;
	readonly incoming: number;
	readonly verdicts: readonly Verdict[];
}

/** Do the migrations that two commits gained since they parted commute? `mainline` is the one whose come first. */
export function compare(
	repo: Repo,
	commits: {readonly mainline: string; readonly incoming: string},
	options: LoadOptions,
): Compared {
	const {mainline, incoming} = commits;
	const ground = openGround(repo, incoming, options);
	const bases = mergeBases(repo, mainline, incoming).map(base => ground.at(base));
	const result = compareFiles(ground, {bases, mainline: ground.at(mainline), incoming: ground.at(incoming)});
	ground.library.save();
	return result;
}

/** The same for files that a door has at hand. */
export function compareFiles(
	ground: Ground,
	{bases, mainline, incoming}: {readonly bases: readonly Files[]; readonly mainline: Files; readonly incoming: Files},
): Compared {
	fetchDifferences(ground, ...bases, mainline, incoming);
	const sides = ownOf(
		ground,
		[mainline, incoming].map(files => addedSince(ground, bases, files)),
	);
	const [one, other] = [sides[0]!.fresh.size, sides[1]!.fresh.size];
	return {mainline: one, incoming: other, verdicts: judge(ground, bases, sides)(() => 0)};
}

/**
 * Do the sides of a merge commute, as they stand in its result?
 * @param lead which side comes first in an app; only asked when there is something to say
 */
export function judgeMerge(
	ground: Ground,
	bases: readonly Files[],
	sides: readonly Files[],
	lead: () => (app: string) => number,
): readonly Verdict[] {
	fetchDifferences(ground, ...bases, ...sides);
	const added = ownOf(ground, addedIn(ground, bases, sides, ground.files));
	const ask = judge(ground, bases, added);
	const isClean = added.every((_, first) => ask(() => first).length === 0);
	return isClean ? [] : ask(lead());
}

/** The same after the fact: the side that comes first in an app is the one whose migrations come first in the result. */
export function judgeStanding(
	ground: Ground,
	bases: readonly Files[],
	sides: readonly Files[],
	result: Files,
): readonly Verdict[] {
	if (bases.length === 0) return [];
	fetchDifferences(ground, ...bases, ...sides, result);
	const added = ownOf(ground, addedIn(ground, bases, sides, result));
	const order = orderer(ground);
	const ordered = (app: string) => order(result).filter(each => each.app === app);
	const firstIn = (app: string) =>
		ordered(app)
			.map(({path}) => added.findIndex(({fresh}) => fresh.has(path)))
			.find(side => side >= 0);
	return judge(ground, bases, added, order)(app => firstIn(app) ?? 0);
}

function ownOf(ground: Ground, sides: readonly Side[]): Side[] {
	const own = withoutShared(
		ground,
		sides.map(({fresh}) => fresh),
	);
	return sides.map((side, index) => ({...side, fresh: own[index]!}));
}

/** Judge sides, once for each that comes first; an answer is that of the apps in which it does. */
function judge(
	ground: Ground,
	bases: readonly Files[],
	added: readonly Side[],
	order = orderer(ground),
): (lead: (app: string) => number) => Verdict[] {
	if (added.filter(({fresh}) => fresh.size > 0).length < 2) return () => [];
	const sides = withoutSquashed(
		added,
		added.map(({files}) => order(files)),
	);
	ground.library.fetchUnworked(sides.flatMap(({fresh}) => [...fresh.values()]));
	const works = sides.map(side => workOf(ground, side, order(side.files), bases));
	const apps = new Set(works.flatMap(work => work.map(({operation}) => operation.app)));
	const base = bases[0] ? stateOf(ground, bases[0], apps, order(sides.at(-1)!.files), order) : EMPTY;
	const known = new Map<number, readonly Verdict[]>();
	const led = (first: number): readonly Verdict[] => {
		const before = known.get(first);
		if (before) return before;
		const others = works.filter((_, index) => index !== first);
		let mainline = works[first]!;
		const verdicts = others.flatMap(incoming => {
			const found = commute(base, mainline, incoming);
			mainline = [...mainline, ...incoming];
			return found;
		});
		known.set(first, verdicts);
		return verdicts;
	};
	return lead => {
		const leads = new Set([...apps].map(lead));
		return [...leads].flatMap(first => led(first).filter(({incoming}) => lead(incoming.operation.app) === first));
	};
}
