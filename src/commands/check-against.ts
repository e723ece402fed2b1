import {configAt} from '../doors/config-at.ts';
import {examine} from '../doors/examine.ts';
import {openGround} from '../doors/ground.ts';
import {settingsOf} from '../doors/read-settings.ts';
import {UsageError} from '../errors.ts';
import {judge} from '../gates/against.ts';
import {meet} from '../gates/met.ts';
import {type Repo, withoutWorktree} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {foldersFromSettings} from '../install/folders.ts';
import type {CheckReport} from '../report/check-report.ts';

/** `check --against REF`: a revision as if it were merged into REF, by REF's own configuration. Throws UsageError. */
export async function checkAgainst(around: Repo, ref: string, revision: string): Promise<CheckReport> {
	const repo = withoutWorktree(around);
	const met = meet(repo, ref, revision);
	const config = await configAt(repo, met.mainline);
	const settings = settingsOf(config, foldersFromSettings(repo, met.mainline));
	const {findings, silenced, summary, plan} = judge(repo, met, {config, settings}, Math.floor(Date.now() / 1000));
	const {mainline, base, incoming, seen} = met;
	const {forks, steps, refusals} = plan;
	return {
		findings,
		silenced,
		looked: {...summary, against: ref},
		more: {against: {ref, commit: mainline, base, incoming, seen, forks, steps, refusals}},
	};
}

/** The tree of a revision by itself, by its own configuration: what a CI checks when it is mainline that was pushed. */
export async function checkTree(around: Repo, revision: string): Promise<CheckReport> {
	const repo = withoutWorktree(around);
	const commit = resolveCommit(repo, revision);
	if (commit === null) throw new UsageError(`${revision} is no commit of this repository`);
	const config = await configAt(repo, commit);
	const {load} = settingsOf(config, foldersFromSettings(repo, commit));
	const {findings, silenced, summary} = examine(openGround(repo, commit, load), revision, config);
	return {findings, silenced, looked: summary};
}
