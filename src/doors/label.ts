import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import type {SideLabel} from '../plan/outcome.ts';
import {pathspecs} from './guarded.ts';
import type {Settings} from './settings.ts';

/**
 * Name the sides for people: the branch git speaks of, else a ref that points there, else the short oid. While it merges, git
 * passes the name the user typed in the environment (builtin/merge.c).
 */
export function nameCommits(repo: Repo, oids: readonly string[], hints: ReadonlyMap<string, string> = new Map()): string[] {
	const typed = (oid: string) => {
		const name = process.env[`GITHEAD_${oid}`];
		return name !== undefined && !/^[0-9a-f]{7,64}$/.test(name) ? name : undefined;
	};
	const known = oids.map(oid => hints.get(oid) ?? typed(oid));
	if (known.every(name => name !== undefined)) return known;
	const format = '--format=%(objectname) %(refname:short)';
	const refs = text(
		git(repo, ['for-each-ref', format, ...oids.map(oid => `--points-at=${oid}`), 'refs/heads', 'refs/remotes', 'refs/tags']),
	);
	const names = new Map<string, string>();
	for (const line of refs.split('\n').filter(Boolean)) {
		const [oid, name] = line.split(' ') as [string, string];
		if (!names.has(oid) && !name.endsWith('/HEAD')) names.set(oid, name);
	}
	return oids.map((oid, index) => known[index] ?? names.get(oid) ?? oid.slice(0, 9));
}

/** The branch HEAD is on, as people call it. */
export function shortRef(ref: string | null): string | null {
	return ref === null ? null : ref.replace(/^refs\/(?:heads|remotes|tags)\//, '');
}

/**
 * How old a side's oldest migration is: the author date of the oldest commit in `base..side` that touches one. Author dates
 * survive rebases, so a branch does not become young by being rebased.
 */
export function oldestMigration(repo: Repo, base: string | null, side: string, settings: Settings): number | null {
	const range = base === null ? [side] : [side, `^${base}`];
	const dates = text(git(repo, ['log', '--format=%at', '--no-merges', ...range, '--', ...pathspecs(settings.load)]));
	const times = dates.split('\n').filter(Boolean).map(Number);
	return times.length === 0 ? null : Math.min(...times);
}

/** Labels of the sides; ages only for those that move. */
export function labelSides(
	repo: Repo,
	names: readonly string[],
	oids: readonly string[],
	moving: ReadonlySet<number>,
	base: string | null,
	settings: Settings,
): SideLabel[] {
	return names.map((name, side) => ({
		name,
		oldest: moving.has(side) && settings.staleAfter !== null ? oldestMigration(repo, base, oids[side]!, settings) : null,
	}));
}
