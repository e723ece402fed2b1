import test from 'ava';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const FORK = ['0003_currency', '0003_discount'];

test('50 undo-ORIG_HEAD-and-backup-ref-after-gc', async t => {
	const {git, guard} = await forked(t);
	await git.checkout('-q', 'feature');
	const tip = await git.oid();
	await git.merge('main');
	t.is(await guard.history('shop'), LINEAR);
	const plain = await git.oid('HEAD@{1}');
	t.deepEqual(await guard.leaves('shop', plain), FORK, 'HEAD@{1} is what git alone had made');
	t.is(await git.oid('ORIG_HEAD'), tip);
	await git('reflog', 'expire', '--expire=now', '--all');
	await git('gc', '-q', '--prune=now');
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 0, undo.output);
	t.is(await git.oid(), plain);
	t.is(await git.status(), '');
	t.deepEqual(await guard.leaves('shop'), FORK);
	t.is(await git.text('symbolic-ref', 'HEAD'), 'refs/heads/feature');
	t.is((await git.attempt('fsck', '--no-dangling')).exitCode, 0);
});

test('git reset --hard ORIG_HEAD goes back too', async t => {
	const {git, guard} = await forked(t);
	const tip = await git.oid();
	await git.merge('feature');
	t.is(await guard.history('shop'), LINEAR);
	await git.reset('-q', '--hard', 'ORIG_HEAD');
	t.is(await git.oid(), tip);
	t.is(await git.status(), '');
});

for (const {title, command} of [
	{title: 'merge', command: ['merge', 'main']},
	{title: 'rebase', command: ['rebase', 'main']},
	{title: 'rebase --apply', command: ['rebase', '--apply', 'main']},
] as const) {
	test(`undo --to-start after a ${title}: the tip before the command`, async t => {
		const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
		await git.checkout('-q', 'feature');
		const tip = await git.oid();
		await git(...command);
		t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
		const undo = await guard.run('undo', '--to-start');
		t.is(undo.exitCode, 0, undo.output);
		t.is(await git.oid('feature'), tip);
		t.is(await git.oid(), tip);
		t.is(await git.status(), '');
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_discount <- 0004_stock');
	});
}

test('undo after a rebase gives back git’s own commits, and update-refs with them', async t => {
	const {git, django, guard} = await forked(t);
	await git.checkout('-q', '-b', 'stacked', 'feature');
	await django.makemigrations('shop', '0004_stock');
	await git.commit('stacked: 0004_stock');
	// What git alone makes of it, with the same clock.
	const clock = {GIT_COMMITTER_DATE: '1720000000 +0000'};
	const [feature, stacked] = [await git.oid('feature'), await git.oid('stacked')];
	await git.with({...clock, MIGRATION_GUARD: '0'}).rebase('--update-refs', 'main');
	const [plainFeature, plainStacked] = [await git.oid('feature'), await git.oid('stacked')];
	await git.reset('-q', '--hard', stacked);
	await git.branch('-q', '-f', 'feature', feature);

	await git.with(clock).rebase('--update-refs', 'main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 0, undo.output);
	t.is(await git.oid('stacked'), plainStacked);
	t.is(await git.oid('feature'), plainFeature);
	t.is(await git.status(), '');
});

test('what was undone is not renumbered again until HEAD changes', async t => {
	const {git, guard, files} = await forked(t);
	await git.merge('feature');
	t.is((await guard.run('undo')).exitCode, 0);
	const head = await git.oid();
	const fix = await guard.run('fix');
	t.is(await git.oid(), head, fix.output);
	t.is(await git.status(), '');
	t.deepEqual(await guard.leaves('shop'), FORK);
	files.write('notes.txt', 'notes\n');
	await git.commit('notes');
	t.deepEqual(await guard.leaves('shop'), FORK, 'a commit by itself brings nothing back');
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
});

test('undo never moves past later commits', async t => {
	const {git, guard, files} = await forked(t);
	await git.merge('feature');
	files.write('notes.txt', 'notes\n');
	await git.commit('later');
	const head = await git.oid();
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 1, undo.output);
	t.is(await git.oid(), head);
	t.is(await guard.history('shop'), LINEAR);
	t.is(await git.status(), '');
});

test('undo refuses when the merge was pushed', async t => {
	const {git, guard} = await forked(t, {published: true});
	await git.merge('feature');
	await git.push('-q', 'origin', 'main');
	const head = await git.oid();
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 1, undo.output);
	t.regex(undo.output, /pushed/);
	t.is(await git.oid(), head);
	t.is(await git.status(), '');
});

test('undo never touches local edits', async t => {
	const {git, guard, files} = await forked(t, {base: ({files}) => files.write('notes.txt', 'notes\n')});
	await git.merge('feature');
	const linear = await git.oid();
	files.edit('shop/migrations/0004_discount.py', 'default=0', 'default=7');
	const refused = await guard.run('undo');
	t.is(refused.exitCode, 1, refused.output);
	t.is(await git.oid(), linear);
	t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
	await git.checkout('--', 'shop/migrations/0004_discount.py');
	files.edit('notes.txt', 'notes', 'more notes');
	files.write('untracked.txt', 'mine\n');
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 0, undo.output);
	t.deepEqual(await guard.leaves('shop'), FORK);
	t.is(await git.status(), ' M notes.txt\n?? untracked.txt');
});

test('undo after fix on a merge commit gives back the commit', async t => {
	const {git, guard} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const plain = await git.oid();
	t.is((await guard.run('fix')).exitCode, 0);
	t.is(await guard.history('shop'), LINEAR);
	t.not(await git.oid(), plain);
	t.is((await guard.run('undo')).exitCode, 0);
	t.is(await git.oid(), plain);
	t.is(await git.status(), '');
});

test('undo after a merge with autostash gives the local edit back to the old file', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	const tip = await git.oid();
	files.edit('shop/migrations/0003_discount.py', 'default=0', 'default=7');
	await git.merge('--autostash', 'main');
	t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
	const undo = await guard.run('undo', '--to-start');
	if (undo.exitCode === 0) {
		t.is(await git.oid(), tip);
		t.regex(files.read('shop/migrations/0003_discount.py'), /default=7/);
	} else {
		// Refused because of the local edit: nothing moved.
		t.regex(undo.output, /0004_discount/);
		t.regex(files.read('shop/migrations/0004_discount.py'), /default=7/);
		t.is(await guard.history('shop'), LINEAR);
	}
});

test('undo with nothing to undo says so', async t => {
	const {git, guard} = await forked(t);
	const head = await git.oid();
	const undo = await guard.run('undo');
	t.is(undo.exitCode, 1, undo.output);
	t.regex(undo.output, /nothing/i);
	t.is(await git.oid(), head);
});

test('undo --list: what is kept, newest first, and why it cannot be undone', async t => {
	const {git, guard, files} = await forked(t, {published: true});
	const list = async () => (await guard.run('undo', '--list')).stdout.split('\n').filter(line => /^\d/.test(line));
	t.regex((await guard.run('undo', '--list')).stdout, /Nothing is kept/);
	await git.checkout('-q', '-b', 'other', 'feature');
	await git.merge('main');
	await git.checkout('-q', 'feature');
	await git.rebase('main');
	const [rebase = '', merge = ''] = await list();
	t.regex(rebase, /rebase on feature.*can be undone/);
	t.regex(merge, /merge on other.*can be undone/);

	const id = (line: string) => line.split(' ')[0]!;
	const elsewhere = await guard.run('undo', id(merge));
	t.is(elsewhere.exitCode, 1);
	t.regex(elsewhere.stderr, /git switch other/);
	await git.checkout('-q', 'other');
	t.is((await guard.run('undo', id(merge))).exitCode, 0);
	t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
	t.regex((await list())[1]!, /: undone$/);

	await git.checkout('-q', 'feature');
	files.write('notes.txt', 'notes\n');
	await git.commit('more');
	t.regex((await list())[0]!, /its branch moved on/);
	const moved = await guard.run('undo', id(rebase));
	t.is(moved.exitCode, 1);
	t.regex(moved.stderr, /HEAD is another commit now/);
	await git.reset('-q', '--hard', 'HEAD~1');
	await git.push('-q', 'origin', 'feature');
	t.regex((await list())[0]!, /: pushed$/);
	t.regex((await guard.run('undo', id(rebase))).stderr, /pushed/);
	t.regex((await guard.run('undo', '19990101')).stderr, /No resolution/);

	const {resolutions} = JSON.parse((await guard.run('undo', '--list', '--json')).stdout) as {
		resolutions: readonly {canBeUndone: boolean; why: string; renumbered: readonly {from: string}[]}[];
	};
	t.deepEqual(
		resolutions.map(({canBeUndone, why}) => [canBeUndone, why]),
		[
			[false, 'pushed'],
			[false, 'undone'],
		],
	);
	t.is(resolutions[0]!.renumbered[0]!.from, 'shop.0003_discount');
});

test('backups older than undoFor go at the next resolution', async t => {
	const {git, guard, files} = await forked(t, {
		base: ({files}) => files.write('.migrationguardrc', '{"undoFor": "5d"}\n'),
	});
	await git.checkout('-q', '-b', 'other', 'feature');
	await git.merge('main');
	const [name = ''] = files.list('.git/migration-guard/journal');
	const old = name.replace(/^\d{8}/, '20200101');
	files.move(`.git/migration-guard/journal/${name}`, `.git/migration-guard/journal/${old}`);
	const ref = (file: string) => `refs/migration-guard/backup/${file.replace('.json', '')}`;
	await git('update-ref', ref(old), ref(name));
	await git.checkout('-q', 'feature');
	await git.merge('main');
	t.false(files.list('.git/migration-guard/journal').includes(old));
	t.is((await git.attempt('rev-parse', '--verify', '-q', ref(old))).exitCode, 1);
	t.is((await guard.run('undo')).exitCode, 0);
});
