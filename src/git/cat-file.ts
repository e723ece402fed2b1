import type {Repo} from './repo.ts';
import {GitError, git, gitPieces} from './run.ts';

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

	const {args, input} = question(names);
	const {stdout} = git(repo, args, {input});
	let position = 0;
	return names.map(name => {
		const answer = answerAt(stdout, position, name, args);
		if (answer === null) throw unexpected(args, stdout.toString('latin1', position));
		position = answer.end;
		return answer.object;
	});
}

/**
 * The same by oids alone, each handed to `take` while git looks for those behind it: two processors are at work then.
 * Throws GitError as `readObjects` does, and what `take` throws.
 */
export async function eachObject(
	repo: Repo,
	oids: readonly string[],
	take: (oid: string, object: StoredObject | null) => void,
): Promise<void> {
	if (oids.length === 0) return;
	const {args, input} = question(oids);
	let pieces: Buffer[] = [];
	let length = 0;
	let wanted = 0;
	let next = 0;
	await gitPieces(repo, args, input, piece => {
		pieces.push(piece);
		length += piece.length;
		// A long object comes in many pieces: they are put together once.
		if (length < wanted) return;
		const bytes = pieces.length === 1 ? piece : Buffer.concat(pieces);
		let position = 0;
		for (; next < oids.length; next++) {
			const oid = oids[next]!;
			const answer = answerAt(bytes, position, oid, args);
			wanted = (answer?.end ?? position) - position;
			if (answer === null || answer.end > bytes.length) break;
			position = answer.end;
			take(oid, answer.object);
		}
		pieces = [bytes.subarray(position)];
		length = bytes.length - position;
	});
	if (next < oids.length) throw unexpected(args, Buffer.concat(pieces).toString('latin1'));
}

function question(names: readonly string[]): {args: string[]; input: string} {
	// A path may hold a newline; `-z` came with git 2.38.
	const isOdd = names.some(name => name.includes('\n'));
	const args = ['cat-file', '--batch', '--buffer', ...(isOdd ? ['-z'] : [])];
	return {args, input: names.map(name => `${name}${isOdd ? '\0' : '\n'}`).join('')};
}

/**
 * The answer about `name` that begins at a position; `end` is where the next one begins, and is behind the bytes when the content is not
 * whole yet. Null: not even its first line is. Throws GitError when it is no answer.
 */
function answerAt(
	bytes: Buffer,
	position: number,
	name: string,
	args: readonly string[],
): {object: StoredObject | null; end: number} | null {
	// Before git 2.40 the answer "missing" repeats the name as it is.
	const repeated = name.includes('\n') && bytes.indexOf(name, position) === position ? Buffer.byteLength(name) : 0;
	const lineEnd = bytes.indexOf(10, position + repeated);
	if (lineEnd === -1) return null;
	const header = bytes.toString('latin1', position, lineEnd);
	const start = lineEnd + 1;
	if (!HEADER.test(header)) {
		if (/ (?:missing|ambiguous)$/.test(header)) return {object: null, end: start};
		throw unexpected(args, header);
	}

	const [oid, type, size] = header.split(' ') as [string, StoredObject['type'], string];
	const content = bytes.subarray(start, start + Number(size));
	return {object: {oid, type, content}, end: start + Number(size) + 1};
}

function unexpected(args: readonly string[], header: string): GitError {
	return new GitError(args, 0, `an answer that cannot be read: ${header.slice(0, 200)}`);
}
