import type {Settings} from '../doors/settings.ts';
import type {Repo} from '../git/repo.ts';
import {mainlineRefs} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import type {Trouble} from './event.ts';
import {prefetchRef} from './prefetch.ts';
import {spawnFetch} from './spawn.ts';

/** What a fetch brought: the mainline refs that stand elsewhere now, and what went wrong. */
export interface Fetched {
	readonly moved: readonly {readonly mainline: string; readonly oid: string}[];
	readonly trouble: Trouble | null;
}

/** Ask each remote mainline's remote where it stands, and keep that aside (see prefetchRef). Never throws. */
export async function fetchMainlines(repo: Repo, settings: Settings, signal: AbortSignal): Promise<Fetched> {
	const moved: {mainline: string; oid: string}[] = [];
	for (const {ref, remote: isRemote} of mainlineRefs(repo, settings.mainline)) {
		if (!isRemote) continue;
		const source = sourceOf(repo, ref);
		if (source === null) continue;
		const target = prefetchRef(ref);
		const before = oidOf(repo, target);
		const {code, stderr} = await spawnFetch(repo, source.remote, `+${source.ref}:${target}`, signal);
		if (signal.aborted) return {moved, trouble: null};
		if (code !== 0) return {moved, trouble: failed(source.remote, stderr)};
		const oid = oidOf(repo, target);
		if (oid !== null && oid !== before) moved.push({mainline: ref.replace('refs/remotes/', ''), oid});
	}
	return {moved, trouble: null};
}

/** The remote and its branch that a remote-tracking ref follows, by the refspecs of the configuration. */
function sourceOf(repo: Repo, ref: string): {readonly remote: string; readonly ref: string} | null {
	const lines = text(git(repo, ['config', '--get-regexp', '^remote\\..*\\.fetch$'], {ok: [0, 1]}))
		.split('\n')
		.filter(Boolean);
	for (const line of lines) {
		const [, remote = '', from = '', to = ''] = /^remote\.(.*)\.fetch \+?([^:]*):(.*)$/.exec(line) ?? [];
		if (to === ref) return {remote, ref: from};
		const [head = '', tail] = to.split('*');
		if (tail !== undefined && ref.startsWith(head) && ref.endsWith(tail)) {
			return {remote, ref: from.replace('*', ref.slice(head.length, ref.length - tail.length))};
		}
	}
	return null;
}

function oidOf(repo: Repo, ref: string): string | null {
	return text(git(repo, ['rev-parse', '-q', '--verify', ref], {ok: [0, 1]})) || null;
}

function failed(remote: string, stderr: string): Trouble {
	return {
		code: 'fetch-failed',
		what: `${remote} could not be asked for news.`,
		why: stderr.trim().split('\n').at(-1) || 'git fetch failed',
		next: `git fetch ${remote}`,
	};
}
