import type {Entry, Meeting} from '../../src/history/meeting.ts';
import type {FileState, Files} from '../../src/history/revision.ts';
import type {Rank} from '../../src/history/sides.ts';
import type {Change} from '../../src/plan/plan.ts';
import {type MeetingPlan, type PlanOptions, planMeeting} from '../../src/plan/plan-meeting.ts';
import {type Shelf, shelf, type Texts} from './library.ts';
import {drawn, tree} from './notation.ts';

/** Some revisions that meet, written down as a test thinks of them. Histories are put on top of the base. */
export interface Story {
	readonly base: string | Texts;
	readonly sides: readonly (string | Texts)[];
	/** What git's merge wrote, where it is not simply that. */
	readonly git?: string | Texts;
	/** What a person made of it, put on top of what git wrote. */
	readonly resolved?: Texts;
	/** Sides that are published. */
	readonly published?: readonly number[];
	readonly options?: Partial<PlanOptions>;
}

/** What came of it, and the ways to look at it. */
export interface Met extends MeetingPlan {
	readonly library: Shelf;
	readonly meeting: Meeting;
	/** The tree after the plan's changes. */
	readonly outcome: Files;
	/** The history of an app in the outcome, in the notation. */
	history(app?: string): string;
	/** The outcome as path → latin1 text. */
	readonly texts: ReadonlyMap<string, string>;
	/** Codes of the refusals. */
	readonly refused: readonly string[];
}

/** Let some revisions meet in memory. */
export function meetingFor({base, sides, git, resolved}: Story, library: Shelf): Meeting {
	const texts = (part: string | Texts): Texts => (typeof part === 'string' ? tree(part) : part);
	const before = library.tree(texts(base));
	const met = sides.map(side => library.tree(texts(base), texts(side)));
	const written = git === undefined ? library.merge(before, met) : library.tree(texts(base), ...sides.map(texts), texts(git));
	const result = new Map(written);
	for (const [path, content] of Object.entries(resolved ?? {}))
		content === null ? result.delete(path) : result.set(path, library.file(content));
	return {base: before, sides: met, git: written, result, labels: labelsOf(library, result, before, ...met)};
}

/** Let some revisions meet, and plan the outcome. */
export function meet(story: Story, library: Shelf = shelf()): Met {
	const meeting = meetingFor(story, library);
	return planned(meeting, library, optionsFor(library, {published: story.published ?? [], ...story.options}));
}

/** Plan a meeting. */
export function planned(meeting: Meeting, library: Shelf, options: PlanOptions): Met {
	const plan = planMeeting(meeting, library, options);
	const outcome = apply(meeting.result, plan.plan.changes);
	const texts = library.written(outcome);
	return {
		...plan,
		library,
		meeting,
		outcome,
		texts,
		history: app => drawn(texts, app),
		refused: plan.plan.refusals.map(({code}) => code),
	};
}

/** Options of an ordinary merge: sides that are published, and the rest unpublished. */
export function optionsFor(library: Shelf, options: Partial<PlanOptions> & {published?: readonly number[]} = {}): PlanOptions {
	const {published = [], ...rest} = options;
	return {
		strategy: 'renumber',
		rankOf: ({side}: Entry): Rank => (side !== null && published.includes(side) ? 2 : 0),
		isPublished: () => false,
		stamp: () => '20260102_0304',
		load: library.load,
		...rest,
	};
}

/** A tree after some changes. Every `before` must be what stands. */
export function apply(files: Files, changes: readonly Change[]): Map<string, FileState> {
	const after = new Map(files);
	for (const change of changes) {
		const standing = after.get(change.path) ?? null;
		if (standing?.oid !== change.before?.oid || standing?.mode !== change.before?.mode)
			throw new Error(`${change.path} is not what the plan says it is`);
		change.after ? after.set(change.path, change.after) : after.delete(change.path);
	}
	return after;
}

/** Folder → label over some revisions, the first that has the folder first. */
export function labelsOf(library: Shelf, ...revisions: readonly Files[]): ReadonlyMap<string, string> {
	const labels = new Map<string, string>();
	for (const files of revisions) {
		for (const {path, app} of library.load(files).folders) if (!labels.has(path)) labels.set(path, app);
	}
	return labels;
}
