import type {Assembly, Entry, Meeting} from '../history/meeting.ts';
import {type FileState, type Files, folderOf, type Library, sameFile, stemOf} from '../history/revision.ts';
import {appOf, type NodeKey, nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';
import type {Refusal} from '../refusal.ts';
import {type Decided, decideMeeting, decisionsOf} from './decide.ts';
import {type Decisions, type Drafted, draftEntry, finalName} from './draft.ts';
import {type AppPlan, mergePath} from './linearize.ts';
import {refreshMaxMigrations} from './max-migration.ts';
import {mergeMigrationText} from './merge-migration.ts';
import type {PlanOptions} from './options.ts';
import type {Change, Plan} from './plan.ts';
import {collisions, unreadableNews} from './refusals.ts';
import {noticesOf, stepsOf, storyOf} from './steps.ts';
import {verifyOutcome} from './verify.ts';

export type {PlanOptions} from './options.ts';

/** The plan of a meeting, and what it was decided from: for mentions outside the migrations, and for other trees of the branch. */
export interface MeetingPlan {
	readonly plan: Plan;
	readonly assembly: Assembly;
	readonly decisions: Decisions;
	readonly appPlans: readonly AppPlan[];
}

/** Decide everything about the migrations of a meeting: who moves, new names, new texts; checked before it is given out. */
export function planMeeting(meeting: Meeting, library: Library, options: PlanOptions): MeetingPlan {
	const decided = decideMeeting(meeting, library, options);
	const {assembly, duplicates, resolve} = decided;
	const {drafts, refusals} = writeEntries(decided, meeting, library);
	const refused = new Set(refusals.flatMap(({nodes}) => nodes.map(appOf)));
	const isRefused = (path: string) => refused.has(meeting.labels.get(folderOf(path)) ?? '');
	const appPlans = decided.appPlans.filter(({app}) => !refused.has(app));
	const decisions = decisionsOf(appPlans, resolve);

	const outcome = compose(meeting, assembly, [...drafts.values()], isRefused);
	for (const plan of appPlans.filter(({merge}) => merge)) addMergeMigration(outcome, plan, decisions, library);
	const touched = new Set(decided.appPlans.map(({app}) => app));
	const isDue = (app: string) => !refused.has(app) && (options.refreshAll === true || touched.has(app));
	const read = options.load(outcome);
	const maxSteps = refreshMaxMigrations(outcome, read, meeting, library, isDue);
	const changes = changesBetween(meeting.result, outcome);
	const failure =
		changes.length === 0
			? null
			: verify(maxSteps.length > 0 ? options.load(outcome) : read, {meeting, assembly, touched, refused}, options);
	if (failure) {
		const plan = {forks: [], steps: [], changes: [], reported: [], refusals: [...refusals, failure]};
		return {plan, assembly, decisions: decisionsOf([], resolve), appPlans: []};
	}
	const plan: Plan = {
		forks: appPlans.map(storyOf),
		steps: [
			...stepsOf(appPlans, decisions, duplicates, drafts),
			...noticesOf(assembly, meeting, options, isRefused),
			...maxSteps,
		],
		changes,
		reported: [...drafts.values()].flatMap(({path, mentions}) => (mentions?.reported ?? []).map(mention => ({path, ...mention}))),
		refusals,
	};
	return {plan, assembly, decisions, appPlans};
}

/** Write every entry as it will stand. What cannot be written, or would overwrite another, is refused with its app. */
function writeEntries({assembly, duplicates, appPlans, refusals, resolve}: Decided, meeting: Meeting, library: Library) {
	const decisions = decisionsOf(appPlans, resolve);
	const drafts = new Map<Entry, Drafted>();
	const failed: Refusal[] = [...unreadableNews(assembly, meeting, library), ...refusals];
	for (const entry of assembly.entries) {
		const draft = duplicates.has(entry) ? null : draftEntry(entry, library, decisions);
		if (draft && 'code' in draft) failed.push(draft);
		else if (draft) drafts.set(entry, draft);
	}
	const known = new Set(failed.flatMap(({nodes}) => nodes.map(appOf)));
	const twice = collisions([...drafts.values()], meeting.labels).filter(({nodes}) =>
		nodes.every(node => !known.has(appOf(node))),
	);
	return {drafts, refusals: [...failed, ...twice]};
}

/** All guarded files as they will stand: drafts in place of what stood, the rest and refused apps untouched. */
function compose(
	meeting: Meeting,
	{asIs}: Assembly,
	drafts: readonly Drafted[],
	isRefused: (path: string) => boolean,
): Map<string, FileState> {
	const outcome = new Map(meeting.result);
	for (const path of meeting.result.keys()) {
		const isDrafted = isMigrationFile(path) && !asIs.has(path) && meeting.labels.has(folderOf(path));
		if (isDrafted && !isRefused(path)) outcome.delete(path);
	}
	for (const {path, file} of drafts) if (!isRefused(path)) outcome.set(path, file);
	return outcome;
}

function addMergeMigration(outcome: Map<string, FileState>, plan: AppPlan, {names}: Decisions, library: Library): void {
	const parents = plan.merge!.parents.map(entry => finalName(entry, names));
	const oid = library.draft({text: mergeMigrationText(plan.app, parents), encoding: 'utf8'});
	outcome.set(mergePath(plan), {oid, mode: '100644'});
}

interface Acted {
	readonly meeting: Meeting;
	readonly assembly: Assembly;
	readonly touched: ReadonlySet<string>;
	readonly refused: ReadonlySet<string>;
}

function verify(
	outcome: ReturnType<PlanOptions['load']>,
	{meeting, assembly, touched, refused}: Acted,
	options: PlanOptions,
): Refusal | null {
	const deleted = deletedKeys(assembly, meeting);
	const broken = new Set([...deleted].map(appOf));
	return verifyOutcome(outcome, {
		touched,
		sides: () => meeting.sides.map(options.load),
		git: () => options.load(meeting.git),
		settled: new Set([...touched].filter(app => !broken.has(app))),
		refused: options.strict ? new Set([...refused, ...broken]) : refused,
		deleted,
	});
}

function deletedKeys({deleted}: Assembly, {labels}: Meeting): ReadonlySet<NodeKey> {
	return new Set([...deleted].filter(isMigrationFile).map(path => nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path))));
}

function changesBetween(before: Files, after: Files): Change[] {
	const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
	return paths
		.filter(path => !sameFile(before.get(path), after.get(path)))
		.map(path => ({path, before: before.get(path) ?? null, after: after.get(path) ?? null}));
}
