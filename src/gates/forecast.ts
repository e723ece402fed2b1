import {compareFiles} from '../doors/commute.ts';
import type {Ground} from '../doors/ground.ts';
import {fetchDifferences, labelsOf, stampFinder, standingOf} from '../doors/meeting.ts';
import type {Settings} from '../doors/settings.ts';
import {undecidable} from '../doors/undecidable.ts';
import {mergeTree} from '../git/objects.ts';
import {mergeBases} from '../git/revisions.ts';
import {type Files, sameFile} from '../history/revision.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import {planMeeting} from '../plan/plan-meeting.ts';
import type {Verdict} from '../state/work.ts';
import {addedBy, type Differing, differingPaths} from './differing.ts';

/** What would become of a branch if it met mainline now. Nothing is written, nothing is checked out. */
export interface Forecast {
	/** The merge base; null for unrelated histories. */
	readonly base: string | null;
	/** What the merge would do to the migrations. Mentions outside of them are not looked for. */
	readonly plan: Plan;
	/** Apps to which both sides add migrations, sorted. */
	readonly meets: readonly string[];
	/** What each side has and the other, and where they parted, have not; sorted. One migration under two names is on neither. */
	readonly added: {readonly mainline: readonly NodeKey[]; readonly incoming: readonly NodeKey[]};
	/** Do the two commute, mainline first? Read when asked for. */
	verdicts(): readonly Verdict[];
	/** The migrations after the merge, the plan carried out. Read when asked for. */
	outcome(): Files;
}

/** Two commits that may meet, by their full names. */
export interface Sides {
	readonly mainline: string;
	readonly incoming: string;
	/** Their merge base, where the caller knows it already; null: they have none. */
	readonly base?: string | null;
}

/**
 * What would become of one branch. `ground` is best opened on mainline's commit. The migrations are merged path by path, as the
 * doors do it; git's own merge is asked only where it could do something else. Throws GitError when a commit is not there.
 */
export function forecast(ground: Ground, sides: Sides, settings: Settings): Forecast {
	return forecaster(ground, settings)(sides);
}

const NOTHING: Plan = {forks: [], steps: [], changes: [], reported: [], refusals: []};

/**
 * The same for many branches: what is known of mainline is kept between them. Announce their commits and merge bases to the ground first.
 */
export function forecaster(ground: Ground, settings: Settings): (sides: Sides) => Forecast {
	// Nobody's HEAD: the first side stays, unless the other one is published.
	const standing = standingOf(ground, settings, {branch: null, head: ''});
	return sides => {
		const {mainline, incoming} = sides;
		const base = sides.base === undefined ? (mergeBases(ground.repo, mainline, incoming)[0] ?? null) : sides.base;
		const paths = differingPaths(ground, base, mainline, incoming);
		const added = addedBy(ground, paths, [mainline, incoming]);
		const meets = [...added.mainline.keys()].filter(app => added.incoming.has(app)).sort();
		const isFar = !added.isContested && base !== null && paths.every(isApart);
		// Mainline has nothing that the branch has not: it becomes what the branch is.
		const isAhead = base === mainline;
		const {plan, merged} =
			isFar || isAhead
				? {plan: NOTHING, merged: () => (isAhead ? ground.at(incoming) : mergedByPath(ground.at(mainline), paths))}
				: planOf(ground, {base, mainline, incoming}, paths, settings, standing);
		return {
			base,
			meets,
			added: {mainline: [...added.mainline.values()].flat().sort(), incoming: [...added.incoming.values()].flat().sort()},
			plan,
			outcome: () => carriedOut(merged(), plan),
			verdicts: () =>
				compareFiles(ground, {
					bases: base === null ? [] : [ground.at(base)],
					mainline: ground.at(mainline),
					incoming: ground.at(incoming),
				}).verdicts,
		};
	};
}

/** Neither side took anything away, nor did the branch edit anything: where no app is met, nothing is to be done then. */
function isApart({path, base, mainline, incoming}: Differing): boolean {
	return !isMigrationFile(path) || base === undefined || (mainline !== undefined && sameFile(base, incoming));
}

function planOf(
	ground: Ground,
	commits: {readonly base: string | null; readonly mainline: string; readonly incoming: string},
	paths: readonly Differing[],
	settings: Settings,
	standing: ReturnType<typeof standingOf>,
): {plan: Plan; merged: () => Files} {
	const base: Files = commits.base === null ? new Map() : ground.at(commits.base);
	const sides = [ground.at(commits.mainline), ground.at(commits.incoming)];
	const merged = paths.some(asksGit)
		? ground.at(mergeTree(ground.repo, commits.mainline, commits.incoming).tree)
		: mergedByPath(sides[0]!, paths);
	fetchDifferences(ground, base, ...sides, merged);
	const labels = labelsOf(ground, [base, ...sides]);
	const planned = planMeeting({base, sides, git: merged, result: merged, labels}, ground.library, {
		strategy: settings.strategy,
		...standing,
		stamp: stampFinder(ground, [commits.mainline, commits.incoming]),
		load: ground.load,
	});
	const isTie = planned.appPlans.some(({arms}) => arms[0]!.rank === arms[1]!.rank);
	return {plan: commits.base === null && isTie ? undecidable(planned).plan : planned.plan, merged: () => merged};
}

function carriedOut(merged: Files, {changes}: Plan): Files {
	const outcome = new Map(merged);
	for (const {path, after} of changes) after ? outcome.set(path, after) : outcome.delete(path);
	return outcome;
}

/** Both sides changed one file, or one took a file away: it may have been renamed, and git follows renames, of folders, too. */
function asksGit({path, base, mainline, incoming}: Differing): boolean {
	if (base === undefined || !isMigrationFile(path)) return false;
	const isGone = mainline === undefined || incoming === undefined;
	return isGone || !(sameFile(base, mainline) || sameFile(base, incoming) || sameFile(mainline, incoming));
}

function mergedByPath(mainline: Files, paths: readonly Differing[]): Files {
	const merged = new Map(mainline);
	for (const each of paths) {
		const isTheirs = sameFile(each.base, each.mainline);
		if (isTheirs) each.incoming ? merged.set(each.path, each.incoming) : merged.delete(each.path);
	}
	return merged;
}
