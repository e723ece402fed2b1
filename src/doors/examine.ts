import type {Config} from '../config/config.ts';
import {UsageError} from '../errors.ts';
import {mainlineRefs} from '../git/mainline.ts';
import type {Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {type IndexState, listIndex} from '../git/trees.ts';
import {checkLoading, checkProject, type Finding} from '../migrations/check.ts';
import {looseMigration, publishedChange} from '../migrations/check-git.ts';
import {buildGraph} from '../migrations/graph.ts';
import {type Silenced, silence} from '../migrations/ignore.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {djangoSettings, readAhead} from './django-settings.ts';
import {type Ground, openGround} from './ground.ts';
import {shortRef} from './label.ts';
import {listDiskMeanwhile} from './look-at-worktree.ts';
import {looseMigrations} from './loose.ts';
import {type Published, publishedChanges, readPublished} from './published.ts';
import {openWorktree, type WorktreeGround} from './worktree.ts';

/** What was found in a tree, and what was looked at. */
export interface Examined {
	readonly findings: readonly Finding[];
	/** Findings that the configuration accepts. */
	readonly silenced: readonly Silenced[];
	readonly summary: {readonly revision: string | null; readonly apps: number; readonly migrations: number};
}

/**
 * Run every check on a tree. `config` says which refs are mainline and what is accepted; `asked` what is published, where somebody
 * knows better than the refs.
 */
export function examine(
	ground: Ground,
	revision: string | null,
	config: Pick<Config, 'mainline' | 'ignore'> = {mainline: null, ignore: []},
	asked?: Published,
): Examined {
	const {repo, library} = ground;
	announceFacts(ground);
	const settings = djangoSettings(ground);
	const project = ground.load(ground.files, settings);
	const graph = buildGraph(project);
	const published = asked ?? readPublished(repo, ground, config.mainline);
	const oidOf = (path: string) => ground.everything.get(path)!.oid;
	const findings = checkProject(project, graph, {
		text: path => library.source(oidOf(path)).text,
		facts: path => library.facts(oidOf(path)),
		settings,
		isPublished: published.has,
	});
	// Only now: what has just been read is what the next run need not read.
	library.save();
	const commit = published.refs.length === 0 ? null : resolveCommit(repo, revision ?? 'HEAD');
	const changes = commit === null ? [] : publishedChanges(repo, ground, published, commit, project);
	const loose = isWorktree(ground) ? looseMigrations(ground, project, graph) : [];
	const others = revision === null ? mainlineForks(ground, config.mainline) : [];
	const {kept, silenced} = silence(
		[...findings, ...others, ...changes.map(publishedChange), ...loose.map(looseMigration)],
		config.ignore,
	);
	return {
		findings: kept,
		silenced,
		summary: {revision, apps: project.folders.length, migrations: project.nodes.size + project.unreadable.length},
	};
}

/** Run every check on the worktree; what was listed of it already need not be asked again. */
export async function examineWorktree(
	repo: Repo & {readonly top: string},
	options: LoadOptions,
	config: Pick<Config, 'mainline' | 'ignore'>,
	listed?: {readonly disk: Buffer; readonly index: IndexState | undefined},
): Promise<{examined: Examined; ground: WorktreeGround}> {
	const ground = openWorktree(repo, options, listed?.disk, listed?.index);
	announceFacts(ground);
	await readAhead(ground);
	return {examined: examine(ground, null, config), ground};
}

function announceFacts({library, files}: Ground): void {
	library.fetchUnknown([...files.values()].map(({oid}) => oid));
}

/** Of several configured mainlines (production, staging) each has to load. With one, the answer is that of `check REF`. */
function mainlineForks(ground: Ground, mainline: readonly string[] | null): Finding[] {
	if (mainline === null || mainline.length < 2) return [];
	return mainlineRefs(ground.repo, mainline).flatMap(({ref, oid}) => {
		const project = ground.load(ground.at(oid), djangoSettings(ground));
		// The text of another tree is not at hand by path; a fork needs none.
		const found = checkLoading(project, buildGraph(project), {text: () => ''}).filter(({code}) => code === 'MG001');
		return found.map(finding => ({...finding, title: `on ${shortRef(ref)}: ${finding.title}`, places: []}));
	});
}

function isWorktree(ground: Ground): ground is WorktreeGround {
	return 'unstaged' in ground;
}

/** The tree that a command was asked about: a revision, else the worktree, else (in a bare repository) HEAD. Throws UsageError. */
export async function openAt(
	repo: Repo,
	options: LoadOptions,
	asked: string | undefined,
): Promise<{ground: Ground; revision: string | null}> {
	const {top} = repo;
	const revision = asked ?? (top === null ? 'HEAD' : null);
	const ground = revision === null ? await openDisk({...repo, top: top!}, options) : openRevision(repo, options, revision);
	await readAhead(ground);
	return {ground, revision};
}

/** `openWorktree`, with both listings made at one time. */
async function openDisk(repo: Repo & {readonly top: string}, options: LoadOptions): Promise<WorktreeGround> {
	const disk = listDiskMeanwhile(repo, options);
	// It is awaited below, and not where the other listing fails.
	disk.catch(() => {});
	const index = listIndex(repo);
	return openWorktree(repo, options, await disk, index);
}

function openRevision(repo: Repo, options: LoadOptions, revision: string): Ground {
	const commit = resolveCommit(repo, revision);
	if (commit === null) throw new UsageError(`${revision} is no commit of this repository`);
	return openGround(repo, commit, options);
}
