/*
 * Prints the path of a git ≥ 2.54 (hooks by configuration, reftable): the one that MIGRATION_GUARD_NEWER_GIT names; the machine's own; or one
 * that is built once from a Debian source package and kept in .cache/. A C compiler, make, xz and zlib are needed for that, and some minutes.
 */
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

/** @typedef {{version: string, file: string, sha256: string}} Source */

const INDEX = 'dists/sid/main/source/Sources.xz';
/** @type {Source} What INDEX said once. */
const KNOWN = {
	version: '2.55.0',
	file: 'pool/main/g/git/git_2.55.0.orig.tar.xz',
	sha256: '457fdb04dc8728e007d4688695e6912e6f680727920f2a40bf11eacc17505357',
};
const FLAGS = [
	'NO_CURL',
	'NO_EXPAT',
	'NO_GETTEXT',
	'NO_OPENSSL',
	'NO_PERL',
	'NO_PYTHON',
	'NO_RUST',
	'NO_TCLTK',
	'NO_INSTALL_HARDLINKS',
];
/** The tests that see which way git calls hooks: by files, or (git ≥ 2.54) by configuration. Stories about Django alone are the same with every git. */
export const ON_BOTH = [
	'test/scenarios/*.test.ts',
	'test/install/*.test.ts',
	'test/watch/*.test.ts',
	'!test/scenarios/{check-models,drift,explain*,faults,rollback-plan}.test.ts',
];
const cache = path.join(import.meta.dirname, '..', '.cache');

/** Find a new git, or build it. Throws when neither works. */
export async function newerGit() {
	const found = findNewerGit();
	if (found) return found;
	process.stderr.write('building a newer git into .cache, once\n');
	const built = await build(await download(KNOWN).catch(() => downloadNewest()));
	if (!isNew(built)) throw new Error('the git that was built does not run');
	return built;
}

/** A new git that is there already, or null. Throws when one is named that is none. */
export function findNewerGit() {
	const named = process.env.MIGRATION_GUARD_NEWER_GIT;
	if (named && !isNew(named)) throw new Error(`${named} is no git of 2.54 or newer`);
	if (named) return named;
	const kept = existsSync(cache) ? readdirSync(cache).filter(name => /^git-[\d.]+$/.test(name)) : [];
	const candidates = ['git', ...kept.map(name => path.join(cache, name, 'bin', 'git'))];
	return candidates.find(git => isNew(git)) ?? null;
}

/** The version a git says it has. */
export function versionOf(/** @type {string} */ git) {
	return /(\d+\.\d+\S*)/.exec(spawnSync(git, ['--version'], {encoding: 'utf8'}).stdout ?? '')?.[1] ?? null;
}

function isNew(/** @type {string} */ git) {
	const [major = 0, minor = 0] = (versionOf(git) ?? '').split('.').map(Number);
	return major > 2 || (major === 2 && minor >= 54);
}

async function download(/** @type {Source} */ {version, file, sha256}) {
	const bytes = await get(file);
	const sum = createHash('sha256').update(bytes).digest('hex');
	if (sum !== sha256) throw new Error(`${file} is not what it was: ${sum}`);
	return {version, bytes};
}

/** A mirror keeps the versions of its suites only: when the one that is known has gone, the one that took its place. */
async function downloadNewest() {
	const index = run('xz', ['-dc'], await get(INDEX));
	const entry = /^Package: git\n[\s\S]*?\n\n/m.exec(index)?.[0] ?? '';
	const [, sha256 = '', name = '', version = ''] = /^ ([0-9a-f]{64}) \d+ (git_([\d.]+)\.orig\.tar\.xz)$/m.exec(entry) ?? [];
	const folder = /^Directory: (.*)$/m.exec(entry)?.[1] ?? '';
	if (!name) throw new Error(`${INDEX} names no source of git`);
	return download({version, file: `${folder}/${name}`, sha256});
}

async function get(/** @type {string} */ file) {
	const archive = archiveOfApt();
	const answer = await fetch(`${archive}/${file}`);
	if (!answer.ok) throw new Error(`${archive}/${file}: ${answer.status}`);
	return Buffer.from(await answer.arrayBuffer());
}

/** The Debian archive that this machine's apt uses (sources.list(5), in both forms). Throws when it uses none. */
function archiveOfApt() {
	const folder = '/etc/apt/sources.list.d';
	const lists = [
		'/etc/apt/sources.list',
		...(existsSync(folder) ? readdirSync(folder).map(name => path.join(folder, name)) : []),
	];
	const text = lists.map(list => (existsSync(list) ? readFileSync(list, 'utf8') : '')).join('\n');
	const [, archive] = /^(?:deb\s+(?:\[[^\]]*\]\s*)?|URIs:\s*)(\S+\/debian)\/?(?=\s|$)/m.exec(text) ?? [];
	if (!archive) throw new Error('apt has no Debian archive here; name a git of 2.54 or newer in MIGRATION_GUARD_NEWER_GIT');
	return archive;
}

/** Build beside, and move it to its place when it is whole. */
async function build(/** @type {{version: string, bytes: Buffer}} */ {version, bytes}) {
	const prefix = path.join(cache, `git-${version}`);
	const beside = path.join(cache, `building-git-${process.pid}`);
	const [archive, source, root] = ['git.tar.xz', 'source', 'root'].map(name => path.join(beside, name));
	try {
		mkdirSync(source, {recursive: true});
		writeFileSync(archive, bytes);
		run('tar', ['-xJf', archive, '--strip-components=1', '-C', source]);
		const flags = [`prefix=${prefix}`, 'CFLAGS=-O1', ...FLAGS.map(flag => `${flag}=1`)];
		run('make', ['-s', '-j2', '-C', source, ...flags, 'all']);
		run('make', ['-s', '-C', source, ...flags, `DESTDIR=${root}`, 'install']);
		rmSync(prefix, {recursive: true, force: true});
		renameSync(path.join(root, prefix), prefix);
	} finally {
		rmSync(beside, {recursive: true, force: true});
	}
	return path.join(prefix, 'bin', 'git');
}

function run(/** @type {string} */ file, /** @type {readonly string[]} */ args, input = Buffer.alloc(0)) {
	const {status, stdout, stderr, error} = spawnSync(file, args, {encoding: 'utf8', maxBuffer: 2 ** 28, input});
	if (status !== 0)
		throw new Error(`${file} ${args.join(' ')} failed: ${error?.message ?? ''}\n${(stdout + stderr).slice(-2000)}`);
	return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	process.stdout.write(`${await newerGit()}\n`);
}
