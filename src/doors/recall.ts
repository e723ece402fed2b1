import {
	closeSync,
	existsSync,
	fstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	readSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import type {Config} from '../config/config.ts';
import {mainlineRefs} from '../git/mainline.ts';
import {gitPath, type Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {type IndexState, listIndex} from '../git/trees.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {BUILD} from '../version.ts';
import type {Examined} from './examine.ts';
import {filesIn, listDiskMeanwhile} from './look-at-worktree.ts';
import type {WorktreeGround} from './worktree.ts';

/** All that an answer about a clean worktree follows from, but what git does not list. */
export interface Question {
	/** What git says of the disk and, where nothing is remembered of it, of the index: to be asked once. */
	readonly disk: Buffer;
	readonly index: IndexState | undefined;
	/** Where the answer is, or will be; null: the worktree is not as the index has it, and is looked at anew each time. */
	readonly file: string | null;
	/** What else decides, besides the index that the file is named after. */
	readonly circumstances: string;
}

/** An answer, and what has to be as it was. */
interface Remembered {
	readonly circumstances: string;
	/** Folder → the names in it: an ignored file that comes or goes is in nothing git lists. */
	readonly listed: Readonly<Record<string, string>>;
	readonly absent: readonly string[];
	readonly answer: Examined;
}

/** Branches are switched back and forth; more answers than this are old ones. */
const MOST_ANSWERS = 32;

/** Look at the worktree as little as an answer needs: what differs from the index, the mainline refs. */
export async function ask(
	repo: Repo & {readonly top: string},
	options: LoadOptions,
	config: Pick<Config, 'mainline' | 'ignore'>,
): Promise<Question> {
	const listing = listDiskMeanwhile(repo, options);
	// It is awaited below, and not where anything else fails.
	listing.catch(() => {});
	const checksum = BUILD === null ? null : indexChecksum(repo);
	const file = checksum === null ? null : join(repo.commonDir, 'migration-guard', 'cache', 'answers', checksum);
	const circumstances = file === null ? '' : circumstancesOf(repo, options, config);
	const index = file !== null && existsSync(file) ? undefined : listIndex(repo);
	const disk = await listing;
	return {disk, index, file: disk.length > 0 ? null : file, circumstances};
}

function circumstancesOf(
	repo: Repo & {readonly top: string},
	options: LoadOptions,
	{mainline, ignore}: Pick<Config, 'mainline' | 'ignore'>,
): string {
	const refs = mainlineRefs(repo, mainline);
	// Only what is published makes where HEAD is matter, and where history begins.
	const head = refs.some(({remote}) => remote) ? resolveCommit(repo, 'HEAD') : null;
	const shallow = gitPath(repo, 'shallow');
	const beginning = existsSync(shallow) ? readFileSync(shallow, 'latin1') : '';
	return JSON.stringify([BUILD, options, mainline, ignore, refs, head, beginning, repo.top]);
}

/** The answer of an earlier run to the same question, or null. */
export function recall({top}: Repo & {readonly top: string}, {file, circumstances}: Question): Examined | null {
	if (file === null || !existsSync(file)) return null;
	try {
		const known: Remembered = JSON.parse(readFileSync(file, 'utf8'));
		const isSame =
			known.circumstances === circumstances &&
			!known.absent.some(path => existsSync(join(top, path))) &&
			Object.entries(known.listed).every(([folder, names]) => namesIn(top, folder) === names);
		return isSame ? known.answer : null;
	} catch {
		return null;
	}
}

/** Keep an answer for the next run, where `install` has made our directory. Never fails: it is only a cache. */
export function remember(
	{top}: Repo & {readonly top: string},
	{file, circumstances}: Question,
	{listed, absent, isAsInGit}: Pick<WorktreeGround, 'listed' | 'absent' | 'isAsInGit'>,
	answer: Examined,
): void {
	if (file === null || !isAsInGit) return;
	const answers = join(file, '..');
	if (!existsSync(join(answers, '../..'))) return;
	const remembered: Remembered = {
		circumstances,
		listed: Object.fromEntries(listed.map(folder => [folder, namesIn(top, folder)])),
		absent,
		answer,
	};
	try {
		mkdirSync(answers, {recursive: true});
		const old = readdirSync(answers);
		if (old.length >= MOST_ANSWERS) for (const name of old) rmSync(join(answers, name), {force: true});
		writeFileSync(`${file}.${process.pid}`, JSON.stringify(remembered));
		renameSync(`${file}.${process.pid}`, file);
	} catch {
		// A full disk or a foreign owner costs the next run some milliseconds, nothing else.
	}
}

function namesIn(top: string, folder: string): string {
	return filesIn(join(top, folder)).sort().join('\0');
}

/**
 * The checksum that ends git's index file (gitformat-index(5)): two indexes with the same one hold the same. Null without an index, or
 * where `index.skipHash` leaves it out.
 */
function indexChecksum(repo: Repo): string | null {
	const file = gitPath(repo, 'index');
	if (!existsSync(file)) return null;
	const descriptor = openSync(file, 'r');
	try {
		const checksum = Buffer.alloc(repo.objectFormat === 'sha256' ? 32 : 20);
		const {size} = fstatSync(descriptor);
		const read = readSync(descriptor, checksum, 0, checksum.length, Math.max(0, size - checksum.length));
		return read < checksum.length || checksum.every(byte => byte === 0) ? null : checksum.toString('hex');
	} finally {
		closeSync(descriptor);
	}
}
