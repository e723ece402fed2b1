import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {mergeFile, objectBatch} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {git} from '../git/run.ts';
import {listIndex} from '../git/trees.ts';
import {hasCarry, readCarry} from '../migrations/carry.ts';

/** Turn every carry in the worktree back into git's add/add conflict: markers in the file, both sides in the index. Returns the paths. */
export function restoreMarkers(repo: Repo & {readonly top: string}): string[] {
	const {stdout} = git(repo, ['grep', '-l', '-z', '-F', '-e', '# >>> migration-guard carry', '--', ':/*.py'], {ok: [0, 1]});
	const batch = objectBatch(repo);
	const {entries} = listIndex(repo);
	const restored: string[] = [];
	const stages: string[] = [];
	for (const path of stdout.toString('utf8').split('\0').filter(Boolean)) {
		const file = join(repo.top, path);
		const bytes = readFileSync(file);
		const carry = hasCarry(bytes.toString('latin1')) ? readCarry(bytes) : null;
		if (carry === null || carry === 'damaged') continue;
		writeFileSync(file, mergeFile(repo, carry.body, Buffer.alloc(0), carry.carried, ['ours', 'base', 'theirs'], 7).text);
		const mode = entries.get(path)?.mode ?? '100644';
		stages.push(
			`0 ${'0'.repeat(40)}\t${path}\0`,
			`${mode} ${batch.blob(carry.body)} 2\t${path}\0`,
			`${mode} ${batch.blob(carry.carried)} 3\t${path}\0`,
		);
		restored.push(path);
	}
	batch.flush();
	if (stages.length > 0) git(repo, ['update-index', '-z', '--index-info'], {input: stages.join('')});
	return restored;
}
