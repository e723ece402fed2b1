import type {Config} from '../config/config.ts';
import {loadConfigFrom} from '../config/find.ts';
import {CONFIG_FILES} from '../config/places.ts';
import {readBlobs} from '../git/objects.ts';
import {emptyTree, type Repo} from '../git/repo.ts';
import {diffTrees} from '../git/trees.ts';

/**
 * The configuration that a commit holds, or the defaults: what a gate reads, so that a branch has no say in how it is judged. A link
 * in the place of a file is none. Throws UsageError naming file and key.
 */
export async function configAt(repo: Repo, commit: string): Promise<Config> {
	const entries = diffTrees(repo, emptyTree(repo), commit, CONFIG_FILES).flatMap(({after}) =>
		after?.mode.startsWith('100') ? [after] : [],
	);
	const blobs = readBlobs(
		repo,
		entries.map(({oid}) => oid),
	);
	return loadConfigFrom(entries.map(({path, oid}) => ({path, text: blobs.get(oid)!.toString('utf8')})));
}
