/*
 * Prints the path of a git ≥ 2.54 (hooks by configuration, reftable): the one in MIGRATION_GUARD_TEST_GIT; the machine's own; or one that is
 * built once from the Debian source package and kept in .cache/. A C compiler, make and zlib are needed for that, and some minutes.
 */
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const SOURCE = {
	version: '2.55.0',
	// From the index of the suite: dists/sid/main/source/Sources.xz.
	url: 'http://deb.debian.org/debian/pool/main/g/git/git_2.55.0.orig.tar.xz',
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
const cache = path.join(import.meta.dirname, '..', '.cache', `git-${SOURCE.version}`);

/** Find a new git, or build it. Throws when neither works. */
export async function newerGit() {
	const named = process.env.MIGRATION_GUARD_TEST_GIT;
	const built = path.join(cache, 'bin', 'git');
	for (const git of [...(named ? [named] : []), 'git', built]) if (isNew(git)) return git;
	if (named) throw new Error(`${named} is no git of 2.54 or newer`);
	process.stderr.write(`building git ${SOURCE.version} into .cache, once\n`);
	await build();
	if (!isNew(built)) throw new Error('the git that was built does not run');
	return built;
}

/** The version a git says it has. */
export function versionOf(/** @type {string} */ git) {
	return /(\d+\.\d+\S*)/.exec(spawnSync(git, ['--version'], {encoding: 'utf8'}).stdout ?? '')?.[1] ?? null;
}

function isNew(/** @type {string} */ git) {
	const [major = 0, minor = 0] = (versionOf(git) ?? '').split('.').map(Number);
	return major > 2 || (major === 2 && minor >= 54);
}

async function build() {
	const source = path.join(cache, 'source');
	rmSync(cache, {recursive: true, force: true});
	mkdirSync(source, {recursive: true});
	const answer = await fetch(SOURCE.url);
	if (!answer.ok) throw new Error(`${SOURCE.url}: ${answer.status}`);
	const bytes = Buffer.from(await answer.arrayBuffer());
	const sum = createHash('sha256').update(bytes).digest('hex');
	if (sum !== SOURCE.sha256) throw new Error(`${SOURCE.url} is not what it was: ${sum}`);
	writeFileSync(path.join(cache, 'git.tar.xz'), bytes);
	run('tar', ['-xJf', path.join(cache, 'git.tar.xz'), '--strip-components=1', '-C', source]);
	const flags = [`prefix=${cache}`, 'CFLAGS=-O1', ...FLAGS.map(flag => `${flag}=1`)];
	run('make', ['-s', '-j2', '-C', source, ...flags, 'all']);
	run('make', ['-s', '-C', source, ...flags, 'install']);
	rmSync(source, {recursive: true});
	rmSync(path.join(cache, 'git.tar.xz'));
}

function run(/** @type {string} */ file, /** @type {readonly string[]} */ args) {
	const {status, stdout, stderr} = spawnSync(file, args, {encoding: 'utf8', maxBuffer: 2 ** 28});
	if (status !== 0) throw new Error(`${file} ${args.join(' ')} failed:\n${(stdout + stderr).slice(-2000)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	process.stdout.write(`${await newerGit()}\n`);
}
