import type {Repo} from '../git/repo.ts';
import {mainlineRefs, namedMainlineRefs, refReader, remotesOf} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import {type Complaint, type Notice, shellWord} from './complaint.ts';
import {nearestRef} from './nearest-ref.ts';

/** How the configuration would say which refs are mainline: the line, and its file. */
export type MainlineLine = (names: readonly string[]) => {readonly line: string; readonly file: string};

/** Whether it can be told what is published: each configured ref must be there, or one of the default ones. Calls no network. */
export function mainlineComplaints(repo: Repo, configured: readonly string[] | null, inConfiguration: MainlineLine): Complaint[] {
	const readRefs = refReader(repo);
	const names = configured ?? [];
	const unknown = names.filter(name => namedMainlineRefs(repo, [name], readRefs).length === 0);
	if (names.length > 0) {
		const taken = unknown.length < names.length ? [] : mainlineRefs(repo, names, readRefs).map(({ref}) => short(ref));
		return unknown.map(name => missing(repo, name, {names, taken, inConfiguration}));
	}
	if (mainlineRefs(repo, null, readRefs).length > 0 || isUnborn(repo)) return [];
	const [first] = usual(repo);
	return [
		{
			code: 'mainline',
			what:
				first === undefined
					? 'there is no mainline: no HEAD, main or master of a remote, and no local main or master'
					: `it is not known which is the mainline: ${list(usual(repo))}`,
			why: 'nothing counts as published, so a migration that others have could be renumbered',
			mend: first === undefined ? findIt(repo) : asText(inConfiguration([first])),
		},
	];
}

/** Where another remote has a main or master, too, the team may mean that one: only a person knows. */
export function mainlineNotices(repo: Repo, configured: readonly string[] | null, inConfiguration: MainlineLine): Notice[] {
	const [taken] = configured && configured.length > 0 ? [] : mainlineRefs(repo, null);
	if (taken === undefined) return [];
	const name = short(taken.ref);
	const others = usual(repo).filter(other => !taken.remote || remoteOf(other) !== remoteOf(name));
	if (others.length === 0) return [];
	return [
		{
			code: 'other-mainline',
			what: `${taken.remote ? '' : 'the local '}${name} is taken for mainline, and ${list(others)} ${others.length === 1 ? 'is' : 'are'} there, too`,
			why: taken.remote ? `only what is in ${name} counts as published` : 'nothing counts as published',
			choose: `${asText(inConfiguration([others[0]!]))}; with ["${name}"] it stays as it is, and this is not said again`,
		},
	];
}

/** A configured name that is no ref: mistyped, where one that is there is near; else not fetched yet. */
function missing(
	repo: Repo,
	name: string,
	given: {readonly names: readonly string[]; readonly taken: readonly string[]; readonly inConfiguration: MainlineLine},
): Complaint {
	const {names, taken, inConfiguration} = given;
	const known = remotesOf(repo);
	const named = known.find(remote => name.startsWith(`${remote}/`));
	const remote = named ?? known[0];
	const branch = named === undefined ? name : name.slice(named.length + 1);
	const near = nearestRef(repo, name, known);
	const meanwhile = taken.length === 0 ? '' : `; until then ${list(taken)} is taken`;
	const what = `the mainline ${name} of the configuration is no ref here`;
	if (near !== null) {
		const line = inConfiguration(names.map(other => (other === name ? near : other)));
		return {
			code: 'mainline',
			what: `${what}, and ${near} is`,
			why: `what is in it does not count as published${meanwhile}`,
			mend: asText(line),
		};
	}
	return {
		code: 'mainline',
		what,
		why: `what is in it does not count as published until it is fetched${meanwhile}`,
		mend: remote === undefined ? `git branch ${shellWord(branch)}` : fetch(repo, remote, branch),
	};
}

/** Fetch a branch, now and with every later fetch. */
function fetch(repo: Repo, remote: string, branch: string): string {
	return fetchesAll(repo, remote)
		? `git fetch ${shellWord(remote)} ${shellWord(`${branch}:refs/remotes/${remote}/${branch}`)}`
		: `git remote set-branches --add ${shellWord(remote)} ${shellWord(branch)} && git fetch ${shellWord(remote)}`;
}

/** Ask the remote for its default branch, which a clone of a single branch does not even fetch. */
function findIt(repo: Repo): string {
	const known = remotesOf(repo);
	const remote = ['upstream', 'origin'].find(name => known.includes(name)) ?? known[0];
	if (remote === undefined) return 'git branch main';
	const word = shellWord(remote);
	if (fetchesAll(repo, remote)) return `git fetch ${word} && git remote set-head ${word} --auto`;
	return [
		`branch=$(git ls-remote --symref ${word} HEAD | sed -n 's|^ref: refs/heads/\\(.*\\)[[:space:]]HEAD$|\\1|p')`,
		'[ -n "$branch" ]',
		`git remote set-branches --add ${word} "$branch"`,
		`git fetch ${word}`,
		`git remote set-head ${word} "$branch"`,
	].join(' && ');
}

/** Whether a fetch brings every branch of a remote. `git clone --single-branch`, and so `--depth`, has it bring one. */
function fetchesAll(repo: Repo, remote: string): boolean {
	return lines(repo, ['config', '--get-all', `remote.${remote}.fetch`]).some(refspec =>
		/^\+?refs\/(?:heads\/)?\*:/.test(refspec),
	);
}

/** What remotes call main or master. */
function usual(repo: Repo): string[] {
	const known = remotesOf(repo);
	const found = lines(repo, ['for-each-ref', '--format=%(refname)', 'refs/remotes/*/main', 'refs/remotes/*/master']).map(short);
	// One that has both is in a change of names.
	return found.filter(
		(name, index) => known.includes(remoteOf(name)) && found.findIndex(other => remoteOf(other) === remoteOf(name)) === index,
	);
}

function lines(repo: Repo, args: readonly string[]): string[] {
	return text(git(repo, args, {ok: [0, 1]}))
		.split(/\r?\n/)
		.filter(Boolean);
}

function isUnborn(repo: Repo): boolean {
	return git(repo, ['rev-parse', '-q', '--verify', 'HEAD'], {ok: [0, 1, 128]}).code !== 0;
}

function remoteOf(name: string): string {
	return name.slice(0, name.lastIndexOf('/'));
}

function short(ref: string): string {
	return ref.replace(/^refs\/(?:heads|remotes|tags)\//, '');
}

function list(names: readonly string[]): string {
	return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');
}

function asText({line, file}: ReturnType<MainlineLine>): string {
	return `${line}, in ${file}`;
}
