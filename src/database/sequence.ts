import {compareFiles} from '../doors/commute.ts';
import type {WorktreeGround} from '../doors/worktree.ts';
import type {Files} from '../history/revision.ts';
import {buildGraph, fullPlan} from '../migrations/graph.ts';
import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import type {Refusal} from '../refusal.ts';
import type {Verdict} from '../state/work.ts';
import type {Check, Complaint} from './ask.ts';
import type {Origin} from './find-revision.ts';
import type {OldName} from './old-names.ts';
import type {Surveyed} from './survey.ts';

/** What is to be done to one database, in order. A value: shown, asked for, run. */
export type Sequence =
	/** The rows get their new names, after what has to come before them was applied. Keeps the data. */
	| {
			readonly kind: 'keep';
			readonly alias: string;
			readonly renamed: readonly OldName[];
			/** Nodes to migrate to first, while Django is told the new names. */
			readonly targets: readonly NodeKey[];
	  }
	/** On the old tip, back to where the branch began; then forwards. Loses the data in what the branch added. */
	| {
			readonly kind: 'back';
			readonly alias: string;
			readonly origin: Origin;
			/** Where each app goes back to; an empty name: before its first migration. */
			readonly targets: readonly (readonly [app: string, name: string])[];
			/** Rows that are taken back. */
			readonly leaving: readonly NodeKey[];
	  };

/** A sequence, or why there is none. */
export type Choice = {readonly sequence: Sequence; readonly refusal: null} | {readonly sequence: null; readonly refusal: Refusal};

const BACK = 'migration-guard db repair --back';

/**
 * Keep the data where that is shown to be right: nothing is missing in the tables, nothing else stands in the way, and what has yet to be
 * applied commutes with what is applied already, which it will come after and not before.
 */
export function chooseKeep(ground: WorktreeGround, project: Project, surveyed: Surveyed): Choice {
	const {database, renamed, check} = surveyed;
	const {alias} = database;
	const untouched = whyUntouched(surveyed);
	if (check === null || untouched !== null) return {sequence: null, refusal: untouched!};
	const against = whatStandsAgainst(check);
	if (against !== null)
		return refuse('inconsistent', `${alias}: Django would refuse its history`, [], against, 'migration-guard check');
	const verdicts = check.waiting.length === 0 ? [] : meetingOf(ground, project, renamed, check.waiting);
	const [first] = verdicts;
	if (first) {
		const why = `${first.mainline.key} was to come before ${first.incoming.key}, which is applied already, and the two do not commute: ${first.what}`;
		return refuse(
			'no-data-kept',
			`${alias}: no sequence is known to keep the data`,
			[first.mainline.key, first.incoming.key],
			why,
			`${BACK}, which loses the data in what the branch added`,
		);
	}
	return {sequence: {kind: 'keep', alias, renamed, targets: check.targets}, refusal: null};
}

/** Go back to where the branch began, on its old tip: only where none of what came from elsewhere is applied, as the old tip does not know it. */
export function chooseBack(ground: WorktreeGround, surveyed: Surveyed, origins: readonly Origin[]): Choice {
	const {database, renamed} = surveyed;
	const {alias} = database;
	const rows = new Set(database.rows);
	const untouched = whyUntouched(surveyed);
	if (untouched !== null) return {sequence: null, refusal: untouched};
	const [origin, ...more] = origins;
	if (!origin || more.length > 0) {
		const why = origin
			? `they come from ${origins.map(({label}) => label).join(' and ')}, and only one tip can be gone back on`
			: 'nobody knows where they come from';
		return refuse(
			'several-tips',
			`${alias}: there is no one tip to go back on`,
			renamed.map(({from}) => from),
			why,
			'migration-guard db repair --back --from REV',
		);
	}
	const present = new Map(renamed.map(({from, to}) => [from, to]));
	const ahead = origin.since.added.filter(key => rows.has(key) && !present.has(key));
	if (ahead.length > 0) {
		const why = `${origin.label} does not know them, and would take their columns for its own to drop`;
		return refuse('ahead', `${alias}: mainline's migrations are applied already`, ahead, why, 'migration-guard db repair');
	}
	const project = ground.load(ground.at(origin.commit));
	const leaving = new Set([...renamed.map(({from}) => from), ...origin.since.gone.filter(key => rows.has(key))]);
	return {sequence: {kind: 'back', alias, origin, targets: forkPoints(project, leaving), leaving: [...leaving]}, refusal: null};
}

/** Why no sequence at all may be run: what the database holds is not known for sure. */
function whyUntouched({database: {alias, vendor}, state, renamed, check, error}: Surveyed): Refusal | null {
	const nodes = renamed.map(({from}) => from);
	if (check === null || state === 'unknown') {
		const what = `the database ${alias} could not be asked`;
		return refusal('no-answer', what, [], error ?? 'nothing is known of it', 'migration-guard db status');
	}
	if (state === 'undecided') {
		const what = `${alias}: the rows may be the migrations of either side`;
		const why = 'both sides have migrations of these names, and the tables look the same with either';
		return refusal('undecided', what, nodes, why, 'set django_migrations right by hand, or make the database anew');
	}
	if (state === 'damaged') {
		const what = `${alias}: the tables are not what the applied migrations say`;
		return refusal(
			'damaged',
			what,
			nodes,
			complaintsIn(check, 'missing').join('; '),
			'restore a backup, or make the database anew',
		);
	}
	const apps = new Set(renamed.map(({to}) => appOf(to)));
	const stray = complaintsIn({complaints: check.complaints.filter(([app]) => apps.has(app))}, 'extra');
	if (vendor !== 'sqlite' || check.waiting.length === 0 || stray.length === 0) return null;
	const what = `${alias}: SQLite would drop what no applied migration of this worktree has made`;
	const why = `${stray.join('; ')}; a table that is made anew for another migration keeps only what is known`;
	return refusal(
		'stray-columns',
		what,
		nodes,
		why,
		'check out the branch that made it and take it back there: manage.py migrate APP NAME',
	);
}

/** For each app the first of its migrations, in the order of the plan, on which one that leaves was built. */
function forkPoints(project: Project, leaving: ReadonlySet<NodeKey>): [app: string, name: string][] {
	const graph = buildGraph(project);
	const order = new Map(fullPlan(graph).map((key, index) => [key, index]));
	const points = new Map<string, NodeKey | null>();
	for (const key of leaving) {
		const app = appOf(key);
		const parents = graph.parents(key).filter(parent => appOf(parent) === app);
		if (parents.some(parent => leaving.has(parent))) continue;
		const [first = null] = [...parents].sort((a, b) => order.get(a)! - order.get(b)!);
		const known = points.get(app);
		const isEarlier = known === undefined || (known !== null && (first === null || order.get(first)! < order.get(known)!));
		if (isEarlier) points.set(app, first);
	}
	return [...points].map(([app, point]) => [app, point === null ? '' : nameOf(point)]);
}

/** Does what has yet to come commute with what is applied? Both as they are in the worktree. */
function meetingOf(
	ground: WorktreeGround,
	project: Project,
	renamed: readonly OldName[],
	waiting: readonly NodeKey[],
): readonly Verdict[] {
	const paths = (keys: readonly NodeKey[]) => new Set(keys.flatMap(key => project.nodes.get(key)?.path ?? []));
	const [first, second] = [paths(waiting), paths(renamed.map(({to}) => to))];
	const without = (...left: readonly ReadonlySet<string>[]): Files =>
		new Map([...ground.files].filter(([path]) => !left.some(each => each.has(path))));
	return compareFiles(ground, {bases: [without(first, second)], mainline: without(second), incoming: without(first)}).verdicts;
}

function whatStandsAgainst({unknown, inconsistent, conflicts}: Check): string | null {
	if (unknown.length > 0) return `Django does not know ${unknown.join(', ')}: is this the manage.py of these migrations?`;
	if (conflicts.length > 0) return `${conflicts.join(', ')}: conflicting migrations`;
	const [pair] = inconsistent;
	return pair ? `${pair[0]} is applied before its dependency ${pair[1]}` : null;
}

function complaintsIn({complaints}: Pick<Check, 'complaints'>, wanted: Complaint[2]): string[] {
	return complaints.filter(([, , kind]) => kind === wanted).map(([, what]) => what);
}

function refuse(...about: Parameters<typeof refusal>): Choice {
	return {sequence: null, refusal: refusal(...about)};
}

function refusal(code: string, what: string, nodes: readonly NodeKey[], why: string, next: string): Refusal {
	return {code, what, nodes, paths: [], why, next};
}
