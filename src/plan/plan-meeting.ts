import {assemble} from '../history/assemble.ts';
import type {Assembly, Entry, Meeting} from '../history/meeting.ts';
import {identityIn} from '../history/renumbered.ts';
import {type Files, type FileState, folderOf, isMaxMigration, type Library, sameFile, stemOf} from '../history/revision.ts';
import {type Arm, armsOf, type Rank} from '../history/sides.ts';
import {buildGraph} from '../migrations/graph.ts';
import {appOf, type NodeKey, nodeKey} from '../migrations/key.ts';
import {isMigrationFile, type Project} from '../migrations/project.ts';
import type {Refusal} from '../refusal.ts';
import {type Decisions, type Drafted, draftEntry, finalName} from './draft.ts';
import {type AppPlan, linearizeApp} from './linearize.ts';
import {mergeMigrationText} from './merge-migration.ts';
import type {Change, ForkStory, Plan, Step} from './plan.ts';
import {recognise} from './recognise.ts';
import {resolver} from './resolve.ts';
import {verifyOutcome} from './verify.ts';

export interface PlanOptions {
	readonly strategy: 'renumber' | 'merge';
	readonly rankOf: (entry: Entry) => Rank;
	/** Is this very file in a remote mainline ref's tree? Asked only of migrations that a side renamed. */
	readonly isPublished: (path: string, file: FileState) => boolean;
	/** `%Y%m%d_%H%M`, UTC: the latest committer date of the commits that added the leaves. */
	readonly stamp: (leaves: readonly Entry[]) => string;
	/** Read a set of guarded files as Django would. */
	readonly load: (files: Files) => Project;
	/** One leaf even where mainline has more by itself: in the middle of a rebase, where a commit may have deleted what joins them. */
	readonly strict?: boolean;
	/** Write every max_migration.txt that is out of step, not only those this meeting brought out of step. */
	readonly refreshAll?: boolean;
	/** A name decided at the tip of a rebase for an entry of the branch, or null. */
	readonly decided?: (entry: Entry) => string | null;
	/** Names the branch used in earlier revisions → the identity they had. */
	readonly formerly?: ReadonlyMap<NodeKey, string>;
	/** Arms chosen by the user or found otherwise; by default they follow from ranks and sides. */
	readonly armsOf?: (app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank) => readonly Arm[];
}

/** The plan of a meeting, and what it was decided from: for mentions outside the migrations, and for other trees of the branch. */
export interface MeetingPlan {
	readonly plan: Plan;
	readonly assembly: Assembly;
	readonly decisions: Decisions;
	readonly appPlans: readonly AppPlan[];
}

/** Decide everything about the migrations of a meeting: who moves, new names, new texts; checked before it is given out. */
export function planMeeting(meeting: Meeting, library: Library, options: PlanOptions): MeetingPlan {
	const assembly = assemble(meeting, library, options.isPublished);
	const armsByApp = new Map(
		[...new Set(assembly.entries.filter(({isNew}) => isNew).map(({app}) => app))].map(app => [
			app,
			withStaying(app, (options.armsOf ?? armsOf)(app, assembly, options.rankOf), assembly, meeting),
		]),
	);
	const duplicates = new Map([...armsByApp.values()].flatMap(arms => (arms.length < 2 ? [] : [...recognise(arms, library)])));
	const resolve = resolver(assembly, duplicates, formerEntries(assembly, library, options.formerly));
	const refusals = unreadableNews(assembly, meeting, library);
	const appPlans: AppPlan[] = [];
	for (const [app, arms] of armsByApp) {
		if (arms.length < 2) continue;
		const appPlan = linearizeApp(app, arms, assembly, {
			strategy: options.strategy,
			strict: options.strict ?? false,
			resolve,
			decided: options.decided ?? (() => null),
			stamp: options.stamp,
			deleted: new Set([...assembly.deleted].filter(path => meeting.labels.get(folderOf(path)) === app).map(stemOf)),
			taken: new Set([...assembly.asIs].filter(path => meeting.labels.get(folderOf(path)) === app).map(stemOf)),
		});
		if (appPlan && 'code' in appPlan) refusals.push(appPlan);
		else if (appPlan) appPlans.push(appPlan);
	}
	const decisions = decide(appPlans, resolve);
	const drafts = new Map<Entry, Drafted>();
	const refused = new Set(refusals.flatMap(({nodes}) => nodes.map(appOf)));
	for (const entry of assembly.entries) {
		if (duplicates.has(entry)) continue;
		const draft = draftEntry(entry, library, decisions);
		if ('code' in draft) {
			refusals.push(draft);
			refused.add(entry.app);
		} else drafts.set(entry, draft);
	}
	refusals.push(...collisions([...drafts.values()], meeting.labels).filter(({nodes}) => nodes.every(node => !refused.has(appOf(node)))));
	for (const refusal of refusals) for (const node of refusal.nodes) refused.add(appOf(node));

	const outcome = new Map(meeting.result);
	const isRefused = (path: string) => refused.has(meeting.labels.get(folderOf(path)) ?? '');
	for (const path of meeting.result.keys()) {
		if (isMigrationFile(path) && !assembly.asIs.has(path) && meeting.labels.has(folderOf(path)) && !isRefused(path)) outcome.delete(path);
	}
	for (const {path, file} of drafts.values()) if (!isRefused(path)) outcome.set(path, file);
	const merges = appPlans.filter(({app, merge}) => merge && !refused.has(app));
	for (const plan of merges) {
		const text = mergeMigrationText(plan.app, plan.merge!.parents.map(entry => finalName(entry, decisions.names)));
		outcome.set(mergePath(plan), {oid: library.draft({text, encoding: 'utf8'}), mode: '100644'});
	}
	let project = options.load(outcome);
	const touched = new Set(appPlans.map(({app}) => app));
	const maxSteps = refreshMaxMigrations(outcome, project, meeting, library, refused, app => options.refreshAll === true || touched.has(app));
	if (maxSteps.length > 0) project = options.load(outcome);
	const changes = changesBetween(meeting.result, outcome);
	const deleted = deletedKeys(assembly, meeting);
	const broken = new Set([...deleted].map(appOf));
	const settled = new Set([...touched].filter(app => !broken.has(app)));
	const before = {touched, sides: () => meeting.sides.map(options.load), git: () => options.load(meeting.git), settled, refused: options.strict ? new Set([...refused, ...broken]) : refused, deleted};
	const failure = changes.length === 0 ? null : verifyOutcome(project, before);
	if (failure) {
		const plan = {forks: [], steps: [], changes: [], reported: [], refusals: [...refusals, failure]};
		return {plan, assembly, decisions: decide([], resolve), appPlans: []};
	}
	const done = appPlans.filter(({app}) => !refused.has(app));
	const plan: Plan = {
		forks: done.map(storyOf),
		steps: [...stepsOf(done, decisions, duplicates, drafts), ...keptNames(assembly, meeting), ...publishedEdits(assembly, meeting, options), ...repairs(assembly, isRefused), ...maxSteps],
		changes,
		reported: [...drafts.values()].flatMap(({path, mentions}) => (mentions?.reported ?? []).map(mention => ({path, ...mention}))),
		refusals,
	};
	return {plan, assembly, decisions: decide(done, resolve), appPlans: done};
}

function decide(plans: readonly AppPlan[], resolve: Decisions['resolve']): Decisions {
	const names = new Map(plans.flatMap(plan => [...plan.names]));
	const renames = [...names]
		.filter(([entry, name]) => entry.name !== name)
		.map(([entry, to]) => ({app: entry.app, folder: folderOf(entry.path), from: entry.name, to, side: entry.side}));
	return {
		resolve,
		names,
		follows: new Map(plans.flatMap(plan => [...plan.follows])),
		forkedMainline: new Set(plans.filter(plan => plan.mainlineLeaves > 1).map(({app}) => app)),
		renames,
	};
}

function formerEntries(assembly: Assembly, library: Library, formerly: ReadonlyMap<NodeKey, string> | undefined): ReadonlyMap<NodeKey, Entry> {
	if (!formerly || formerly.size === 0) return new Map();
	const byIdentity = new Map(assembly.entries.filter(({isNew}) => isNew).map(entry => [identityIn(library, entry.file), entry]));
	return new Map([...formerly].flatMap(([key, identity]) => (byIdentity.has(identity) ? [[key, byIdentity.get(identity)!] as const] : [])));
}

/** max_migration.txt names the leaf, wherever the file exists (django-linear-migrations). */
function refreshMaxMigrations(outcome: Map<string, FileState>, project: Project, meeting: Meeting, library: Library, refused: ReadonlySet<string>, isDue: (app: string) => boolean): Step[] {
	const files = [...outcome.keys()].filter(isMaxMigration);
	if (files.length === 0) return [];
	const graph = buildGraph(project);
	return files.flatMap(path => {
		const app = meeting.labels.get(folderOf(path));
		if (app === undefined || refused.has(app)) return [];
		const leaves = graph.leafNodes(app);
		const leaf = leaves[0];
		const {oid, mode} = outcome.get(path)!;
		const {text, encoding} = library.source(oid);
		const name = leaf?.slice(leaf.indexOf('.') + 1);
		if (leaves.length !== 1 || name === undefined || text.trim() === name) return [];
		// Only what this meeting brought about: a file that was wrong on a side and untouched since is `check`'s to report.
		if (!isDue(app) && meeting.sides.every(files => sameFile(files.get(path), meeting.result.get(path)) && sameFile(files.get(path), meeting.base.get(path)))) return [];
		const newline = text.includes('\r\n') ? '\r\n' : '\n';
		outcome.set(path, {oid: library.draft({text: name + newline, encoding}), mode});
		return [{kind: 'max-migration' as const, path, to: name}];
	});
}

function stepsOf(plans: readonly AppPlan[], {names, follows}: Decisions, duplicates: ReadonlyMap<Entry, Entry>, drafts: ReadonlyMap<Entry, Drafted>): Step[] {
	const steps: Step[] = [];
	for (const plan of plans) {
		for (const [entry, name] of plan.names) {
			const path = drafts.get(entry)?.path ?? entry.path;
			const node = nodeKey(entry.app, name);
			if (name !== entry.name) steps.push({kind: 'renumber', from: nodeKey(entry.app, entry.name), to: node, path: entry.path, newPath: path});
			const after = follows.get(entry);
			if (after !== undefined) steps.push({kind: 'repoint', node, path, to: nodeKey(entry.app, after)});
		}
		if (plan.merge) {
			const parents = plan.merge.parents.map(entry => nodeKey(plan.app, finalName(entry, names)));
			steps.push({kind: 'merge', node: nodeKey(plan.app, plan.merge.name), path: mergePath(plan), parents});
		}
	}
	for (const [entry, twin] of duplicates) {
		steps.push({kind: 'recognise', node: nodeKey(entry.app, entry.name), path: entry.path, as: nodeKey(twin.app, finalName(twin, names))});
	}
	for (const {path, mentions} of drafts.values()) {
		for (const mention of mentions?.followed ?? []) steps.push({kind: 'mention', path, ...mention});
	}
	return steps;
}

function keptNames({frozen}: Assembly, {labels}: Meeting): Step[] {
	return frozen.map(({published, called}) => {
		const node = nodeKey(labels.get(folderOf(published)) ?? '', stemOf(published));
		return {kind: 'keep-published', node, path: published, called: stemOf(called)};
	});
}

/** Where a branch renumbered published migrations, what it added goes behind them, also when nobody else added anything. */
function withStaying(app: string, arms: readonly Arm[], {frozen}: Assembly, {labels}: Meeting): readonly Arm[] {
	const [only] = arms;
	const name = frozen.find(({published, side}) => labels.get(folderOf(published)) === app && side === only?.side);
	return arms.length === 1 && only && name ? [{side: only.side === 0 ? 1 : 0, own: [], rank: 0}, only] : arms;
}

/** A new module that nobody can read, in an app where the other side has news too: whether it forks cannot be told. */
function unreadableNews({asIs, entries}: Assembly, {base, sides, labels}: Meeting, library: Library): Refusal[] {
	return [...asIs].flatMap(path => {
		const app = labels.get(folderOf(path));
		if (app === undefined || !isMigrationFile(path) || base.has(path)) return [];
		const holder = sides.findIndex(files => files.has(path));
		const isAlone = !entries.some(entry => entry.app === app && entry.isNew && entry.side !== holder);
		const reading = holder < 0 || isAlone ? null : library.reading(sides[holder]!.get(path)!.oid);
		if (reading === null || !('unreadable' in reading) || reading.unreadable === 'carry') return [];
		const node = nodeKey(app, stemOf(path));
		return [
			{
				code: 'unreadable',
				what: `${node} is new and cannot be read, so ${app} was left as git merged it.`,
				nodes: [node],
				paths: [path],
				why: reading.why,
				next: 'migration-guard check',
			},
		];
	});
}

/** Published migrations that a side edited or deleted: merged as git merges them, and said. */
function publishedEdits({entries, deleted}: Assembly, {base, labels}: Meeting, {isPublished}: PlanOptions): Step[] {
	const published = (path: string) => base.has(path) && isPublished(path, base.get(path)!);
	const edited = entries.filter(entry => !entry.isNew && entry.side !== null && published(entry.path));
	const gone = [...deleted].filter(path => isMigrationFile(path) && published(path));
	return [
		...edited.map(entry => ({kind: 'published-edit' as const, node: nodeKey(entry.app, entry.name), path: entry.path, how: 'edited' as const})),
		...gone.map(path => ({kind: 'published-edit' as const, node: nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path)), path, how: 'deleted' as const})),
	];
}

/** Two migrations that both stay under one name (two squashes of the same ones): one file would overwrite the other. */
function collisions(drafts: readonly Drafted[], labels: Meeting['labels']): Refusal[] {
	const counts = new Map<string, number>();
	for (const {path} of drafts) counts.set(path, (counts.get(path) ?? 0) + 1);
	const paths = [...counts].flatMap(([path, count]) => (count > 1 ? [path] : []));
	return paths.map(path => {
		const node = nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path));
		return {
			code: 'one-name',
			what: `Two migrations would both be ${node}.`,
			nodes: [node],
			paths: [path],
			why: 'Neither of them can be renumbered: each takes the place of migrations that stay.',
			next: 'migration-guard fix --markers',
		};
	});
}

function deletedKeys({deleted}: Assembly, {labels}: Meeting): ReadonlySet<NodeKey> {
	return new Set([...deleted].filter(isMigrationFile).map(path => nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path))));
}

function repairs(assembly: Assembly, isRefused: (path: string) => boolean): Step[] {
	return assembly.repaired.filter(path => !isRefused(path)).map(path => ({kind: 'repair', path}));
}

function storyOf({app, arms, leaf}: AppPlan): ForkStory {
	return {app, leaf: nodeKey(app, leaf.name), stays: arms[0]!.side, moves: arms.slice(1).map(({side}) => side)};
}

function mergePath({leaf, merge}: AppPlan): string {
	return `${folderOf(leaf.path)}/${merge!.name}.py`;
}

function changesBetween(before: Files, after: Files): Change[] {
	const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
	return paths
		.filter(path => !sameFile(before.get(path), after.get(path)))
		.map(path => ({path, before: before.get(path) ?? null, after: after.get(path) ?? null}));
}
