import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {type GitEnvironment, GitError, type GitPlace, git, text} from './run.ts';

export interface Repo extends GitPlace {
	/** Top of the worktree; null in a bare repository. `cwd` is the top, else the git directory. */
	readonly top: string | null;
	/** This worktree's own git directory: HEAD, index, MERGE_HEAD, rebase-merge. */
	readonly gitDir: string;
	/** What all worktrees share: objects, refs, hooks, configuration, our state. */
	readonly commonDir: string;
	readonly bare: boolean;
	readonly objectFormat: 'sha1' | 'sha256';
}

export type Operation = 'merge' | 'rebase-merge' | 'rebase-apply' | 'am' | 'cherry-pick' | 'revert' | 'bisect';

/**
 * Find the repository around a directory, with one `rev-parse`. Null outside of any. Throws GitError when git refuses for another
 * reason (foreign owner, unreadable configuration): that must be shown, not taken for "no repository".
 */
export function openRepo(cwd: string): Repo | null {
	const questions = ['--show-object-format', '--is-bare-repository', '--absolute-git-dir', '--git-common-dir', '--show-toplevel'];
	const args = ['rev-parse', '--path-format=absolute', ...questions];
	// --show-toplevel comes last: in a bare repository it fails after the others have been printed.
	const result = git({cwd}, args, {ok: [0, 128]});
	const [objectFormat, bare, gitDir, commonDir, top] = text(result).split(/\r?\n/);
	if (!gitDir || !commonDir) {
		if (/not a git repository/i.test(result.stderr)) {
			return null;
		}

		throw new GitError(args, result.code, result.stderr);
	}

	return {
		cwd: top || gitDir,
		...environment(gitDir, top),
		top: top || null,
		gitDir,
		commonDir,
		bare: bare === 'true',
		objectFormat: objectFormat === 'sha256' ? 'sha256' : 'sha1',
	};
}

/**
 * What is in progress in this worktree, by the files git keeps for it (git: wt-status.c wt_status_get_state). A `MERGE_HEAD` that a
 * killed git left behind is still a merge here: see isStaleMergeHead. REBASE_HEAD and AUTO_MERGE linger when idle and count for nothing.
 */
export function operation(repo: Repo): Operation | null {
	const has = (name: string): boolean => existsSync(join(repo.gitDir, name));
	if (has('rebase-merge')) {
		return 'rebase-merge';
	}

	if (has('rebase-apply')) {
		return has('rebase-apply/applying') ? 'am' : 'rebase-apply';
	}

	if (has('MERGE_HEAD')) {
		return 'merge';
	}

	if (pseudoRef(repo, 'CHERRY_PICK_HEAD')) {
		return 'cherry-pick';
	}

	if (pseudoRef(repo, 'REVERT_HEAD')) {
		return 'revert';
	}

	// Between two picks of a range only the todo list says what is going on.
	const todo = join(repo.gitDir, 'sequencer/todo');
	if (existsSync(todo)) {
		return /^\s*revert\b/m.test(readFileSync(todo, 'utf8')) ? 'revert' : 'cherry-pick';
	}

	return has('BISECT_LOG') ? 'bisect' : null;
}

// gitrepository-layout(5): these live in the common directory, all else belongs to the worktree.
const shared =
	/^(?:config|hooks|info|objects|packed-refs|refs|logs|worktrees|modules|shallow|branches|remotes|reftable|common)(?:\/|$)/;
const own =
	/^(?:info\/sparse-checkout|refs\/(?:bisect|worktree|rewritten)\/|logs\/HEAD$|logs\/refs\/(?:bisect|worktree|rewritten)\/)/;

/**
 * Where git keeps a file, without asking git (`rev-parse --git-path`). `index` obeys GIT_INDEX_FILE. Not for `hooks`: core.hooksPath
 * may put them elsewhere.
 */
export function gitPath(repo: Repo, name: string): string {
	const index = repo.env && 'GIT_INDEX_FILE' in repo.env ? repo.env.GIT_INDEX_FILE : process.env.GIT_INDEX_FILE;
	if (name === 'index' && index) {
		return /^(?:\/|[a-z]:)/i.test(index) ? index : join(repo.cwd, index);
	}

	return join(shared.test(name) && !own.test(name) ? repo.commonDir : repo.gitDir, name);
}

/** The commit a pseudo ref (MERGE_AUTOSTASH, CHERRY_PICK_HEAD, ORIG_HEAD) names, or null. A file, or an entry of the reftable. */
export function pseudoRef(repo: Repo, name: string): string | null {
	if (isReftable(repo)) {
		return text(git(repo, ['rev-parse', '-q', '--verify', name], {ok: [0, 1, 128]})) || null;
	}

	const file = join(repo.gitDir, name);
	const oid = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
	return /^[0-9a-f]{40,64}$/.test(oid) ? oid : null;
}

/** The branch HEAD stands on (`refs/heads/main`), or null when detached. No process, but for a reftable. */
export function headRef(repo: Repo): string | null {
	if (isReftable(repo)) {
		return text(git(repo, ['symbolic-ref', '-q', 'HEAD'], {ok: [0, 1]})) || null;
	}

	const [, ref = null] = /^ref: (.*\S)\s*$/.exec(readFileSync(join(repo.gitDir, 'HEAD'), 'utf8')) ?? [];
	return ref;
}

/** The name of no object, in this repository's hash. */
export function nullOid(repo: Repo): string {
	return '0'.repeat(repo.objectFormat === 'sha256' ? 64 : 40);
}

/** The tree without entries; git knows it without having it stored. */
export function emptyTree(repo: Repo): string {
	return repo.objectFormat === 'sha256'
		? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
		: '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}

function isReftable(repo: Repo): boolean {
	return statSync(join(repo.commonDir, 'reftable'), {throwIfNoEntry: false})?.isDirectory() ?? false;
}

/**
 * The same repository, looked at from its git directory and as if nothing were checked out: the attributes of a worktree, which may be a
 * stranger's, choose no merge driver then, and no file of it is read. For commands that need no worktree.
 */
export function withoutWorktree(repo: Repo): Repo {
	const env = {GIT_DIR: repo.gitDir, GIT_WORK_TREE: undefined, GIT_PREFIX: undefined, GIT_ATTR_NOSYSTEM: '1'};
	return {...repo, cwd: repo.gitDir, env: {...repo.env, ...env}};
}

// A relative GIT_DIR meant the directory we were started in; we run git from the top.
function environment(gitDir: string, top: string | undefined): {env?: GitEnvironment} {
	if (!process.env.GIT_DIR && !process.env.GIT_WORK_TREE) {
		return {};
	}

	return {env: {GIT_DIR: gitDir, GIT_WORK_TREE: top || undefined, GIT_PREFIX: undefined}};
}
