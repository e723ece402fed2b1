import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {filesIn} from '../helpers/files.ts';
import {forked} from '../helpers/forked.ts';
import {hosted, mergeForked, snapshot} from '../helpers/hosted.ts';

const VARIANTS = [
	{event: 'pre-receive', other: 'update', flags: [], otherFlags: ['--each-ref'], takesTheGood: false},
	{event: 'update', other: 'pre-receive', flags: ['--each-ref'], otherFlags: [], takesTheGood: true},
] as const;

for (const {event, other, flags, otherFlags, takesTheGood} of VARIANTS) {
	test(`${event} after ${other}: the later one alone is asked`, async t => {
		const story = await hosted(t, {}, ...otherFlags);
		const {git, origin, server} = story;
		const dry = await server.run('install', '--server', ...flags, '--dry-run');
		t.regex(dry.stdout, new RegExp(`  write hooks/${event}\n(.*\n)*  remove hooks/${other}$`));
		t.is((await server.run('install', '--server', ...flags)).exitCode, 0);
		t.deepEqual(
			[event, other].map(name => existsSync(join(origin, 'hooks', name))),
			[true, false],
		);
		t.regex((await server.run('install', '--server', ...flags)).stdout, /was set up already/);
		await mergeForked(story);
		const refused = await git.attempt('push', 'origin', 'main', 'feature');
		t.regex(refused.output, takesTheGood ? /\(hook declined\)/ : /\(pre-receive hook declined\)/);
		t.is((await git.attempt('-C', origin, 'rev-parse', '-q', '--verify', 'refs/heads/feature')).exitCode === 0, takesTheGood);
	});

	test(`${event} after ${other}: hooks that were there come back, and stay`, async t => {
		const story = await forked(t, {published: true, install: false});
		const origin = join(story.folder, 'origin.git');
		const bare = filesIn(origin);
		for (const name of [event, other]) bare.script(`hooks/${name}`, `echo "own ${name}" >&2`);
		const before = snapshot(origin);
		const own = bare.read(`hooks/${other}`);
		const server = story.at('origin.git').guard;
		t.is((await server.run('install', '--server', ...otherFlags)).exitCode, 0);
		t.not(bare.read(`hooks/${other}`), own);
		t.is((await server.run('install', '--server', ...flags)).exitCode, 0);
		t.is(bare.read(`hooks/${other}`), own);
		await mergeForked(story);
		const refused = await story.git.attempt('push', 'origin', 'main');
		t.not(refused.exitCode, 0);
		t.regex(refused.output, new RegExp(`own ${event}`));
		t.is(refused.output.match(/main is protected/g)?.length, 1);
		t.is((await server.run('uninstall')).exitCode, 0);
		// An update hook is asked when the objects are stored already.
		const [left, there] = [snapshot(origin), before].map(lines => lines.filter(line => !line.startsWith('objects')));
		t.deepEqual(left, there);
	});
}

test('plain install in a bare repository is for nobody: usage, and the hook goes on refusing', async t => {
	const story = await hosted(t);
	const {git, origin, server} = story;
	const before = snapshot(origin);
	for (const options of [[], ['--dry-run']]) {
		const {exitCode, stderr} = await server.run('install', ...options);
		t.is(exitCode, 2);
		t.is(
			stderr,
			`migration-guard: install: ${origin} is a bare repository, in which nobody merges or commits; for a hook that refuses pushes: migration-guard install --server`,
		);
	}
	t.deepEqual(snapshot(origin), before);
	await mergeForked(story);
	t.not((await git.attempt('push', 'origin', 'main')).exitCode, 0);
});

test('a worktree of the bare repository: its hooks and that of the server stand beside each other', async t => {
	const story = await forked(t, {published: true, install: false});
	const {git, folder} = story;
	const origin = join(folder, 'origin.git');
	const before = snapshot(origin).filter(line => !line.startsWith('worktrees'));
	const server = story.at('origin.git').guard;
	await git('-C', origin, 'worktree', 'add', '-q', '-b', 'there', '../there');
	const there = story.at('there').guard;
	for (const install of [
		() => server.run('install', '--server'),
		() => there.run('install'),
		() => server.run('install', '--server'),
	])
		t.is((await install()).exitCode, 0);
	await mergeForked(story);
	const refused = await git.attempt('push', 'origin', 'main');
	t.not(refused.exitCode, 0);
	t.regex(refused.output, /main is protected/);

	// The client's hooks in the worktree.
	await git('-C', origin, 'fetch', '-q', '../repo', 'feature:feature');
	const merge = await story
		.at('there')
		.git.attempt('-c', 'user.name=Ada', '-c', 'user.email=a@b.c', 'merge', '--no-edit', 'feature');
	t.regex(merge.output, /shop\.0003_discount .*0004_discount/);
	t.deepEqual(await there.leaves('shop'), ['0004_discount']);
	t.is((await server.run('uninstall')).exitCode, 0);
	await git('-C', origin, 'worktree', 'remove', '--force', '../there');
	await git('-C', origin, 'branch', '-q', '-D', 'there', 'feature');
	const names = (lines: readonly string[]) => lines.filter(line => /^(hooks|config|info|migration-guard)/.test(line));
	t.deepEqual(names(snapshot(origin)), names(before));
});

test('what a refusal says to do next ends it, whether or not the merge was pushed before', async t => {
	for (const isPushed of [false, true]) {
		const story = await hosted(t);
		const {git, guard} = story;
		await mergeForked(story);
		if (isPushed) {
			await git.checkout('-q', '-b', 'topic');
			await git.push('-q', '-u', 'origin', 'topic');
		}
		const refused = await git.attempt('push', 'origin', 'HEAD:main');
		const [, next = ''] = /remote: {3}next: migration-guard (.+), in your clone, and push again/.exec(refused.output) ?? [];
		t.is(next, 'fix --commit');
		const fixed = await guard.run(...next.split(' '));
		t.is(fixed.exitCode, 0, fixed.output);
		const taken = await git.attempt('push', 'origin', 'HEAD:main');
		t.is(taken.exitCode, 0, taken.output);
		t.deepEqual(await guard.leaves('shop', 'origin/main'), ['0004_discount']);
	}
});

test('what fix does not mend is sent to check', async t => {
	const {git, django} = await hosted(t);
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_x', {dependencies: [['shop', '0009_gone']]});
	await git.commit('dangling');
	const {output} = await git.attempt('push', 'origin', 'main');
	t.regex(output, /remote: {3}MG002 /);
	t.regex(output, /remote: {3}next: migration-guard check, in your clone, which says what to do about each; then push again/);
});

test('a new branch that renames what is published: the branch that has it, why, and what to do', async t => {
	const story = await hosted(t);
	const {git, origin, files, django} = story;
	await git('-C', origin, 'config', 'migration-guard.protected', 'release/*');
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_tax');
	await git.commit('tax');
	await git.push('-q', 'origin', 'main');
	const [published = ''] = await git.lines('rev-parse', '--short=9', 'main');
	await git.checkout('-q', '-b', 'release/3');
	await git.mv('shop/migrations/0004_tax.py', 'shop/migrations/0004_vat.py');
	await git.commit('vat');
	const {exitCode, output} = await git.attempt('push', 'origin', 'release/3');
	t.is(exitCode, 0, output);
	const said = output
		.split('\n')
		.filter(line => line.startsWith('remote: '))
		.map(line => line.slice('remote: '.length).trimEnd());
	t.deepEqual(said, [
		'migration-guard: MG113 shop.0004_tax is published on main and was renamed to shop.0004_vat here',
		'    databases that have it applied know the old name only, and run it again under the new one',
		`  next: git checkout ${published} -- shop/migrations/0004_tax.py && git rm shop/migrations/0004_vat.py, and put the old name back in what depends on it`,
	]);

	await git.checkout('-q', '-b', 'release/4', 'main');
	files.remove('shop/migrations/0004_tax.py');
	await git.commit('no tax');
	const deleted = await git.attempt('push', 'origin', 'release/4');
	t.regex(deleted.output, /MG113 shop\.0004_tax is published on main and was deleted here/);
	t.true(deleted.output.includes(`next: git checkout ${published} -- shop/migrations/0004_tax.py`), deleted.output);
	t.true(readFileSync(join(origin, 'refs/heads/release/4'), 'utf8').length > 0);
});
