import {lstatSync, readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {type Change, readText} from './changes.ts';
import {chainFile, hookCommand, hookFile, isOurs, takeOverFile} from './launchers.ts';
import {EVENTS, isServerEvent, type Layout} from './layout.ts';
import {managerOf, SET_ASIDE} from './managers.ts';

/** How our hooks get called in this repository. */
export type Way =
	/** By configuration: git ≥ 2.54. Beside whatever hooks there are, none of them is touched. */
	| {readonly way: 'configuration'}
	/** By files in the hooks folder; a foreign one is saved and called first. */
	| {readonly way: 'files'}
	/** By files in a folder of ours that `core.hooksPath` names, in front of the folder it named before (husky, a global one). */
	| {readonly way: 'take-over'; readonly before: string};

/**
 * Choose the way.
 * @param hooksPath `core.hooksPath` without our own configuration, null when it is not set
 */
export function chooseWay(layout: Layout, configurable: boolean, hooksPath: string | null): Way {
	if (configurable) return {way: 'configuration'};
	if (hooksPath !== null) return {way: 'take-over', before: hooksPath};
	// A hooks folder that is a link may lead into the worktree: what is written there would be the project's.
	if (lstatSync(layout.gitHooks, {throwIfNoEntry: false})?.isSymbolicLink()) return {way: 'take-over', before: layout.gitHooks};
	return {way: 'files'};
}

/** The configuration that a way needs: sections for `configText`. */
export function hookSettings(layout: Layout, {way}: Way): Record<string, Record<string, string>> {
	if (way === 'files') return {};
	if (way === 'take-over') return {core: {hooksPath: layout.hooks.split(path.sep).join('/')}};
	return Object.fromEntries(EVENTS.map(event => [`hook.migration-guard-${event}`, {event, command: hookCommand(event)}]));
}

/**
 * Hooks that may be added to the folder behind ours one day, by a pull for example. The others of githooks(5) are not: they are called for
 * each ref or index that is written (reference-transaction, post-index-change), or what git does by itself ends where they exist
 * (push-to-checkout). Those that the folder has are taken along, and `doctor` tells of new ones.
 */
const LATER = [
	'applypatch-msg',
	'commit-msg',
	'post-checkout',
	'pre-applypatch',
	'pre-auto-gc',
	'pre-merge-commit',
	'pre-push',
	'pre-rebase',
	'prepare-commit-msg',
	'sendemail-validate',
];

/**
 * What has to be written for a way, after what another way left behind was taken away.
 * @param top of the worktree, to which a relative `core.hooksPath` is relative
 */
export function hookChanges(layout: Layout, way: Way, top: string): Change[] {
	if (way.way === 'configuration') return [...restoreHooks(layout, isForClients), {kind: 'remove', path: layout.hooks}];
	if (way.way === 'files')
		return [{kind: 'remove', path: layout.hooks}, ...EVENTS.flatMap(event => hookFileChanges(layout, event))];
	const before = path.resolve(top, way.before);
	const names = new Set<string>([...EVENTS, ...LATER, ...hookNames(before)]);
	return [
		...restoreHooks(layout, isForClients),
		...[...names].map((name): Change => {
			const text = takeOverFile(name, (EVENTS as readonly string[]).includes(name), way.before);
			return {kind: 'write', path: path.join(layout.hooks, name), text, executable: true};
		}),
	];
}

/** Give the hooks folder back its own files: all of them, or those of some events. */
export function restoreHooks(layout: Layout, isMeant: (event: string) => boolean = () => true): Change[] {
	const saved = filesOf(layout.saved).filter(isMeant);
	const outdated = saved.filter(name => isOutdated(layout, name));
	const moves = saved
		.filter(name => !outdated.includes(name))
		.map((name): Change & {kind: 'move'} => ({
			kind: 'move',
			path: path.join(layout.saved, name),
			to: placeOfSaved(layout, name),
		}));
	const ours = filesOf(layout.gitHooks)
		.filter(name => isMeant(name.replace(/\..*$/, '')))
		.map(name => path.join(layout.gitHooks, name))
		.filter(file => isOursAt(file) && !moves.some(({to}) => to === file));
	const gone = [...ours, ...outdated.map(name => path.join(layout.saved, name))];
	const isAll = saved.length === filesOf(layout.saved).length;
	return [
		...gone.map((file): Change => ({kind: 'remove', path: file})),
		...moves,
		...(isAll ? [{kind: 'remove-if-empty', path: layout.saved} as const] : []),
	];
}

/** Put our file in the hooks folder; a foreign one is saved, and called first. */
export function hookFileChanges(layout: Layout, event: string): Change[] {
	const name = fileFor(layout, event);
	const file = path.join(layout.gitHooks, name);
	const saved = path.join(layout.saved, event);
	const foreign = exists(file) && !isOursAt(file);
	const changes: Change[] = [];
	const old = `${file}${SET_ASIDE.old}`;
	const outdated = foreign && isOutdated(layout, event);
	const isReplaced = foreign && exists(saved) && !outdated;
	if (isReplaced) changes.push({kind: 'move', path: saved, to: isOursAt(old) ? old : `${file}${keptAs}`});
	else if (isOursAt(old)) changes.push({kind: 'remove', path: old});
	if (outdated) changes.push({kind: 'remove', path: saved});
	if (foreign) changes.push({kind: 'save', path: file, to: saved});
	const text = foreign || exists(saved) ? chainFile(event) : hookFile(event);
	return [...changes, {kind: 'write', path: file, text, executable: true}];
}

// pre-commit runs NAME.legacy before its own checks, and would lose a chain around its file when it is installed again.
function fileFor(layout: Layout, event: string): string {
	const text = readText(path.join(layout.gitHooks, event));
	return managerOf(text ?? '') === 'pre-commit' ? `${event}${SET_ASIDE.legacy}` : event;
}

// Where a saved hook goes back to: the file that is ours now, wherever another manager moved it. Written anew by someone since, that
// one stays in force, and both are kept.
function placeOfSaved(layout: Layout, event: string): string {
	const files = ['', SET_ASIDE.legacy, SET_ASIDE.old].map(suffix => path.join(layout.gitHooks, `${event}${suffix}`));
	const [file = ''] = files;
	return files.find(isOursAt) ?? (exists(file) ? `${file}${keptAs}` : file);
}

/** The hook of a server in a bare repository that has worktrees, too, is taken away by what put it there. */
function isForClients(event: string): boolean {
	return !isServerEvent(event);
}

// A manager that wrote its file anew, in the place of ours, has no use for the older one.
function isOutdated(layout: Layout, event: string): boolean {
	const [now, before] = [layout.gitHooks, layout.saved].map(folder => managerOf(readText(path.join(folder, event)) ?? ''));
	return now !== null && now === before;
}

const keptAs = '.before-migration-guard';

function isOursAt(file: string): boolean {
	return isOurs(readText(file) ?? '');
}

function exists(file: string): boolean {
	return lstatSync(file, {throwIfNoEntry: false}) !== undefined;
}

/** Hooks that would run: git's client-side names are words joined by dashes; a sample, a backup or husky's `h` is none. */
function hookNames(folder: string): string[] {
	return filesOf(folder).filter(name => {
		const mode = statSync(path.join(folder, name), {throwIfNoEntry: false})?.mode ?? 0;
		return /^[a-z0-9]+(-[a-z0-9]+)+$/.test(name) && (process.platform === 'win32' || (mode & 0o111) !== 0);
	});
}

function filesOf(folder: string): string[] {
	if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return [];
	return readdirSync(folder, {withFileTypes: true})
		.filter(entry => !entry.isDirectory())
		.map(entry => entry.name)
		.sort();
}
