import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/** What people have in their configuration, and what changes how git prints, compares, stores and merges. */
const CONFIGURATIONS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
	'colours, pagers, short names': [
		['color.ui', 'always'],
		['color.diff', 'always'],
		['core.pager', 'cat'],
		['pager.log', 'true'],
		['core.abbrev', '4'],
		['core.quotePath', 'true'],
		['column.ui', 'always'],
	],
	'logs and status of another form': [
		['log.showSignature', 'true'],
		['log.decorate', 'full'],
		['log.date', 'relative'],
		['log.follow', 'true'],
		['log.abbrevCommit', 'true'],
		['format.pretty', 'oneline'],
		['status.short', 'true'],
		['status.branch', 'true'],
		['status.showUntrackedFiles', 'no'],
		['status.relativePaths', 'true'],
		['log.showRoot', 'false'],
	],
	'diffs of another form': [
		['diff.noprefix', 'true'],
		['diff.mnemonicPrefix', 'true'],
		['diff.renames', 'copies'],
		['diff.algorithm', 'histogram'],
		['diff.external', '/bin/false'],
		['diff.ignoreSubmodules', 'all'],
		['diff.relative', 'true'],
		['diff.orderFile', '/dev/null'],
		['diff.context', '0'],
	],
	'merges of another form': [
		['merge.conflictStyle', 'zdiff3'],
		['merge.renames', 'false'],
		['merge.directoryRenames', 'true'],
		['merge.stat', 'false'],
		['merge.log', 'true'],
		['merge.verbosity', '5'],
		['merge.autoStash', 'true'],
		['rebase.autoStash', 'true'],
		['rebase.stat', 'true'],
		['rerere.enabled', 'true'],
		['rerere.autoUpdate', 'true'],
	],
	'an index of another form': [
		['index.version', '4'],
		['core.splitIndex', 'true'],
		['core.untrackedCache', 'true'],
		['index.threads', 'true'],
		['core.preloadIndex', 'false'],
		['core.trustctime', 'false'],
		['core.checkStat', 'minimal'],
		['core.fileMode', 'false'],
	],
	// Not together with a split index: git 2.55 then loses entries by itself.
	'an index for many files': [['feature.manyFiles', 'true']],
	'references and logs of another form': [
		['core.logAllRefUpdates', 'always'],
		['core.warnAmbiguousRefs', 'true'],
		['transfer.hideRefs', 'refs/migration-guard'],
		['log.excludeDecoration', 'refs/*'],
		['core.commitGraph', 'true'],
		['fetch.writeCommitGraph', 'true'],
		['commit.verbose', 'true'],
		['commit.cleanup', 'scissors'],
		['i18n.logOutputEncoding', 'ISO-8859-1'],
		['push.default', 'nothing'],
	],
	'languages and aliases that would stand in the way': [
		['alias.merge-file', '!false'],
		['alias.diff', '!false'],
		['core.editor', 'false'],
		['sequence.editor', 'true'],
		['core.askPass', 'false'],
		['core.commentChar', ';'],
		['advice.statusHints', 'false'],
		['trace2.eventTarget', '2'],
	],
};

for (const [title, settings] of Object.entries(CONFIGURATIONS)) {
	test(`the user's own configuration: ${title}`, async t => {
		const {git, guard} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
		for (const [key, value] of settings) await git.config(key, value);
		await git.checkout('-q', 'feature');
		const tip = await git.oid();
		const history = `${LINEAR} <- 0005_stock`;
		await git.merge('-m', 'merged', 'main');
		t.is(await guard.history('shop', 'HEAD'), history);
		t.is((await guard.run('check')).exitCode, 0);
		t.is((await guard.run('undo', '--to-start')).exitCode, 0);
		t.is(await git.oid(), tip);
		await git.rebase('main');
		t.is(await guard.history('shop', 'HEAD'), history);
		await git.reset('-q', '--hard', tip);
		await git('merge', '-q', '--no-commit', 'main');
		await git('commit', '-q', '-m', 'by hand');
		t.is(await guard.history('shop', 'HEAD'), history);
		await git.reset('-q', '--hard', 'main');
		await git('cherry-pick', `main..${tip}`);
		t.is(await guard.history('shop', 'HEAD'), history);
		t.is(await git.text('status', '--porcelain=v2', '--untracked-files=all'), '');
		await git.reset('-q', '--hard', tip);
		await git.with({MIGRATION_GUARD: '0'}).merge('-q', '-m', 'forked', 'main');
		t.is((await guard.run('fix')).exitCode, 0);
		t.is(await guard.history('shop', 'HEAD'), history);
	});
}

/** The variables that lead git to a repository, as for files of a home directory. */
async function byVariables(t: ExecutionContext): Promise<Scenario & {readonly env: Record<string, string>}> {
	const story = await forked(t);
	story.files.move('.git', '../apart.git');
	return {...story, env: {GIT_DIR: join(story.folder, 'apart.git'), GIT_WORK_TREE: story.files.root}};
}

test('GIT_DIR and GIT_WORK_TREE: a repository apart from its worktree', async t => {
	const {git, files, env} = await byVariables(t);
	const apart = git.with(env);
	for (const command of ['merge', 'rebase']) {
		await apart.checkout('-q', '-f', '-B', 'work', 'feature');
		await apart(command, 'main');
		t.deepEqual(
			files.list('shop/migrations').filter(name => /^000[34]/.test(name)),
			['0003_currency.py', '0004_discount.py'],
			command,
		);
		t.is(await apart.status(), '');
	}
});
