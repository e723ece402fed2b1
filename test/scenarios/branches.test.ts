import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

interface Row {
	readonly name: string;
	readonly also: readonly string[];
	readonly stale: boolean;
	readonly apps: readonly string[];
	readonly migrations: readonly {readonly key: string}[];
	readonly behind: readonly {readonly app: string; readonly by: number; readonly leaf: string | null}[];
	readonly collides: readonly {readonly name: string; readonly apps: readonly string[]}[];
	readonly standsOn: readonly string[];
}

interface Told {
	readonly mainline: string;
	readonly unmerged: number;
	readonly branches: readonly Row[];
	readonly order: {readonly steps: readonly {readonly name: string; readonly renumbers: number}[]} | null;
}

/** `feature` is two behind; `ahead` stands on mainline's leaf and `above` on it; `users` is alone; `prose` has no migration. */
async function crowded(t: ExecutionContext): Promise<Scenario> {
	const story = await forked(t, {published: true, mainline: ['0003_currency', '0004_tax']});
	const {git, django, files} = story;
	const branch = async (name: string, from: string, app: string | null, ...names: readonly string[]) => {
		await git.checkout('-q', '-b', name, from);
		for (const migration of names) {
			await django.makemigrations(app!, migration);
			await git.commit(migration);
		}
		if (app === null) {
			files.write('prose.txt', 'prose\n');
			await git.commit('prose');
		}
		await git.push('-q', '--no-verify', 'origin', name);
	};
	await git.push('-q', '--no-verify', 'origin', 'feature');
	await branch('ahead', 'main', 'shop', '0005_color');
	await branch('above', 'ahead', 'shop', '0006_size');
	await branch('users', 'main', 'users', '0001_initial');
	await branch('prose', 'main', null);
	await git.checkout('-q', 'main');
	return story;
}

async function told({guard}: Scenario, ...args: readonly string[]): Promise<Told> {
	const {stdout, exitCode, output} = await guard.run('branches', '--json', ...args);
	if (exitCode !== 0) throw new Error(output);
	return JSON.parse(stdout) as Told;
}

test('who is in whose way', async t => {
	const story = await crowded(t);
	const {mainline, unmerged, branches, order} = await told(story);
	t.is(mainline, 'origin/main');
	t.is(unmerged, 5);
	t.is(order, null);
	t.deepEqual(
		branches.map(({name, stale}) => [name, stale]),
		[
			['origin/feature', true],
			['origin/ahead', true],
			['origin/above', true],
			['origin/users', true],
		],
	);
	const [feature, ahead, above, users] = branches as [Row, Row, Row, Row];
	t.deepEqual(feature.behind, [{app: 'shop', by: 2, leaf: 'shop.0004_tax'}]);
	t.deepEqual(
		feature.collides.map(({name}) => name),
		['origin/above', 'origin/ahead'],
	);
	t.deepEqual(ahead.behind, [{app: 'shop', by: 0, leaf: 'shop.0004_tax'}]);
	t.deepEqual(
		above.migrations.map(({key}) => key),
		['shop.0005_color', 'shop.0006_size'],
	);
	t.deepEqual(above.standsOn, ['origin/ahead']);
	t.deepEqual(users.behind, [{app: 'users', by: 0, leaf: null}]);
	t.deepEqual(users.collides, []);
});

test('the table, and an order of landing', async t => {
	const story = await crowded(t);
	const {stdout} = await story.guard.run('branches', '--merge-order');
	t.regex(stdout, /^BRANCH +BY +AGE +APP +MIGRATIONS +BEHIND +ALSO ADDED TO BY$/m);
	t.regex(
		stdout,
		/^origin\/feature +Ada Lovelace +\d+ days, stale +shop +0003_discount +2, to 0004_tax +origin\/above, origin\/ahead$/m,
	);
	t.regex(stdout, /^4 open branches with migrations, beside 1 without; compared with origin\/main$/m);
	t.regex(stdout, /^No order renumbers less than this one:$/m);
	t.regex(stdout, /origin\/ahead +as it is\n.*origin\/above +as it is\n/);
	t.regex(stdout, /^1 migration renumbered in all$/m);
});

test('what lands is seen, also when it was squashed and renumbered on the way', async t => {
	const story = await crowded(t);
	const {git} = story;
	await told(story);
	await git.merge('-q', '--no-edit', 'ahead');
	await git.merge('-q', '--squash', 'feature');
	await git.commit('squashed');
	await git.push('-q', '--no-verify', 'origin', 'main');
	const {branches} = await told(story);
	t.deepEqual(
		branches.map(({name, migrations}) => [name, migrations.map(({key}) => key)]),
		[
			['origin/above', ['shop.0006_size']],
			['origin/users', ['users.0001_initial']],
		],
	);
	t.deepEqual(branches[0]!.behind, [{app: 'shop', by: 1, leaf: 'shop.0006_discount'}]);
});

test('what is remembered is what is there: after a rewind of mainline, a new commit, a deleted branch', async t => {
	const story = await crowded(t);
	const {git, django, files} = story;
	const fresh = async () => {
		const remembered = await told(story);
		files.remove('.git/migration-guard/cache');
		t.deepEqual(remembered, await told(story));
		return remembered.branches.map(({name}) => name);
	};
	await fresh();
	await git.push('-q', '--no-verify', '--force', 'origin', 'main~1:main');
	await fresh();
	await git.checkout('-q', 'users');
	await django.makemigrations('shop', '0005_users');
	await git.merge('-q', '--no-edit', 'ahead');
	await git.commit('more');
	await git.push('-q', '--no-verify', 'origin', 'users', ':prose');
	t.true((await fresh()).includes('origin/users'));
	await git.push('-q', '--no-verify', 'origin', 'users:main');
	t.deepEqual(await fresh(), ['origin/feature', 'origin/above']);
});

test('local branches where they are asked for; a bare repository; no mainline', async t => {
	const story = await crowded(t);
	const {git, folder, at, guard} = story;
	const {branches} = await told(story, '--local');
	t.deepEqual(
		branches.map(({name, also}) => [name, also]),
		[
			['feature', ['origin/feature']],
			['ahead', ['origin/ahead']],
			['above', ['origin/above']],
			['users', ['origin/users']],
		],
	);
	const bare = at('origin.git');
	const there = JSON.parse((await bare.guard.run('branches', '--local', '--json')).stdout) as Told;
	t.deepEqual(
		there.branches.map(({name}) => name),
		['feature', 'ahead', 'above', 'users'],
	);
	await git('init', '-q', '-b', 'trunk', join(folder, 'empty'));
	const empty = await at('empty').guard.run('branches');
	t.is(empty.exitCode, 2);
	t.regex(empty.stderr, /there is no mainline ref/);
	await git('update-ref', '-d', 'refs/remotes/origin/main');
	t.is((await guard.run('branches', '--local')).exitCode, 0);
});
