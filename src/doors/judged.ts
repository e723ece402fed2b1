import {weigh} from '../commute/weigh.ts';
import type {Repo} from '../git/repo.ts';
import type {Assembly} from '../history/meeting.ts';
import type {Judged} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import type {MeetingPlan} from '../plan/plan-meeting.ts';
import type {Verdict, Work} from '../state/work.ts';
import {shownOf} from '../worktree/shown.ts';
import type {Standing} from './meeting.ts';
import type {Settings} from './settings.ts';

/**
 * Judge, and weigh by the configuration. Null: there is nothing to say. Whatever goes wrong in it, the door goes on: only what could not be judged is said.
 */
export function judged({handling}: Settings, judge: () => readonly Verdict[]): Judged | null {
	if (handling.conflicts === 'off' && handling.reviews === 'off') return null;
	try {
		const {stops, warns} = weigh(judge(), handling);
		return stops.length + warns.length === 0 ? null : {how: 'told', stops, warns, reminded: [], failed: null};
	} catch (error) {
		return {how: 'told', stops: [], warns: [], reminded: [], failed: (error as Error).message};
	}
}

/** A person is stopped once for each pair of a merge; what was shown before is only called to mind. `commits`: HEAD and what it is merged with. */
export function stopOnce(repo: Repo, commits: readonly string[], {stops, warns, ...rest}: Judged): Judged {
	const shown = shownOf(repo, commits);
	const isNew = (verdict: Verdict) => !shown.has(pairKey(verdict));
	const news = stops.filter(isNew);
	const result = {...rest, stops: news, warns: warns.filter(isNew), reminded: stops.filter(verdict => !isNew(verdict))};
	remember(repo, commits, result);
	return {...result, how: news.length > 0 ? 'stopped' : 'told'};
}

/** Remember what is being shown. */
export function remember(repo: Repo, commits: readonly string[], {stops, warns}: Judged): void {
	shownOf(repo, commits).add([...stops, ...warns].map(pairKey));
}

/** Whether a person was shown a pair when some commits were merged. */
export function wasShown(repo: Repo, commits: readonly string[]): (verdict: Verdict) => boolean {
	const shown = shownOf(repo, commits);
	return verdict => shown.has(pairKey(verdict));
}

/** The same pair under any name: the merge renumbers, and an edit elsewhere in the file changes nothing. */
function pairKey({verdict, mainline, incoming}: Verdict): string {
	const side = ({operation}: Work) => `${operation.app} ${operation.model} ${operation.text}`;
	return [verdict, side(mainline), side(incoming)].join('\n');
}

/** Which side comes first, app by app: the one that stays where there is a fork, else the one that stands most firmly. */
export function leadOf({appPlans, assembly}: MeetingPlan, sides: number, {rankOf}: Standing): (app: string) => number {
	const staying = new Map(appPlans.map(({app, arms}) => [app, arms[0]!.side]));
	let firmest: number | null = null;
	return app => {
		const first = staying.get(app) ?? firmest ?? firmestOf(assembly, sides, rankOf);
		if (!staying.has(app)) firmest = first;
		return first;
	};
}

function firmestOf({entries}: Assembly, sides: number, rankOf: Standing['rankOf']): number {
	const ranks = Array.from({length: sides}, (_, side) =>
		Math.max(0, ...entries.filter(entry => entry.isNew && entry.side === side).map(rankOf)),
	);
	return ranks.indexOf(Math.max(...ranks));
}

/** Verdicts by the names that a plan gives. */
export function renamedBy({steps}: Plan, judged: Judged): Judged {
	const moved = new Map(steps.flatMap(step => (step.kind === 'renumber' ? [[step.path, step] as const] : [])));
	const renamed = (work: Work): Work => {
		const step = moved.get(work.path);
		return step ? {...work, key: step.to, path: step.newPath} : work;
	};
	// Of two files of one name the other one is meant.
	const side = (verdict: Verdict) =>
		verdict.mainline.path === verdict.incoming.path ? verdict.mainline : renamed(verdict.mainline);
	const all = (verdicts: readonly Verdict[]) =>
		verdicts.map(verdict => {
			const incoming = renamed(verdict.incoming);
			return {...verdict, mainline: side(verdict), incoming, next: verdict.next.replaceAll(verdict.incoming.path, incoming.path)};
		});
	return {...judged, stops: all(judged.stops), warns: all(judged.warns), reminded: all(judged.reminded)};
}
