import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import test from 'ava';
import {filesIn} from '../helpers/files.ts';
import {forked} from '../helpers/forked.ts';
import {GIT} from '../helpers/git.ts';
import {hosted, mergeForked, snapshot} from '../helpers/hosted.ts';
import {PROJECT} from '../helpers/product.ts';

test('a push that forks the protected branch is refused, and leaves nothing behind', async t => {
	const story = await hosted(t);
	const {git, origin} = story;
	await mergeForked(story);
	const before = [await git.text('-C', origin, 'rev-parse', 'main'), snapshot(join(origin, 'objects'))];
	const refused = await git.attempt('push', 'origin', 'main');
	t.not(refused.exitCode, 0);
	t.regex(refused.output, /remote: migration-guard: main is protected, and this push adds 1 problem/);
	t.regex(refused.output, /remote: {3}MG001 shop has 2 leaf migrations: shop\.0003_currency, shop\.0003_discount/);
	t.regex(refused.output, /pre-receive hook declined/);
	t.deepEqual([await git.text('-C', origin, 'rev-parse', 'main'), snapshot(join(origin, 'objects'))], before);

	t.is((await git.attempt('push', 'origin', 'feature')).exitCode, 0);
	t.is((await story.guard.run('fix')).exitCode, 0);
	const taken = await git.attempt('push', 'origin', 'main');
	t.is(taken.exitCode, 0, taken.output);
	t.notRegex(taken.output, /remote:/);
	t.is(await git.text('-C', origin, 'rev-parse', 'main'), await git.oid('main'));
});

test('the same over git:// on loopback', async t => {
	const story = await hosted(t);
	const {git, origin, folder} = story;
	const port = await freePort();
	const daemon = spawn(
		GIT,
		[
			'daemon',
			'--reuseaddr',
			'--export-all',
			'--enable=receive-pack',
			'--listen=127.0.0.1',
			`--port=${port}`,
			`--base-path=${folder}`,
		],
		{stdio: 'ignore', detached: true, env: {...process.env, HOME: join(folder, 'home'), GIT_CONFIG_NOSYSTEM: '1'}},
	);
	t.teardown(() => endGroup(daemon));
	const url = `git://127.0.0.1:${port}/origin.git`;
	await answering(() => git.attempt('ls-remote', url));
	await git('remote', 'set-url', 'origin', url);
	await mergeForked(story);
	const refused = await git.attempt('push', 'origin', 'main');
	t.not(refused.exitCode, 0);
	t.regex(refused.output, /remote: migration-guard: main is protected/);
	t.is((await story.guard.run('fix')).exitCode, 0);
	t.is((await git.attempt('push', 'origin', 'main', 'feature')).exitCode, 0);
	t.is(await git.text('-C', origin, 'rev-parse', 'main'), await git.oid('main'));
});

test('which branches are protected', async t => {
	const story = await hosted(t);
	const {git, origin, django} = story;
	await git('-C', origin, 'config', '--add', 'migration-guard.protected', 'main');
	await git('-C', origin, 'config', '--add', 'migration-guard.protected', 'release/*');
	await git.push('-q', 'origin', 'main:release/1', 'main:other');
	await mergeForked(story);
	for (const [branch, refused] of [
		['main', true],
		['release/1', true],
		['release/2', true],
		['other', false],
		['another', false],
	] as const)
		t.is((await git.attempt('push', 'origin', `main:${branch}`)).exitCode !== 0, refused, branch);
	// Deleting, and tags, are none of its business.
	t.is((await git.attempt('push', 'origin', ':release/1')).exitCode, 0);
	await git('tag', 'v1');
	t.is((await git.attempt('push', 'origin', 'v1')).exitCode, 0);
	// What is forked already may go on being so, and be mended.
	await git('-C', origin, 'update-ref', 'refs/heads/main', 'refs/heads/other');
	await git.push('-q', '--force', 'origin', 'main:other');
	await git('-C', origin, 'update-ref', 'refs/heads/main', 'refs/heads/other');
	await django.makemigrations('pay', '0001_initial');
	await git.commit('more');
	t.is((await git.attempt('push', 'origin', 'main')).exitCode, 0);
	await django.makemigrations('pay', '0002_x', {dependencies: [['pay', '0009_gone']]});
	await git.commit('dangling');
	const dangling = await git.attempt('push', 'origin', 'main');
	t.not(dangling.exitCode, 0);
	t.regex(dangling.output, /MG002/);
	t.notRegex(dangling.output, /MG001/);
});

test('of several refs one is refused: all by pre-receive, that one by update', async t => {
	for (const [install, other] of [
		[[], false],
		[['--each-ref'], true],
	] as const) {
		const story = await hosted(t, {}, ...install);
		const {git, origin} = story;
		await mergeForked(story);
		const refused = await git.attempt('push', 'origin', 'main', 'feature');
		t.not(refused.exitCode, 0);
		t.is((await git.attempt('-C', origin, 'rev-parse', '-q', '--verify', 'refs/heads/feature')).exitCode === 0, other);
		t.is(await git.text('-C', origin, 'rev-parse', 'main'), await git.text('rev-parse', 'main^1'));
	}
});

test('the configuration is that of the branch as it is', async t => {
	const story = await hosted(t);
	const {git, files} = story;
	await mergeForked(story);
	const ignore = JSON.stringify({ignore: {MG001: {shop: 'this once'}}});
	files.write('.migrationguardrc.json', ignore);
	await git.commit('look away');
	t.not((await git.attempt('push', 'origin', 'main')).exitCode, 0);
	await git.reset('-q', '--hard', 'origin/main');
	files.write('.migrationguardrc.json', ignore);
	await git.commit('accepted');
	await git.push('-q', 'origin', 'main');
	await git.merge('-q', '--no-edit', 'feature');
	t.is((await git.attempt('push', 'origin', 'main')).exitCode, 0);
});

test('a published migration that is edited is said, and taken', async t => {
	const {git, files} = await hosted(t);
	await git.checkout('-q', 'main');
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
	await git.commit('edit');
	const {exitCode, output} = await git.attempt('push', 'origin', 'main');
	t.is(exitCode, 0);
	t.regex(output, /remote: migration-guard: MG112 shop\.0002_price is published on main and was edited/);
});

test('beside a hook that is there, and gone without a trace', async t => {
	const story = await forked(t, {published: true, install: false});
	const {git, folder} = story;
	const origin = join(folder, 'origin.git');
	const bare = filesIn(origin);
	bare.script('hooks/pre-receive', 'cat > seen', '[ ! -e closed ] || { echo "closed for today" >&2; exit 1; }');
	const before = snapshot(origin);
	const server = story.at('origin.git').guard;
	t.is((await server.run('install', '--server')).exitCode, 0);
	t.regex((await server.run('install', '--server')).stdout, /was set up already/);
	await mergeForked(story);
	t.regex((await git.attempt('push', 'origin', 'main')).output, /main is protected/);
	t.regex(bare.read('seen'), /refs\/heads\/main\n$/);
	bare.write('closed', '');
	const closed = await git.attempt('push', 'origin', 'feature');
	t.regex(closed.output, /closed for today/);
	bare.remove('closed');
	bare.remove('seen');
	t.is((await server.run('uninstall')).exitCode, 0);
	t.deepEqual(snapshot(origin), before);
});

test('without a trace where there was none', async t => {
	const story = await forked(t, {published: true, install: false});
	const origin = join(story.folder, 'origin.git');
	const before = snapshot(origin);
	const server = story.at('origin.git').guard;
	const dry = await server.run('install', '--server', '--dry-run');
	t.regex(dry.stdout, /write hooks\/pre-receive/);
	t.deepEqual(snapshot(origin), before);
	await server.run('install', '--server');
	t.true(existsSync(join(origin, 'hooks/pre-receive')));
	await server.run('uninstall');
	t.deepEqual(snapshot(origin), before);
});

test('where it cannot do its work the push goes through, and that is said', async t => {
	const story = await hosted(t);
	const {git, origin, server} = story;
	await mergeForked(story);
	rmSync(join(origin, 'migration-guard/program/cli.cjs'));
	// Without a migration in it, nobody asks for the program.
	const [fork = ''] = await git.lines('rev-parse', 'HEAD');
	await git.reset('-q', '--hard', 'HEAD^1');
	await git.commit('nothing', '--allow-empty');
	t.notRegex((await git.push('origin', 'main')).output, /remote:/);
	await git.merge('-q', '--no-edit', fork);
	const {exitCode, output} = await git.attempt('push', 'origin', 'main');
	t.is(exitCode, 0);
	t.regex(output, /remote: migration-guard: its program is gone from the server, so this push was not checked/);
	const elsewhere = await story.guard.run('install', '--server');
	t.is(elsewhere.exitCode, 2);
	t.regex(elsewhere.stderr, /--server is for a bare repository/);
	await git('-C', origin, 'config', 'core.hooksPath', '/etc/hooks');
	const hidden = await server.run('install', '--server');
	t.is(hidden.exitCode, 1);
	t.regex(hidden.stderr, /core\.hooksPath is \/etc\/hooks/);
});

test('called from the folder of hooks of another program, as the documentation has it', async t => {
	const story = await hosted(t);
	const {git, origin, folder} = story;
	const page = readFileSync(join(PROJECT, 'docs/server.md'), 'utf8');
	const [, script = ''] = /```sh\n#!\/bin\/sh\n([^`]*pre-receive\.d[^`]*)```/.exec(page) ?? [];
	filesIn(folder).script('hooks-of-the-server/pre-receive', ...script.split('\n'));
	await git('-C', origin, 'config', 'core.hooksPath', join(folder, 'hooks-of-the-server'));
	await mergeForked(story);
	const refused = await git.attempt('push', 'origin', 'main');
	t.not(refused.exitCode, 0);
	t.regex(refused.output, /remote: migration-guard: main is protected/);
});

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = createServer().once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
}

async function answering(ask: () => Promise<{readonly exitCode: number; readonly output: string}>): Promise<void> {
	for (let attempt = 0; ; attempt++) {
		const {exitCode, output} = await ask();
		if (exitCode === 0) return;
		if (attempt === 100) throw new Error(output);
		await new Promise(resolve => setTimeout(resolve, 50));
	}
}

/** `git daemon` starts a child for each connection. */
function endGroup({pid}: ChildProcess): void {
	if (pid !== undefined) process.kill(-pid);
}
