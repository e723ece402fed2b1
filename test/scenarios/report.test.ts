import test from 'ava';
import {forked} from '../helpers/forked.ts';

for (const command of ['merge', 'rebase']) {
	test(`a few lines tell what moved, why, and how to undo it: ${command}`, async t => {
		const {git} = await forked(t);
		await git.checkout('-q', 'feature');
		const {output} = await git(command, 'main');
		t.regex(output, /shop\.0003_discount.*shop\.0004_discount/);
		t.regex(output, /shop\.0003_currency/);
		t.regex(output, /migration-guard undo/);
		const ours = output.split('\n').filter(line => /migration-guard|shop\.\d{4}/.test(line));
		t.true(ours.length >= 2 && ours.length <= 5, output);
	});
}

test('an old branch is told how old its oldest migration is', async t => {
	const {git} = await forked(t);
	await git.checkout('-q', 'feature');
	const {output} = await git.merge('main');
	t.regex(output, /\b(weeks?|months?|years?|days)\b/);
});

test('a young branch is not', async t => {
	const {git} = await forked(t, {start: new Date(Date.now() - 86_400_000)});
	await git.checkout('-q', 'feature');
	const {output} = await git.merge('main');
	t.regex(output, /shop\.0004_discount/);
	t.notRegex(output, /\b(weeks?|months?|years?|days)\b/);
});

test('a refusal names the nodes, the reason and the next command', async t => {
	const {git, files} = await forked(t);
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0004_discount.py', '# in the way\n');
	const {output} = await git.merge('main');
	t.regex(output, /shop\.0003_discount|shop\.0004_discount/);
	t.regex(output, /shop\/migrations\/0004_discount\.py/);
	t.regex(output, /migration-guard fix/);
});

test('graph draws the history', async t => {
	const {git, guard} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const graph = await guard.run('graph', 'shop');
	for (const name of ['0001_initial', '0002_price', '0003_currency', '0003_discount'])
		t.true(graph.stdout.includes(name), graph.stdout);
	t.is((await guard.run('graph', 'nonsense')).exitCode, 2);
});

test('--json is versioned', async t => {
	const {git, guard} = await forked(t);
	const linear = JSON.parse((await guard.run('check', '--json')).stdout);
	t.is(linear.version, 1);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	const forkedCheck = await guard.run('check', '--json');
	t.is(forkedCheck.exitCode, 1);
	t.is(JSON.parse(forkedCheck.stdout).version, 1);
	t.regex(forkedCheck.stdout, /shop\.0003_discount/);
	t.is(JSON.parse((await guard.run('fix', '--dry-run', '--json')).stdout).version, 1);
});

test('a branch that waited: how long, and how far mainline has moved on', async t => {
	const {git, files} = await forked(t, {mainline: ['0003_currency', '0004_tax']});
	const merge = await git.merge('--no-edit', 'feature');
	t.regex(
		merge.stderr,
		/^ {2}The oldest migration of feature is \d+ days old; mainline has moved on meanwhile: shop by 2 migrations, to 0004_tax; short-lived branches fork less\.$/m,
	);
	await git.reset('-q', '--hard', 'HEAD^');
	files.write('.migrationguardrc', 'staleAfter: 9999w\n');
	t.notRegex((await git.merge('--no-edit', 'feature')).stderr, /days old/);
});
