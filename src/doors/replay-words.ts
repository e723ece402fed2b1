import type {Repo} from '../git/repo.ts';
import type {How, SideLabel} from '../plan/outcome.ts';
import type {PickKind} from './finished-pick.ts';
import type {Replay} from './finished-rebase.ts';
import {labelSides, nameCommits, shortRef} from './label.ts';
import type {Settings} from './settings.ts';

export type ReplayKind = 'rebase' | PickKind;

/** What people call the commits that git has just made. */
export const COMMITS: Readonly<Record<ReplayKind, string>> = {
	rebase: 'rebased commits',
	'cherry-pick': 'picked commits',
	revert: 'reverts',
	am: 'applied patches',
};

export const HOW: Readonly<Record<ReplayKind, How>> = {
	rebase: 'commits rewritten',
	'cherry-pick': 'picks rewritten',
	revert: 'reverts rewritten',
	am: 'patches rewritten',
};

/** Name what was there and what came on top of it. Only of a branch that moves as a whole it is said how old it is. */
export function replaySides(
	repo: Repo,
	{onto, start}: Replay,
	kind: ReplayKind,
	branch: string | null,
	base: string | null,
	moving: ReadonlySet<number>,
	settings: Settings,
): SideLabel[] {
	const oids = [onto, start];
	const here = shortRef(branch) ?? 'HEAD';
	if (kind === 'rebase')
		return labelSides(repo, nameCommits(repo, oids, new Map(branch ? [[start, here]] : [])), oids, moving, base, settings);
	return [here, `the ${COMMITS[kind]}`].map(name => ({name, oldest: null}));
}
