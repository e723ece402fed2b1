import {mkdtempSync} from 'node:fs';
import {basename, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type ForkOptions, forked} from './forked.ts';
import {configure, type Scenario} from './scenario.ts';

/** A clone that a story looks at. */
export type Site = Pick<Scenario, 'git' | 'guard' | 'files'>;

/** The fork of the README, both branches pushed, without hooks: what a CI finds. Ends on `feature`, of which only origin's is left. */
export async function proposed(t: ExecutionContext, options: ForkOptions = {}): Promise<Scenario> {
	const story = await forked(t, {published: true, install: false, start: new Date(), ...options});
	await story.git.push('-q', 'origin', 'feature');
	await story.git.checkout('-q', 'feature');
	await story.git.branch('-q', '-D', 'main');
	return story;
}

/** A fresh clone of `revision`, made as a CI makes it: detached, nothing else known. */
export async function cloned({at, folder, git}: Scenario, revision: string, ...how: readonly string[]): Promise<Site> {
	const clone = at(basename(mkdtempSync(join(folder, 'clone-'))));
	await clone.git('init', '-q');
	await configure(clone.git);
	await clone.git('remote', 'add', 'origin', `file://${await git.text('remote', 'get-url', 'origin')}`);
	await clone.git.fetch('-q', '--no-tags', ...how, 'origin', revision);
	await clone.git.checkout('-q', '--detach', 'FETCH_HEAD');
	return clone;
}

/** What a forge makes of a pull request: a merge by git alone, under a ref that no clone has by itself. */
export async function proposeMerge({git}: Scenario, name = 'pull/1'): Promise<void> {
	await git.checkout('-q', '--detach', 'origin/main');
	await git.merge('-q', '--no-edit', '--no-ff', 'feature');
	await git.push('-q', 'origin', `HEAD:refs/${name}/merge`);
	await git.checkout('-q', 'feature');
}
