/*
 * Makes what `uses: …/migration-guard@v1` gets: a tagged commit that holds action.yml and the built program. It is on no branch, as a
 * bundle on main would be out of date with every commit; its parent is the commit it was built from.
 *
 *     node scripts/release-action.mjs        tags vX.Y.Z of package.json, moves vX, and says what to push
 *     node scripts/release-action.mjs --dry-run
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {build} from './build.mjs';

const root = path.join(import.meta.dirname, '..');
const isDry = process.argv.includes('--dry-run');
const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const tags = {exact: `v${version}`, moving: `v${version.split('.')[0]}`};

const scratch = mkdtempSync(path.join(tmpdir(), 'migration-guard-release-'));
try {
	if (git('tag', '--list', tags.exact) !== '') fail(`${tags.exact} is there already: raise the version in package.json`);
	const source = git('rev-parse', 'HEAD');
	if (git('status', '--porcelain', '--untracked-files=no') !== '')
		fail('there are uncommitted changes: what is released has to be what is committed');
	await build(path.join(scratch, 'dist'));
	const commit = commitOf(source);
	if (isDry) {
		process.stdout.write(`${git('ls-tree', '-r', '--name-only', commit)}\n${commit} would be ${tags.exact} and ${tags.moving}\n`);
	} else {
		git('tag', '-a', '-m', `migration-guard ${version}`, tags.exact, commit);
		git('tag', '-f', '-a', '-m', `migration-guard ${version}`, tags.moving, commit);
		process.stdout.write(
			`${tags.exact} and ${tags.moving} are ${commit}\ngit push origin ${tags.exact} && git push --force origin ${tags.moving}\n`,
		);
	}
} finally {
	rmSync(scratch, {recursive: true, force: true});
}

/** Plumbing, with an index of its own: neither worktree nor branch notices. */
function commitOf(/** @type {string} */ source) {
	const env = {...process.env, GIT_INDEX_FILE: path.join(scratch, 'index')};
	const add = (/** @type {string} */ name, /** @type {string} */ oid, mode = '100644') =>
		git.call({env}, 'update-index', '--add', '--cacheinfo', `${mode},${oid},${name}`);
	for (const name of ['action.yml', 'LICENSE', 'README.md', 'SECURITY.md']) add(name, git('rev-parse', `${source}:${name}`));
	for (const name of readdirSync(path.join(scratch, 'dist'))) {
		add(`dist/${name}`, git('hash-object', '-w', '--no-filters', path.join(scratch, 'dist', name)));
	}
	const tree = git.call({env}, 'write-tree');
	return git('commit-tree', tree, '-p', source, '-m', `Action of migration-guard ${version}`, '-m', `Built from ${source}.`);
}

/** @this {{env?: NodeJS.ProcessEnv} | void} */
function git(/** @type {string[]} */ ...args) {
	return execFileSync('git', args, {cwd: root, env: this?.env ?? process.env, encoding: 'utf8'}).trim();
}

function fail(/** @type {string} */ message) {
	process.stderr.write(`release-action: ${message}\n`);
	rmSync(scratch, {recursive: true, force: true});
	process.exit(1);
}
