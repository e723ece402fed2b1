import type {Repo} from '../git/repo.ts';
import {mainlineRefs, namedMainlineRefs, refReader} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import {type Complaint, shellWord} from './complaint.ts';

/** Whether it can be told what is published: each configured ref must be there, or one of the default ones. */
export function mainlineComplaints(repo: Repo, configured: readonly string[] | null): Complaint[] {
	const readRefs = refReader(repo);
	const names = configured ?? [];
	const unknown = names.filter(name => namedMainlineRefs(repo, [name], readRefs).length === 0);
	if (names.length > 0) return unknown.map(name => missing(repo, name));
	if (mainlineRefs(repo, null, readRefs).length > 0 || isUnborn(repo)) return [];
	const [remote] = remotes(repo);
	return [
		{
			code: 'mainline',
			what: 'there is no mainline: no HEAD, main or master of a remote, and no local main or master',
			why: 'nothing counts as published, so a migration that others have could be renumbered',
			mend: remote === undefined ? 'git branch main' : `git remote set-head ${shellWord(remote)} --auto`,
		},
	];
}

function missing(repo: Repo, name: string): Complaint {
	const known = remotes(repo);
	const named = known.find(remote => name.startsWith(`${remote}/`));
	const remote = named ?? known[0];
	const branch = named === undefined ? name : name.slice(named.length + 1);
	const fetch = (from: string) => `git fetch ${shellWord(from)} ${shellWord(`${branch}:refs/remotes/${from}/${branch}`)}`;
	return {
		code: 'mainline',
		what: `the mainline ${name} of the configuration is no ref here`,
		why: 'what is in it does not count as published until it is fetched',
		mend: remote === undefined ? `git branch ${shellWord(branch)}` : fetch(remote),
	};
}

function remotes(repo: Repo): string[] {
	return text(git(repo, ['remote']))
		.split(/\r?\n/)
		.filter(Boolean);
}

function isUnborn(repo: Repo): boolean {
	return git(repo, ['rev-parse', '-q', '--verify', 'HEAD'], {ok: [0, 1, 128]}).code !== 0;
}
