import {assemble} from '../history/assemble.ts';
import type {Assembly, Entry, Meeting} from '../history/meeting.ts';
import {identityIn} from '../history/renumbered.ts';
import {folderOf, type Library, stemOf} from '../history/revision.ts';
import {type Arm, armsOf} from '../history/sides.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {Refusal} from '../refusal.ts';
import type {Decisions} from './draft.ts';
import {type AppPlan, linearizeApp} from './linearize.ts';
import type {PlanOptions} from './options.ts';
import {recognise} from './recognise.ts';
import {resolver} from './resolve.ts';

/** Who moves where, before any text is written. */
export interface Decided {
	readonly assembly: Assembly;
	/** What was recognised as another migration. */
	readonly duplicates: ReadonlyMap<Entry, Entry>;
	readonly appPlans: readonly AppPlan[];
	readonly refusals: readonly Refusal[];
	readonly resolve: Decisions['resolve'];
}

/** Merge the files of a meeting, tell its arms apart, and decide app by app. */
export function decideMeeting(meeting: Meeting, library: Library, options: PlanOptions): Decided {
	const assembly = assemble(meeting, library, options.isPublished);
	const newApps = new Set(assembly.entries.filter(({isNew}) => isNew).map(({app}) => app));
	const contested = [...newApps].flatMap(app => {
		const arms = withStaying(app, (options.armsOf ?? armsOf)(app, assembly, options.rankOf), assembly, meeting);
		return arms.length < 2 ? [] : [{app, arms}];
	});
	const duplicates = new Map(contested.flatMap(({arms}) => [...recognise(arms, library)]));
	const resolve = resolver(assembly, duplicates, formerEntries(assembly, library, options.formerly));
	const namesIn = (app: string, paths: ReadonlySet<string>) =>
		new Set([...paths].filter(path => meeting.labels.get(folderOf(path)) === app).map(stemOf));
	const plans = contested.flatMap(({app, arms}) => {
		const plan = linearizeApp(app, arms, assembly, {
			strategy: options.strategy,
			strict: options.strict ?? false,
			resolve,
			decided: options.decided ?? (() => null),
			keepsName: options.keepsName ?? (() => false),
			adopt: options.adopt ?? false,
			stamp: options.stamp,
			deleted: namesIn(app, assembly.deleted),
			taken: namesIn(app, assembly.asIs),
		});
		return plan ? [plan] : [];
	});
	return {
		assembly,
		duplicates,
		appPlans: plans.filter((plan): plan is AppPlan => !('code' in plan)),
		refusals: plans.filter((plan): plan is Refusal => 'code' in plan),
		resolve,
	};
}

/** What the apps' plans together say of every entry. */
export function decisionsOf(plans: readonly AppPlan[], resolve: Decisions['resolve']): Decisions {
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

function formerEntries(
	assembly: Assembly,
	library: Library,
	formerly: ReadonlyMap<NodeKey, string> | undefined,
): ReadonlyMap<NodeKey, Entry> {
	if (!formerly || formerly.size === 0) return new Map();
	const byIdentity = new Map(assembly.entries.filter(({isNew}) => isNew).map(entry => [identityIn(library, entry.file), entry]));
	return new Map(
		[...formerly].flatMap(([key, identity]) => (byIdentity.has(identity) ? [[key, byIdentity.get(identity)!] as const] : [])),
	);
}

/** Where a branch renumbered published migrations, what it added goes behind them, also when nobody else added anything. */
function withStaying(app: string, arms: readonly Arm[], {frozen}: Assembly, {labels}: Meeting): readonly Arm[] {
	const [only] = arms;
	const name = frozen.find(({published, side}) => labels.get(folderOf(published)) === app && side === only?.side);
	return arms.length === 1 && only && name ? [{side: only.side === 0 ? 1 : 0, own: [], rank: 0}, only] : arms;
}
