import type {Repo} from './repo.ts';
import {GitError, git} from './run.ts';

export interface StoredObject {
	readonly oid: string;
	readonly type: 'blob' | 'tree' | 'commit' | 'tag';
	readonly content: Buffer;
}

const HEADER = /^[0-9a-f]{40,64} (?:blob|tree|commit|tag) \d+$/;

/**
 * Read objects by name (an oid, `HEAD^{tree}`, `main:app/models.py`), in one process, in the order asked for; null: no such object.
 * Throws GitError when git answers something else (a damaged object).
 */
export function readObjects(repo: Repo, names: readonly string[]): (StoredObject | null)[] {
	if (names.length === 0) {
		return [];
	}

	// A path may hold a newline; `-z` came with git 2.38.
	const isOdd = names.some(name => name.includes('\n'));
	const args = ['cat-file', '--batch', '--buffer', ...(isOdd ? ['-z'] : [])];
	const {stdout} = git(repo, args, {input: names.map(name => `${name}${isOdd ? '\0' : '\n'}`).join('')});
	let position = 0;
	return names.map(name => {
		// Before git 2.40 the answer "missing" repeats the name as it is.
		const repeated = name.includes('\n') && stdout.indexOf(name, position) === position ? Buffer.byteLength(name) : 0;
		const end = stdout.indexOf(10, position + repeated);
		const header = stdout.toString('latin1', position, end);
		position = end + 1;
		if (!HEADER.test(header)) {
			if (end !== -1 && / (?:missing|ambiguous)$/.test(header)) {
				return null;
			}

			throw new GitError(args, 0, `an answer that cannot be read: ${header.slice(0, 200)}`);
		}

		const [oid, type, size] = header.split(' ') as [string, StoredObject['type'], string];
		const content = stdout.subarray(position, position + Number(size));
		position += Number(size) + 1;
		return {oid, type, content};
	});
}
