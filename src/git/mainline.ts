import type {Repo} from './repo.ts';
import {git, text} from './run.ts';

export interface MainlineRef {
	/** Full name, symbolic refs followed: `refs/remotes/origin/main`. */
	readonly ref: string;
	readonly oid: string;
	/** What is in this ref's tree is published. */
	readonly remote: boolean;
}

/**
 * The mainline refs that exist. Configured names are `origin/main`, `main` or a full name, and branches before tags; a local branch brings
 * the remote branch it follows, and a name without a local branch is looked for at origin and upstream: what was pushed must count as
 * published. By default, and where none of the configured ones is a ref here, the first that exists of: HEAD, main and master of upstream and
 * then of origin · the same of an only remote of another name · local main · local master. One process, one more where the only remote has
 * another name and for each configured local branch that follows a remote one.
 */
export function mainlineRefs(repo: Repo, configured: readonly string[] | null, readRefs = refReader(repo)): MainlineRef[] {
	const named = namedMainlineRefs(repo, configured ?? [], readRefs);
	// A name that is mistyped or was not fetched must not make everything unpublished.
	if (named.length > 0) return named;
	const refs = readRefs([...remoteDefaults, ...localDefaults]);
	const first = firstOf(refs, remoteDefaults) ?? otherRemote(readRefs) ?? firstOf(refs, localDefaults);
	return first ? [first] : [];
}

/** The refs that some names of the configuration mean; none for one that is no ref here. */
export function namedMainlineRefs(repo: Repo, names: readonly string[], readRefs = refReader(repo)): MainlineRef[] {
	if (names.length === 0) return [];
	const refs = readRefs(names.flatMap(candidates));
	return unique(names.flatMap(name => configuredRefs(readRefs, refs, name)));
}

/** The names of the remotes. */
export function remotesOf(repo: Repo): string[] {
	return text(git(repo, ['remote']))
		.split(/\r?\n/)
		.filter(Boolean);
}

/** What any remote calls its mainline, whoever's remote it is. No process of its own: the reader has it. */
export function anyMainline(readRefs: RefReader): readonly string[] {
	return [...readRefs(anyRemote)].flatMap(([name, {oid}]) =>
		/^refs\/remotes\/[^/]+\/(?:HEAD|main|master)$/.test(name) ? [oid] : [],
	);
}

/** The local branch of the same name for each remote mainline ref (`origin/main` → `main`), and local mainline refs themselves. */
export function localMainlineRefs(repo: Repo, mainline: readonly MainlineRef[], readRefs = refReader(repo)): MainlineRef[] {
	const names = mainline.map(({ref}) => ref.replace(/^refs\/remotes\/[^/]+\//, 'refs/heads/'));
	if (names.length === 0) {
		return [];
	}

	const refs = readRefs(names);
	return unique(names.flatMap(name => firstOf(refs, [name]) ?? []));
}

/** The commit a local branch follows (`@{upstream}`), or null. */
export function upstreamCommit(repo: Repo, branch: string, readRefs = refReader(repo)): string | null {
	const upstream = readRefs([branch]).get(branch)?.upstream ?? '';
	return upstream === '' ? null : (readRefs([upstream]).get(upstream)?.oid ?? null);
}

// `git remote add` and `git fetch` make no HEAD of the remote before git 2.48.
const remoteDefaults = ['upstream', 'origin'].flatMap(remote =>
	['HEAD', 'main', 'master'].map(name => `refs/remotes/${remote}/${name}`),
);
const localDefaults = ['refs/heads/main', 'refs/heads/master'];

const anyRemote = ['HEAD', 'main', 'master'].map(name => `refs/remotes/*/${name}`);

export interface Ref {
	readonly oid: string;
	/** What a symbolic ref points at. */
	readonly target: string;
	readonly upstream: string;
}

/** Full names, or patterns of them → the refs known so far, with these among them. */
export type RefReader = (patterns: readonly string[]) => ReadonlyMap<string, Ref>;

/**
 * A look at refs that remembers what was asked: for the questions of one decision, as refs move. The first question also
 * fetches `more`, and what any remote calls its mainline. One process for each question that has something new in it.
 */
export function refReader(repo: Repo, more: readonly string[] = []): RefReader {
	const known = new Map<string, Ref>();
	const asked = new Set<string>();
	return patterns => {
		const wanted = [...new Set(patterns)].filter(pattern => !asked.has(pattern));
		if (wanted.length > 0) {
			if (asked.size === 0) {
				wanted.push(...[...anyRemote, ...more].filter(pattern => !wanted.includes(pattern)));
			}

			readInto(known, repo, wanted);
			for (const pattern of wanted) {
				asked.add(pattern);
			}
		}

		return known;
	};
}

function readInto(known: Map<string, Ref>, repo: Repo, patterns: readonly string[]): void {
	// %(*objectname): the commit of an annotated tag. A symbolic ref that points nowhere is not printed.
	const format = '--format=%(refname)%00%(objectname)%00%(*objectname)%00%(symref)%00%(upstream)';
	for (const line of text(git(repo, ['for-each-ref', format, ...patterns]))
		.split(/\r?\n/)
		.filter(Boolean)) {
		const [name, oid, peeled, target, upstream] = line.split('\0') as [string, string, string, string, string];
		known.set(name, {oid: peeled || oid, target, upstream});
	}
}

function firstOf(refs: ReadonlyMap<string, Ref>, names: readonly string[]): MainlineRef | null {
	for (const name of names) {
		const ref = refs.get(name);
		if (ref) {
			const full = ref.target || name;
			return {ref: full, oid: ref.oid, remote: full.startsWith('refs/remotes/')};
		}
	}

	return null;
}

// Not in the order of gitrevisions(7), where tags come first: they are fetched from everybody who may push one, and a tag `origin/main`
// would decide what counts as published.
function candidates(name: string): string[] {
	const full = [name, `refs/${name}`].filter(ref => ref.startsWith('refs/'));
	const remotes = ['', 'origin/', 'upstream/'].map(remote => `refs/remotes/${remote}${name}`);
	return [...full, remotes[0]!, `refs/heads/${name}`, `refs/remotes/${name}/HEAD`, ...remotes.slice(1), `refs/tags/${name}`];
}

function configuredRefs(readRefs: RefReader, refs: ReadonlyMap<string, Ref>, name: string): MainlineRef[] {
	const found = firstOf(refs, candidates(name));
	if (!found || found.remote) {
		return found ? [found] : [];
	}

	const upstream = refs.get(found.ref)?.upstream ?? '';
	const short = found.ref.replace('refs/heads/', '');
	const followed = upstream.startsWith('refs/remotes/') ? firstOf(readRefs([upstream]), [upstream]) : null;
	const published = followed ?? firstOf(refs, [`refs/remotes/origin/${short}`]);
	return published ? [published, found] : [found];
}

function otherRemote(readRefs: RefReader): MainlineRef | null {
	const refs = readRefs(anyRemote);
	const names = [...refs.keys()].filter(name => /^refs\/remotes\/[^/]+\/(?:HEAD|main|master)$/.test(name));
	const remotes = new Set(names.map(name => name.split('/')[2]!));
	const [remote] = remotes;
	return remotes.size === 1
		? firstOf(
				refs,
				['HEAD', 'main', 'master'].map(name => `refs/remotes/${remote}/${name}`),
			)
		: null;
}

function unique(refs: readonly MainlineRef[]): MainlineRef[] {
	return [...new Map(refs.map(ref => [ref.ref, ref])).values()];
}
