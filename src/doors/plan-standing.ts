import {headRef} from '../git/repo.ts';
import {type Arm, armsOf} from '../history/sides.ts';
import {meetingWithin} from '../history/standing.ts';
import type {Project} from '../migrations/project.ts';
import type {SideLabel} from '../plan/outcome.ts';
import {type MeetingPlan, type PlanOptions, planMeeting} from '../plan/plan-meeting.ts';
import {entrances} from './entrances.ts';
import type {Ground} from './ground.ts';
import {stampFinder, standingOf} from './meeting.ts';
import type {Settings} from './settings.ts';

/** How the forks that stand in one tree are resolved. */
export interface StandingPlan {
	readonly planned: MeetingPlan;
	/** The arms of each app that is forked, or whose file holds two migrations. */
	readonly arms: ReadonlyMap<string, readonly Arm[]>;
	/** How people call the sides; none where that is not known. */
	readonly sides: () => readonly SideLabel[];
}

/** Plan what stands on a ground. `head`: the commit below it; null: there is none. */
export function planStanding(
	ground: Ground,
	settings: Settings,
	head: string | null,
	chosen: PlanOptions['armsOf'] = armsOf,
): StandingPlan {
	const {repo} = ground;
	const project = ground.load(ground.files);
	const entered = entrances(repo, head ?? 'HEAD', project);
	const meeting = meetingWithin(ground.files, project, entered.order, ground.library) ?? unforked(ground, project);
	const arms = new Map<string, readonly Arm[]>();
	const planned = planMeeting(meeting, ground.library, {
		strategy: settings.strategy,
		...standingOf(ground, settings, {branch: headRef(repo), head: head ?? 'HEAD'}),
		stamp: stampFinder(ground, [head ?? 'HEAD']),
		load: ground.load,
		refreshAll: true,
		armsOf(app, assembly, rankOf) {
			const own = chosen(app, assembly, rankOf);
			if (own.length > 1) arms.set(app, own);
			return own;
		},
	});
	return {planned, arms, sides: () => (entered.names() ?? []).map(name => ({name, oldest: null}))};
}

/** Nothing is forked: a meeting in which nothing can move, for what else may be out of step (max_migration.txt). */
function unforked({files}: Ground, project: Project) {
	return {
		base: files,
		sides: [files, files],
		git: files,
		result: files,
		labels: new Map(project.folders.map(({path, app}) => [path, app])),
	};
}
