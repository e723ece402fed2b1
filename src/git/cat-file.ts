import {gitPieces} from './meanwhile.ts';
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

/**
 * Blobs by their oids, each handed to `take` while git looks for those behind it: two processors are at work then.
 * Throws GitError where one is missing, and what `take` throws.
 */
export async function eachBlob(repo: Repo, oids: readonly string[], take: (oid: string, content: Buffer) => void): Promise<void> {
	if (oids.length === 0) return;
	const args = ['cat-file', '--batch=%(objecttype) %(objectsize)', '--buffer'];
	let pieces: Buffer[] = [];
	let length = 0;
	let wanted = 0;
	let next = 0;
	await gitPieces(repo, args, oids.map(oid => `${oid}\n`).join(''), piece => {
		pieces.push(piece);
		length += piece.length;
		// A long blob comes in many pieces: they are put together once.
		if (length < wanted) return;
		const bytes = pieces.length === 1 ? piece : Buffer.concat(pieces);
		let position = 0;
		for (wanted = 0; next < oids.length; next++) {
			const start = bytes.indexOf(NEWLINE, position) + 1;
			if (start === 0) break;
			const size = sizeOfBlob(bytes, position, start);
			if (size === null) throw new GitError(args, 0, `no such blob: ${oids[next]}`);
			const end = start + size;
			wanted = end + 1 - position;
			if (end >= bytes.length) break;
			take(oids[next]!, bytes.subarray(start, end));
			position = end + 1;
			wanted = 0;
		}
		pieces = [bytes.subarray(position)];
		length = bytes.length - position;
	});
}

const NEWLINE = 10;

/** The number in `blob 12\n`; null: it is another line. */
function sizeOfBlob(bytes: Buffer, start: number, end: number): number | null {
	if (bytes[start] !== 0x62 || bytes[start + 4] !== 0x20) return null;
	let size = 0;
	for (let at = start + 5; at < end - 1; at++) size = size * 10 + bytes[at]! - 0x30;
	return size;
}
