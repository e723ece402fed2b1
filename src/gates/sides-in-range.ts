import type {Repo} from '../git/repo.ts';
import {mergeBases, resolveCommits} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import {listEntries} from '../worktree/journal.ts';

/** Histories that met in commits that are made already; a linear history no longer shows that they were two. */
export interface PastMeeting {
	/** A merge commit, or a branch that was put on top of another. */
	readonly how: 'merge' | 'rebase';
	/** What came of it. */
	readonly commit: string;
	/** What they parted from. */
	readonly bases: readonly string[];
	/** A merge: its parents. A rebase: what the branch was put on. */
	readonly sides: readonly string[];
}

/** Some commits, and what is known of how they came to be. */
export interface Range {
	readonly tip: string;
	/** Commits whose history is not looked at: what the remote has, or the merge base. */
	readonly except: readonly string[];
	/** Mainline's commits: what a branch may have been put on. */
	readonly mainline: readonly string[];
	/** Where the branch was before it was rewritten: what the remote still has of it. */
	readonly before: string | null;
}

/** More merges in one range than anybody would read about; the newest are looked at. */
const MOST = 50;

/** Find what met in a range: in its merge commits, and where it was rewritten, by what the remote has or by our journal. */
export function sidesInRange(repo: Repo, range: Range): PastMeeting[] {
	return [...mergesIn(repo, range), ...rebasesIn(repo, range)];
}

function mergesIn(repo: Repo, {tip, except}: Range): PastMeeting[] {
	const args = ['rev-list', '--merges', '--parents', `--max-count=${MOST}`, tip, ...except.map(commit => `^${commit}`)];
	return linesOf(text(git(repo, args))).map(line => {
		const [commit = '', ...sides] = line.split(' ');
		return {how: 'merge', commit, sides, bases: basesOf(repo, sides)};
	});
}

function basesOf(repo: Repo, sides: readonly string[]): string[] {
	if (sides.length === 2) return mergeBases(repo, sides[0]!, sides[1]!);
	return linesOf(text(git(repo, ['merge-base', '--octopus', ...sides], {ok: [0, 1]})));
}

/**
 * The branch left mainline at one place and stands on another: what mainline gained in between has met the branch's own work. The old place is
 * that of the tip before, which the remote still has, or which our journal names for the rebases that we renumbered.
 */
function rebasesIn(repo: Repo, {tip, mainline, before}: Range): PastMeeting[] {
	const [first] = mainline;
	const tips = [...(before === null ? [] : [before]), ...journaled(repo, tip)];
	const onto = first === undefined || tips.length === 0 ? undefined : mergeBases(repo, first, tip)[0];
	if (onto === undefined) return [];
	const forks = new Set(tips.flatMap(old => mergeBases(repo, old, onto).slice(0, 1)));
	return [...forks].filter(fork => fork !== onto).map(fork => ({how: 'rebase', commit: tip, bases: [fork], sides: [onto]}));
}

/** Tips before rebases whose result is in the history of a commit. */
function journaled(repo: Repo, tip: string): string[] {
	const rebases = listEntries(repo).filter(
		({kind, scope, state, start}) => kind === 'rebase' && scope === 'commit' && state === 'done' && start,
	);
	if (rebases.length === 0) return [];
	const there = resolveCommits(
		repo,
		rebases.flatMap(({start, new: made}) => [start!, made]),
	);
	return rebases.flatMap((_, index) => {
		const [start, made] = [there[2 * index], there[2 * index + 1]];
		const isIn = start && made && git(repo, ['merge-base', '--is-ancestor', made, tip], {ok: [0, 1]}).code === 0;
		return isIn ? [start] : [];
	});
}

function linesOf(output: string): string[] {
	return output.split('\n').filter(Boolean);
}
