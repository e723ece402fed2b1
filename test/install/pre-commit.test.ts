import {execFileSync} from 'node:child_process';
import {cpSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import test from 'ava';
import {run} from '../helpers/command.ts';
import {forked} from '../helpers/forked.ts';
import {managers} from '../helpers/managers.ts';
import {PROJECT} from '../helpers/product.ts';

/** It installs the development tools from the registry, which can take minutes, and is the same with every git. */
const isWanted = process.env.CI === 'true' || process.env.MIGRATION_GUARD_TEST_ALL === '1';
const thorough = isWanted && !process.env.MIGRATION_GUARD_TEST_GIT ? test : test.skip;

thorough('pre-commit builds this project by itself, with `language: node`, and its hook refuses a fork', async t => {
	const tools = managers(t);
	if (!tools) return;
	const {folder, git, files} = await forked(t, {install: false});
	await git.merge('--no-ff', 'feature');
	const hooks = join(folder, 'migration-guard');
	const isOwn = (path: string) => !/^(node_modules|dist|\.git|\.cache|\.venvs)/.test(path.slice(PROJECT.length + 1));
	cpSync(PROJECT, hooks, {recursive: true, filter: isOwn});
	const {PATH = '', HOME = ''} = process.env;
	// How this machine reaches the registry: npm's settings, and whose certificates it trusts.
	const reaching = Object.entries(process.env).filter(
		([name, value]) => value !== undefined && /^(npm_config_|NODE_EXTRA_CA_CERTS$|SSL_CERT_|https?_proxy$)/i.test(name),
	) as [string, string][];
	const identity = {
		GIT_AUTHOR_NAME: 'Ada',
		GIT_AUTHOR_EMAIL: 'ada@example.org',
		GIT_COMMITTER_NAME: 'Ada',
		GIT_COMMITTER_EMAIL: 'ada@example.org',
	};
	const env = {
		...identity,
		PATH: [tools.preCommit, PATH].join(delimiter),
		// npm's cache and its configuration of the registry are at home.
		HOME,
		...Object.fromEntries(reaching),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		PRE_COMMIT_HOME: join(folder, 'pre-commit-cache'),
	};
	const inHooks = (...args: readonly string[]) => execFileSync('git', args, {cwd: hooks, env, encoding: 'utf8'}).trim();
	for (const args of [
		['init', '-q'],
		['add', '-A'],
		['commit', '-q', '-m', 'as it lies here'],
	])
		inHooks(...args);
	const config = `repos:\n- repo: ${hooks}\n  rev: ${inHooks('rev-parse', 'HEAD')}\n  hooks: [{id: migration-guard}]\n`;
	files.write('.pre-commit-config.yaml', config);
	await git.add('-A');
	const done = await run('pre-commit', ['run', '--all-files'], {cwd: files.root, env});
	t.is(done.exitCode, 1, done.output);
	t.regex(done.output, /migration-guard check\.*Failed/);
	t.regex(done.output, /0003_currency[\s\S]*0003_discount/);
});
