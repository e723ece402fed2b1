import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {defaultLoadersSync} from 'cosmiconfig';
import {run} from '../helpers/command.ts';
import {filesIn} from '../helpers/files.ts';
import {PROJECT, product} from '../helpers/product.ts';
import {cloned, proposed, proposeMerge, type Site} from '../helpers/proposed.ts';
import type {Scenario} from '../helpers/scenario.ts';

interface Action {
	readonly inputs: Readonly<Record<string, {readonly default?: string}>>;
	readonly outputs: Readonly<Record<string, unknown>>;
	readonly runs: {readonly using: string; readonly main: string};
}

const ACTION = load<Action>(join(PROJECT, 'action.yml'));

function load<T>(file: string): T {
	return defaultLoadersSync['.yaml'](file, readFileSync(file, 'utf8')) as T;
}

/** Do what a runner does: inputs with their defaults, the event as a file, files for summary and outputs. */
async function runner(
	site: Site,
	event: string,
	payload: unknown,
	inputs: Readonly<Record<string, string>> = {},
	main?: string,
	more: Readonly<Record<string, string>> = {},
) {
	const folder = join(dirname(site.files.root), `runner-${event}-${Object.values(inputs).join('-')}`);
	mkdirSync(folder, {recursive: true});
	const files = filesIn(folder);
	for (const name of ['summary.md', 'output']) files.write(name, '');
	files.write('event.json', JSON.stringify(payload));
	const given = Object.entries(ACTION.inputs).map(([name, input]) => [
		`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
		inputs[name] ?? input.default ?? '',
	]);
	const env = {
		PATH: process.env.PATH ?? '',
		HOME: folder,
		GIT_CONFIG_NOSYSTEM: '1',
		GITHUB_ACTIONS: 'true',
		GITHUB_WORKSPACE: site.files.root,
		GITHUB_EVENT_NAME: event,
		GITHUB_EVENT_PATH: join(folder, 'event.json'),
		GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
		GITHUB_OUTPUT: join(folder, 'output'),
		...Object.fromEntries(given),
		...more,
	};
	const {exitCode, stdout, stderr} = await run(process.execPath, [main ?? join(dirname(await product()), 'action.cjs')], {
		cwd: folder,
		env,
	});
	const lines = files.read('output').split('\n').filter(Boolean);
	return {
		exitCode,
		stdout,
		stderr,
		summary: files.read('summary.md'),
		output: Object.fromEntries(lines.map(line => line.split('='))),
	};
}

interface PullComment {
	readonly id: string;
	body: string;
	readonly viewerDidAuthor: boolean;
}

/** GitHub's side of comments, on this machine: as much of its GraphQL as is asked of it. */
async function pullRequests(t: ExecutionContext) {
	const comments: PullComment[] = [];
	const tokens: string[] = [];
	let isRefused = false;
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		tokens.push(request.headers.authorization ?? '');
		if (isRefused) return void response.writeHead(403).end('Resource not accessible by integration');
		const {query, variables} = JSON.parse(Buffer.concat(chunks).toString()) as {query: string; variables: Record<string, string>};
		if (query.includes('addComment')) comments.push({id: `c${comments.length}`, body: variables.body!, viewerDidAuthor: true});
		if (query.includes('updateIssueComment')) comments.find(({id}) => id === variables.on)!.body = variables.body!;
		response.end(JSON.stringify({data: {repository: {pullRequest: {id: 'p', comments: {nodes: comments}}}}}));
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => server.close());
	const {port} = server.address() as AddressInfo;
	return {
		comments,
		tokens,
		refuse() {
			isRefused = true;
		},
		env: {GITHUB_REPOSITORY: 'us/shop', GITHUB_GRAPHQL_URL: `http://127.0.0.1:${port}/graphql`},
	};
}

const pull = (head: string, sha: string, from = 'us/shop') => ({
	pull_request: {number: 1, head: {ref: head, sha, repo: {full_name: from}}, base: {ref: 'main', repo: {full_name: 'us/shop'}}},
	repository: {default_branch: 'main'},
	ref: 'refs/pull/1/merge',
});

/** As actions/checkout leaves it without options: one commit, no other branch. */
async function checkout(story: Scenario, revision = 'refs/pull/1/merge'): Promise<Site> {
	return cloned(story, revision, '--depth=1');
}

test('a pull request that would fork mainline: annotation, summary, outputs', async t => {
	const story = await proposed(t);
	await proposeMerge(story);
	const site = await checkout(story);
	const {exitCode, stdout, summary, output, stderr} = await runner(site, 'pull_request', pull('feature', await story.git.oid()));
	t.is(exitCode, 1, stderr);
	t.regex(stdout, /^::error file=shop\/migrations\/0003_discount\.py,line=6,title=MG203 /);
	t.notRegex(stdout, /MG207/);
	t.deepEqual(output, {result: 'problems', problems: '1', pushed: ''});
	t.regex(summary, /^### Migrations\n\nHEAD\^2, merged into origin\/main, has 1 problem/);
	t.regex(summary, /^\| ❌ MG203 \|/m);
	t.deepEqual(Object.keys(output).sort(), Object.keys(ACTION.outputs).sort());
	t.is(await site.git.status(), '');

	const trees = await runner(await checkout(story, 'feature'), 'pull_request', pull('feature', ''), {fetch: 'trees'});
	t.is(trees.exitCode, 1);
	t.regex(trees.stdout, /^::notice title=MG207 /m);
	const nothing = await runner(await checkout(story, 'feature'), 'pull_request', pull('feature', ''), {fetch: 'nothing'});
	t.is(nothing.exitCode, 2);
	t.regex(nothing.stdout, /^::error title=migration-guard::origin\/main is not in this clone; fetch it first:%0A {2}git fetch/);
});

test('a pull request that is fine, and one that is judged where the base is checked out', async t => {
	const story = await proposed(t);
	await proposeMerge(story);
	const fine = await runner(await checkout(story, 'main'), 'push', {
		ref: 'refs/heads/main',
		repository: {default_branch: 'main'},
	});
	t.deepEqual([fine.exitCode, fine.output], [0, {result: 'linear', problems: '0', pushed: ''}]);
	t.is(fine.stdout, 'HEAD is linear: 3 migrations in 1 app.');

	await story.git.push('-q', 'origin', 'feature:refs/pull/1/head');
	const target = await runner(await checkout(story, 'main'), 'pull_request_target', pull('feature', await story.git.oid()));
	t.is(target.exitCode, 1, target.stdout);
	t.regex(target.stdout, /MG203/);
	const branch = await runner(await checkout(story, 'feature'), 'push', {
		ref: 'refs/heads/feature',
		repository: {default_branch: 'main'},
	});
	t.is(branch.exitCode, 1);
});

test('a merge queue: an entry is judged against the one before', async t => {
	const story = await proposed(t, {incoming: []});
	const {git, django} = story;
	const bases = [await git.oid('origin/main')];
	for (const name of ['0004_one', '0004_two']) {
		await git.checkout('-q', '-b', name, 'origin/main');
		await django.makemigrations('shop', name);
		await git.commit(name);
		await git.checkout('-q', '--detach', bases.at(-1)!);
		await git.merge('-q', '--no-ff', '--no-edit', name);
		bases.push(await git.oid());
		await git.push('-q', 'origin', `HEAD:refs/heads/gh-readonly-queue/main/${name}`);
	}
	const group = (index: number) => ({
		merge_group: {base_sha: bases[index], base_ref: 'refs/heads/main'},
		repository: {default_branch: 'main'},
	});
	const results = [];
	for (const [index, name] of ['0004_one', '0004_two'].entries()) {
		const site = await checkout(story, `refs/heads/gh-readonly-queue/main/${name}`);
		results.push(await runner(site, 'merge_group', group(index), {mode: 'fix', sarif: `${name}.sarif`}));
	}
	const [one, two] = results;
	t.deepEqual([one!.exitCode, one!.output.result], [0, 'linear'], one!.stdout);
	t.deepEqual([two!.exitCode, two!.output.result], [1, 'problems']);
	t.regex(two!.stdout, /shop\.0004_two does not come after shop\.0004_one/);
	t.regex(two!.stdout, /::warning title=migration-guard::Nothing was pushed: only the branch of a pull request/);
});

test('mode: fix pushes once, and says what it did', async t => {
	const story = await proposed(t);
	await proposeMerge(story);
	const {git, guard} = story;
	const before = await git.oid();
	const first = await runner(await checkout(story), 'pull_request', pull('feature', before), {mode: 'fix'});
	await git.fetch('-q');
	const pushed = await git.oid('origin/feature');
	t.deepEqual([first.exitCode, first.output], [0, {result: 'fixed', problems: '0', pushed}], first.stdout);
	t.deepEqual(await git.parents(pushed), [before, await git.oid('origin/main')]);
	t.is(await git.text('log', '-1', '--format=%cn', pushed), 'github-actions[bot]');
	t.is(await guard.history('shop', pushed), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount');
	t.regex(first.summary, new RegExp(`Pushed ${pushed.slice(0, 9)} to feature`));

	const again = await runner(await cloned(story, 'refs/pull/1/merge'), 'pull_request', pull('feature', before), {mode: 'fix'});
	t.deepEqual([again.exitCode, again.output.result, again.output.pushed], [1, 'problems', '']);
	t.regex(again.summary, /Not fixed\. feature has moved on/);
	t.is((await git.text('ls-remote', 'origin', 'refs/heads/feature')).slice(0, 40), pushed);
});

test('mode: fix says at the pull request what it did, in one comment of its own', async t => {
	const story = await proposed(t);
	await proposeMerge(story);
	const before = await story.git.oid();
	const hub = await pullRequests(t);
	const stranger = {id: 'them', body: '<!-- migration-guard: open -->\nnot ours', viewerDidAuthor: false};
	hub.comments.push(stranger);
	const fix = async (event = pull('feature', before), token = 'secret', merge = 'refs/pull/1/merge') =>
		runner(await cloned(story, merge), 'pull_request', event, {mode: 'fix', token}, undefined, hub.env);
	const own = () => hub.comments.filter(({viewerDidAuthor}) => viewerDidAuthor).map(({body}) => body);

	const fork = await fix(pull('feature', before, 'them/shop'));
	t.is(fork.exitCode, 1);
	t.is(own().length, 1);
	t.regex(
		own()[0]!,
		/^<!-- migration-guard: open -->\n### Migrations\n[\s\S]*Nothing was pushed&#58; the pull request comes from a fork/,
	);

	const pushed = await fix();
	t.is(pushed.output.result, 'fixed');
	t.is(own().length, 1);
	t.regex(own()[0]!, new RegExp(`^<!-- migration-guard -->\\n[^]*Pushed ${pushed.output.pushed!.slice(0, 9)} to feature`));

	// The run that the push starts has nothing to say, and what was done stays said.
	const [said] = own();
	await story.git.fetch('-q');
	await story.git.merge('-q', '--ff-only', 'origin/feature');
	await proposeMerge(story, 'pull/2');
	const after = await fix(pull('feature', pushed.output.pushed!), 'secret', 'refs/pull/2/merge');
	t.deepEqual([after.exitCode, after.output.result], [0, 'linear'], after.stdout);
	t.deepEqual(own(), [said!]);
	t.is(hub.comments[0], stranger);
	t.deepEqual(new Set(hub.tokens), new Set(['bearer secret']));

	hub.refuse();
	const denied = await fix(pull('feature', before, 'them/shop'), 'weak');
	t.is(denied.exitCode, 1);
	t.regex(denied.stdout, /::warning title=migration-guard::No comment was written: 403 Resource not accessible/);
});

test("mode: fix never pushes to a fork, and a remote's refusal is no success", async t => {
	const story = await proposed(t);
	await proposeMerge(story);
	const before = await story.git.oid();
	const fork = await runner(await checkout(story), 'pull_request', pull('feature', before, 'them/shop'), {mode: 'fix'});
	t.deepEqual([fork.exitCode, fork.output.result, fork.output.pushed], [1, 'problems', '']);
	t.regex(fork.stdout, /::warning title=migration-guard::Nothing was pushed: the pull request comes from a fork/);
	filesIn(join(story.folder, 'origin.git')).script(
		'hooks/pre-receive',
		'echo "Resource not accessible by integration" >&2',
		'exit 1',
	);
	const denied = await runner(await checkout(story, 'feature'), 'pull_request', pull('feature', before), {mode: 'fix'});
	t.deepEqual([denied.exitCode, denied.output.result, denied.output.pushed], [1, 'problems', '']);
	t.regex(denied.summary, /Resource not accessible by integration/);
	t.is((await story.git.text('ls-remote', 'origin', 'refs/heads/feature')).slice(0, 40), before);
});

test('wrong inputs are named', async t => {
	const story = await proposed(t);
	const site = await checkout(story, 'feature');
	const {exitCode, stdout} = await runner(site, 'pull_request', pull('feature', ''), {mode: 'force'});
	t.is(exitCode, 2);
	t.is(stdout, '::error title=migration-guard::mode: expected check or fix, not force');
});

test('hostile names do not become Markdown, commands or outputs', async t => {
	const story = await proposed(t);
	const name = '0003_a](https://x)<img src=y>\n::add-mask::z @everyone|';
	story.files.write(`shop/migrations/${name.replaceAll('/', '')}.py`, story.files.read('shop/migrations/0003_discount.py'));
	await story.git.commit('odd');
	await story.git.push('-q', 'origin', 'feature');
	const {stdout, summary} = await runner(await checkout(story, 'feature'), 'pull_request', pull('feature', ''), {fetch: 'trees'});
	t.notRegex(stdout, /^::add-mask/m);
	t.notRegex(summary, /<img|\]\(|@everyone/);
});

test('a release is a commit that the action runs from', async t => {
	const folder = mkdtempSync(join(tmpdir(), 'migration-guard-release-test-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	const copy = join(folder, 'project');
	const git = (...args: readonly string[]) => execFileSync('git', args, {cwd: copy, encoding: 'utf8'}).trim();
	mkdirSync(copy);
	// The project as it lies there, committed: this test may run before its own commit.
	for (const name of [
		'src',
		'scripts',
		'hooks',
		'package.json',
		'package-lock.json',
		'action.yml',
		'LICENSE',
		'README.md',
		'SECURITY.md',
	])
		cpSync(join(PROJECT, name), join(copy, name), {recursive: true});
	execFileSync('ln', ['-s', join(PROJECT, 'node_modules'), join(copy, 'node_modules')]);
	writeFileSync(join(copy, '.gitignore'), 'node_modules\n');
	git('init', '-q');
	for (const [key, value] of Object.entries({'user.name': 'Ada', 'user.email': 'ada@example.org'})) git('config', key, value);
	git('add', '-A');
	git('commit', '-q', '-m', 'source');
	const release = (...args: readonly string[]) =>
		run(process.execPath, ['scripts/release-action.mjs', ...args], {cwd: copy, env: {PATH: process.env.PATH ?? ''}});
	const dry = await release('--dry-run');
	t.is(dry.exitCode, 0, dry.output);
	t.is(git('tag'), '');
	t.is((await release()).exitCode, 0);
	t.deepEqual(git('tag').split('\n'), ['v0', 'v0.1.0']);
	t.is(git('rev-parse', 'v0.1.0^{commit}^'), git('rev-parse', 'HEAD'));
	t.is(git('status', '--porcelain'), '');
	t.is((await release()).exitCode, 1, 'twice');
	const used = join(folder, 'used');
	execFileSync('git', ['clone', '-q', '--depth=1', '-b', 'v0', `file://${copy}`, used], {stdio: 'ignore'});
	const action = load<Action>(join(used, 'action.yml'));
	const story = await proposed(t);
	const result = await runner(
		await checkout(story, 'feature'),
		'pull_request',
		pull('feature', ''),
		{},
		join(used, action.runs.main),
	);
	t.is(result.exitCode, 1, result.stderr);
	t.regex(result.stdout, /MG203/);
	// What it reads a configuration with is part of it.
	await story.git.checkout('-q', '--detach', 'origin/main');
	story.files.write('.migrationguardrc', 'forks: warn\n');
	await story.git.commit('warn');
	await story.git.push('-q', 'origin', 'HEAD:main');
	const warned = await runner(
		await cloned(story, 'feature'),
		'pull_request',
		pull('feature', ''),
		{},
		join(used, action.runs.main),
	);
	t.is(warned.exitCode, 0, warned.output.result);
});
