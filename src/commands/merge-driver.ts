import {readFileSync} from 'node:fs';
import {pairingOf} from '../doors/pairing.ts';
import {UsageError} from '../errors.ts';
import {mergeFile} from '../git/objects.ts';
import {isMaxMigration} from '../history/revision.ts';
import {type FileMerge, mergeMaxMigration, mergeMigrationFile, type ThreeFiles} from '../plan/merge-file.ts';
import {writeAtomically} from '../worktree/state.ts';
import type {Command} from './command.ts';

/** Called by git for one path, through the launcher that falls back to `git merge-file`: 0 merged, 1 a conflict marked in the file. */
export const command: Command = {
	name: 'merge-driver',
	summary: 'merge one migration file, as git asks for it',
	usage: 'BASE OURS THEIRS MARKER-SIZE PATH [LABEL LABEL LABEL]',
	options: {},
	examples: [],
	internal: true,
	// Our side is replaced when the result is whole: torn by a full disk it would be what the launcher's `git merge-file` starts from.
	async run({cwd, positionals}) {
		const [base, ours, theirs, size, path, ...labels] = positionals;
		if (base === undefined || ours === undefined || theirs === undefined || path === undefined)
			throw new UsageError('merge-driver is called by git');
		const files: ThreeFiles = {base: readFileSync(base), ours: readFileSync(ours), theirs: readFileSync(theirs)};
		const merged: FileMerge = isMaxMigration(path)
			? {kind: 'merged', bytes: mergeMaxMigration(files)}
			: mergeMigrationFile(files, () => pairingOf(cwd, path, files.base));
		if (merged.kind === 'merged') {
			writeAtomically(ours, merged.bytes);
			return 0;
		}
		// Without a common text every line differs: both files whole, in one conflict.
		const common = merged.kind === 'whole' ? Buffer.alloc(0) : files.base;
		const named = labels.length >= 3 && labels[0] !== '%S' ? labels : ['base', 'ours', 'theirs'];
		const text = mergeFile({cwd}, files.ours, common, files.theirs, [named[1]!, named[0]!, named[2]!], Number(size) || 7);
		writeAtomically(ours, text.text);
		return text.conflicts === 0 ? 0 : 1;
	},
};
