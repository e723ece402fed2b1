import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Repo} from '../git/repo.ts';
import {fields, git, text} from '../git/run.ts';
import {effective} from '../install/changes.ts';
import {installChanges, type Wish} from '../install/install.ts';
import {driverCommand} from '../install/launchers.ts';
import {EVENTS} from '../install/layout.ts';
import {type Installed, readRecord} from '../install/record.ts';
import {type Complaint, INSTALL} from './complaint.ts';

/**
 * The parts in the git directory, compared with what an installation would write now. Hooks are judged by who answers, not by
 * their text, as there are several ways.
 * @param paths a migration of each folder
 */
export function partComplaints(repo: Repo, wish: Wish, paths: readonly string[]): Complaint[] {
	const {layout} = wish;
	const record = readRecord(layout);
	const changed = new Set(effective(installChanges(wish)).map(change => (change.kind === 'copy' ? change.to : change.path)));
	const complaints: (Complaint | null)[] = [
		programComplaint(wish, record, changed.has(layout.program)),
		record && foldersChanged(wish, record)
			? complain('folders-changed', 'folders of migrations have come or gone since the installation', 'the hooks look at others')
			: null,
		!changed.has(layout.hook) || changed.has(layout.record)
			? null
			: complain('stub-changed', 'the script of the hooks is not what was installed', `${layout.hook} was changed or is gone`),
		existsSync(layout.driver) && !changed.has(layout.driver)
			? null
			: complain('driver-changed', 'the merge driver is not what was installed', `${layout.driver} was changed or is gone`),
		driverInForce(repo),
		hiddenHook(wish, changed),
	];
	return [...complaints.filter(complaint => complaint !== null), ...attributesComplaint(repo, paths)];
}

/** Whether the copy of the program is there, and the one that is asked. */
export function programComplaint(
	{layout, version}: Pick<Wish, 'layout' | 'version'>,
	record: Installed | null,
	changed: boolean,
): Complaint | null {
	if (!existsSync(path.join(layout.program, 'cli.cjs')))
		return complain('program-missing', 'the copy of the program is gone', `the hooks look for it in ${layout.program}`);
	if (record?.program !== version)
		return complain('program-version', `the hooks run version ${record?.program ?? 'unknown'}`, `this is ${version}`);
	return changed ? complain('program-changed', 'the hooks run another program of the same version', 'its files differ') : null;
}

function foldersChanged({found, globs, layout, ...rest}: Wish, record: Installed): boolean {
	const change = installChanges({found, globs, layout, ...rest}).find(one => one.path === layout.record);
	const now: Installed = change?.kind === 'write' ? JSON.parse(change.text) : record;
	return now.folders.join('\n') !== record.folders.join('\n');
}

/** A hook that came into the folder behind ours, of a kind that is not passed on before it exists. */
function hiddenHook({layout, way}: Wish, changed: ReadonlySet<string>): Complaint | null {
	const names = [...changed].filter(file => path.dirname(file) === layout.hooks).map(file => path.basename(file));
	const hidden = names.find(name => !(EVENTS as readonly string[]).includes(name) && !existsSync(path.join(layout.hooks, name)));
	// Where ours is not in front of that folder, git does not come to us at all, which is another complaint.
	if (way.way !== 'take-over' || hidden === undefined || !existsSync(layout.hooks)) return null;
	return complain('hook-hidden', `${hidden} of ${way.before} is not called`, 'it came there after the installation');
}

function driverInForce(repo: Repo): Complaint | null {
	const driver = text(git(repo, ['config', 'merge.migration-guard.driver'], {ok: [0, 1]}));
	if (driver === driverCommand) return null;
	const what = driver === '' ? 'git knows no merge driver of this name' : 'git knows another merge driver by this name';
	return complain('driver-unknown', what, 'the line in .git/config that includes ours, or what it leads to, was changed');
}

/** Whether the merge driver is what git's attributes name, for each of some migrations. */
export function attributesComplaint(repo: Repo, paths: readonly string[]): Complaint[] {
	const asked = paths.length > 0 ? paths : ['app/migrations/0001_initial.py'];
	const answers = fields(git(repo, ['check-attr', '-z', '--stdin', 'merge'], {input: asked.map(one => `${one}\0`).join('')}));
	const missed = asked.find((_, index) => answers[index * 3 + 2] !== 'migration-guard');
	if (missed === undefined) return [];
	const why = 'a line of info/attributes is gone, or a later one wins';
	return [complain('attributes', `${missed} is not merged by the merge driver`, why)];
}

/** A complaint that the next installation mends. */
export function complain(code: string, what: string, why: string): Complaint {
	return {code, what, why, mend: INSTALL};
}
