import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {hashObject} from '../git/objects.ts';
import {openRepo, type Repo} from '../git/repo.ts';
import {mergeBases} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import type {Pairing} from '../plan/merge-file.ts';

/**
 * Did git pair the three files of a merge by path or by rename detection? Git tells the driver only the path of the result, so the
 * common ancestor is asked whether it had these bytes there. Where the ancestor is unknown (a cherry-pick), by path: git's own merge.
 */
export function pairingOf(cwd: string, path: string, base: Uint8Array): Pairing {
	const repo = openRepo(cwd);
	if (!repo) return 'same path';
	const merged = Object.keys(process.env).flatMap(name => /^GITHEAD_([0-9a-f]{40,64})$/.exec(name)?.[1] ?? []);
	const ancestors = merged.length > 0 ? merged.flatMap(oid => mergeBases(repo, 'HEAD', oid)) : pickedFrom(repo);
	if (ancestors.length === 0) return 'same path';
	const wanted = hashObject(repo, 'blob', base);
	const isThere = ancestors.some(
		commit => text(git(repo, ['rev-parse', '-q', '--verify', `${commit}:${path}`], {ok: [0, 1, 128]})) === wanted,
	);
	if (isThere) return 'same path';
	return merged.length > 0 ? 'renamed, hook follows' : 'renamed, no hook';
}

/** The parent of the commit a rebase is picking: the last line of its done list (git: sequencer.c save_todo). */
function pickedFrom(repo: Repo): string[] {
	const file = join(repo.gitDir, 'rebase-merge', 'done');
	const line = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) : undefined;
	const oid = line === undefined ? undefined : /^\w+ (?:-\w+ )?([0-9a-f]{4,64})\b/.exec(line)?.[1];
	return oid === undefined ? [] : [`${oid}^`];
}
