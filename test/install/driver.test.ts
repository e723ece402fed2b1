import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import test from 'ava';
import {scenario} from '../helpers/scenario.ts';

/*
 * The driver script around the program: a Node that answers what the test wants stands in for it. Both branches change the
 * only line of a migration, so git alone makes a conflict with markers.
 */
const FILE = 'shop/migrations/0001_initial.py';

async function conflicting(t: ExecutionContext, answer: string) {
	const story = await scenario(t);
	const {git, files, folder} = story;
	story.at('.').files.script('node', `shift; echo "$*" >> '${join(folder, 'calls')}'; ${answer}`);
	files.edit('.git/migration-guard/merge-driver', process.execPath, join(folder, 'node'));
	files.write(FILE, 'base\n');
	await git.commit('base');
	for (const branch of ['side', 'main']) {
		await git.checkout('-q', ...(branch === 'side' ? ['-b', 'side'] : ['main']));
		files.write(FILE, `${branch}\n`);
		await git.commit(branch);
	}
	return {...story, calls: () => story.at('.').files.read('calls')};
}

const MARKED = /^<<<<<<< .+\nmain\n=======\nside\n>>>>>>> .+\n$/;

test('the answers of the program: 0 is a merge, 1 a conflict as it wrote it', async t => {
	const merged = await conflicting(t, 'echo merged > "$4"; exit 0');
	await merged.git.merge('side');
	t.is(merged.files.read(FILE), 'merged\n');
	t.regex(
		merged.calls(),
		/^merge-driver -- \.merge_file_\S+ \.merge_file_\S+ \.merge_file_\S+ 7 shop\/migrations\/0001_initial\.py /,
	);

	const conflict = await conflicting(t, 'echo "both, marked" > "$4"; exit 1');
	t.is((await conflict.git.attempt('merge', 'side')).exitCode, 1);
	t.is(conflict.files.read(FILE), 'both, marked\n');
	t.is(await conflict.git.status(), `UU ${FILE}`);
});

for (const answer of ['exit 2', 'exit 70', 'exit 127', 'exit 137', 'kill -9 $$']) {
	test(`any other answer is git's own conflict, with markers: ${answer}`, async t => {
		const {git, files, calls} = await conflicting(t, answer);
		const merge = await git.attempt('merge', 'side');
		t.is(merge.exitCode, 1, merge.output);
		t.regex(files.read(FILE), MARKED);
		t.is(await git.status(), `UU ${FILE}`);
		t.regex(calls(), /^merge-driver/);
	});
}

for (const {gone, message} of [
	{gone: 'node', message: /^migration-guard: node not found, merging shop\/migrations\/0001_initial\.py as git alone would$/m},
	{gone: 'repo/.git/migration-guard/program', message: /^(?!.*not found)/},
	{gone: 'repo/.git/migration-guard/merge-driver', message: /^(?!.*not found)/},
	{gone: 'repo/.git/migration-guard', message: /^(?!.*not found)/},
]) {
	test(`git's own conflict, with markers, without ${gone}`, async t => {
		const {git, files, at} = await conflicting(t, 'exit 0');
		files.edit('.git/migration-guard/merge-driver', 'command -v node', 'command -v no-such-node');
		at('.').files.remove(gone);
		const merge = await git.attempt('merge', 'side');
		t.is(merge.exitCode, 1, merge.output);
		t.regex(files.read(FILE), MARKED);
		t.regex(merge.output, message);
	});
}

test('MIGRATION_GUARD=0: git alone, clean merges included', async t => {
	const {git, files, at} = await conflicting(t, 'exit 0');
	t.is((await git.with({MIGRATION_GUARD: '0'}).attempt('merge', 'side')).exitCode, 1);
	t.regex(files.read(FILE), MARKED);
	t.false(at('.').files.exists('calls'));
	await git.merge('--abort');

	files.write(FILE, '1\n2\n3\n4\n5\n6\n7\n');
	await git.commit('longer');
	for (const [branch, from, to] of [
		['long', '1', 'one'],
		['main', '7', 'seven'],
	] as const) {
		await git.checkout('-q', ...(branch === 'long' ? ['-b', 'long'] : ['main']));
		files.edit(FILE, from, to);
		await git.commit(branch);
	}
	await git.with({MIGRATION_GUARD: '0'}).merge('long');
	t.is(files.read(FILE), 'one\n2\n3\n4\n5\n6\nseven\n');
});

test('a path that looks like an option is a path', async t => {
	const {git, files, calls} = await conflicting(t, 'echo merged > "$4"; exit 0');
	files.write('--help/migrations/0001_it is.py', 'base\n');
	await git.commit('base');
	for (const branch of ['odd', 'main']) {
		await git.checkout('-q', ...(branch === 'odd' ? ['-b', 'odd'] : ['main']));
		files.write('--help/migrations/0001_it is.py', `${branch}\n`);
		await git.commit(branch);
	}
	await git.merge('odd');
	t.regex(calls(), /7 --help\/migrations\/0001_it is\.py /);
	t.is(files.read('--help/migrations/0001_it is.py'), 'merged\n');
});
