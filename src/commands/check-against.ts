import {configAt} from '../doors/config-at.ts';
import {settingsOf} from '../doors/read-settings.ts';
import {judge} from '../gates/against.ts';
import {meet} from '../gates/met.ts';
import {type Repo, withoutWorktree} from '../git/repo.ts';
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
