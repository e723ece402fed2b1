import {existsSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {objectBatch} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {emptyTree} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {git} from '../git/run.ts';
import {diffIndex, listIndex, updateIndex, writeIndexTree} from '../git/trees.ts';
import {folderOf} from '../history/revision.ts';
import {buildGraph} from '../migrations/graph.ts';
import {nameOf} from '../migrations/key.ts';
import {maxMigrationText, readMaxMigration} from '../migrations/max-migration.ts';
import {isMigrationFile} from '../migrations/project.ts';
import {NOTHING, type Outcome} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import {openGround} from './ground.ts';
import {pathspecs} from './guarded.ts';
import {replaceFile} from './replace-file.ts';
import type {Settings} from './settings.ts';

/** A file that is to name another leaf: what the index has, and what belongs there. */
interface Behind {
	readonly path: string;
	readonly leaf: string;
	readonly oid: string;
	readonly mode: string;
	readonly bytes: Uint8Array;
}

/**
 * A commit is about to be made that adds, renames or drops migrations (pre-commit): let the max_migration.txt of their apps name the leaf in
 * that commit, where there is one. Plain `makemigrations` leaves it behind. Only the commit's index says what the leaf is, whatever else
 * lies on disk; the file on disk follows unless somebody edited it. A forked app is left alone.
 */
export function followMaxMigrations(repo: Repo, settings: Settings): Outcome {
	const behind = findBehind(repo, settings);
	if (behind.length === 0) return NOTHING;
	const batch = objectBatch(repo);
	const entries = behind.map(({path, mode, bytes}) => ({path, mode, oid: batch.blob(bytes)}));
	batch.flush();
	// First the worktree: interrupted in between, the commit is git's own, and the next one has the file.
	for (const file of behind) writeToDisk(repo, file);
	updateIndex(repo, entries);
	const staying = stayingIndex(repo);
	if (staying !== null) {
		// `git commit -- PATH` commits an index of its own; the one that stays is written already, and waits to be renamed.
		const there = listIndex(
			staying,
			behind.map(({path}) => path),
		).entries;
		updateIndex(
			staying,
			entries.filter(({path}) => there.get(path)?.oid === behind.find(file => file.path === path)!.oid),
		);
	}
	const steps = behind.map(({path, leaf}) => ({kind: 'max-migration' as const, path, to: leaf}));
	const plan: Plan = {forks: [], steps, changes: [], reported: [], refusals: []};
	return {kind: 'noticed', plan, sides: []};
}

function findBehind(repo: Repo, settings: Settings): Behind[] {
	const head = resolveCommit(repo, 'HEAD') ?? emptyTree(repo);
	const changed = diffIndex(repo, head, pathspecs(settings.load)).filter(({path}) => isMigrationFile(path));
	const folders = new Set(changed.map(({path}) => folderOf(path)));
	const tree = folders.size === 0 ? null : writeIndexTree(repo);
	if (tree === null) return [];
	const ground = openGround(repo, tree, settings.load);
	const project = ground.load(ground.files);
	ground.library.save();
	const graph = buildGraph(project);
	return project.folders.flatMap(({path: folder, app, maxMigration}) => {
		const leaves = graph.leafNodes(app);
		const isWhole = leaves.length === 1 && !project.unreadable.some(file => file.app === app);
		const file = maxMigration === null ? undefined : ground.files.get(maxMigration);
		if (!folders.has(folder) || maxMigration === null || !file || !isWhole) return [];
		const {text} = ground.library.source(file.oid);
		const content = readMaxMigration(text);
		const leaf = nameOf(leaves[0]!);
		if (content.kind === 'name' && content.name === leaf) return [];
		return [{...file, path: maxMigration, leaf, bytes: Buffer.from(maxMigrationText(leaf, text))}];
	});
}

/** Only a file that is as the index has it (git compares, filters and all); one that somebody edited, or took away, is theirs. */
function writeToDisk(repo: Repo, {path, leaf}: Behind): void {
	const file = join(repo.cwd, path);
	const isEdited = git(repo, ['--literal-pathspecs', 'diff-files', '--quiet', '--', path], {ok: [0, 1]}).code === 1;
	if (!existsSync(file) || isEdited) return;
	replaceFile(repo, path, maxMigrationText(leaf, readFileSync(file, 'latin1')));
}

/** The index that stays, where git commits another one (builtin/commit.c:prepare_index, COMMIT_PARTIAL); else null. */
function stayingIndex(repo: Repo): Repo | null {
	const lock = join(repo.gitDir, 'index.lock');
	const isPartial = /^next-index-\d+\.lock$/.test(basename(process.env.GIT_INDEX_FILE ?? ''));
	return isPartial && existsSync(lock) ? {...repo, env: {...repo.env, GIT_INDEX_FILE: lock}} : null;
}
