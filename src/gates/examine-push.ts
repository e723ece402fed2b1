import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {weigh} from '../commute/weigh.ts';
import {type Ground, groundOf} from '../doors/ground.ts';
import {shortRef} from '../doors/label.ts';
import {openLibrary} from '../doors/library.ts';
import type {Settings} from '../doors/settings.ts';
import {type MainlineRef, mainlineRefs} from '../git/mainline.ts';
import type {Repo} from '../git/repo.ts';
import {resolveCommits} from '../git/revisions.ts';
import {diffTrees, listTree} from '../git/trees.ts';
import {branchesBelow} from '../git/unmerged.ts';
import type {Accepted} from '../migrations/ignore.ts';
import {behindMainline} from './behind.ts';
import {forecast} from './forecast.ts';
import {judgePast} from './judge-past.ts';
import {bringing, type OpenBranch, openBranches, tipsOf} from './open-branches.ts';
import type {Ahead, PushFacts} from './pre-push.ts';
import {branchOf, type PushedRef} from './pushed-refs.ts';
import {examineTree} from './pushed-tree.ts';
import {rivalsOf} from './rivals.ts';
import type {Range} from './sides-in-range.ts';
import {claimant, claimsOn} from './single-owner.ts';
import type {TipCache} from './tip-cache.ts';
import {examineTips, type Tip} from './tips.ts';
import {MODELS} from './uncommitted.ts';
import {wayBackFrom} from './undone-push.ts';

/** What is known beside the refs. */
export interface PushContext {
	/** The remote's name, or its URL where it has none. */
	readonly remote: string;
	readonly singleOwner: 'stop' | 'warn' | 'off';
	readonly ignore: readonly Accepted[];
	/** Whether to go on with what can be left out: other people's branches. */
	readonly hasTime: () => boolean;
}

/** What was found, branch by branch, and in words what was not looked at. */
export interface ExaminedPush {
	readonly facts: readonly PushFacts[];
	readonly unexamined: readonly string[];
}

/** One ref of the push, read. */
interface Pushed {
	readonly branch: string;
	readonly remoteRef: string;
	readonly commit: string;
	readonly before: string | null;
	/** What the remote has of the branch, where that is here. */
	readonly known: string | null;
	readonly ground: Ground;
	readonly tip: Tip | null;
	readonly isMainline: boolean;
}

/**
 * Look at what a push brings: its trees, the mainline as the last fetch left it, and the branches of others. Nothing is fetched and nothing
 * written but our cache. Throws GitError.
 */
export function examinePush(repo: Repo, refs: readonly PushedRef[], settings: Settings, context: PushContext): ExaminedPush {
	const mainline = mainlineOf(repo, settings, context.remote);
	const cache = tipsOf(repo, settings.load);
	const pushed = openPushed(repo, refs, mainline, settings, cache, context);
	const unexamined: string[] = [];
	// The very first push of a repository has nothing to be compared with.
	if (mainline.length === 0 && branchesBelow(repo, ['refs/remotes/']).length > 0) {
		unexamined.push('no remote mainline is known here: git fetch, or `mainline` in the configuration');
	}
	const feature = pushed.filter(({isMainline, tip}) => !isMainline && tip !== null);
	for (const {branch} of feature.filter(({tip}) => tip!.base === null)) {
		const isShallow = existsSync(join(repo.commonDir, 'shallow'));
		unexamined.push(
			isShallow
				? `this clone is shallow and does not reach to where ${branch} left mainline: git fetch --unshallow`
				: `${branch} and mainline have no common commit`,
		);
	}
	const compared = feature.filter(({tip}) => tip!.base !== null);
	const own = compared.flatMap(each => asBranch(each, mainline[0]!.oid));
	const others = own.length === 0 ? [] : lookAround(own, compared, mainline, {settings, cache, context, unexamined});
	const facts = pushed.map((each): PushFacts => {
		const mine = own.find(({tip}) => tip === each.tip);
		const rest = mine ? [...others, ...own.filter(other => other !== mine)] : [];
		const checkedOutAt = repo.top !== null && isHead(repo, each.commit) ? repo.top : null;
		return {
			branch: each.branch,
			...examineTree({...each, mainline, checkedOutAt}, context.ignore),
			ahead: mine ? aheadOf(each, mine, mainline[0]!, settings, context.hasTime) : null,
			others: mine ? rivalsOf(each.ground, mine, rest, cache, {handling: settings.handling, hasTime: context.hasTime}) : [],
			claims: mine && context.singleOwner !== 'off' ? claimsOn(claimant(mine), rest.map(claimant)) : [],
			past: judgePast(each.ground, pastOf(each, mainline), settings),
			wayBack: checkedOutAt === null ? null : wayBackFrom(each.ground, each.commit, settings),
		};
	});
	const left = facts.flatMap(fact => fact.others.filter(({verdict}) => verdict === undefined)).length;
	if (left > 0) unexamined.push(`${left} of the colliding branches were not compared with this one: there was no time`);
	for (const {ground} of pushed.slice(0, 1)) ground.library.save();
	cache.save();
	return {facts, unexamined};
}

/** The remote mainline refs, those of the remote that is pushed to first. */
function mainlineOf(repo: Repo, settings: Settings, remote: string): MainlineRef[] {
	const refs = mainlineRefs(repo, settings.mainline).filter(ref => ref.remote);
	const isThere = ({ref}: MainlineRef) => ref.startsWith(`refs/remotes/${remote}/`);
	return [...refs.filter(isThere), ...refs.filter(ref => !isThere(ref))];
}

/** The refs whose push changes a migration, or models. */
function openPushed(
	repo: Repo,
	refs: readonly PushedRef[],
	mainline: readonly MainlineRef[],
	settings: Settings,
	cache: TipCache,
	{remote}: PushContext,
): Pushed[] {
	const names = refs.flatMap(({local, remote: known}) => [local, known ?? local]);
	const commits = resolveCommits(repo, names);
	const library = openLibrary(repo);
	const oids = mainline.map(({oid}) => oid);
	const locals = commits.filter((commit, index): commit is string => index % 2 === 0 && commit !== null);
	const {open} =
		oids.length === 0
			? {open: new Map<string, Tip>()}
			: examineTips(repo, locals, oids, {options: settings.load, cache, hasTime: () => true});
	return refs.flatMap((ref, index): Pushed[] => {
		const commit = commits[2 * index];
		if (!commit) return [];
		const tip = open.get(commit) ?? null;
		const isMainline = mainline.some(each => each.ref === `refs/remotes/${remote}/${branchOf(ref)}`);
		// What the remote has is not here when somebody else pushed to the branch: git will refuse that by itself.
		const known = ref.remote === null ? null : (commits[2 * index + 1] ?? null);
		const before = known ?? tip?.base ?? null;
		const ground = groundOf(repo, commit, listTree(repo, commit), settings.load, {library});
		ground.announce([...new Set([...oids, ...(before ? [before] : []), ...(tip?.base ? [tip.base] : [])])]);
		if (before !== null && ground.changesAt(before).size === 0 && diffTrees(repo, before, commit, MODELS).length === 0) return [];
		return [{branch: branchOf(ref), remoteRef: ref.remoteRef, commit, before, known, ground, tip, isMainline}];
	});
}

/** What neither the branch nor mainline has there yet; mainline itself is put on nothing. */
function pastOf({commit, known, isMainline}: Pushed, mainline: readonly MainlineRef[]): Range {
	const oids = mainline.map(({oid}) => oid);
	const except = [...oids, ...(known === null ? [] : [known])];
	return {tip: commit, except, mainline: isMainline ? [] : oids, before: isMainline ? null : known};
}

function asBranch({branch, ground, tip}: Pushed, mainline: string): OpenBranch[] {
	return bringing(ground, mainline, [tip!]).map(brought => ({name: branch, also: [], ...brought}));
}

/** The open branches of the remotes that matter here: the one that is pushed to, and mainline's. */
function lookAround(
	own: readonly OpenBranch[],
	pushed: readonly Pushed[],
	mainline: readonly MainlineRef[],
	{settings, cache, context, unexamined}: {settings: Settings; cache: TipCache; context: PushContext; unexamined: string[]},
): readonly OpenBranch[] {
	const remotes = new Set([
		`refs/remotes/${context.remote}/`,
		...mainline.map(({ref}) => `${ref.split('/').slice(0, 3).join('/')}/`),
	]);
	const same = new Set(pushed.map(({remoteRef}) => remoteRef.replace('refs/heads/', `refs/remotes/${context.remote}/`)));
	const oids = new Set(own.map(({tip}) => tip.oid));
	const found = openBranches(pushed[0]!.ground, settings.load, cache, {
		mainline,
		below: [...remotes],
		except: (ref, oid) => same.has(ref) || oids.has(oid),
		hasTime: context.hasTime,
	});
	if (found.unexamined.length > 0) {
		unexamined.push(
			`${found.unexamined.length} of ${found.unmerged} open branches: there was no time; what was read is remembered, and \`migration-guard branches\` reads all of them`,
		);
	}
	return found.branches;
}

function aheadOf(
	{ground, commit}: Pushed,
	mine: OpenBranch,
	mainline: MainlineRef,
	settings: Settings,
	hasTime: () => boolean,
): Ahead {
	const {meets, plan, verdicts} = forecast(ground, {mainline: mainline.oid, incoming: commit, base: mine.tip.base}, settings);
	const {stops, warns} = weigh(meets.length > 0 && hasTime() ? verdicts() : [], settings.handling);
	return {
		mainline: shortRef(mainline.ref)!,
		meets,
		steps: plan.steps,
		refusals: plan.refusals,
		behind: behindMainline(ground, mainline.oid)(mine.adds),
		oldest: mine.tip.oldest,
		verdicts: [...stops, ...warns],
	};
}

function isHead(repo: Repo, commit: string): boolean {
	return resolveCommits(repo, ['HEAD'])[0] === commit;
}
