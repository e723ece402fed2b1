import type {Finding} from '../migrations/finding.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import type {Refusal} from '../refusal.ts';
import type {Verdict} from '../state/work.ts';

/** Whose migrations a concern is about. */
export interface Subject {
	/** As people call it; null: a detached HEAD. */
	readonly branch: string | null;
	/** Top of the worktree that has it checked out; null: none has. */
	readonly worktree: string | null;
}

/** A fork that stands in a worktree: Django stops there, whatever git says. */
export interface Standing {
	readonly kind: 'fork';
	readonly key: string;
	readonly subject: Subject & {readonly worktree: string};
	readonly nodes: readonly NodeKey[];
	readonly what: string;
	readonly why: string;
	readonly next: string;
}

/** What mainline and a branch both add: the next merge will have to order it. */
export interface Collision {
	readonly kind: 'collision';
	readonly key: string;
	readonly subject: Subject;
	/** The mainline ref, as people call it, and whether only the daemon has fetched it so far. */
	readonly mainline: string;
	readonly isPrefetched: boolean;
	readonly apps: readonly string[];
	/** What each side adds to these apps. */
	readonly theirs: readonly NodeKey[];
	readonly ours: readonly NodeKey[];
	/** Which of `ours` are in no commit yet. */
	readonly uncommitted: readonly NodeKey[];
	/** What the next merge will do. */
	readonly moves: readonly {readonly from: NodeKey; readonly to: NodeKey}[];
	readonly merges: readonly NodeKey[];
	readonly refusals: readonly Refusal[];
	/** Pairs of operations that do not commute; empty: they do. */
	readonly verdicts: readonly Verdict[];
	readonly next: string;
}

/** Something a person should know, once. `key` is the same for as long as it is the same thing. */
export type Concern = Standing | Collision;

/** Findings of `check` that are a fork, or about to become one. */
const FORKS: readonly string[] = ['MG001', 'MG006'];

/** The concerns among the findings of a worktree. */
export function standing(subject: Standing['subject'], findings: readonly Finding[]): Standing[] {
	return findings
		.filter(({code}) => FORKS.includes(code))
		.map(({code, nodes, title, why, places}) => ({
			kind: 'fork',
			key: ['fork', subject.worktree, code, ...[...nodes].sort(), ...(nodes.length > 0 ? [] : places.map(({path}) => path))].join(
				' ',
			),
			subject,
			nodes,
			what: title,
			why,
			next: 'migration-guard fix',
		}));
}

/** What a forecast says of a meeting. */
export interface Meeting {
	readonly meets: readonly string[];
	readonly added: {readonly mainline: readonly NodeKey[]; readonly incoming: readonly NodeKey[]};
	readonly plan: Pick<Plan, 'steps' | 'refusals'>;
	verdicts(): readonly Verdict[];
}

/** The concern of a meeting with mainline; null: the two never meet in one app. `inWorktree` are the migrations in no commit yet. */
export function collision(
	subject: Subject,
	mainline: {readonly name: string; readonly isPrefetched: boolean},
	meeting: Meeting,
	inWorktree: ReadonlySet<NodeKey>,
): Collision | null {
	const {meets: apps, added, plan} = meeting;
	if (apps.length === 0) return null;
	const met = (nodes: readonly NodeKey[]) => nodes.filter(node => apps.some(app => node.startsWith(`${app}.`)));
	const [theirs, ours] = [met(added.mainline), met(added.incoming)];
	const verdicts = meeting.verdicts();
	const whose = subject.branch === null ? `at ${subject.worktree}` : `of ${subject.branch}`;
	const pairs = verdicts.map(({verdict, mainline: one, incoming: other}) => `${verdict}:${one.key}:${other.key}`);
	return {
		kind: 'collision',
		key: ['collision', mainline.name, whose, ...theirs, '/', ...ours, '/', ...new Set(pairs)].join(' '),
		subject,
		mainline: mainline.name,
		isPrefetched: mainline.isPrefetched,
		apps,
		theirs,
		ours,
		uncommitted: ours.filter(node => inWorktree.has(node)),
		moves: plan.steps.flatMap(step => (step.kind === 'renumber' ? [{from: step.from, to: step.to}] : [])),
		merges: plan.steps.flatMap(step => (step.kind === 'merge' ? [step.node] : [])),
		refusals: plan.refusals,
		verdicts,
		next: nextOf(subject, mainline, verdicts),
	};
}

function nextOf(
	{branch, worktree}: Subject,
	{name, isPrefetched}: {name: string; isPrefetched: boolean},
	verdicts: readonly Verdict[],
): string {
	const fetch = isPrefetched ? 'git fetch && ' : '';
	if (verdicts.length > 0) return `${fetch}migration-guard conflicts ${name} ${branch ?? 'HEAD'}`;
	return `${fetch}${worktree === null ? `git switch ${branch} && ` : ''}git merge ${name}`;
}
