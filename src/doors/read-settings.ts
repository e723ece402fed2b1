import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Config} from '../config/config.ts';
import {loadConfig, loadConfigFrom} from '../config/find.ts';
import {CONFIG_FILES} from '../config/places.ts';
import {readBlobs} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {GitError} from '../git/run.ts';
import {diffIndex, diffTrees, type TreeChange} from '../git/trees.ts';
import {layoutOf} from '../install/layout.ts';
import {readRecord} from '../install/record.ts';
import type {Before} from './checked-out-before.ts';
import type {Settings} from './settings.ts';

/**
 * What holds in this worktree: its configuration file, and the folders that `install` found. With `before`, in a hook, a configuration file
 * that git's command changed is read as it was: what is merged must not redirect the merge. What the user has not committed holds.
 * Throws UsageError naming file and key.
 */
export async function readSettings(repo: Repo, before?: Before): Promise<Settings> {
	const changed = before && repo.top !== null ? changedConfiguration(repo, before) : [];
	const config = changed.length === 0 ? await loadConfig(repo.top) : await configBefore(repo, changed);
	return settingsOf(config, readRecord(layoutOf(repo.commonDir))?.folders ?? []);
}

/** The part of a configuration that the doors need. */
export function settingsOf(config: Config, foundFolders: readonly string[]): Settings {
	const {mainline, strategy, commit, backport, apps, folders, staleAfter, undoFor, conflicts, reviews, ignore, watch} = config;
	return {
		load: {apps, folders: [...new Set([...folders, ...foundFolders])]},
		mainline,
		strategy,
		commit,
		backport,
		handling: {conflicts, reviews, ignore},
		staleAfter: staleAfter > 0 ? staleAfter / 1000 : null,
		undoFor: undoFor / 86_400_000,
		autoStart: watch.autoStart,
	};
}

/** One process, in the few hooks that the stub lets through. */
function changedConfiguration(repo: Repo, {revision, now}: Before): TreeChange[] {
	try {
		return now === 'index' ? diffIndex(repo, revision, CONFIG_FILES) : diffTrees(repo, revision, 'HEAD', CONFIG_FILES);
	} catch (error) {
		// Nothing was checked out: the first commit of a repository.
		if (error instanceof GitError && error.code === 128) return [];
		throw error;
	}
}

async function configBefore(repo: Repo, changed: readonly TreeChange[]): Promise<Config> {
	const blobs = readBlobs(
		repo,
		changed.flatMap(({before}) => (isFile(before) ? [before.oid] : [])),
	);
	const files = CONFIG_FILES.flatMap(path => {
		const change = changed.find(one => one.path === path);
		const file = join(repo.top!, path);
		if (change) return isFile(change.before) ? [{path, text: blobs.get(change.before.oid)!.toString('utf8')}] : [];
		return existsSync(file) ? [{path, text: readFileSync(file, 'utf8')}] : [];
	});
	return loadConfigFrom(files);
}

function isFile(entry: TreeChange['before']): entry is NonNullable<TreeChange['before']> {
	return entry?.mode.startsWith('100') ?? false;
}
