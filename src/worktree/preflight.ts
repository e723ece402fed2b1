import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import type {TreeChange} from '../git/trees.ts';
import {lookAt} from './look-at.ts';
import {caseCollision, inTheWay, localEdits, type Refused} from './refusals.ts';

/**
 * What `read-tree -m -u` would not notice, asked before anything is touched. It refuses local edits and untracked files itself, but
 * writes over ignored ones (measured, git 2.39 and 2.55: even `-n` says yes), puts back files the user deleted, and
 * knows nothing of file systems that ignore case.
 */
export function preflight(repo: Repo, kind: string, changes: readonly TreeChange[]): Refused | null {
	const {top} = repo;
	if (top === null) {
		return null;
	}

	const leaving = new Set(changes.filter(change => change.after === null).map(change => change.path));
	const added = changes.filter(change => change.before === null).map(change => change.path);
	const occupied = [...new Set(added.flatMap(path => obstacle(top, path, leaving) ?? []))];
	if (occupied.length > 0) {
		return inTheWay(kind, occupied);
	}

	const twins = added.flatMap(path => caseTwin(top, path) ?? []);
	if (twins.length > 0 && ignoresCase(repo)) {
		return caseCollision(kind, twins);
	}

	const missing = changes.filter(({before, path}) => before !== null && !isThere(join(top, path))).map(change => change.path);
	const sparse = missing.length > 0 ? skipsWorktree(repo, missing) : new Set();
	const deleted = missing.filter(path => !sparse.has(path));
	return deleted.length > 0 ? localEdits(kind, deleted) : null;
}

/** The file, or the thing that is no folder on the way to it, that stands where a new file has to go. */
function obstacle(top: string, path: string, leaving: ReadonlySet<string>): string | null {
	if (isThere(join(top, path))) {
		return path;
	}

	const parts = path.split('/');
	for (let length = parts.length - 1; length > 0; length--) {
		const parent = parts.slice(0, length).join('/');
		const stat = lookAt(join(top, parent));
		if (stat?.isDirectory() || leaving.has(parent)) {
			return null;
		}

		if (stat) {
			return parent;
		}
	}

	return null;
}

function caseTwin(top: string, path: string): string | null {
	const slash = path.lastIndexOf('/');
	const folder = path.slice(0, slash + 1);
	const name = path.slice(slash + 1);
	const twin = names(join(top, folder)).find(other => other !== name && other.toLowerCase() === name.toLowerCase());
	return twin === undefined ? null : `${folder}${twin}`;
}

function names(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function ignoresCase(repo: Repo): boolean {
	return text(git(repo, ['config', '--type=bool', '--get', 'core.ignoreCase'], {ok: [0, 1]})) === 'true';
}

function skipsWorktree(repo: Repo, paths: readonly string[]): Set<string> {
	const listed = git(repo, ['--literal-pathspecs', 'ls-files', '-t', '-z', '--', ...paths]).stdout.toString('utf8');
	return new Set(
		listed
			.split('\0')
			.filter(line => line.startsWith('S '))
			.map(line => line.slice(2)),
	);
}

function isThere(file: string): boolean {
	return lookAt(file) !== null;
}
