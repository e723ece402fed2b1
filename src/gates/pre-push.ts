import {type PublishedChange, publishedChange} from '../migrations/check-git.ts';
import type {Finding} from '../migrations/finding.ts';
import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import {daysOf, isStale, staleLine} from '../plan/age.ts';
import type {Step} from '../plan/plan.ts';
import type {Refusal} from '../refusal.ts';
import type {Verdict} from '../state/work.ts';
import type {Behind} from './behind.ts';
import type {PastWork} from './judge-past.ts';
import {pastProblems} from './past-problems.ts';
import type {GateProblem} from './problem.ts';
import type {Claim} from './single-owner.ts';

/** All that is known of one branch that is pushed. */
export interface PushFacts {
	/** As the remote will call it. */
	readonly branch: string;
	/** What keeps Django from loading the pushed tree; `isOld`: the remote has it already, in its mainline or in this branch. */
	readonly findings: readonly {readonly finding: Finding; readonly isOld: boolean}[];
	readonly published: readonly PublishedChange[];
	readonly uncommitted: readonly Uncommitted[];
	/** What meets on mainline; null: there is none, or it is mainline that is pushed. */
	readonly ahead: Ahead | null;
	readonly others: readonly Other[];
	readonly claims: readonly Claim[];
	/** What met in the commits that are pushed. */
	readonly past: PastWork;
	/** The command that resolves what is forked, where plain `fix` would leave it alone because it was undone. */
	readonly wayBack?: string | null;
}

/** A migration on disk that the pushed commit has not. */
export interface Uncommitted {
	readonly path: string;
	/** A pushed migration that depends on it; else a pushed file of models beside it. */
	readonly neededBy: NodeKey | null;
	readonly models: string | null;
}

/** What the next merge with mainline would do. */
export interface Ahead {
	/** `origin/main`. */
	readonly mainline: string;
	readonly meets: readonly string[];
	readonly steps: readonly Step[];
	readonly refusals: readonly Refusal[];
	readonly behind: readonly Behind[];
	/** Author date of the oldest unmerged migration commit, seconds. */
	readonly oldest: number | null;
	/** Work of both sides that does not commute, what the team accepts left out. */
	readonly verdicts: readonly Verdict[];
}

/** Another open branch that adds migrations to the same apps. */
export interface Other {
	readonly name: string;
	readonly author: string;
	readonly oldest: number | null;
	readonly adds: readonly NodeKey[];
	/** The first pair that does not commute; null: all do; undefined: there was no time to compare. */
	readonly verdict: Pick<Verdict, 'verdict' | 'what'> | null | undefined;
}

/** What the team wants. */
export interface PushRules {
	readonly prePush: 'refuse' | 'warn';
	readonly singleOwner: 'stop' | 'warn' | 'off';
	/** Seconds; null: never. */
	readonly staleAfter: number | null;
}

/** Longer lists are cut. */
const MOST = 6;

/** Say what there is to say about one pushed branch, the gravest first. `now` in seconds. Pure. */
export function judgePush(facts: PushFacts, rules: PushRules, now: number): GateProblem[] {
	const problems = [
		...facts.findings.map(({finding, isOld}) => loading(finding, isOld, facts, rules)),
		...pastProblems(facts.past),
		...facts.claims.map(claim => owned(claim, facts.branch, rules)),
		...facts.uncommitted.filter(({neededBy}) => neededBy === null).map(forgotten),
		...facts.published.map(frozen),
		...renumbered(facts),
		...apart(facts),
		...stale(facts, rules, now),
		...others(facts.others, now),
	];
	return [...problems].sort((a, b) => Number(a.weight === 'warn') - Number(b.weight === 'warn'));
}

/** What Django would refuse; what it could be our reader that cannot read is only told. */
function loading(
	{code, title, places, why, fix, nodes}: Finding,
	isOld: boolean,
	facts: PushFacts,
	rules: PushRules,
): GateProblem {
	const forgotten = facts.uncommitted.filter(({neededBy}) => neededBy !== null && nodes.includes(neededBy));
	const isSure = code !== 'MG005';
	const [first] = forgotten;
	const mend = (/^run: migration-guard fix$/.test(fix) && facts.wayBack) || fix.replace(/^run: /, '');
	return {
		code: CODES[code] ?? 'unreadable',
		weight: isOld || !isSure || rules.prePush === 'warn' ? 'warn' : 'stop',
		what: isOld ? `${title}; that was so before, this push does not add it` : title,
		details: [
			...places.map(({path, line}) => `${path}:${line}`),
			...forgotten.map(({path}) => `${path} lies here, and is not in the commit`),
		],
		why,
		next: first ? `git add ${first.path}, and commit it` : mend,
	};
}

const CODES: Readonly<Record<string, string>> = {
	MG001: 'fork',
	MG002: 'dangling',
	MG003: 'cycle',
	MG004: 'cycle',
	MG006: 'carry',
	MG010: 'cycle',
};

function owned({app, owner, other}: Claim, branch: string, {singleOwner}: PushRules): GateProblem {
	const isOurs = owner.name === branch;
	return {
		code: 'owned',
		weight: singleOwner === 'stop' && !isOurs ? 'stop' : 'warn',
		what: isOurs
			? `${other.name} touches the migrations of ${app}, too; ${branch} came first`
			: `${owner.name} touches the migrations of ${app} already, and one open branch at a time may (singleOwner)`,
		details: [],
		why: null,
		next: isOurs ? null : `wait until ${owner.name} is merged, or close it`,
	};
}

function forgotten({path, models}: Uncommitted): GateProblem {
	return {
		code: 'uncommitted',
		weight: 'warn',
		what: `${path} is not in the commit that is pushed`,
		details: [],
		why: `${models ?? 'the models beside it'} changed with it: others get the models without it, and make a migration of their own`,
		next: `git add ${path}, and commit it`,
	};
}

function frozen(change: PublishedChange): GateProblem {
	const {key, path, how, to, ref} = change;
	const {why, fix} = publishedChange(change);
	return {
		code: `published-${how}`,
		weight: 'warn',
		what: `${key} is published on ${ref}, and this push has it ${how}${to === null ? '' : ` to ${to.key}`}`,
		details: [path],
		why,
		next: fix,
	};
}

/** Before → after, as the next merge will have it. */
function renumbered({ahead, branch}: PushFacts): GateProblem[] {
	if (!ahead || ahead.meets.length === 0) return [];
	const moves = ahead.steps.flatMap(step => {
		if (step.kind === 'renumber') return [`${step.from} -> ${nameOf(step.to)}`];
		return step.kind === 'merge' ? [`${step.node} would merge ${step.parents.map(nameOf).join(' and ')}`] : [];
	});
	const refused = ahead.refusals.map(({what, why}) => `${what} ${why}`);
	const gained = ahead.behind
		.filter(({app, by}) => ahead.meets.includes(app) && by > 0)
		.map(({app, by, leaf}) => `${app} has ${by === 1 ? 'one' : by} more${leaf ? `, up to ${nameOf(leaf)}` : ''}`);
	return [
		{
			code: 'renumbered-at-merge',
			weight: 'warn',
			what: `${ahead.mainline} has new migrations where ${branch} adds some: ${gained.join('; ') || ahead.meets.join(', ')}`,
			details: [...cut(moves), ...refused],
			why: null,
			next: moves.length > 0 ? `git merge ${ahead.mainline}, which does just that, or leave it to the merge of ${branch}` : null,
		},
	];
}

/** What the next merge would stop for, or have looked at. */
function apart({ahead, branch}: PushFacts): GateProblem[] {
	if (!ahead || ahead.verdicts.length === 0) return [];
	const conflicts = ahead.verdicts.filter(({verdict}) => verdict === 'conflict').length;
	const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
	return [
		{
			code: 'does-not-commute',
			weight: 'warn',
			what: `${branch} and ${ahead.mainline} do not go together: ${conflicts > 0 ? count(conflicts, 'conflict') : `${ahead.verdicts.length} to review`}`,
			details: cut(
				ahead.verdicts.map(({verdict, mainline, incoming, what}) => `${verdict}: ${mainline.key} and ${incoming.key}: ${what}`),
			),
			why: null,
			next: `migration-guard conflicts ${ahead.mainline} HEAD`,
		},
	];
}

function stale({branch, ahead}: PushFacts, {staleAfter}: PushRules, now: number): GateProblem[] {
	if (!ahead || !isStale(ahead.oldest, now, staleAfter)) return [];
	const what = staleLine(branch, ahead.oldest!, now, ahead.behind);
	return [{code: 'stale', weight: 'warn', what, details: [], why: null, next: null}];
}

function others(list: readonly Other[], now: number): GateProblem[] {
	if (list.length === 0) return [];
	const grave = (other: Other) => (other.verdict?.verdict === 'conflict' ? 0 : other.verdict === null ? 2 : 1);
	const sorted = [...list].sort((a, b) => grave(a) - grave(b) || (b.oldest ?? 0) - (a.oldest ?? 0) || (a.name < b.name ? -1 : 1));
	const apps = [...new Set(list.flatMap(({adds}) => adds.map(appOf)))].sort();
	const count = list.length === 1 ? 'another open branch adds' : `${list.length} other open branches add`;
	return [
		{
			code: 'open-branches',
			weight: 'warn',
			what: `${count} to ${apps.join(', ')}, too; whichever is merged second is renumbered`,
			details: cut(sorted.map(other => otherLine(other, now))),
			why: null,
			next: 'migration-guard branches',
		},
	];
}

function otherLine({name, author, oldest, adds, verdict}: Other, now: number): string {
	const who = [author, oldest === null ? '' : daysOf(now - oldest)].filter(Boolean).join(', ');
	const together =
		verdict === undefined ? 'not compared' : verdict === null ? 'they commute' : `${VERDICTS[verdict.verdict]}: ${verdict.what}`;
	return `${name} (${who}): ${adds.slice(0, 3).join(', ')}${adds.length > 3 ? ', …' : ''}; ${together}`;
}

const VERDICTS = {conflict: 'CONFLICT', review: 'to be looked at'} as const;

function cut(lines: readonly string[]): string[] {
	return lines.length <= MOST ? [...lines] : [...lines.slice(0, MOST - 1), `… and ${lines.length - MOST + 1} more`];
}
