import type {Repo} from './repo.ts';
import {git, text} from './run.ts';
import {withoutIndex} from './trees.ts';

/** A remote-tracking branch. */
export interface RemoteBranch {
	/** Full name: `refs/remotes/origin/feature`. */
	readonly ref: string;
	readonly oid: string;
}

/**
 * The branches below some prefixes (`refs/remotes/`, `refs/heads/`), symbolic refs like `origin/HEAD` left out. One process that opens no
 * object: the oid is what the ref names, in a ref of a branch always a commit.
 */
export function branchesBelow(repo: Repo, prefixes: readonly string[]): RemoteBranch[] {
	if (prefixes.length === 0) return [];
	return lines(git(repo, ['for-each-ref', '--format=%(objectname) %(symref) %(refname)', ...prefixes])).flatMap(line => {
		const [oid = '', target, ...ref] = line.split(' ');
		return target === '' ? [{ref: ref.join(' '), oid}] : [];
	});
}

/** Commit → parents, for all that are reachable from `tips` and not from `known`. One process, which reads no tree. */
export function unmergedCommits(repo: Repo, tips: readonly string[], known: readonly string[]): Map<string, readonly string[]> {
	if (tips.length === 0) return new Map();
	const input = [...tips, ...known.map(oid => `^${oid}`), ''].join('\n');
	return new Map(
		lines(git(repo, ['rev-list', '--parents', '--stdin'], {input})).map(line => {
			const [oid = '', ...parents] = line.split(' ');
			return [oid, parents];
		}),
	);
}

/** Who wrote a commit, and when (seconds since 1970; an author date survives rebases). */
export interface Authorship {
	readonly authored: number;
	readonly author: string;
}

/** Those of some commits that change a path of the pathspecs, merges left out. One process, which opens the trees of each. */
export function commitsThatTouch(repo: Repo, commits: readonly string[], pathspecs: readonly string[]): Map<string, Authorship> {
	if (commits.length === 0) return new Map();
	const how = ['--stdin', '-r', '-s', '--root', '--no-renames', '--ignore-submodules=none', '--format=%H %at %aN'];
	const input = commits.map(oid => `${oid}\n`).join('');
	return new Map(
		lines(git(repo, ['diff-tree', ...how, '--', ...pathspecs], {input, env: withoutIndex(repo)})).map(line => {
			const [oid = '', authored, ...author] = line.split(' ');
			return [oid, {authored: Number(authored), author: author.join(' ')}];
		}),
	);
}

/** What some histories gained between two looks; null: they lost something, too, or a commit is gone. */
export function gained(repo: Repo, before: readonly string[], now: readonly string[]): Set<string> | null {
	if (before.join() === now.join()) return new Set();
	if (before.length === 0) return null;
	const lost = git(repo, ['rev-list', '--max-count=1', '--stdin'], {input: rangeOf(before, now), ok: [0, 128]});
	if (lost.code !== 0 || text(lost) !== '') return null;
	return new Set(lines(git(repo, ['rev-list', '--stdin'], {input: rangeOf(now, before)})));
}

/** Those of some commits that none of the others can reach. */
export function independent(repo: Repo, commits: readonly string[]): string[] {
	return commits.length < 2 ? [...commits] : lines(git(repo, ['merge-base', '--independent', ...commits]));
}

/** The newest commits of a history along its first parents, newest first. */
export function firstParents(repo: Repo, tip: string): string[] {
	return lines(git(repo, ['rev-list', '--first-parent', '--max-count=20000', tip]));
}

function rangeOf(include: readonly string[], exclude: readonly string[]): string {
	return [...include, ...exclude.map(oid => `^${oid}`), ''].join('\n');
}

function lines(result: Parameters<typeof text>[0]): string[] {
	return text(result).split(/\r?\n/).filter(Boolean);
}
