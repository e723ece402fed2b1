import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type ForkOptions, forked} from '../helpers/forked.ts';
import {GIT} from '../helpers/git.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/** The fork, in a repository that signs with a throw-away ssh key. */
async function signing(t: ExecutionContext, options: ForkOptions = {}) {
	const story = await forked(t, options);
	const key = join(story.folder, 'key');
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada', '-f', key]);
	const {git, files} = story;
	files.write('../signers', `ada@example.org ${files.read('../key.pub')}`);
	await git.config('gpg.format', 'ssh');
	await git.config('user.signingKey', `${key}.pub`);
	await git.config('gpg.ssh.allowedSignersFile', join(story.folder, 'signers'));
	await git.config('commit.gpgSign', 'true');
	return {...story, key, signature: (revision = 'HEAD') => git.text('log', '-1', '--format=%G?', revision)};
}

test('11 merge-signed-tag-and-gpgsign-resigned', async t => {
	const {git, guard, signature} = await signing(t);
	await git('tag', '-s', '-m', 'a release', 'v1', 'feature');
	const before = await guard.remember('main', 'feature');
	await git.merge('--no-ff', '-m', 'v1 into main', 'v1');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	t.is(await signature(), 'G');
	const raw = async (revision: string) =>
		(await git.text('cat-file', 'commit', revision))
			.replace(/^tree .*\n/, '')
			.replace(/^gpgsig [\s\S]*?END SSH SIGNATURE-----\n/m, '');
	t.regex(await raw('HEAD'), /^mergetag /m);
	t.is(await raw('HEAD'), await raw('HEAD@{1}'), 'all but tree and signature is git’s own');
	await guard.invariants(before, {adds: ['v1 into main']});
});

test('11 a signed rebase and a signed pick come out signed, each commit', async t => {
	const {git, guard, signature} = await signing(t, {incoming: ['0003_discount', '0004_stock']});
	await git('cherry-pick', 'feature~1');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	t.is(await signature(), 'G');
	await git.reset('-q', '--hard', 'HEAD~1');
	await git.checkout('-q', 'feature');
	const before = await guard.remember('main', 'feature');
	await git.rebase('main');
	t.is(await guard.history('shop', 'HEAD'), `${LINEAR} <- 0005_stock`);
	t.deepEqual([await signature('HEAD'), await signature('HEAD~1')], ['G', 'G']);
	await guard.invariants(before);
});

test('11 an unsigned commit stays unsigned', async t => {
	const {git, guard, signature} = await signing(t);
	await git.merge('--no-gpg-sign', 'feature');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	t.is(await signature(), 'N');
});

for (const how of ['merge', 'rebase']) {
	test(`12 merge-signing-fails-keeps-commit: ${how}`, async t => {
		const {git, guard, files, signature} = await signing(t);
		await git.checkout('-q', 'feature');
		// It signs once, for git itself, and then no more.
		files.script('../once', `[ ! -e "${files.root}/../used" ] || exit 1`, `: >"${files.root}/../used"`, 'exec ssh-keygen "$@"');
		await git.config('gpg.ssh.program', `${files.root}/../once`);
		const done = await git(how, 'main');
		await git('config', '--unset', 'gpg.ssh.program');
		t.regex(done.output, /could not be signed/);
		t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_currency', '0003_discount']);
		t.is(await signature(), 'G', 'git’s own commit stands');
		t.is(await git.status(), '');
		t.is((await guard.run('fix')).exitCode, 0);
		if (how === 'merge') t.is(await signature(), 'G');
		t.is(await guard.history('shop'), LINEAR);
	});
}

test('58 notes-encoding-signoff-preserved', async t => {
	const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
	await git.config('notes.rewriteRef', 'refs/notes/*');
	await git.checkout('-q', 'feature');
	await git('commit', '-q', '--amend', '--signoff', '--no-edit');
	await git('notes', 'add', '-m', 'a note on the stock');
	await git('notes', 'add', '-m', 'a note on the discount', 'HEAD~1');
	const before = await guard.remember('main', 'feature');
	await git.rebase('main');
	t.is(await guard.history('shop'), `${LINEAR} <- 0005_stock`);
	t.is(await git.text('notes', 'show', 'HEAD'), 'a note on the stock');
	t.is(await git.text('notes', 'show', 'HEAD~1'), 'a note on the discount');
	t.regex(await git.text('log', '-1', '--format=%B'), /^Signed-off-by: Ada Lovelace/m);
	await guard.invariants(before);

	await git.checkout('-q', '-b', 'latin', 'feature~2');
	await git.config('i18n.commitEncoding', 'ISO-8859-1');
	await git('commit', '-q', '--allow-empty', '-m', 'empty');
	await git('cherry-pick', '-x', 'feature');
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_stock');
	t.regex(await git.text('cat-file', 'commit', 'HEAD'), /^encoding ISO-8859-1$/m);
	t.regex(await git.text('log', '-1', '--format=%B'), /cherry picked from commit/);
});

test('58 messages in Latin-1 stay as they are, byte for byte, through merge, rebase, pick and am', async t => {
	const {git, guard, files, folder} = await forked(t);
	await git.config('i18n.commitEncoding', 'ISO-8859-1');
	const message = Buffer.from('R\u00e9duction d\u2019\u00e9t\u00e9\n'.replace('\u2019', "'"), 'latin1');
	files.write('../message', message);
	await git.checkout('-q', 'feature');
	await git('commit', '-q', '--amend', '-F', `${folder}/message`);
	const raw = (revision: string) => execFileSync(GIT, ['cat-file', 'commit', revision], {cwd: files.root}).toString('latin1');
	const isKept = (revision: string, what: string) => {
		t.true(raw(revision).endsWith(`\nencoding ISO-8859-1\n\n${message.toString('latin1')}`), `${what}: ${raw(revision)}`);
	};
	isKept('feature', 'as it was');
	const tip = await git.oid();
	await git.merge('-q', '-F', `${folder}/message`, 'main');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	isKept('HEAD', 'merge');
	for (const backend of ['--merge', '--apply']) {
		await git.reset('-q', '--hard', tip);
		await git.rebase(backend, 'main');
		t.is(await guard.history('shop', 'HEAD'), LINEAR);
		isKept('HEAD', `rebase ${backend}`);
	}
	await git.checkout('-q', '-B', 'picked', 'main');
	await git('cherry-pick', tip);
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	isKept('HEAD', 'cherry-pick');
	await git.checkout('-q', '-B', 'mailed', 'main');
	await git('format-patch', '-q', '-1', `--output=${folder}/patch`, tip);
	await git('am', '-q', '-3', `${folder}/patch`);
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	isKept('HEAD', 'am');
});

test('58 notes follow a rebase of the other backend, an undo, and a renumbering by fix', async t => {
	const {git, guard} = await forked(t);
	await git.config('notes.rewriteRef', 'refs/notes/*');
	await git.checkout('-q', 'feature');
	await git('notes', 'add', '-m', 'a note');
	await git.rebase('--apply', 'main');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	t.is(await git.text('notes', 'show', 'HEAD'), 'a note');
	t.is((await guard.run('undo')).exitCode, 0);
	t.is(await git.text('notes', 'show', 'HEAD'), 'a note', 'git’s own commits have it, too');
});
