import {existsSync, readdirSync, readFileSync, type Stats, statSync} from 'node:fs';
import {join} from 'node:path';
import {CONFIG_FILES} from '../config/places.ts';
import {running} from '../doors/left-behind.ts';
import type {Repo} from '../git/repo.ts';
import type {Pulse, WorktreePulse} from './idle.ts';

/** A worktree and the folders of its migrations, absolute. */
export interface Swept {
	readonly repo: Repo & {readonly top: string};
	readonly folders: readonly string[];
}

export interface SweepOptions {
	/** Top of a worktree → how often something rang in it: who is told of changes need not look at each file. */
	readonly bells: ReadonlyMap<string, number>;
	/** Look at each file of the migration folders: nothing rings. */
	readonly isDeep: boolean;
}

/**
 * See where a repository stands without starting git and without reading what is in its files: `stat` of what git replaces whenever
 * something moves. A millisecond for a hundred folders. Throws when the repository is gone.
 */
export function sweep(commonDir: string, worktrees: readonly Swept[], options: SweepOptions): Pulse {
	const config = print(join(commonDir, 'config'));
	if (config === '') throw Object.assign(new Error(`${commonDir} is gone`), {code: 'ENOENT'});
	const reftable = print(join(commonDir, 'reftable/tables.list'));
	return {
		heads: `${folderPrints(join(commonDir, 'refs/heads'))} ${reftable}`,
		refs: [
			print(join(commonDir, 'refs')),
			...['remotes', 'tags'].map(name => folderPrints(join(commonDir, 'refs', name))),
			print(join(commonDir, 'packed-refs')),
			print(join(commonDir, 'worktrees')),
			config,
		].join(' '),
		isLocked: ['packed-refs.lock', 'reftable/tables.list.lock', 'config.lock'].some(name => existsSync(join(commonDir, name))),
		worktrees: new Map(worktrees.map(worktree => [worktree.repo.gitDir, pulseOf(worktree, options)])),
	};
}

function pulseOf({repo, folders}: Swept, {bells, isDeep}: SweepOptions): WorktreePulse {
	const {operation, isOver} = running(repo);
	const head = read(join(repo.gitDir, 'HEAD'));
	return {
		head,
		print: [
			head,
			print(join(repo.gitDir, 'index')),
			...CONFIG_FILES.map(name => print(join(repo.top, name))),
			bells.get(repo.top) ?? 0,
			...folders.map(folder => `${folder}:${print(folder)}${isDeep ? filePrints(folder) : ''}`),
		].join(' '),
		isLocked: ['index.lock', 'HEAD.lock'].some(name => existsSync(join(repo.gitDir, name))),
		operation: isOver ? null : operation,
	};
}

/** A folder of refs and those in it: git writes a ref beside its place and renames it, which the folder's own time tells. */
function folderPrints(folder: string): string {
	const own = print(folder);
	if (own === '') return own;
	const inner = entriesOf(folder).filter(entry => entry.isDirectory());
	return [own, ...inner.map(({name}) => `${name}:${folderPrints(join(folder, name))}`)].join(' ');
}

function filePrints(folder: string): string {
	const files = entriesOf(folder).filter(entry => !entry.isDirectory());
	return files.map(({name}) => `${name}:${print(join(folder, name))}`).join(' ');
}

function entriesOf(folder: string) {
	try {
		return readdirSync(folder, {withFileTypes: true});
	} catch {
		return [];
	}
}

/** Time, size and identity of a file; empty: there is none. */
function print(path: string): string {
	const stat = statOf(path);
	return stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : '';
}

function statOf(path: string): Stats | undefined {
	try {
		return statSync(path, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
}

function read(path: string): string {
	try {
		return readFileSync(path, 'utf8').trim();
	} catch {
		return '';
	}
}
