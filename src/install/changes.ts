import {
	chmodSync,
	copyFileSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	renameSync,
	rmdirSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** One thing that an installation or its end does to the git directory. A list of them is printed by `--dry-run`, or made. */
export type Change =
	/** Text into a file, which keeps its mode; `executable` gives it one. A file of the user's is latin1: every byte comes back. */
	| {
			readonly kind: 'write';
			readonly path: string;
			readonly text: string;
			readonly executable?: boolean;
			readonly encoding?: 'latin1' | 'utf8';
	  }
	/** A foreign hook gets a second name; the first is written over next. At no moment is it without one. */
	| {readonly kind: 'save'; readonly path: string; readonly to: string}
	| {readonly kind: 'move'; readonly path: string; readonly to: string}
	/** A file or a folder with all in it. */
	| {readonly kind: 'remove'; readonly path: string}
	| {readonly kind: 'remove-if-empty'; readonly path: string}
	/** The files of a folder into another one, which is replaced. */
	| {readonly kind: 'copy'; readonly path: string; readonly to: string};

type WriteChange = Extract<Change, {kind: 'write'}>;

/** A lock file of git's is in the way: another git process is at work, or one was killed. */
export class Locked extends Error {
	override name = 'Locked';
	readonly lock: string;

	constructor(lock: string) {
		super(`${lock} exists`);
		this.lock = lock;
	}
}

/** Only the changes that would change something, so that a second installation says so. */
export function effective(changes: readonly Change[]): Change[] {
	return changes.filter(change => {
		if (change.kind === 'write') return !isWritten(change);
		if (change.kind === 'copy') return !sameFiles(change.path, change.to);
		return lstatSync(change.path, {throwIfNoEntry: false}) !== undefined;
	});
}

/** Make the changes, in order. Each is whole or not made at all. Throws Locked. */
export function applyChanges(changes: readonly Change[]): void {
	for (const change of changes) make(change);
}

/** The text of a file, or null when there is none. In latin1, the default, every byte is one character and comes back as it was. */
export function readText(file: string, encoding: 'latin1' | 'utf8' = 'latin1'): string | null {
	return statSync(file, {throwIfNoEntry: false})?.isFile() ? readFileSync(file, encoding) : null;
}

function make(change: Change): void {
	if (change.kind === 'write') write(change);
	else if (change.kind === 'save') save(change.path, change.to);
	else if (change.kind === 'move') renameSync(change.path, change.to);
	else if (change.kind === 'copy') copy(change.path, change.to);
	else if (change.kind === 'remove') rmSync(change.path, {recursive: true, force: true});
	else if (existsSync(change.path) && readdirSync(change.path).length === 0) rmdirSync(change.path);
}

// git's own protocol for its files: FILE.lock, created by one process only, renamed over FILE.
function write({path: file, text, executable = false, encoding = 'utf8'}: WriteChange): void {
	mkdirSync(path.dirname(file), {recursive: true});
	const target = existsSync(file) && !executable ? realpathSync(file) : file;
	const lock = `${target}.lock`;
	try {
		writeFileSync(lock, text, {encoding, flag: 'wx'});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Locked(lock);
		throw error;
	}
	if (executable) chmodSync(lock, 0o755);
	else if (existsSync(target)) chmodSync(lock, statSync(target).mode);
	renameSync(lock, target);
}

function save(file: string, to: string): void {
	mkdirSync(path.dirname(to), {recursive: true});
	if (lstatSync(file).isSymbolicLink()) {
		symlinkSync(readlinkSync(file), to);
		return;
	}
	try {
		linkSync(file, to);
	} catch {
		// A file system without hard links.
		copyFileSync(file, to);
	}
}

function copy(from: string, to: string): void {
	const fresh = `${to}.new-${process.pid}`;
	mkdirSync(fresh, {recursive: true});
	for (const name of readdirSync(from)) copyFileSync(path.join(from, name), path.join(fresh, name));
	rmSync(to, {recursive: true, force: true});
	renameSync(fresh, to);
}

function sameFiles(from: string, to: string): boolean {
	if (!existsSync(to)) return false;
	const names = readdirSync(from);
	return (
		names.length === readdirSync(to).length &&
		names.every(
			name => existsSync(path.join(to, name)) && readFileSync(path.join(from, name)).equals(readFileSync(path.join(to, name))),
		)
	);
}

function isWritten({path: file, text, executable = false, encoding = 'utf8'}: WriteChange): boolean {
	return readText(file, encoding) === text && !(executable && (lstatSync(file).isSymbolicLink() || !isExecutable(file)));
}

function isExecutable(file: string): boolean {
	return process.platform === 'win32' || ((statSync(file, {throwIfNoEntry: false})?.mode ?? 0) & 0o100) !== 0;
}
