import {closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Repo} from '../git/repo.ts';

/** A file of ours in the repository, shared by its worktrees: `<common git dir>/migration-guard/<name>`. */
export function statePath(repo: Repo, ...name: readonly string[]): string {
	return join(repo.commonDir, 'migration-guard', ...name);
}

/**
 * Replace a file at once: readers see the old content or the new, also when the disk is full half way. `durable`: it must also outlive a
 * power cut (fsync).
 */
export function writeAtomically(file: string, content: string | Uint8Array, {durable = false} = {}): void {
	mkdirSync(dirname(file), {recursive: true});
	const temporary = `${file}.${process.pid}.tmp`;
	try {
		writeWhole(temporary, Buffer.from(content), durable);
		renameSync(temporary, file);
	} catch (error) {
		rmSync(temporary, {force: true});
		throw error;
	}
}

function writeWhole(file: string, bytes: Buffer, durable: boolean): void {
	const handle = openSync(file, 'w');
	try {
		for (let done = 0; done < bytes.length; ) {
			done += writeSync(handle, bytes, done);
		}

		if (durable) {
			fsyncSync(handle);
		}
	} finally {
		closeSync(handle);
	}
}
