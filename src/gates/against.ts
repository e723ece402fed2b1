import {codeOf, weigh} from '../commute/weigh.ts';
import type {Config} from '../config/config.ts';
import {djangoSettings} from '../doors/django-settings.ts';
import {examine} from '../doors/examine.ts';
import {type Ground, openGround} from '../doors/ground.ts';
import {isGuardedPath} from '../doors/guarded.ts';
import {oldestMigration} from '../doors/label.ts';
import type {Settings} from '../doors/settings.ts';
import {mergeTree} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {checkLoading} from '../migrations/check.ts';
import {cannotBeMerged, doesNotCommute, notChecked, readsOtherwise, waitsForLong} from '../migrations/check-merge.ts';
import {type Finding, isSameFinding, type Place} from '../migrations/finding.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import {buildGraph} from '../migrations/graph.ts';
import {type Silenced, silence} from '../migrations/ignore.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import type {Refusal} from '../refusal.ts';
import type {Verdict} from '../state/work.ts';
import {claimFindings} from './claims.ts';
import {fetchLine} from './fetch-line.ts';
import {forecast} from './forecast.ts';
import {forksOf} from './forks.ts';
import {distinct} from './judge-past.ts';
import {editedTwice} from './merge-refusals.ts';
import type {Met} from './met.ts';
import {ownPast} from './own-past.ts';
import {compareTrees} from './two-trees.ts';

/** How a branch looks to the mainline it is to be merged into. */
export interface Judged {
	readonly findings: readonly Finding[];
	readonly silenced: readonly Silenced[];
	readonly summary: {readonly revision: string; readonly apps: number; readonly migrations: number};
	/** What a merge that migration-guard looks after would do. */
	readonly plan: Plan;
}

/** What the configuration of the mainline says. */
export interface Rules {
	readonly config: Config;
	readonly settings: Settings;
}

/** One look at the two sides: what a merge would do, and what is known only with history. */
interface Look {
	readonly plan: Plan;
	readonly verdicts: readonly Verdict[];
	readonly findings: readonly Finding[];
	/** Whether a finding about the branch's own tree says the same again. */
	readonly repeated: (finding: Finding) => boolean;
}

/**
 * Judge a branch before it is merged: its own tree, the merge that would be made of it, and what the two do to each other. Nothing is
 * checked out, written or run. `now` in seconds.
 */
export function judge(repo: Repo, met: Met, rules: Rules, now: number): Judged {
	const {config} = rules;
	const ground = openGround(repo, met.incoming, rules.settings.load);
	const isTrees = met.seen === 'trees';
	const published = {
		refs: isTrees ? [] : [{ref: met.ref, oid: met.mainline, remote: true}],
		has: (path: string) => ground.at(met.mainline).has(path),
	};
	const own = examine(ground, met.revision, {mainline: [], ignore: []}, published);
	const look = isTrees ? lookAtTrees(ground, met, rules) : lookAtHistory(ground, met, rules, own.findings, now);
	const forks = forksOf(ground, look.plan, met.ref, config.forks);
	const commuting = verdictFindings(look.verdicts, met.ref, rules.settings);
	const findings = [
		...forks,
		...look.plan.refusals.map(refusal => cannotBeMerged({...refusal, places: placesOf(ground, refusal)})),
		...commuting.kept,
		...own.findings.filter(finding => !look.repeated(finding)),
		...look.findings,
	];
	ground.library.save();
	const told = silence(withoutOld(findings, met, repo, rules), config.ignore);
	return {
		findings: told.kept,
		silenced: [...commuting.silenced, ...told.silenced],
		summary: {...own.summary, revision: met.revision},
		plan: look.plan,
	};
}

function lookAtHistory(ground: Ground, met: Met, {settings, config}: Rules, own: readonly Finding[], now: number): Look {
	const foreseen = forecast(ground, met, {...settings, mainline: [met.ref, ...(settings.mainline ?? [])]});
	const outcome = foreseen.outcome();
	const project = ground.load(outcome, djangoSettings(ground));
	const text = (path: string) => ground.library.source(outcome.get(path)!.oid).text;
	const refused = new Set(foreseen.plan.refusals.flatMap(({nodes}) => nodes.map(appOf)));
	const loading = checkLoading(project, buildGraph(project), {text})
		.filter(({code, nodes}) => code !== 'MG001' || !nodes.some(node => refused.has(appOf(node))))
		.filter(finding => !own.some(other => isSameFinding(other, finding)))
		.map(finding => ({...finding, title: `merged into ${met.ref}: ${finding.title}`}));
	const edited = foreseen.plan.refusals.length === 0 ? [] : editedByBoth(ground, met, settings);
	const plan = edited.length === 0 ? foreseen.plan : {...foreseen.plan, refusals: [editedTwice(edited, met)]};
	const past = ownPast(ground, met, settings);
	return {
		plan,
		verdicts: distinct([...foreseen.verdicts(), ...past.verdicts]),
		findings: [
			...loading,
			...claimFindings(ground, met, settings, config.singleOwner),
			...past.findings,
			...staleness(ground, met, foreseen.added, settings, now),
		],
		repeated: () => false,
	};
}

/** Migrations that git leaves with conflict markers. */
function editedByBoth(ground: Ground, met: Met, {load}: Settings): string[] {
	const before = met.base === null ? new Map() : ground.at(met.base);
	const {conflicted} = mergeTree(ground.repo, met.mainline, met.incoming);
	return conflicted.filter(path => isGuardedPath(path, load) && isMigrationFile(path) && before.has(path));
}

function lookAtTrees(ground: Ground, met: Met, {settings}: Rules): Look {
	const {plan, isMerged, otherwise, absent, verdicts} = compareTrees(ground, met, settings);
	const unknown = [
		...(absent.length === 0
			? []
			: [`whether this branch deleted ${absent.slice(0, 3).join(', ')}${absent.length > 3 ? ' …' : ''}, or is older than that`]),
		'whether published migrations were edited here',
		'how old the branch is',
	];
	const forked = new Set(isMerged ? plan.forks.map(({app}) => app) : []);
	return {
		plan,
		verdicts: verdicts(),
		findings: [
			...otherwise.map(({key, path}) => readsOtherwise(key, {path, line: 1}, met.ref)),
			notChecked(unknown, fetchLine(ground.repo, met.ref)),
		],
		repeated: ({code, nodes}) => ['MG001', 'MG101'].includes(code) && nodes.some(node => forked.has(appOf(node))),
	};
}

/** Where a refusal is to be seen: its files, or those of its migrations. */
function placesOf(ground: Ground, {paths, nodes}: Refusal): Place[] {
	if (paths.length > 0) return paths.map(path => ({path, line: 1}));
	const known = ground.load(ground.files).nodes;
	return nodes.flatMap(node => {
		const found = known.get(node);
		return found ? [{path: found.path, line: found.migration.line}] : [];
	});
}

function staleness(
	ground: Ground,
	met: Met,
	added: {readonly mainline: readonly NodeKey[]; readonly incoming: readonly NodeKey[]},
	settings: Settings,
	now: number,
): Finding[] {
	if (settings.staleAfter === null || added.incoming.length === 0) return [];
	const oldest = oldestMigration(ground.repo, met.base, met.incoming, settings);
	if (oldest === null || now - oldest < settings.staleAfter) return [];
	const apps = [...new Set(added.incoming.map(appOf))];
	const meanwhile = apps
		.map(app => ({app, migrations: added.mainline.filter(key => appOf(key) === app).length}))
		.filter(({migrations}) => migrations > 0);
	return [waitsForLong({ref: met.ref, days: Math.floor((now - oldest) / 86_400), meanwhile}, added.incoming, [])];
}

/** Work that does not commute, as errors or notices, and what of it is accepted. */
function verdictFindings(verdicts: readonly Verdict[], ref: string, {handling}: Settings) {
	const {stops, warns, accepted} = weigh(verdicts, handling);
	const finding = (verdict: Verdict, severity: Finding['severity']) => {
		const {mainline, incoming, what, next} = verdict;
		const places: Place[] = [incoming, mainline].map(({path, operation}) => ({path, line: operation.line}));
		return doesNotCommute(codeOf(verdict), {nodes: [incoming.key, mainline.key], places, what, next}, {ref, severity});
	};
	return {
		kept: [...stops.map(verdict => finding(verdict, 'error')), ...warns.map(verdict => finding(verdict, 'notice'))],
		silenced: accepted.map(({verdict, reason}) => ({finding: finding(verdict, 'notice'), reason})),
	};
}

/** What mainline has already is not what this branch adds: it is said, and does not make it red. */
function withoutOld(findings: readonly Finding[], met: Met, repo: Repo, {settings}: Rules): Finding[] {
	const isOwn = ({code, severity}: Finding) => severity === 'error' && code < 'MG1';
	if (!findings.some(isOwn)) return [...findings];
	const before = [met.mainline, ...(met.base === null ? [] : [met.base])].flatMap(
		commit => examine(openGround(repo, commit, settings.load), commit, {mainline: [], ignore: []}, NOTHING_PUBLISHED).findings,
	);
	return findings.map(finding =>
		isOwn(finding) && before.some(other => isSameFinding(other, finding))
			? {...finding, severity: 'notice', title: `${finding.title} (${met.ref} has it already)`}
			: finding,
	);
}

const NOTHING_PUBLISHED = {refs: [], has: null};
