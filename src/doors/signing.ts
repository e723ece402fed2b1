import {type CopiedCommit, signCopies} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {GitError} from '../git/run.ts';
import type {Refusal} from '../refusal.ts';

/** Sign copies of signed commits: copy → final commit, or why git's own commits stay. */
export function signed(repo: Repo, copies: readonly CopiedCommit[]): ReadonlyMap<string, string> | Refusal {
	try {
		return signCopies(repo, copies);
	} catch (error) {
		if (!(error instanceof GitError)) throw error;
		return {
			code: 'signing-failed',
			what: 'The migration history stays forked: the linear commit could not be signed, and the one it would replace is.',
			nodes: [],
			paths: [],
			why: error.stderr.trim().split('\n')[0] ?? 'git gave no reason.',
			next: 'migration-guard fix',
		};
	}
}
