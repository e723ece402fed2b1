import {type Weighed, weigh} from '../commute/weigh.ts';
import {compareFiles, judgeStanding} from '../doors/commute.ts';
import type {Ground} from '../doors/ground.ts';
import {wasShown} from '../doors/judged.ts';
import type {Settings} from '../doors/settings.ts';
import type {Verdict} from '../state/work.ts';
import {type PastMeeting, type Range, sidesInRange} from './sides-in-range.ts';

/** What of a range does not commute, and what of that a person was shown when the merge was made. */
export interface PastWork extends Weighed {
	readonly shown: readonly Verdict[];
}

/** Judge what met in a range, after the fact, as it stands there. The ground is that of any commit of the range. */
export function judgePast(ground: Ground, range: Range, {handling}: Settings): PastWork {
	const stops: Verdict[] = [];
	const warns: Verdict[] = [];
	const shown: Verdict[] = [];
	const accepted: Weighed['accepted'][number][] = [];
	const isOff = handling.conflicts === 'off' && handling.reviews === 'off';
	for (const meeting of isOff ? [] : sidesInRange(ground.repo, range)) {
		const isKnown = wasShown(ground.repo, meeting.sides);
		const found = weigh(verdictsOf(ground, meeting), handling);
		for (const verdict of found.stops) (isKnown(verdict) ? shown : stops).push(verdict);
		warns.push(...found.warns.filter(verdict => !isKnown(verdict)));
		accepted.push(...found.accepted);
	}
	return {stops: distinct(stops), warns: distinct(warns), shown: distinct(shown), accepted};
}

/** Judge one meeting, as it stands in what came of it. */
export function verdictsOf(ground: Ground, {how, commit, bases, sides}: PastMeeting): readonly Verdict[] {
	const files = (commits: readonly string[]) => commits.map(each => ground.at(each));
	const result = ground.at(commit);
	if (how === 'merge') return judgeStanding(ground, files(bases), files(sides), result);
	const [[fork], [onto]] = [files(bases), files(sides)];
	const incoming = new Map([...result].filter(([path]) => fork!.has(path) || !onto!.has(path)));
	return compareFiles(ground, {bases: [fork!], mainline: onto!, incoming}).verdicts;
}

/** A branch that merged mainline again and again meets the same work in each of these merges. */
export function distinct(verdicts: readonly Verdict[]): Verdict[] {
	const key = ({verdict, mainline, incoming}: Verdict) =>
		[verdict, mainline.path, mainline.operation.line, incoming.path, incoming.operation.line].join('\n');
	return [...new Map(verdicts.map(verdict => [key(verdict), verdict])).values()];
}
