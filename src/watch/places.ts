import {readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {openRepo, type Repo} from '../git/repo.ts';
import {fields, git} from '../git/run.ts';

export type Worktree = Repo & {readonly top: string};

/** The worktrees that are there, the main one first. One process, and one for each. Throws GitError when the repository is gone. */
export function findWorktrees(commonDir: string): Worktree[] {
	const listed = fields(git({cwd: commonDir}, ['worktree', 'list', '--porcelain', '-z']));
	return listed
		.filter(field => field.startsWith('worktree '))
		.map(field => field.slice('worktree '.length))
		.flatMap(top => {
			if (inodeOf(top) === null) return [];
			const repo = openRepo(top);
			// The list names the git directory of a bare repository too; and a folder may be another repository's by now.
			return repo?.top && repo.commonDir === commonDir ? [{...repo, top: repo.top}] : [];
		});
}

/** A text that is another one when a worktree was added, removed or moved. No process. */
export function worktreesKey(commonDir: string): string {
	return foldersIn(join(commonDir, 'worktrees'), false, false)
		.map(folder => {
			const file = textOf(join(folder, 'gitdir')).trim();
			return `${folder}:${file}:${inodeOf(join(folder, 'HEAD')) !== null}:${file === '' ? '' : inodeOf(file)}`;
		})
		.join(' ');
}

/** Folders in whose neighbourhood no app is made. */
const PASSED_OVER = /^(?:\..*|node_modules|__pycache__|static|media|templates|locale|venv|env)$/;

/** A project with more folders beside its apps than this keeps something else there. */
const MOST_NEIGHBOURS = 300;

/**
 * The folders in which something has to ring: git's, those of the migrations, and around them, so that a new app is noticed. All absolute.
 * `folders` are those of the migrations.
 */
export function foldersToWatch(commonDir: string, worktrees: readonly Worktree[], folders: readonly string[]): Set<string> {
	const apps = [...new Set(folders.map(dirname))];
	const around = [...new Set([...worktrees.map(({top}) => top), ...apps.map(dirname)])].filter(folder =>
		worktrees.some(({top}) => folder === top || folder.startsWith(join(top, '/'))),
	);
	const refs = ['refs/heads', 'refs/remotes'].flatMap(name => foldersIn(join(commonDir, name), true));
	const neighbours = around.flatMap(folder => foldersIn(folder, false).slice(0, MOST_NEIGHBOURS));
	return new Set([
		...[commonDir, join(commonDir, 'refs'), join(commonDir, 'worktrees'), join(commonDir, 'reftable')].filter(isFolder),
		...refs,
		...worktrees.map(({gitDir}) => gitDir),
		...folders.filter(isFolder),
		...apps.filter(isFolder),
		...around,
		...neighbours,
		// A new app has its folder before it has a migration.
		...neighbours.map(folder => join(folder, 'migrations')).filter(isFolder),
	]);
}

/** Which file this name means now; null: none. A folder that was deleted and made again is another one. */
export function inodeOf(path: string): number | null {
	try {
		return statSync(path, {throwIfNoEntry: false})?.ino ?? null;
	} catch {
		return null;
	}
}

function textOf(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

/** The folders in one; `isWhole`: itself and all below it; `isProject`: without those in which no app is made. */
function foldersIn(folder: string, isWhole: boolean, isProject = !isWhole): string[] {
	let inner: string[];
	try {
		inner = readdirSync(folder, {withFileTypes: true})
			.filter(entry => entry.isDirectory() && !(isProject && PASSED_OVER.test(entry.name)))
			.map(({name}) => join(folder, name));
	} catch {
		return [];
	}
	return isWhole ? [folder, ...inner.flatMap(each => foldersIn(each, true))] : inner;
}

function isFolder(path: string): boolean {
	return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}
