import {existsSync, readFileSync} from 'node:fs';
import {gitPath, type Repo} from '../git/repo.ts';
import {anyMainline, localMainlineRefs, mainlineRefs, refReader, upstreamCommit} from '../git/revisions.ts';
import {GitError, git, text} from '../git/run.ts';
import type {Entry, Meeting} from '../history/meeting.ts';
import {identityIn} from '../history/renumbered.ts';
import {type FileState, type Files, folderOf} from '../history/revision.ts';
import type {Rank} from '../history/sides.ts';
import type {Ground} from './ground.ts';
import type {Settings} from './settings.ts';

/** Fetch what the sides differ in, so that the pure rooms can read it without asking git file by file. */
export function fetchDifferences(ground: Ground, ...revisions: readonly Files[]): void {
	const wanted = new Set<string>();
	for (const files of revisions) {
		for (const path of new Set([...files.keys(), ...ground.files.keys()])) {
			const [here, there] = [ground.files.get(path)?.oid, files.get(path)?.oid];
			if (here === there) continue;
			if (here) wanted.add(here);
			if (there) wanted.add(there);
		}
	}
	ground.library.fetch(wanted);
	const revealed = [...new Set(revisions.flatMap(files => [...files.values()].map(({oid}) => oid)))];
	ground.library.fetchUnread(revealed);
}

/** The label of every folder that any of the revisions has. */
export function labelsOf(ground: Ground, revisions: readonly Files[]): ReadonlyMap<string, string> {
	const labels = new Map<string, string>();
	// What stands comes first; another revision is read only for folders that are gone (an app that moved or went away).
	for (const files of [ground.files, ...revisions]) {
		if ([...files.keys()].every(path => labels.has(folderOf(path)))) continue;
		for (const {path, app} of ground.load(files).folders) if (!labels.has(path)) labels.set(path, app);
	}
	return labels;
}

/** Who stands how firmly. Asked only when two sides contend: it costs a look at the mainline refs. */
export interface Standing {
	readonly rankOf: (entry: Entry) => Rank;
	readonly isPublished: (path: string, file: FileState) => boolean;
}

/**
 * Ask the mainline refs: 2, published; 1, others have it: in the local mainline before the command, in what the branch follows, in what
 * any remote calls its mainline, or in what was fetched to be merged. Where no remote mainline is known (a clone of one branch), a `main` or `master`
 * that was fetched to be merged is one. `before`: the branch HEAD is on, and where it stood before the command.
 */
export function standingOf(
	ground: Ground,
	settings: Settings,
	before: {readonly branch: string | null; readonly head: string},
): Standing {
	let known: {published: readonly Files[]; local: readonly Files[]} | null = null;
	const look = () => {
		const {repo} = ground;
		const readRefs = refReader(repo, before.branch === null ? [] : [before.branch]);
		const refs = mainlineRefs(repo, settings.mainline, readRefs);
		const remote = refs.filter(ref => ref.remote);
		const local = new Map(
			[...refs.filter(ref => !ref.remote), ...localMainlineRefs(repo, refs, readRefs)].map(({ref, oid}) => [
				ref,
				ref === before.branch ? before.head : oid,
			]),
		);
		const upstream = before.branch === null ? null : upstreamCommit(repo, before.branch, readRefs);
		const files = (oids: Iterable<string>) => [...new Set(oids)].map(oid => ground.at(oid));
		const fetched = fetchedToMerge(repo).flatMap(({oid, isMainline}) => {
			const there = filesAt(ground, oid);
			return there ? [{there, isMainline}] : [];
		});
		const mainline = remote.length > 0 ? [] : fetched.filter(({isMainline}) => isMainline);
		return {
			published: [...files(remote.map(({oid}) => oid)), ...mainline.map(({there}) => there)],
			local: [
				...files([...local.values(), ...(upstream ? [upstream] : []), ...anyMainline(readRefs)]),
				...fetched.map(({there}) => there),
			],
		};
	};
	const holds = (trees: readonly Files[], entry: Entry): boolean =>
		trees.some(files => {
			const file = files.get(entry.path);
			if (!file) return false;
			return file.oid === entry.origin.oid || identityIn(ground.library, file) === identityIn(ground.library, entry.origin);
		});
	return {
		rankOf(entry) {
			known ??= look();
			if (holds(known.published, entry)) return 2;
			return holds(known.local, entry) ? 1 : 0;
		},
		isPublished(path, file) {
			known ??= look();
			return known.published.some(files => files.get(path)?.oid === file.oid);
		},
	};
}

/** The commits that the last fetch was about to merge (`git pull URL main` leaves no other trace): FETCH_HEAD, as git's fmt-merge-msg.c reads it. */
function fetchedToMerge(repo: Repo): {oid: string; isMainline: boolean}[] {
	const file = gitPath(repo, 'FETCH_HEAD');
	if (!existsSync(file)) return [];
	return readFileSync(file, 'utf8')
		.split('\n')
		.flatMap(line => {
			const [, oid, about = ''] = /^([0-9a-f]{40,64})\t\t(.*)/.exec(line) ?? [];
			return oid === undefined ? [] : [{oid, isMainline: /^branch '(?:main|master)' of /.test(about)}];
		});
}

/** The files of a commit that may be gone by now. */
function filesAt(ground: Ground, oid: string): Files | null {
	try {
		return ground.at(oid);
	} catch (error) {
		if (error instanceof GitError) return null;
		throw error;
	}
}

/** `%Y%m%d_%H%M`, UTC, of the youngest commit that added one of the leaves: two people who merge the same get the same name. */
export function stampFinder({repo}: Ground, revisions: readonly string[]): (leaves: readonly Entry[]) => string {
	return leaves => {
		const args = ['log', '--format=%ct', '--diff-filter=A', '--no-renames', ...revisions, '--', ...leaves.map(({path}) => path)];
		const times = text(git(repo, args)).split('\n').filter(Boolean).map(Number);
		const [date, time] = new Date(Math.max(0, ...times) * 1000).toISOString().split('T') as [string, string];
		return `${date.replaceAll('-', '')}_${time.slice(0, 5).replace(':', '')}`;
	};
}

/** A meeting of commits whose outcome is a tree. */
export function meetingOf(ground: Ground, revisions: {base: string | null; sides: readonly string[]; git?: string}): Meeting {
	const base: Files = revisions.base === null ? new Map() : ground.at(revisions.base);
	const sides = revisions.sides.map(side => ground.at(side));
	const git_ = revisions.git === undefined ? ground.files : ground.at(revisions.git);
	fetchDifferences(ground, base, ...sides, git_);
	return {base, sides, git: asLabelled(ground, git_), result: ground.files, labels: labelsOf(ground, [base, ...sides])};
}

/**
 * Git's merge made again calls the sides by other names in its conflict markers (since git 2.44 the driver is told them). A file that
 * stands with nothing but other names is still what git wrote, and nobody's decision.
 */
function asLabelled({files, library}: Ground, git_: Files): Files {
	const result = new Map(git_);
	const bare = (oid: string) => library.source(oid).text.replace(/^([<>|]{7,}) .*$/gm, '$1');
	for (const [path, written] of git_) {
		const standing = files.get(path);
		if (!standing || standing.oid === written.oid || !/^<{7,} /m.test(library.source(written.oid).text)) continue;
		if (bare(standing.oid) === bare(written.oid)) result.set(path, standing);
	}
	return result;
}
