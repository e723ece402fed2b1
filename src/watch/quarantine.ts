import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {WorktreeGround} from '../doors/worktree.ts';
import {objectBatch, type PathChange, writeTree} from '../git/objects.ts';
import {emptyTree, type Repo} from '../git/repo.ts';
import {sameFile} from '../history/revision.ts';
import {statePath} from '../worktree/state.ts';

/**
 * The repository with a folder of its own for new objects: what the daemon tries out leaves nothing in the user's, and waits for no gc.
 * git does the same with what is pushed to it (tmp-objdir.c). `close` throws the objects away.
 */
export function openQuarantine<R extends Repo>(repo: R): {readonly repo: R; close(): void} {
	const folder = statePath(repo, 'watch', `objects-${process.pid}`);
	mkdirSync(folder, {recursive: true});
	return {
		repo: {
			...repo,
			env: {
				...repo.env,
				GIT_OBJECT_DIRECTORY: folder,
				GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(repo.commonDir, 'objects')),
			},
		},
		close: () => rmSync(folder, {recursive: true, force: true}),
	};
}

/** The folders that a killed daemon left behind. */
export function leftovers(repo: Repo): string[] {
	const folder = statePath(repo, 'watch');
	return readdirSync(folder)
		.filter(name => name.startsWith('objects-'))
		.map(name => join(folder, name));
}

/** A commit as it would be made of a worktree's migrations now, and the paths that are not in HEAD as they are; HEAD where there are none. */
export function commitOfWorktree(
	repo: Repo,
	ground: WorktreeGround,
	head: string | null,
): {readonly commit: string | null; readonly paths: readonly string[]} {
	const committed = head === null ? new Map() : ground.at(head);
	const paths = [...new Set([...committed.keys(), ...ground.files.keys()])].filter(
		path => !sameFile(committed.get(path), ground.files.get(path)),
	);
	if (paths.length === 0) return {commit: head, paths};
	const batch = objectBatch(repo);
	const changes = paths.map((path): PathChange => {
		const file = ground.files.get(path);
		if (!file) return {path, oid: null, mode: '100644'};
		// What is in the index is an object already.
		const bytes = ground.unstaged.has(path) ? bytesOf(join(repo.cwd, path)) : null;
		return {path, oid: bytes === null ? file.oid : batch.blob(bytes), mode: file.mode};
	});
	const tree = writeTree(repo, head ?? emptyTree(repo), changes, batch);
	// Always the same text: the same files are the same commit.
	const who = 'migration-guard <> 0 +0000';
	const parent = head === null ? '' : `parent ${head}\n`;
	const commit = batch.commit(Buffer.from(`tree ${tree}\n${parent}author ${who}\ncommitter ${who}\n\nnot committed yet\n`));
	batch.flush();
	return {commit, paths};
}

function bytesOf(file: string): Uint8Array | null {
	try {
		return readFileSync(file);
	} catch {
		return null;
	}
}

/** git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES: a list of paths with `:` (`;` on Windows) between them; one that holds such a sign has to be quoted. */
function quoted(path: string): string {
	return /["\\:;\n]/.test(path) ? `"${path.replaceAll(/["\\]/g, '\\$&')}"` : path;
}
