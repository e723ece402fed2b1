import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {readCommits} from './commits.ts';
import {pseudoRef, type Repo} from './repo.ts';
import {git, text} from './run.ts';

export {
	anyMainline,
	localMainlineRefs,
	type MainlineRef,
	mainlineRefs,
	namedMainlineRefs,
	refReader,
	remotesOf,
	upstreamCommit,
} from './mainline.ts';

/** The commit a revision names, or null. */
export function resolveCommit(repo: Repo, rev: string): string | null {
	return resolveCommits(repo, [rev])[0] ?? null;
}

/** The commits several revisions name (null: no such commit), in one process. */
export function resolveCommits(repo: Repo, revs: readonly string[]): (string | null)[] {
	// A revision cannot hold a newline; an empty line keeps the answers in step.
	const questions = revs.map(rev => (/[\n\0]/.test(rev) ? '' : `${rev}^{commit}`));
	const {stdout, code} = git(repo, ['cat-file', '--batch-check'], {input: `${questions.join('\n')}\n`, ok: [0, 128]});
	if (code !== 0) {
		// `@{u}` without an upstream ends the whole batch: ask one by one.
		return questions.map(
			name => text(git(repo, ['rev-parse', '-q', '--verify', '--end-of-options', name], {ok: [0, 1, 128]})) || null,
		);
	}

	const answers = stdout.toString('utf8').split('\n');
	return revs.map((_, index) => /^([0-9a-f]{40,64}) commit \d+$/.exec(answers[index] ?? '')?.[1] ?? null);
}

/** All best common ancestors; none for unrelated histories. */
export function mergeBases(repo: Repo, a: string, b: string): string[] {
	return lines(git(repo, ['merge-base', '--all', a, b], {ok: [0, 1]}));
}

export function isAncestor(repo: Repo, ancestor: string, descendant: string): boolean {
	return git(repo, ['merge-base', '--is-ancestor', ancestor, descendant], {ok: [0, 1]}).code === 0;
}

/** Commits reachable from `include` and not from `exclude`, parents first (a rebased range, in the order in which to rewrite it). */
export function commitsBetween(repo: Repo, include: readonly string[], exclude: readonly string[]): string[] {
	const input = [...include, ...exclude.map(oid => `^${oid}`), ''].join('\n');
	return lines(git(repo, ['rev-list', '--topo-order', '--reverse', '--stdin'], {input}));
}

export interface CommitInfo {
	readonly oid: string;
	readonly tree: string;
	readonly parents: readonly string[];
	readonly raw: Buffer;
	/** Seconds since 1970, UTC. */
	readonly authorDate: number;
	readonly committerDate: number;
	readonly subject: string;
	readonly signed: boolean;
}

/** What a commit says of itself. Throws GitError when there is no such commit. */
export function commitInfo(repo: Repo, rev: string): CommitInfo {
	return commitInfos(repo, [rev])[0]!;
}

/** The same for several, in one process, in the order asked for. */
export function commitInfos(repo: Repo, revs: readonly string[]): CommitInfo[] {
	return readCommits(repo, revs).map(commit => ({
		oid: commit.oid,
		tree: commit.tree,
		parents: commit.parents,
		raw: commit.raw,
		authorDate: seconds(commit.header('author')),
		committerDate: seconds(commit.header('committer')),
		subject: subject(commit.message, commit.header('encoding')),
		signed: commit.signed,
	}));
}

/** Remote-tracking branches that hold a commit, `refs/remotes/origin/HEAD` and its like left out. */
export function remoteRefsContaining(repo: Repo, oid: string): string[] {
	const format = '--format=%(if)%(symref)%(then)%(else)%(refname)%(end)';
	return lines(git(repo, ['for-each-ref', `--contains=${oid}`, format, 'refs/remotes']));
}

/** Is a commit pushed, that is, reachable from any remote-tracking ref? Cheaper than naming them all. */
export function isPushed(repo: Repo, oid: string): boolean {
	return lines(git(repo, ['rev-list', '--max-count=1', oid, '--not', '--remotes'])).length === 0;
}

/**
 * A git killed in its own hook leaves MERGE_HEAD behind although the merge is made: then every merged commit is an ancestor of HEAD.
 * `git commit` would make an empty commit of it; `git merge --quit` is the way out.
 */
export function isStaleMergeHead(repo: Repo): boolean {
	const file = join(repo.gitDir, 'MERGE_HEAD');
	const heads = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
	return heads.length > 0 && heads.every(head => isAncestor(repo, head, 'HEAD'));
}

/** One move of HEAD, as git's log of it tells. */
export interface LogEntry {
	readonly oid: string;
	readonly subject: string;
}

/** The last moves of HEAD, newest first; none where git keeps no log of it. */
export function recentHeads(repo: Repo, count: number): LogEntry[] {
	const args = ['log', '-g', '--no-show-signature', `--max-count=${count}`, '--format=%H %gs', 'HEAD', '--'];
	return lines(git(repo, args, {ok: [0, 128]})).map(line => {
		const space = line.indexOf(' ');
		return {oid: line.slice(0, space), subject: line.slice(space + 1)};
	});
}

export interface Autostash {
	readonly where: 'MERGE_AUTOSTASH' | 'rebase-merge/autostash' | 'rebase-apply/autostash';
	readonly oid: string;
}

/** The stash git put aside for this merge or rebase and will apply when the hook is done, or null. */
export function autostash(repo: Repo): Autostash | null {
	for (const where of ['rebase-merge/autostash', 'rebase-apply/autostash', 'MERGE_AUTOSTASH'] as const) {
		const file = join(repo.gitDir, where);
		const oid =
			where === 'MERGE_AUTOSTASH' ? pseudoRef(repo, where) : existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
		if (oid) {
			return {where, oid};
		}
	}

	return null;
}

function lines(result: Parameters<typeof text>[0]): string[] {
	return text(result).split(/\r?\n/).filter(Boolean);
}

function seconds(person: string | null): number {
	return Number(/ (-?\d+) [+-]\d{4}$/.exec(person ?? '')?.[1] ?? 0);
}

function subject(message: Buffer, encoding: string | null): string {
	const paragraph = decoder(encoding)
		.decode(message)
		.trimStart()
		.split(/\n\s*\n/, 1)[0]!;
	return paragraph
		.split('\n')
		.map((line: string) => line.trim())
		.join(' ')
		.trim();
}

// An encoding that nobody knows is shown as well as it can be.
function decoder(encoding: string | null): {decode(bytes: Uint8Array): string} {
	try {
		return new TextDecoder(encoding ?? 'utf-8');
	} catch {
		return new TextDecoder();
	}
}
