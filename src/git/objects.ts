import {readObjects} from './cat-file.ts';
import {type ObjectBatch, objectBatch} from './object-batch.ts';
import type {Repo} from './repo.ts';
import {GitError} from './run.ts';

export {eachBlob} from './cat-file.ts';
export {type CopiedCommit, type CopyJob, copyCommit, copyCommits} from './commits.ts';
export {mergeFile, mergeTree} from './merge.ts';
export {hashObject, type ObjectBatch, objectBatch} from './object-batch.ts';
export {commitTree, signCopies} from './sign.ts';
export {type PathChange, type TreeJob, writeTree, writeTrees} from './write-tree.ts';

/** Blobs by their oids (or by `REV:path`), in one process. Throws GitError when one is missing. */
export function readBlobs(repo: Repo, names: readonly string[]): Map<string, Buffer> {
	const unique = [...new Set(names)];
	const found = readObjects(repo, unique);
	return new Map(
		unique.map((name, index) => {
			const object = found[index];
			if (object?.type !== 'blob') {
				throw new GitError(['cat-file', '--batch'], 0, `no such blob: ${name}`);
			}

			return [name, object.content];
		}),
	);
}

/** Write blobs, bytes as they are (no filters); their oids, in order. One process, or none with a `batch` that the caller flushes. */
export function writeBlobs(repo: Repo, contents: readonly Uint8Array[], batch?: ObjectBatch): string[] {
	const target = batch ?? objectBatch(repo);
	const oids = contents.map(content => target.blob(content));
	if (!batch) {
		target.flush();
	}

	return oids;
}
