import {type ChildProcess, spawn} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, readSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {environment, GitError, type GitPlace} from './run.ts';

const PIECE = 2 ** 18;

/** Run git as `git` of run.ts does, and go on with something else: what it printed. Throws GitError where it does not end with 0. */
export async function gitMeanwhile(place: GitPlace, args: readonly string[]): Promise<Buffer> {
	const child = spawn('git', args, {cwd: place.cwd, env: environment(place.env), windowsHide: true});
	const pieces: Buffer[] = [];
	child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
	child.stdin.end();
	await ended(child, args);
	return Buffer.concat(pieces);
}

/**
 * Run git, and be handed what it prints while it goes on. It prints into a file: blobs are written one by one, and
 * a pipe would wake the reader for each. Whatever `take` throws ends git, and is thrown.
 * Throws GitError where git does not end with 0, and what the system says where there can be no such file.
 */
export async function gitPieces(
	place: GitPlace,
	args: readonly string[],
	input: string,
	take: (piece: Buffer) => void,
): Promise<void> {
	const {file, remove} = openScratch();
	const stdio = ['pipe', file, 'pipe'] as const;
	const child = spawn('git', args, {cwd: place.cwd, env: environment(place.env), stdio: [...stdio], windowsHide: true});
	try {
		let isOver = false;
		const end = ended(child, args).finally(() => {
			isOver = true;
		});
		// It is awaited below, perhaps after it failed.
		end.catch(() => {});
		// Git that has ended reads no more: its exit code says why.
		child.stdin?.on('error', () => {});
		child.stdin?.end(input);
		for (let [piece, position] = [Buffer.allocUnsafe(PIECE), 0]; ; ) {
			const wasOver = isOver;
			const length = readSync(file, piece, 0, PIECE, position);
			if (length > 0) {
				take(piece.subarray(0, length));
				position += length;
				piece = Buffer.allocUnsafe(PIECE);
			} else if (wasOver) break;
			else await Promise.race([end, setTimeout(1)]);
		}
		await end;
	} finally {
		child.kill();
		closeSync(file);
		remove();
	}
}

/** An empty file to write into and read from. But on Windows it loses its name at once: whatever ends us leaves nothing behind. */
function openScratch(): {readonly file: number; readonly remove: () => void} {
	const folder = mkdtempSync(join(tmpdir(), 'migration-guard-'));
	const remove = () => rmSync(folder, {recursive: true, force: true});
	const file = openSync(join(folder, 'printed'), 'wx+', 0o600);
	if (process.platform !== 'win32') remove();
	return {file, remove};
}

function ended(child: ChildProcess, args: readonly string[]): Promise<void> {
	return new Promise((resolve, reject) => {
		let said = '';
		child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
			said += piece;
		});
		child.on('error', error => reject(new GitError(args, -1, `${error.message}\n`)));
		child.on('close', (code, signal) => {
			if (code === 0) resolve();
			else reject(new GitError(args, code ?? -1, `${signal ? `killed by ${signal}\n` : ''}${said}`));
		});
	});
}
