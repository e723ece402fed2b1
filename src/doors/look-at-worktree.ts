import {readdirSync} from 'node:fs';
import {gitMeanwhile} from '../git/meanwhile.ts';
import type {Repo} from '../git/repo.ts';
import {git} from '../git/run.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {pathspecs} from './guarded.ts';

/**
 * What differs from the index among the migrations (git knows by its stat data), and those of which git has nothing, in one process:
 * as `ls-files -t -z` prints it.
 */
export function listDisk(repo: Repo, options: LoadOptions): Buffer {
	return git(repo, listing(options)).stdout;
}

/** The same, while something else is done. */
export function listDiskMeanwhile(repo: Repo, options: LoadOptions): Promise<Buffer> {
	return gitMeanwhile(repo, listing(options));
}

function listing(options: LoadOptions): string[] {
	const how = ['--modified', '--others', '--exclude-standard', '-t', '-z', '--full-name'];
	return ['ls-files', ...how, '--', ...pathspecs(options)];
}

/** The names in a folder; none where there is none. */
export function filesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
