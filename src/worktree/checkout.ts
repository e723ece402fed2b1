import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Repo} from '../git/repo.ts';
import {git} from '../git/run.ts';
import {listIndex, type TreeChange, type TreeEntry} from '../git/trees.ts';
import {again, type Refused, readTreeRefusal, refused} from './refusals.ts';
import {isFile, rollBack} from './roll-back.ts';

/** This repository with the worktree's own index, whatever index the hook was given. */
export function withOwnIndex(repo: Repo): Repo {
	return {...repo, env: {...repo.env, GIT_INDEX_FILE: undefined}};
}

/**
 * Take index and worktree from one tree to another (`read-tree -m -u`: staged and unstaged work elsewhere stays, a sparse checkout stays
 * sparse). Refused: nothing has changed, or what had begun to change is put back.
 */
export function moveWorktree(repo: Repo, kind: string, from: string, to: string, changes: readonly TreeChange[]): Refused | null {
	const failure = readTree(repo, from, to);
	if (failure === null) {
		const left = changes.filter(({after, path}) => after === null && isFile(repo, path)).map(change => change.path);
		if (left.length === 0) {
			return null;
		}

		// Git only warns about a file it could not delete. Left there, Django would see both the old and the new one.
		readTree(repo, to, from);
		return refused(
			'not-writable',
			'Nothing was changed: git could not delete every old file.',
			left,
			left.join(', '),
			again(kind),
		);
	}

	const refusal = readTreeRefusal(kind, failure);
	if (refusal) {
		return refusal;
	}

	const foreign = rollBack(repo, changes);
	const lock = join(repo.gitDir, 'index.lock');
	const left = existsSync(lock) ? `; it left ${lock} behind: delete it if no git is running` : '';
	const why = `${failure.trim().replaceAll('\n', '; ')}${left}`;
	return foreign.length === 0
		? refused('checkout-failed', 'Nothing was changed: git could not write the new files.', [], why, again(kind))
		: refused('checkout-torn', 'Git could not write the new files, and some could not be put back.', foreign, why, 'git status');
}

/** What git said when it failed, else null. */
function readTree(repo: Repo, from: string, to: string): string | null {
	const run = () => git(repo, ['read-tree', '-m', '-u', from, to], {ok: [0, 128, 1, -1], shielded: true});
	let result = run();
	if (result.code !== 0 && /not uptodate/.test(result.stderr)) {
		// Perhaps only the file's time differs (a copied checkout); looking again at what it holds settles that.
		git(repo, ['update-index', '-q', '--refresh'], {ok: [0, 1, 128]});
		result = run();
	}

	return result.code === 0 ? null : result.stderr || 'git read-tree failed';
}

/** Where the index stands on the changed paths. A tree that changes nothing is at both ends: `new`. */
export function indexPosition(repo: Repo, changes: readonly TreeChange[]): 'old' | 'new' | 'neither' {
	const {entries, unmerged} =
		changes.length > 0
			? listIndex(
					repo,
					changes.map(change => change.path),
				)
			: listNothing;
	const stands = (side: 'before' | 'after'): boolean =>
		changes.every(change => !unmerged.has(change.path) && same(change[side], entries.get(change.path) ?? null));
	return stands('after') ? 'new' : stands('before') ? 'old' : 'neither';
}

const listNothing: ReturnType<typeof listIndex> = {entries: new Map(), unmerged: new Set()};

function same(a: TreeEntry | null, b: TreeEntry | null): boolean {
	return a?.oid === b?.oid && a?.mode === b?.mode;
}
