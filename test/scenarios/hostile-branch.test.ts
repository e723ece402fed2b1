import {join} from 'node:path';
import test from 'ava';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

/** What a branch may say in its own .gitattributes, and what of git's it asks for. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
	'filters and diffs of names that are not configured': '*.py filter=evil diff=evil merge=evil\n',
	'no text at all': '*.py binary -diff -merge\n',
	'other line ends': '*.py text eol=crlf\n',
	'identifiers that are filled in': '*.py ident export-subst\n',
	'macros that take a name of ours': '[attr]migration-guard merge=union -text\n*.py migration-guard\n',
};

for (const [title, attributes] of Object.entries(ATTRIBUTES)) {
	for (const how of ['merge', 'rebase'] as const) {
		test(`a branch with attributes, ${how}: ${title}`, async t => {
			const {git, guard, files} = await forked(t, {incoming: ['0003_discount', '0004_stock']});
			await git.checkout('-q', 'feature');
			files.write('.gitattributes', attributes);
			await git.commit('feature: attributes');
			const tip = await git.oid();
			if (how === 'merge') {
				await git.checkout('-q', 'main');
				await git.merge('-m', 'merged', 'feature');
			} else await git.rebase('main');
			t.is(await guard.history('shop', 'HEAD'), `${LINEAR} <- 0005_stock`);
			t.is(await git.status(), '');
			t.is((await guard.run('check')).exitCode, 0);
			// What was stored is what the branch had, but for the names that changed.
			const [before, after] = await Promise.all([
				git.text('show', `${tip}:shop/migrations/0003_discount.py`),
				git.text('show', 'HEAD:shop/migrations/0004_discount.py'),
			]);
			t.is(after, before.replace('0002_price', '0003_currency'));
			t.is((await guard.run('undo')).exitCode, 0);
			t.is(await git.status(), '');
		});
	}
}

test('a branch that asks for another encoding in the worktree: what is stored stays as it is', async t => {
	const {git, files} = await forked(t);
	await git.checkout('-q', 'feature');
	const before = await git.text('show', 'HEAD:shop/migrations/0003_discount.py');
	files.write('.gitattributes', '*.py working-tree-encoding=UTF-16LE-BOM\n');
	await git.add('.gitattributes');
	await git('commit', '-q', '-m', 'feature: attributes');
	await git.checkout('-q', 'main');
	await git.merge('feature');
	t.is(await git.text('show', 'HEAD:shop/migrations/0004_discount.py'), before.replace('0002_price', '0003_currency'));
	t.is(await git.status(), '');
});

test('tags and branches that are called like a mainline do not become it', async t => {
	const {git, guard, files} = await forked(t, {published: true});
	// Tags come along with every fetch; `origin/main` is a tag to git before it is a branch (gitrevisions(7)).
	for (const name of ['origin/main', 'main', 'origin/HEAD']) await git('tag', name, 'feature');
	for (const name of ['origin/main', 'refs/remotes/origin/main']) await git('update-ref', `refs/heads/${name}`, 'feature');
	for (const configured of [null, '{"mainline": ["origin/main"]}\n', '{"mainline": ["main"]}\n']) {
		if (configured === null) await git.checkout('-q', '-B', 'work', 'feature');
		else files.write('.migrationguardrc', configured);
		await git.reset('-q', '--hard', 'refs/heads/feature');
		await git.merge('-q', '-m', 'merged', 'refs/remotes/origin/main');
		t.is(await guard.history('shop', 'HEAD'), LINEAR, configured ?? 'by default');
		await git.checkout('-q', '-B', 'onto', 'refs/heads/main');
		await git.merge('-q', '-m', 'merged', 'refs/heads/feature');
		t.is(await guard.history('shop', 'HEAD'), LINEAR, configured ?? 'by default');
		await git.checkout('-q', 'work');
	}
});

for (const name of [
	'HEAD',
	'ORIG_HEAD',
	'MERGE_HEAD',
	'-x',
	'--output=x',
	'refs/heads/main',
	'a..b'.replace('..', '.-.'),
	'ünï/cödé',
]) {
	test(`a branch called ${name}`, async t => {
		const {git, guard, files} = await forked(t);
		await git('update-ref', `refs/heads/${name}`, 'feature');
		await git('symbolic-ref', 'HEAD', `refs/heads/${name}`);
		await git.reset('-q', '--hard');
		await git.merge('-q', '-m', 'merged', 'refs/heads/main');
		t.is(await guard.history('shop', 'HEAD'), LINEAR);
		t.is(await git.text('symbolic-ref', 'HEAD'), `refs/heads/${name}`);
		t.is(await git.oid(`refs/heads/${name}`), await git.oid('@'));
		t.is(await git.status(), '');
		const undo = await guard.run('undo');
		t.is(undo.exitCode, 0, undo.output);
		t.is((await guard.leaves('shop', '@')).length, 2);
		await git.reset('-q', '--hard', '@^1');
		await git.rebase('-q', 'refs/heads/main');
		t.is(await guard.history('shop', '@'), LINEAR);
		t.false(files.exists('x'));
	});
}

test('a branch that brings hooks, programs and a configuration of git for the places where they are looked for', async t => {
	const {git, guard, files, folder} = await forked(t);
	const touch = `touch '${join(folder, 'ran')}'`;
	await git.checkout('-q', 'feature');
	for (const name of [
		'node',
		'git',
		'sh',
		'node_modules/.bin/node',
		'migration-guard',
		'hooks/post-merge',
		'merge-driver',
		'program/cli.cjs',
	])
		files.script(name, touch);
	files.write('package.json', '{"type": "module", "main": "evil.js", "imports": {"#x": "./evil.js"}}\n');
	files.write('.node-version', '1\n');
	files.write('.env', 'NODE_OPTIONS=--require ./evil.js\n');
	files.write('.npmrc', 'node-options=--require ./evil.js\n');
	files.write('evil.js', `import {writeFileSync} from 'node:fs';\nwriteFileSync('${join(folder, 'ran')}', '');\n`);
	files.write('.gitconfig', '[alias]\n\tdiff = !touch ran\n');
	files.write('.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = ./x\n\tupdate = !touch ran\n');
	await git.commit('feature: evil');
	await git.checkout('-q', 'main');
	await git.merge('feature');
	t.is(await guard.history('shop', 'HEAD'), LINEAR);
	for (const command of [['check'], ['doctor'], ['graph'], ['fix'], ['undo'], ['fix', '--renumber', 'shop.0003_discount']])
		t.not((await guard.run(...command)).exitCode, 70, command.join(' '));
	t.false(files.exists('../ran'));
	t.false(files.exists('ran'));
});
