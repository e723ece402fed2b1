import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {UsageError} from '../errors.ts';
import {type CopiedCommit, copyCommits, type RawCommit, readCommits, unsigned} from './commits.ts';
import type {Repo} from './repo.ts';
import {GitError, git, text} from './run.ts';

/**
 * Sign copies whose originals were signed: a signature holds for one content only. Parents first, as copyCommits returned them; a copy
 * on top of one that was signed gets the new parent. Returns copy → final commit. Throws GitError when signing fails (no key, a
 * passphrase not given): then nothing may be put in place of the originals.
 */
export function signCopies(repo: Repo, copies: readonly CopiedCommit[]): Map<string, string> {
	const final = new Map(copies.map(({oid}) => [oid, oid]));
	if (!copies.some(({signatureDropped}) => signatureDropped)) return final;
	for (const {oid, signatureDropped} of copies) {
		const [copy] = readCommits(repo, [oid]) as [RawCommit];
		const parents = copy.parents.map(parent => final.get(parent) ?? parent);
		const moved = copyCommits(repo, [{oid, parents}])[0]!.oid;
		final.set(oid, signatureDropped ? sign(repo, moved) : moved);
	}
	return final;
}

/** Is `commit.gpgSign` set: does every new commit of this user get a signature? */
export function signsCommits(repo: Repo): boolean {
	return text(git(repo, ['config', '--type=bool', '--get', 'commit.gpgSign'], {ok: [0, 1]})) === 'true';
}

/**
 * Make a commit of a tree, signed where every new commit is. The person is git's configuration's. Throws UsageError where git does not
 * know who that is, as on a fresh CI machine.
 */
export function commitTree(repo: Repo, tree: string, parents: readonly string[], message: string): string {
	const args = [
		'commit-tree',
		...(signsCommits(repo) ? ['-S'] : []),
		tree,
		...parents.flatMap(parent => ['-p', parent]),
		'-F',
		'-',
	];
	try {
		return text(git(repo, args, {input: message}));
	} catch (error) {
		if (error instanceof GitError && /tell me who you are|ident name|ident email/i.test(error.stderr))
			throw new UsageError(
				'git does not know who makes the commit: set user.name and user.email, or GIT_COMMITTER_NAME and its like',
			);
		throw error;
	}
}

function sign(repo: Repo, oid: string): string {
	const [commit] = readCommits(repo, [oid]) as [RawCommit];
	const signed = commit.header('mergetag') === null ? signPlain(repo, commit) : signByAmending(repo, commit);
	const [result] = readCommits(repo, [signed]) as [RawCommit];
	// Whatever git did to a strange name or date: another commit than the one that was asked for is not to be kept.
	if (!result.signed || !unsigned(result).equals(unsigned(commit)))
		throw new GitError(['commit-tree', '-S'], 0, 'the signed commit says something else');
	return signed;
}

/** Plumbing: no hook, no index. It knows all headers but `mergetag`. */
function signPlain(repo: Repo, commit: RawCommit): string {
	const args = ['commit-tree', '-S', commit.tree, ...commit.parents.flatMap(parent => ['-p', parent])];
	return text(git(repo, [...encodingOf(commit), ...args], {input: commit.message, env: people(commit)}));
}

/** `git commit --amend` in a git directory of its own, whose HEAD is the commit: the only way to keep a merged tag. */
function signByAmending(repo: Repo, commit: RawCommit): string {
	const folder = join(repo.commonDir, 'migration-guard', `sign-${process.pid}`);
	mkdirSync(folder, {recursive: true});
	try {
		writeFileSync(join(folder, 'HEAD'), `${commit.oid}\n`);
		writeFileSync(join(folder, 'commondir'), `${repo.commonDir}\n`);
		const place = {
			cwd: repo.cwd,
			env: {...people(commit), GIT_DIR: folder, GIT_WORK_TREE: repo.top ?? folder, GIT_INDEX_FILE: undefined},
		};
		git(place, ['read-tree', commit.oid]);
		const options = ['--amend', '--no-edit', '--cleanup=verbatim', '--allow-empty', '--no-verify', '--quiet', '-S'];
		git(place, ['-c', 'core.hooksPath=/dev/null', ...encodingOf(commit), 'commit', ...options]);
		return text(git(place, ['rev-parse', 'HEAD']));
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

function encodingOf(commit: RawCommit): string[] {
	return ['-c', `i18n.commitEncoding=${commit.header('encoding') ?? 'UTF-8'}`];
}

function people(commit: RawCommit): Record<string, string> {
	return Object.fromEntries(
		['author', 'committer'].flatMap(role => {
			// Headers are read as latin1, byte by byte.
			const said = Buffer.from(commit.header(role) ?? '', 'latin1').toString('utf8');
			const [, name = '', email = '', date = ''] = /^(.*) <([^>]*)> (\d+ [+-]\d{4})$/.exec(said) ?? [];
			const variable = `GIT_${role.toUpperCase()}`;
			return [
				[`${variable}_NAME`, name],
				[`${variable}_EMAIL`, email],
				[`${variable}_DATE`, `@${date}`],
			];
		}),
	);
}
