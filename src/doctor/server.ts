import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import {effective, readText} from '../install/changes.ts';
import {foldersFromSettings} from '../install/folders.ts';
import {isOurs} from '../install/launchers.ts';
import {type Layout, layoutOf, SERVER_EVENTS, type ServerEvent} from '../install/layout.ts';
import {literal} from '../install/patterns.ts';
import {type Installed, readRecord} from '../install/record.ts';
import {serverChanges} from '../install/server.ts';
import {hooksPathInForce} from '../install/wish.ts';
import {type Answer, serverAnswer} from './answers.ts';
import {type Complaint, INSTALL} from './complaint.ts';
import {findNode, nodeComplaints} from './node.ts';
import {complain, programComplaint} from './parts.ts';
import {protectedBranches, protectionComplaints} from './protected.ts';

/** What was found of the hook of a bare repository, which others push to. */
export interface FoundServer {
	readonly installed: 'server' | null;
	/** Of the Node that the hook finds. */
	readonly node: string | null;
	readonly hooks: readonly Answer[];
	/** The patterns of protected branches. */
	readonly protected: readonly string[];
	readonly complaints: readonly Complaint[];
}

/** Whether the hook of a server was installed here. */
export function isServer(layout: Layout): boolean {
	return existsSync(layout.serverHook) || readRecord(layout)?.server !== undefined;
}

/** Look whether a push comes to us, and whether what it comes to is in place. */
export function lookAtServer(
	repo: Repo,
	self: {readonly program: string; readonly version: string; readonly node: string},
): FoundServer {
	const layout = layoutOf(repo.commonDir);
	const record = readRecord(layout);
	const event = eventOf(layout, record);
	const hooksPath = hooksPathInForce(repo);
	const mend = installCommand(event, hooksPath);
	if (!isServer(layout)) return {installed: null, node: null, hooks: [], protected: [], complaints: [{...notInstalled, mend}]};
	const node = findNode(repo, record?.node ?? self.node);
	const found = foldersFromSettings(repo);
	const wish = {...self, layout, event, found, node: node.noted};
	const changed = new Set(effective(serverChanges(wish)).map(change => (change.kind === 'copy' ? change.to : change.path)));
	const answer = serverAnswer(repo, event);
	const complaints = [
		programComplaint(wish, record, changed.has(layout.program)),
		foldersComplaint(found, record),
		scriptComplaint(layout, changed, answer),
		answer.ours ? null : silent(answer, hooksPath),
		twice(layout, event),
		...nodeComplaints(node),
	].filter(complaint => complaint !== null);
	const patterns = protectedBranches(repo);
	return {
		installed: 'server',
		node: node.version,
		hooks: [answer],
		protected: patterns,
		complaints: [
			...complaints.map(one => (one.mend === INSTALL ? {...one, mend} : one)),
			...protectionComplaints(repo, patterns),
		],
	};
}

const notInstalled = {
	code: 'not-installed',
	what: 'migration-guard is not installed in this bare repository',
	why: 'a push that forks a branch is taken',
};

/** The variant that was installed, or that the hooks show. */
function eventOf(layout: Layout, record: Installed | null): ServerEvent {
	return record?.server?.event ?? SERVER_EVENTS.find(event => isOursIn(layout, event)) ?? 'pre-receive';
}

/** What installs it again, also where hooks lie in another place (docs/server.md). */
function installCommand(event: ServerEvent, hooksPath: string): string {
	const aside = hooksPath === '' ? '' : 'GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0= ';
	return `${aside}${INSTALL} --server${event === 'update' ? ' --each-ref' : ''}`;
}

function foldersComplaint(found: readonly string[], record: Installed | null): Complaint | null {
	if (!record?.server || record.server.folders.join('\n') === found.map(literal).join('\n')) return null;
	return complain(
		'folders-changed',
		'folders of migrations have come or gone since the installation',
		'the hook looks at others',
	);
}

function scriptComplaint(layout: Layout, changed: ReadonlySet<string>, {ours, by}: Answer): Complaint | null {
	const file = [layout.serverHook, ...(ours && isOurs(readText(by) ?? '') ? [by] : [])].find(one => changed.has(one));
	// Another Node or other folders change the script with the record, and are told by themselves.
	if (file === undefined || (changed.has(layout.record) && existsSync(file))) return null;
	return complain('stub-changed', 'the script of the hook is not what was installed', `${file} was changed or is gone`);
}

function silent({event, by}: Answer, hooksPath: string): Complaint {
	const why = by === 'nothing' ? 'there is no hook that runs' : `${by} answers`;
	const complaint = complain('hook-silent', `${event}: git does not come to us`, why);
	if (hooksPath === '') return complaint;
	return {...complaint, why: `core.hooksPath is ${hooksPath}, and ${why}`, mend: 'docs/server.md, "Hooks in another place"'};
}

function twice(layout: Layout, event: ServerEvent): Complaint | null {
	const other = SERVER_EVENTS.find(one => one !== event && isOursIn(layout, one));
	if (other === undefined || !isOursIn(layout, event)) return null;
	return complain(
		'hook-twice',
		`${event} and ${other} are both ours`,
		'each push is judged twice, and the stricter of them wins',
	);
}

function isOursIn(layout: Layout, event: ServerEvent): boolean {
	return isOurs(readText(path.join(layout.gitHooks, event)) ?? '');
}

/** The linked worktrees of a repository, by their folders. */
export function linkedWorktrees(repo: Repo): string[] {
	return text(git(repo, ['worktree', 'list', '--porcelain']))
		.split(/\r?\n\r?\n/)
		.filter(entry => !/^bare$/m.test(entry))
		.flatMap(entry => /^worktree (.+)$/m.exec(entry)?.[1] ?? [])
		.filter(folder => existsSync(folder));
}
