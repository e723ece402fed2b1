import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {appendLog} from '../../src/watch/log.ts';
import {forked} from '../helpers/forked.ts';
import {PROJECT} from '../helpers/product.ts';
import {configure, scenario} from '../helpers/scenario.ts';
import {validator} from '../helpers/schema.ts';
import {concern, surroundings, watching} from '../helpers/watching.ts';

const isStatus = validator('daemon');
const LOCK = '.git/migration-guard/watch/lock';
const STATUS = '.git/migration-guard/watch/status.json';

test('one daemon for a repository, from whichever worktree; its end leaves nothing', async t => {
	const {git, guard, files, folder, at} = await forked(t, {install: false});
	await git('worktree', 'add', '-q', '../second', 'feature');
	const daemon = await watching(t, folder);
	const again = await at('second').guard.run('watch');
	t.is(again.exitCode, 1);
	t.regex(again.stderr, new RegExp(`Process ${daemon.child.pid} does it`));
	const started = await guard.run('daemon', 'start');
	t.is(started.stdout, `Running already: process ${daemon.child.pid}.`);
	t.is(await daemon.stop(), 0);
	t.deepEqual(files.list('.git/migration-guard/watch'), ['log']);
	t.false(files.exists('.git/migration-guard/prompt'));
	t.false(files.exists('.git/worktrees/second/migration-guard/prompt'));
});

test('start, status, logs, stop; a prompt shows what stands while the daemon lives', async t => {
	const {git, guard, files, folder} = await forked(t, {install: false, incoming: []});
	const json = async (exitCode: number) => {
		const {stdout, ...result} = await guard.run('daemon', 'status', '--json');
		t.is(result.exitCode, exitCode, stdout);
		t.true(isStatus(JSON.parse(stdout)), JSON.stringify(isStatus.errors));
		return JSON.parse(stdout) as {running: boolean; pid: number | null; status: {concerns: readonly unknown[]} | null};
	};
	t.deepEqual(await json(1), {version: 1, running: false, pid: null, status: null} as never);
	const started = await guard.run('daemon', 'start');
	t.is(started.exitCode, 0, started.output);
	const {pid} = await json(0);
	t.teardown(() => {
		try {
			process.kill(pid!, 'SIGKILL');
		} catch {
			// It has ended, as it should.
		}
	});
	t.is(started.stdout, `Started: process ${pid}.`);
	const calm = await guard.run('daemon', 'status');
	t.regex(
		calm.stdout,
		/^Process \d+ watches \d+ folders since .*\n {2}.*\/repo \(main\): 3 migrations, linear\nNothing to know\.$/,
	);

	files.write('shop/migrations/0003_copy.py', files.read('shop/migrations/0003_currency.py'));
	while ((await guard.run('daemon', 'status')).exitCode === 0);
	t.is((await json(1)).status?.concerns.length, 1);
	t.regex(
		(await guard.run('daemon', 'status')).stdout,
		/1 thing to know:\n {2}shop has 2 leaf .*\n {4}next: migration-guard fix$/,
	);
	t.regex(
		(await guard.run('daemon', 'logs', '--lines', '3')).stdout,
		/^\S+Z {3}in: .*\n\S+ {3}why: .*\n\S+ {3}next: migration-guard fix$/,
	);

	const line = (await guard.run('daemon', 'status', '--prompt')).stdout;
	const prompt = (where: string) =>
		spawnSync('sh', ['-c', line], {cwd: join(folder, where), env: surroundings(folder), encoding: 'utf8'});
	t.deepEqual([prompt('repo/shop').stdout, prompt('repo').stderr], [' [fork shop]', '']);
	t.deepEqual([prompt('home').stdout, prompt('home').stderr], ['', '']);

	const stopped = await guard.run('daemon', 'stop');
	t.is(stopped.stdout, `Stopped: process ${pid}.`);
	t.false(files.exists(STATUS));
	writeFileSync(join(folder, 'repo/.git/migration-guard/prompt'), 'fork shop\n999999999\n');
	t.is(prompt('repo').stdout, '', 'a prompt of a daemon that was killed');
	t.is((await guard.run('daemon', 'stop')).stdout, 'No daemon runs here.');
	t.is((await guard.run('daemon', 'frob')).exitCode, 2);
	t.is(await git.status(), '?? shop/migrations/0003_copy.py');
});

test('a daemon that was killed is in nobody’s way', async t => {
	const {folder, files} = await forked(t, {install: false});
	const first = await watching(t, folder);
	first.child.kill('SIGKILL');
	await first.ended();
	t.true(files.exists(LOCK));
	files.write('.git/migration-guard/watch/objects-1/x', '');
	const second = await watching(t, folder);
	t.is(second.status().pid, second.child.pid!);
	t.false(files.exists('.git/migration-guard/watch/objects-1'));
});

test('it ends when the repository is deleted, or its lock taken away', async t => {
	for (const end of [
		(folder: string) => rmSync(join(folder, 'repo'), {recursive: true}),
		(folder: string) => renameSync(join(folder, 'repo'), join(folder, 'elsewhere')),
		(folder: string) => rmSync(join(folder, 'repo/.git/migration-guard'), {recursive: true}),
	]) {
		const {folder} = await forked(t, {install: false});
		const daemon = await watching(t, folder);
		end(folder);
		t.is(await daemon.ended(), 0);
		t.is(daemon.told.at(-1)?.event, 'stopped');
		t.false(existsSync(join(folder, 'repo', LOCK)));
	}
});

for (const code of ['ENOSPC', 'EMFILE']) {
	test(`no watches left (${code}): said with what to raise, and changes are found all the same`, async t => {
		const {folder, files} = await forked(t, {install: false});
		const preload = join(PROJECT, 'test/helpers/no-watches.cjs');
		const daemon = await watching(t, folder, {env: {NODE_OPTIONS: `--require ${preload}`, NO_WATCHES: code}});
		const {trouble} = await daemon.until('the trouble', ({event}) => event === 'trouble');
		t.is(trouble?.code, 'no-watches');
		t.regex(trouble?.next ?? '', code === 'ENOSPC' ? /max_user_watches/ : /max_user_instances/);
		files.write('shop/migrations/0003_copy.py', files.read('shop/migrations/0003_currency.py'));
		await daemon.until('the fork', concern('fork', 'shop.0003_copy'));
		// No folder's time tells that a file was written anew.
		files.edit('shop/migrations/0003_copy.py', '0002_price', '0003_currency');
		await daemon.until('its end', ({event}) => event === 'over');
		t.is(daemon.status().mode, 'polling');
		t.is(daemon.told.filter(({event}) => event === 'trouble').length, 1);
	});
}

test('branch switches, rebases, packed refs and gc are survived, and are no news', async t => {
	const story = await forked(t, {install: false, published: true});
	const {git, files} = story;
	const daemon = await watching(t, story.folder);
	await daemon.until('the collision', concern('collision', 'shop.0003_discount'));
	const before = daemon.told.length;
	for (const branch of ['feature', 'main', 'feature']) await git.checkout('-q', branch);
	await git('pack-refs', '--all', '--prune');
	await git('gc', '-q', '--prune=now');
	await git('branch', '-q', 'another', 'main');
	await daemon.settled('feature', () => daemon.status().worktrees[0]?.branch === 'feature');
	const told = daemon.told.slice(before).filter(({event, isReplaced}) => event === 'over' && !isReplaced);
	t.deepEqual(told, []);
	await git('-c', 'core.hooksPath=/dev/null', 'rebase', '-q', 'main');
	await daemon.until('the fork', concern('fork', 'shop.0003_discount', 'shop.0003_currency'), before);
	files.remove('shop/migrations');
	await daemon.settled('no migrations', () => daemon.status().worktrees[0]?.migrations === 0);
	await git.checkout('-q', '--', 'shop');
	await daemon.settled('all of them again', () => daemon.status().worktrees[0]?.migrations === 4);
	t.is(await daemon.stop(), 0);
});

test('watch.fetchEvery: what is on the remote is known, and no ref of the user’s moves', async t => {
	const story = await forked(t, {
		install: false,
		published: true,
		mainline: [],
		base: ({files}) => files.write('.migrationguardrc', 'watch: {fetchEvery: 1h}\n'),
	});
	const {git, at, folder} = story;
	await git.checkout('-q', 'feature');
	await git('clone', '-q', join(folder, 'origin.git'), join(folder, 'coworker'));
	const other = at('coworker');
	await configure(other.git);
	await other.django.makemigrations('shop', '0003_currency');
	await other.git.commit('coworker: 0003_currency');
	await other.git.push('-q');
	const refs = await git.text('for-each-ref', 'refs/heads', 'refs/remotes', 'refs/tags');
	const daemon = await watching(t, folder);
	const fetched = await daemon.until('the fetch', ({event}) => event === 'fetched');
	t.is(fetched.mainline, 'origin/main');
	const {concern: about} = await daemon.until('the collision', concern('collision', 'shop.0003_currency', 'shop.0003_discount'));
	t.true(about?.isPrefetched);
	t.is(about?.next, 'git fetch && git merge origin/main');
	t.is(await git.text('for-each-ref', 'refs/heads', 'refs/remotes', 'refs/tags'), refs);
	t.false(existsSync(join(folder, 'repo/.git/FETCH_HEAD')));
	await git.fetch('-q');
	await daemon.settled('the same, fetched', () => daemon.status().concerns[0]?.isPrefetched === false);
	t.is(daemon.told.filter(({event}) => event === 'concern').length, 1, 'it is the same collision');
});

test('a remote that does not answer is said once, with the command that shows why', async t => {
	const {git, folder} = await forked(t, {
		install: false,
		published: true,
		base: ({files}) => files.write('.migrationguardrc', 'watch: {fetchEvery: 1h}\n'),
	});
	await git('remote', 'set-url', 'origin', join(folder, 'gone.git'));
	const daemon = await watching(t, folder);
	const {trouble} = await daemon.until('the trouble', ({event}) => event === 'trouble');
	t.deepEqual([trouble?.code, trouble?.next], ['fetch-failed', 'git fetch origin']);
});

test('a mistake in the configuration is said, once, and mended without a restart', async t => {
	const {folder, files} = await forked(t, {install: false});
	const daemon = await watching(t, folder);
	files.write('.migrationguardrc', 'watch: {autofix: true}\n');
	const {trouble} = await daemon.until('the trouble', ({event}) => event === 'trouble');
	t.regex(trouble?.why ?? '', /watch\.autofix: expected fetchEvery, autoFix/);
	files.write('shop/views.py', '# nothing\n');
	files.write('shop/apps.py', `${files.read('shop/apps.py')}\n`);
	files.remove('.migrationguardrc');
	await daemon.settled('a look', () => daemon.status().worktrees[0]?.error === null);
	t.is(daemon.told.filter(({event}) => event === 'trouble').length, 1);
});

test('watch.autoStart: a hook that has work starts the daemon, and does not wait for it', async t => {
	const {git, guard, files} = await forked(t, {
		base: ({files: own}) => own.write('.migrationguardrc', 'watch: {autoStart: true}\n'),
	});
	await git.merge('-q', '--no-edit', 'feature');
	let pid: number | null = null;
	while (pid === null) {
		const {stdout} = await guard.run('daemon', 'status', '--json');
		({pid} = JSON.parse(stdout) as {pid: number | null});
	}
	t.teardown(() => {
		if (files.exists(LOCK)) process.kill(pid!, 'SIGKILL');
	});
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount');
	t.is((await guard.run('daemon', 'stop')).stdout, `Stopped: process ${pid}.`);
});

test('news are shown on the desktop, where there is a program for that', async t => {
	const {folder, files, at} = await forked(t, {install: false});
	const shown = join(folder, 'shown');
	at('bin').files.script('notify-send', `printf '%s\\n' "$@" >>'${shown}'`);
	const {PATH} = surroundings(folder);
	const daemon = await watching(t, folder, {env: {PATH: `${join(folder, 'bin')}:${PATH}`, DISPLAY: ':99'}});
	files.write('shop/migrations/0003_copy.py', files.read('shop/migrations/0003_currency.py'));
	await daemon.settled('a notification', () => existsSync(shown) && /shop has 2 leaf/.test(readFileSync(shown, 'utf8')));
	files.write('.migrationguardrc', 'watch: {notify: off}\n');
	rmSync(shown);
	files.remove('shop/migrations/0003_copy.py');
	await daemon.until('its end', ({event}) => event === 'over');
	files.write('shop/migrations/0003_copy.py', files.read('shop/migrations/0003_currency.py'));
	await daemon.until(
		'the fork',
		concern('fork', 'shop.0003_copy'),
		daemon.told.findIndex(({event}) => event === 'over'),
	);
	t.is(await daemon.stop(), 0);
	t.false(existsSync(shown));
});

test('Ctrl-C ends a watch, as 130, and leaves nothing', async t => {
	const {folder, files} = await forked(t, {install: false});
	const daemon = await watching(t, folder);
	daemon.child.kill('SIGINT');
	t.is(await daemon.ended(), 130);
	t.false(files.exists(LOCK));
	t.false(files.exists(STATUS));
});

test('a log rotates, keeps two, and one that cannot be written is done without', async t => {
	const {folder} = await scenario(t, {install: false});
	const log = join(folder, 'logs/log');
	const line = 'x'.repeat(1000);
	for (let count = 0; count < 1200; count++) appendLog(log, [line], '2024-01-15T09:00:00.000Z');
	t.deepEqual(
		['', '.1', '.2', '.3'].map(end => existsSync(`${log}${end}`)),
		[true, true, true, false],
	);
	for (const end of ['', '.1', '.2']) t.true(statSync(`${log}${end}`).size < 260 * 1024);
	rmSync(log);
	chmodSync(join(folder, 'logs'), 0o500);
	appendLog(join(folder, 'logs/log/impossible'), ['x'], '');
	chmodSync(join(folder, 'logs'), 0o700);
	t.pass();
});

test('logs --follow goes on with what is added', async t => {
	const {folder, files} = await forked(t, {install: false});
	const daemon = await watching(t, folder);
	const cli = daemon.child.spawnargs[1]!;
	const logs = spawn(process.execPath, [cli, 'daemon', 'logs', '--follow'], {
		cwd: join(folder, 'repo'),
		env: surroundings(folder),
	});
	t.teardown(() => logs.kill('SIGKILL'));
	let said = '';
	logs.stdout.setEncoding('utf8');
	await once(logs.stdout, 'data');
	logs.stdout.on('data', (text: string) => {
		said += text;
	});
	files.write('shop/migrations/0003_copy.py', files.read('shop/migrations/0003_currency.py'));
	await daemon.settled('the line', () => said.includes('shop has 2 leaf migrations'));
	t.pass();
});
