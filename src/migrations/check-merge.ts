import type {Finding, Place} from './finding.ts';
import type {NodeKey} from './key.ts';

/*
 * What is found when a branch is judged against the mainline it is to be merged into (MG2…). `ref` is the mainline as the user
 * named it. Whether some of them are errors is for the configuration of that mainline to say.
 */

type Severity = Finding['severity'];

/** What a merge would have to do to a migration of the branch: another name, or only another parent. */
export interface Moved {
	readonly from: NodeKey;
	readonly to: NodeKey;
	readonly place: Place;
}

/** MG203: merged as it is, the branch would fork an app. */
export function forksMainline(
	app: string,
	{ref, leaf, moves, unmoved}: {ref: string; leaf: NodeKey; moves: readonly Moved[]; unmoved: readonly Place[]},
	severity: Severity,
): Finding {
	const nodes = moves.map(({from}) => from);
	const renames = moves.filter(({from, to}) => from !== to).map(({from, to}) => `${from} -> ${to}`);
	return {
		code: 'MG203',
		severity,
		app,
		title: `merged into ${ref} this forks ${app}: ${list(nodes) || 'what it adds'} ${nodes.length > 1 ? 'do' : 'does'} not come after ${leaf}`,
		nodes,
		places: moves.length > 0 ? moves.map(({place}) => place) : unmoved,
		why: 'a merge button runs no hook, and Django refuses the result: "Conflicting migrations detected; multiple leaf nodes in the migration graph"',
		fix: `git merge ${ref}, where migration-guard is installed${renames.length > 0 ? ` (it makes ${list(renames)})` : ''}, then git push`,
	};
}

/** MG201, MG202: operations of the two sides that do not commute, or only perhaps. */
export function doesNotCommute(
	code: 'MG201' | 'MG202',
	{nodes, places, what, next}: {nodes: readonly NodeKey[]; places: readonly Place[]; what: string; next: string},
	{ref, severity}: {ref: string; severity: Severity},
): Finding {
	return {
		code,
		severity,
		title: `${nodes.join(' and ')} (on ${ref}) ${code === 'MG201' ? 'do not go together' : 'have to be read together'}`,
		nodes,
		places,
		why: what,
		fix: next,
	};
}

/** MG204: something that a merge could not put in order by itself. */
export function cannotBeMerged({
	nodes,
	places,
	what,
	why,
	next,
}: {
	nodes: readonly NodeKey[];
	places: readonly Place[];
	what: string;
	why: string;
	next: string;
}): Finding {
	return {code: 'MG204', severity: 'error', title: what, nodes, places, why, fix: next};
}

/** MG205: a branch that has waited for long. `meanwhile` says by how much its apps went on. */
export function waitsForLong(
	{ref, days, meanwhile}: {ref: string; days: number; meanwhile: readonly {readonly app: string; readonly migrations: number}[]},
	nodes: readonly NodeKey[],
	places: readonly Place[],
): Finding {
	const moved = meanwhile.map(({app, migrations}) => `${app} went on by ${migrations}`).join(', ');
	return {
		code: 'MG205',
		severity: 'notice',
		title: `the oldest migration of this branch is ${days} days old${moved === '' ? '' : `; on ${ref} ${moved} since`}`,
		nodes,
		places,
		why: 'the longer a branch with migrations waits, the more of them have to move',
		fix: `merge it soon, or keep it up to date: git merge ${ref}`,
	};
}

/** MG206: an operation of a linear history at which `migrate` ends. */
export function failsAsItStands(
	{key, title, place, error}: {key: NodeKey; title: string; place: Place; error: string},
	severity: Severity,
): Finding {
	return {
		code: 'MG206',
		severity,
		title: `${title} in ${key} fails in the order that stands`,
		nodes: [key],
		places: [place],
		why: `Django would say: ${error}`,
		fix: `change ${place.path}:${place.line} so that it works after what comes before it`,
	};
}

/** MG209: an app that two open branches touch, where the team wants one at a time. */
export function ownedByAnother(
	{app, rival, isOurs}: {app: string; rival: string; isOurs: boolean},
	nodes: readonly NodeKey[],
	severity: Severity,
): Finding {
	return {
		code: 'MG209',
		severity,
		app,
		title: isOurs
			? `${rival} touches the migrations of ${app}, too, and came later`
			: `${rival} touches the migrations of ${app} already`,
		nodes,
		places: [],
		why: "an app's migrations are touched by one open branch at a time (singleOwner)",
		fix: isOurs ? `land this first, or agree with ${rival}` : `wait until ${rival} has landed, or build on it`,
	};
}

/** MG207: what a clone without history does not tell. */
export function notChecked(what: readonly string[], fetch: string): Finding {
	return {
		code: 'MG207',
		severity: 'notice',
		title: `not checked: ${what.join('; ')}`,
		nodes: [],
		places: [],
		why: 'this clone lacks the history that the two share (it is shallow), so only the two trees were compared: by path, by what is published, and by what the migrations say',
		fix: `${fetch} (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0)`,
	};
}

/** MG208: a published migration that reads otherwise here, in a clone without history. */
export function readsOtherwise(key: NodeKey, place: Place, ref: string): Finding {
	return {
		code: 'MG208',
		severity: 'notice',
		title: `${key} reads otherwise on ${ref}`,
		nodes: [key],
		places: [place],
		why: 'it was edited here, or there meanwhile: without history that cannot be told. Databases that have it applied do not run it again',
		fix: `if it was edited here: git checkout ${ref} -- ${place.path}`,
	};
}

function list(items: readonly string[]): string {
	return items.length > 6 ? `${items.slice(0, 6).join(', ')} and ${items.length - 6} more` : items.join(', ');
}
