import {readFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import test from 'ava';
import {defaultLoadersSync} from 'cosmiconfig';
import {run} from '../helpers/command.ts';
import {filesIn} from '../helpers/files.ts';
import {PROJECT, product} from '../helpers/product.ts';
import {cloned, proposed, proposeMerge, type Site} from '../helpers/proposed.ts';
import type {Scenario} from '../helpers/scenario.ts';

interface Job {
	readonly script: readonly string[];
	readonly variables: Readonly<Record<string, string | number>>;
	readonly artifacts: {readonly reports: {readonly codequality: string}};
}

const read = (name: string): unknown => defaultLoadersSync['.yaml'](name, readFileSync(join(PROJECT, name), 'utf8'));

/** Run the job's script in a clone as a runner makes it; `npx --yes PACKAGE` is the program under test. */
async function job(story: Scenario, site: Site, variables: Readonly<Record<string, string>>) {
	const {migrations} = read('ci/gitlab.yml') as {migrations: Job};
	filesIn(story.folder).script('bin/npx', 'shift 2', `exec '${process.execPath}' '${await product()}' "$@"`);
	const env = {
		HOME: join(story.folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		...Object.fromEntries(Object.entries(migrations.variables).map(([name, value]) => [name, String(value)])),
		...variables,
		PATH: `${join(story.folder, 'bin')}${delimiter}${process.env.PATH}`,
	};
	const {exitCode, stdout, stderr} = await run('sh', ['-e', '-c', migrations.script.join('\n')], {cwd: site.files.root, env});
	const report = JSON.parse(site.files.read(migrations.artifacts.reports.codequality)) as {check_name: string}[];
	return {exitCode, stdout, stderr, codes: report.map(({check_name}) => check_name)};
}

test('a merge request, its merged result, and the default branch', async t => {
	const story = await proposed(t);
	await proposeMerge(story, 'merge-requests/1');
	const request = {CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main'};
	for (const revision of ['feature', 'refs/merge-requests/1/merge']) {
		const forked = await job(story, await cloned(story, revision), request);
		t.deepEqual([forked.exitCode, forked.codes], [1, ['MG203']], forked.stderr);
		t.regex(forked.stdout, /^MG203 merged into origin\/main this forks shop/);
	}
	const fine = await job(story, await cloned(story, 'main'), {CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main'});
	t.deepEqual([fine.exitCode, fine.codes], [0, []]);
});

test('the hooks for pre-commit are checks that run at named stages', t => {
	const hooks = read('.pre-commit-hooks.yaml') as {id: string; entry: string; stages: string[]; language: string}[];
	t.deepEqual(
		hooks.map(({id, entry, stages}) => [id, entry, stages]),
		[
			['migration-guard', 'migration-guard check', ['pre-commit', 'pre-push', 'manual']],
			['migration-guard-against', 'migration-guard check --against', ['pre-push', 'manual']],
		],
	);
});
