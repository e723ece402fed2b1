import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type ForkMerge, forkMerges} from './fork-merges.ts';
import type {Narrator} from './narrator.ts';

/** How many fork merges are tried before giving up: some conflict in other files, some were no fork in the end. */
const MOST_TRIES = 30;

/**
 * Redo the newest fork merge of a real repository in a throw-away clone, with the product installed. The repository itself is
 * only read. False when it has none.
 */
export async function rehearse(narrator: Narrator, repository: string): Promise<boolean> {
	const {title, say, show, run, text, folder} = narrator;
	const top = await run(repository, ['git', 'rev-parse', '--absolute-git-dir']);
	if (top.code !== 0 || !existsSync(top.output)) throw new Error(`${repository} is no git repository`);
	const clone = join(folder, 'clone');
	await text(folder, ['git', 'clone', '-q', '--shared', '--no-checkout', top.output, clone]);
	// The repository may be a partial clone: what it lacks is missed only where it is read. Nothing is fetched for a rehearsal.
	for (const [key, value] of [
		['core.repositoryFormatVersion', '1'],
		['extensions.partialClone', 'source'],
		['remote.source.url', join(folder, 'nowhere')],
		['remote.source.promisor', 'true'],
	] as const) {
		await text(clone, ['git', 'config', key, value]);
	}
	// Only the migrations are checked out: enough to see what happens, and cheap on a large repository.
	await text(clone, ['git', 'sparse-checkout', 'set', '--no-cone', '*migrations/']);

	title('Looking for the newest merge of two branches that both added migrations to one app');
	let tries = 0;
	for await (const merge of forkMerges(narrator, clone)) {
		if (++tries > MOST_TRIES) break;
		const plain = await mergedByGit(narrator, clone, merge);
		if (plain === null) continue;
		await text(clone, ['git', 'tag', '-f', 'git-alone', plain]);
		await show(clone, ['git', 'log', '-1', '--date=short', '--format=%h %ad %s', merge.oid.slice(0, 12)]);
		say(`  Both sides had added migrations to: ${merge.folders.join(', ')}`);

		title('What git alone makes of it');
		await show(clone, ['migration-guard', 'check', 'git-alone'], {only: /^(MG001|\S+ has)/});

		const {branch, merged} = await setUp(narrator, clone, merge);
		title(`The same merge with migration-guard installed: ${merged} into ${branch}`);
		await text(clone, ['migration-guard', 'install']);
		const said = await show(clone, ['git', 'merge', '--no-edit', '-q', merged], {lines: 20});
		await show(clone, ['migration-guard', 'check'], {only: /^(MG001|The worktree)/});
		for (const changed of merge.folders.slice(0, 1)) {
			say(`\n  ${changed} afterwards, its newest:`);
			const names = (await text(clone, ['git', 'ls-tree', '--name-only', `HEAD:${changed}`]))
				.split('\n')
				.filter(name => /^\d/.test(name));
			for (const name of names.slice(-6)) say(`    ${name}`);
		}
		return said.code === 0;
	}
	say(`  None found${tries === 0 ? '' : ` that git merges without a conflict elsewhere, among ${Math.min(tries, MOST_TRIES)}`}.`);
	return false;
}

/** The commit git alone would make, when it is forked and nothing but migrations conflicts; else null. */
async function mergedByGit({run}: Narrator, clone: string, {parents}: ForkMerge): Promise<string | null> {
	const [ours, theirs] = parents;
	const merged = await run(clone, ['git', 'merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs]);
	const [tree = '', ...conflicts] = merged.output.split('\0').filter(Boolean);
	if (merged.code > 1 || conflicts.some(path => !/migrations\/[^/]+$/.test(path))) return null;
	const commit = await run(clone, ['git', 'commit-tree', tree, '-p', ours, '-p', theirs, '-m', 'merged by git alone']);
	const check = await run(clone, ['migration-guard', 'check', '--json', commit.output]);
	// A partial clone may lack what a check has to read.
	if (commit.code !== 0 || check.code !== 1) return null;
	const {findings} = JSON.parse(check.output) as {findings: readonly {code: string}[]};
	return findings.some(({code}) => code === 'MG001' || code === 'MG005') ? commit.output : null;
}

/** Branches and a mainline as they were on that day: the side that lies in HEAD's first-parent history was mainline. */
async function setUp({text, run}: Narrator, clone: string, {parents}: ForkMerge): Promise<{branch: string; merged: string}> {
	const [ours, theirs] = parents;
	await text(clone, ['git', 'remote', 'remove', 'origin']);
	const first = await text(clone, ['git', 'rev-list', '--first-parent', 'HEAD']);
	const mainlineIsTheirs = !first.includes(ours) && first.includes(theirs);
	const [branch, merged] = mainlineIsTheirs ? ['feature', 'main'] : ['main', 'feature'];
	await text(clone, ['git', 'checkout', '-q', '--detach', ours]);
	for (const [name, oid] of [
		[branch, ours],
		[merged, theirs],
	] as const)
		await text(clone, ['git', 'branch', '-q', '-f', name, oid]);
	await text(clone, ['git', 'checkout', '-q', branch]);
	await run(clone, ['git', 'update-ref', 'refs/remotes/origin/main', 'main']);
	return {branch, merged};
}
