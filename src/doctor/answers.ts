import {existsSync, readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Repo} from '../git/repo.ts';
import {type GitPlace, git, text} from '../git/run.ts';
import {readText} from '../install/changes.ts';
import {isOurs} from '../install/launchers.ts';
import {EVENTS, type ServerEvent} from '../install/layout.ts';
import {type Manager, managerOf, SET_ASIDE} from '../install/managers.ts';

/** What git would run for one event. */
export interface Answer {
	readonly event: string;
	/** Whether our stub gets to run. */
	readonly ours: boolean;
	/** Who calls it, or who answers instead: `configuration`, a path, or `nothing`. */
	readonly by: string;
	/** The manager that wrote the file, where one is known. */
	readonly manager: Manager | null;
	/** Our file is there, and moved out of the way. */
	readonly setAside: string | null;
	/** Our configured hook is there and switched off: the key that does it. */
	readonly disabledBy: string | null;
}

/** For each of our events, who would answer in a worktree. One process, and one for each event where hooks can be configured. */
export function answers(place: GitPlace & {readonly cwd: string}, configurable: boolean): Answer[] {
	const folder = path.resolve(place.cwd, text(git(place, ['rev-parse', '--git-path', 'hooks'])));
	return EVENTS.map(event => (configurable ? configuredAnswer(place, event) : null) ?? fileAnswer(place.cwd, folder, event));
}

/** Who would answer a push to a bare repository: the hook of git, or one that the software of the server calls for it (docs/server.md). */
export function serverAnswer(repo: Repo, event: ServerEvent): Answer {
	const folder = path.resolve(repo.cwd, text(git(repo, ['rev-parse', '--git-path', 'hooks'])));
	const answer = fileAnswer(repo.cwd, folder, event);
	if (answer.ours) return answer;
	const places = [folder, path.join(repo.commonDir, 'hooks'), path.join(repo.commonDir, 'custom_hooks')];
	const scripts = places.map(place => path.join(place, `${event}.d`)).flatMap(filesIn);
	const by = [path.join(repo.commonDir, 'custom_hooks', event), ...scripts].find(
		file => runs(file) && calls(readText(file) ?? ''),
	);
	return by === undefined ? answer : {...NONE, event, ours: true, by};
}

const NONE = {manager: null, setAside: null, disabledBy: null} as const;

/** `git hook list` prints the friendly names, and in front of one that is off a word for why. */
function configuredAnswer(place: GitPlace, event: string): Answer | null {
	const list = text(git(place, ['hook', 'list', event], {ok: [0, 1]})).split(/\r?\n/);
	for (const name of [`migration-guard-${event}`, `migration-guard-global-${event}`]) {
		if (list.includes(name)) return {...NONE, event, ours: true, by: 'configuration'};
		if (list.includes(`disabled\t${name}`))
			return {...NONE, event, ours: false, by: 'nothing', disabledBy: `hook.${name}.enabled`};
		if (list.includes(`event-disabled\t${name}`))
			return {...NONE, event, ours: false, by: 'nothing', disabledBy: `hook.${event}.enabled`};
	}
	return null;
}

function fileAnswer(top: string, folder: string, event: string): Answer {
	const file = path.join(folder, event);
	const content = readText(file);
	if (content === null || !runs(file)) return {...NONE, event, ours: false, by: 'nothing', setAside: asideOf(file)};
	const manager = managerOf(content);
	const by = file;
	if (calls(content)) return {...NONE, event, ours: true, by, manager};
	const through = calledThrough(top, file, event, manager);
	return {...NONE, event, ours: through !== null, by: through ?? by, manager, setAside: through === null ? asideOf(file) : null};
}

/** The file behind a manager's own that leads to us. */
function calledThrough(top: string, file: string, event: string, manager: Manager | null): string | null {
	if (manager === 'pre-commit') return leadsToUs(`${file}${SET_ASIDE.legacy}`);
	if (manager === 'husky') return leadsToUs(path.join(path.dirname(path.dirname(file)), event));
	if (manager !== 'lefthook') return null;
	const names = ['lefthook', '.lefthook', 'lefthook-local', '.lefthook-local'].flatMap(name => [`${name}.yml`, `${name}.yaml`]);
	return names.map(name => path.join(top, name)).find(config => calls(sectionOf(readText(config, 'utf8') ?? '', event))) ?? null;
}

function leadsToUs(file: string): string | null {
	return calls(readText(file) ?? '') ? file : null;
}

/** One of our files, or somebody's own line that calls us. */
function calls(content: string): boolean {
	return isOurs(content) || /^[^#\n]*\bmigration-guard\b/m.test(content);
}

/** The lines of one top-level key of a YAML file. */
function sectionOf(yaml: string, key: string): string {
	const lines = yaml.split(/\r?\n/);
	const start = lines.findIndex(line => line.startsWith(`${key}:`));
	if (start === -1) return '';
	const length = lines.slice(start + 1).findIndex(line => /^[^\s#]/.test(line));
	return lines.slice(start, length === -1 ? undefined : start + 1 + length).join('\n');
}

function asideOf(file: string): string | null {
	const candidates = Object.values(SET_ASIDE).map(suffix => `${file}${suffix}`);
	return candidates.find(candidate => existsSync(candidate) && isOurs(readText(candidate) ?? '')) ?? null;
}

function filesIn(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder).map(name => path.join(folder, name)) : [];
}

function runs(file: string): boolean {
	return process.platform === 'win32' || ((statSync(file, {throwIfNoEntry: false})?.mode ?? 0) & 0o111) !== 0;
}
