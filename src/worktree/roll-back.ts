import {mkdirSync, readFileSync, readlinkSync, rmdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {hashObject, readBlobs} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {GitError, git} from '../git/run.ts';
import type {TreeChange} from '../git/trees.ts';
import {lookAt} from './look-at.ts';

/** As a torn checkout may leave a file. `torn`: the first bytes of what was being written. */
type FileState = 'absent' | 'before' | 'after' | 'torn' | 'foreign';

/**
 * Put the worktree back to where the (unchanged) index is, after a checkout that was cut short. Touches only what git itself had written
 * or deleted; a file with other content is the user's: it stays and is returned. `bytes` are the old files themselves, where they were kept.
 */
export function rollBack(repo: Repo, changes: readonly TreeChange[], bytes: Readonly<Record<string, string>> = {}): string[] {
	const states = fileStates(repo, changes);
	const isOneOf = (change: TreeChange, ...wanted: readonly FileState[]): boolean => wanted.includes(states.get(change.path)!);
	for (const change of changes.filter(({before}) => before === null)) {
		if (isOneOf(change, 'after', 'torn')) {
			removeFile(repo, change.path);
		}
	}

	const gone = changes.filter(change => change.before !== null && isOneOf(change, 'absent', 'after', 'torn'));
	writeBytes(
		repo,
		gone.filter(({path}) => bytes[path]),
		bytes,
	);
	checkoutFromIndex(
		repo,
		gone.filter(({path}) => !bytes[path]),
	);
	return changes.filter(change => isOneOf(change, 'foreign')).map(({path}) => path);
}

function writeBytes(repo: Repo, changes: readonly TreeChange[], bytes: Readonly<Record<string, string>>): void {
	const contents = readBlobs(
		repo,
		changes.map(({path}) => bytes[path]!),
	);
	for (const {path, before} of changes) {
		mkdirSync(dirname(join(repo.cwd, path)), {recursive: true});
		writeFileSync(join(repo.cwd, path), contents.get(bytes[path]!)!, {mode: before?.mode === '100755' ? 0o777 : 0o666});
	}
}

function checkoutFromIndex(repo: Repo, changes: readonly TreeChange[]): void {
	if (changes.length === 0) {
		return;
	}

	// A path outside a sparse checkout is left out by git itself.
	const args = ['checkout-index', '-f', '-q', '-z', '--stdin'];
	const options = {input: changes.map(({path}) => `${path}\0`).join(''), ok: [0, 1, 128]};
	// -u notes the new file times in the index; with the index locked the files come first.
	if (git(repo, [...args, '-u'], options).code === 128) {
		git(repo, args, options);
	}
}

function fileStates(repo: Repo, changes: readonly TreeChange[]): Map<string, FileState> {
	const oids = worktreeOids(
		repo,
		changes.map(change => change.path),
	);
	return new Map(
		changes.map(change => {
			const oid = oids.get(change.path);
			const state =
				oid === undefined ? 'absent' : oid === change.before?.oid ? 'before' : oid === change.after?.oid ? 'after' : null;
			return [change.path, state ?? (isTorn(repo, change) ? 'torn' : 'foreign')];
		}),
	);
}

/** The blobs git would store for files of the worktree, filters and line endings included. Absent files are left out. */
export function worktreeOids(repo: Repo, paths: readonly string[]): Map<string, string> {
	const result = new Map<string, string>();
	const regular: string[] = [];
	for (const path of paths) {
		const stat = lookAt(join(repo.cwd, path));
		if (stat?.isSymbolicLink()) {
			result.set(path, hashObject(repo, 'blob', Buffer.from(readlinkSync(join(repo.cwd, path)))));
		} else if (stat?.isFile()) {
			regular.push(path);
		} else if (stat) {
			result.set(path, 'folder');
		}
	}

	for (const [index, oid] of cleanOids(repo, regular).entries()) {
		result.set(regular[index]!, oid);
	}

	return result;
}

function cleanOids(repo: Repo, paths: readonly string[]): string[] {
	if (paths.length === 0) {
		return [];
	}

	try {
		const result = git(repo, ['hash-object', '--stdin-paths'], {input: paths.map(path => `${path}\n`).join('')});
		return result.stdout.toString('utf8').trim().split('\n');
	} catch (error) {
		if (!(error instanceof GitError)) {
			throw error;
		}

		// A filter that fails: compare the bytes as they are, so that nothing of the user's looks like ours.
		return paths.map(path => hashObject(repo, 'blob', readFileSync(join(repo.cwd, path))));
	}
}

function isTorn(repo: Repo, {path, after}: TreeChange): boolean {
	if (!after || after.mode === '160000' || !isFile(repo, path)) {
		return false;
	}

	const written = readFileSync(join(repo.cwd, path));
	const whole = readBlobs(repo, [after.oid]).get(after.oid)!;
	return written.equals(whole.subarray(0, written.length));
}

function removeFile(repo: Repo, path: string): void {
	rmSync(join(repo.cwd, path), {force: true});
	try {
		for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
			rmdirSync(join(repo.cwd, folder));
		}
	} catch {
		// Not empty: that is where to stop.
	}
}

/** Is something there that is no folder? */
export function isFile(repo: Repo, path: string): boolean {
	const stat = lookAt(join(repo.cwd, path));
	return stat !== null && !stat.isDirectory();
}
