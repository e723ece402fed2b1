import test from 'ava';
import {
	commitInfo,
	commitInfos,
	commitsBetween,
	isAncestor,
	isPushed,
	localMainlineRefs,
	mainlineRefs,
	mergeBases,
	remoteRefsContaining,
	resolveCommit,
	resolveCommits,
} from '../../src/git/revisions.ts';
import {GitError} from '../../src/git/run.ts';
import {buildHistory} from '../helpers/objects.ts';
import {merged, sandbox} from '../helpers/repository.ts';

test('revisions in one go, absent ones null', async t => {
	const box = await merged(t);
	box.git('tag', '-a', '-m', 'v1', 'v1', 'main');
	const main = box.git('rev-parse', 'main');
	t.deepEqual(resolveCommits(box.repo, ['main', 'nothing', 'v1', '-x', 'a\nmain', '', 'HEAD~1', 'HEAD:notes.txt']), [
		main,
		null,
		main,
		null,
		null,
		null,
		box.start,
		null,
	]);
	t.is(resolveCommit(box.repo, 'HEAD'), box.old);
	t.is(resolveCommit(box.repo, '@{u}'), null);
});

test('ancestry', async t => {
	const box = await merged(t);
	t.deepEqual(mergeBases(box.repo, box.start, 'main'), [box.git('rev-parse', 'main~1')]);
	t.true(isAncestor(box.repo, 'main', 'HEAD'));
	t.false(isAncestor(box.repo, 'HEAD', 'main'));
	t.throws(() => isAncestor(box.repo, 'nothing', 'HEAD'), {instanceOf: GitError});
	t.deepEqual(commitsBetween(box.repo, ['HEAD'], ['main']), [box.start, box.old]);
	await buildHistory(box.dir, [{branch: 'island', parents: [], files: {a: 'a'}}]);
	t.deepEqual(mergeBases(box.repo, 'island', 'main'), []);
});

test('what a commit says of itself', async t => {
	const box = sandbox(t);
	box.write('a', 'a');
	box.git('add', 'a');
	box.write('.git/message', Buffer.from('gr\u00fcn\n\nbody\n', 'latin1'));
	box.git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '--date=1600000000 +0200', '-F', '.git/message');
	const info = commitInfo(box.open(), 'HEAD');
	t.like(info, {
		oid: box.git('rev-parse', 'HEAD'),
		tree: box.git('rev-parse', 'HEAD^{tree}'),
		authorDate: 1_600_000_000,
		committerDate: 1_700_000_000,
	});
	t.is(info.subject, 'gr\u00fcn');
	t.false(info.signed);
	t.deepEqual(info.parents, []);
	box.git('commit', '-q', '--allow-empty', '-m', 'one\n two\n\nbody');
	t.is(commitInfos(box.open(), ['HEAD', 'HEAD~1'])[0]!.subject, 'one two');
	t.throws(() => commitInfo(box.open(), 'nothing'), {instanceOf: GitError});
});

interface Remotes {
	readonly title: string;
	readonly refs: readonly string[];
	/** Symbolic refs. */
	readonly heads?: Readonly<Record<string, string>>;
	readonly upstream?: string;
	readonly configured?: readonly string[];
	readonly expected: readonly string[];
	readonly local?: readonly string[];
}

const [origin, upstream] = ['refs/remotes/origin', 'refs/remotes/upstream'];

const remotes: readonly Remotes[] = [
	{title: 'nothing but local main', refs: [], expected: ['refs/heads/main'], local: ['refs/heads/main']},
	{
		title: 'origin/HEAD',
		refs: [`${origin}/main`, `${origin}/develop`],
		heads: {[`${origin}/HEAD`]: `${origin}/develop`},
		expected: [`${origin}/develop`],
		local: [],
	},
	{
		title: 'upstream before origin',
		refs: [`${origin}/main`, `${upstream}/main`],
		heads: {[`${origin}/HEAD`]: `${origin}/main`, [`${upstream}/HEAD`]: `${upstream}/main`},
		expected: [`${upstream}/main`],
		local: ['refs/heads/main'],
	},
	{title: 'no origin/HEAD: origin/main', refs: [`${origin}/main`, `${origin}/master`], expected: [`${origin}/main`]},
	{title: 'no origin/HEAD: origin/master', refs: [`${origin}/master`, `${origin}/x`], expected: [`${origin}/master`], local: []},
	{
		title: 'origin/HEAD that points nowhere',
		refs: [`${origin}/master`],
		heads: {[`${origin}/HEAD`]: `${origin}/gone`},
		expected: [`${origin}/master`],
	},
	{
		title: 'an only remote of another name',
		refs: ['refs/remotes/github/main', 'refs/remotes/github/x'],
		expected: ['refs/remotes/github/main'],
	},
	{
		title: 'two remotes of other names: not guessed',
		refs: ['refs/remotes/a/main', 'refs/remotes/b/main'],
		expected: ['refs/heads/main'],
	},
	{
		title: 'configured remote refs',
		refs: [`${origin}/main`, `${origin}/production`, `${origin}/staging`],
		configured: ['origin/production', 'refs/remotes/origin/staging', 'origin/gone'],
		expected: [`${origin}/production`, `${origin}/staging`],
	},
	{
		title: 'a configured local name brings the remote one',
		refs: [`${origin}/main`],
		configured: ['main'],
		expected: [`${origin}/main`, 'refs/heads/main'],
	},
	{
		title: 'a configured local name brings the one it follows',
		refs: [`${origin}/main`, 'refs/remotes/fork/trunk'],
		upstream: 'fork/trunk',
		configured: ['main'],
		expected: ['refs/remotes/fork/trunk', 'refs/heads/main'],
	},
	{
		title: 'a configured name that only origin has',
		refs: [`${origin}/production`],
		configured: ['production'],
		expected: [`${origin}/production`],
	},
	{
		title: 'a configured remote',
		refs: [`${origin}/main`],
		heads: {[`${origin}/HEAD`]: `${origin}/main`},
		configured: ['origin'],
		expected: [`${origin}/main`],
	},
];

test('mainline refs', async t => {
	for (const {title, refs, heads = {}, upstream: followed, configured, expected, local} of remotes) {
		const box = await merged(t);
		for (const ref of refs) {
			box.git('update-ref', ref, 'main');
		}

		for (const [name, target] of Object.entries(heads)) {
			box.git('symbolic-ref', name, target);
		}

		if (followed) {
			const [remote] = followed.split('/');
			box.git('config', `remote.${remote}.url`, '.');
			box.git('config', `remote.${remote}.fetch`, `+refs/heads/*:refs/remotes/${remote}/*`);
			box.git('branch', '-q', `--set-upstream-to=${followed}`, 'main');
		}

		const found = mainlineRefs(box.repo, configured ?? null);
		t.deepEqual(
			found.map(({ref}) => ref),
			expected,
			title,
		);
		t.true(
			found.every(({ref, oid, remote}) => remote === ref.startsWith('refs/remotes/') && oid === box.git('rev-parse', 'main')),
			title,
		);
		if (local) {
			t.deepEqual(
				localMainlineRefs(box.repo, found).map(({ref}) => ref),
				local,
				title,
			);
		}
	}
});

test('no mainline at all', t => {
	const box = sandbox(t);
	t.deepEqual(mainlineRefs(box.open(), null), []);
	t.deepEqual(mainlineRefs(box.open(), ['gone']), []);
});

test('pushed is what any remote-tracking ref reaches', async t => {
	const box = await merged(t);
	t.false(isPushed(box.repo, box.start));
	box.git('update-ref', 'refs/remotes/origin/feature', box.old);
	box.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/feature');
	t.true(isPushed(box.repo, box.start));
	t.false(isPushed(box.repo, box.new));
	t.deepEqual(remoteRefsContaining(box.repo, box.start), ['refs/remotes/origin/feature']);
	t.deepEqual(remoteRefsContaining(box.repo, box.new), []);
});
