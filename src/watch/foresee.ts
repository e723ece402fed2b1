import {type Ground, openGround} from '../doors/ground.ts';
import {shortRef} from '../doors/label.ts';
import type {Settings} from '../doors/settings.ts';
import {forecaster} from '../gates/forecast.ts';
import type {Repo} from '../git/repo.ts';
import {isAncestor, type MainlineRef, mainlineRefs, resolveCommit} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import type {NodeKey} from '../migrations/key.ts';
import {type Collision, collision, type Subject} from './concern.ts';
import {prefetchRef} from './prefetch.ts';

/** A history that may meet mainline: a branch, or what lies in a worktree. */
export interface Candidate {
	readonly subject: Subject;
	readonly commit: string;
	/** Migrations of `commit` that are in no commit of the user's yet. */
	readonly uncommitted: ReadonlySet<NodeKey>;
}

/** What was foreseen, by what it follows from: nothing that did not change is thought through again. What is not used in a round is forgotten. */
export interface Foreseen {
	readonly before: ReadonlyMap<string, Collision | null>;
	readonly now: Map<string, Collision | null>;
}

/** A mainline ref, where it stands, or where it will stand after the next fetch. */
export interface Mainline {
	readonly name: string;
	readonly oid: string;
	readonly isPrefetched: boolean;
}

/** The mainlines that a branch will meet: the remote ones, else the local ones. */
export function mainlinesOf(repo: Repo, settings: Settings): Mainline[] {
	const refs = mainlineRefs(repo, settings.mainline);
	const remote = refs.filter(ref => ref.remote);
	return (remote.length > 0 ? remote : refs).map(ref => asFetched(repo, ref));
}

/** What the daemon fetched aside counts, unless the user has fetched since. */
function asFetched(repo: Repo, {ref, oid, remote}: MainlineRef): Mainline {
	const name = shortRef(ref)!;
	const ahead = remote ? resolveCommit(repo, prefetchRef(ref)) : null;
	const isPrefetched = ahead !== null && ahead !== oid && isAncestor(repo, oid, ahead);
	return {name, oid: isPrefetched ? ahead : oid, isPrefetched};
}

/** The local branches that have something mainline has not; `known` are looked at already, by their full names. */
export function openBranches(repo: Repo, mainline: Mainline, known: ReadonlySet<string>): Candidate[] {
	const format = '--format=%(objectname) %(refname)';
	return text(git(repo, ['for-each-ref', format, `--no-merged=${mainline.oid}`, 'refs/heads']))
		.split(/\r?\n/)
		.filter(Boolean)
		.map(line => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)
		.filter(([, ref]) => !known.has(ref))
		.map(([commit, ref]) => ({subject: {branch: shortRef(ref), worktree: null}, commit, uncommitted: new Set()}));
}

/**
 * What the next merge of each candidate with mainline will meet. Lazily: the caller may let something else have its turn in between.
 */
export function* foresee(
	repo: Repo,
	settings: Settings,
	mainline: Mainline,
	candidates: readonly Candidate[],
	memory: Foreseen,
): Generator<Collision | null> {
	const told = JSON.stringify(settings);
	let ground: Ground | null = null;
	let look: ReturnType<typeof forecaster> | null = null;
	for (const {subject, commit, uncommitted} of candidates) {
		const key = JSON.stringify([told, mainline, commit, subject]);
		let result = memory.before.get(key) ?? memory.now.get(key);
		if (result === undefined) {
			ground ??= openGround(repo, mainline.oid, settings.load);
			look ??= forecaster(ground, settings);
			result = collision(subject, mainline, look({mainline: mainline.oid, incoming: commit}), uncommitted);
		}
		memory.now.set(key, result);
		yield result;
	}
	ground?.library.save();
}
