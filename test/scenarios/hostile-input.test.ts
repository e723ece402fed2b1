import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const HEAD =
	"from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [('odd', '0001_initial')]\n";

/** Names that a shell, git's quoting, an option parser or a path joiner could take for something else. */
const ODD = [
	'with space',
	'quote\'s "and" more',
	'new\nline',
	'-rf',
	'--output=x',
	':(top)x',
	'$(touch ran)',
	'`touch ran`',
	'%s%n',
	'ünïcödé-\u{1F600}',
	'*',
	'[a]',
	'back\\slash',
	'tab\there',
	'# comment',
	'HEAD',
];

for (const name of ODD) {
	test(`a folder called ${JSON.stringify(name)}: its fork is resolved like any other`, async t => {
		const story = await forked(t, {mainline: [], incoming: []});
		const {git, files} = story;
		const folder = `${name}/odd/migrations`;
		const write = (number: string, after: string | null) =>
			files.write(
				`${folder}/${number}.py`,
				HEAD.replace("[('odd', '0001_initial')]", after === null ? '[]' : `[('odd', '${after}')]`).concat(
					`    operations = [migrations.RunSQL('${number.slice(5)}')]\n`,
				),
			);
		write('0001_initial', null);
		await git('add', '-A');
		await git.commit('main: base of an odd folder');
		for (const [branch, migration] of [
			['side', '0002_side'],
			['main', '0002_main'],
		] as const) {
			await git.checkout('-q', ...(branch === 'side' ? ['-b', 'side'] : ['main']));
			write(migration, '0001_initial');
			await git.commit(`${branch}: ${migration}`);
		}
		const merge = await git.merge('side');
		t.deepEqual(files.list(folder), ['0001_initial.py', '0002_main.py', '0003_side.py'], merge.output);
		t.regex(files.read(`${folder}/0003_side.py`), /\('odd', '0002_main'\)/);
		t.is(await git.status(), '');
		const check = await story.guard.run('check');
		t.is(check.exitCode, 0, check.output);
		t.false(files.exists('ran'));
		const undone = await story.guard.run('undo');
		t.is(undone.exitCode, 0, undone.output);
		t.deepEqual(files.list(folder), ['0001_initial.py', '0002_main.py', '0002_side.py']);
	});
}

test('branches and people with odd names', async t => {
	const {git, guard} = await forked(t);
	const name = "it's;$(touch>ran)&`x`";
	await git.branch('-m', 'feature', name);
	await git.config('user.name', '--exec=touch ran');
	await git.merge(name);
	t.is(await guard.history('shop'), LINEAR);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('file names that are no UTF-8 are not touched, and what they lie beside is looked after', async t => {
	const {git, guard, files} = await forked(t);
	await git.checkout('-q', 'feature');
	writeFileSync(Buffer.concat([Buffer.from(`${files.root}/shop/migrations/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]), 'x');
	await git.commit('feature: latin1');
	await git.checkout('-q', 'main');
	await git.merge('feature');
	t.is(await guard.history('shop'), LINEAR);
	t.is(await git.status(), '');
});

test('a link out of the tree is neither followed nor written through', async t => {
	const {git, guard, files, folder, at} = await forked(t);
	at('outside').files.write('0001_initial.py', 'secret\n');
	await git.checkout('-q', 'feature');
	symlinkSync('../../../outside/0001_initial.py', join(files.root, 'shop/migrations/0004_link.py'));
	mkdirSync(join(files.root, 'linked'));
	symlinkSync('../../outside', join(files.root, 'linked/migrations'));
	await git.commit('feature: links');
	await git.checkout('-q', 'main');
	const merge = await git.merge('feature');
	t.notRegex(merge.output, /secret/);
	t.is(readFileSync(join(folder, 'outside/0001_initial.py'), 'utf8'), 'secret\n');
	t.true(files.exists('shop/migrations/0004_link.py'));
	t.is(await git.text('ls-files', '-s', 'shop/migrations/0004_link.py').then(line => line.slice(0, 6)), '120000');
	for (const command of [['check'], ['graph'], ['fix', '--dry-run']]) t.notRegex((await guard.run(...command)).output, /secret/);
	t.deepEqual(
		(await git.lines('ls-tree', '--name-only', 'HEAD', 'shop/migrations/')).filter(path => /000[34]_[dc]/.test(path)),
		['shop/migrations/0003_currency.py', 'shop/migrations/0004_discount.py'],
	);
});

test('a migrations folder that is a link to where git keeps its things', async t => {
	const {git, guard, files} = await forked(t);
	mkdirSync(join(files.root, 'evil'));
	symlinkSync('../.git', join(files.root, 'evil/migrations'));
	await git.commit('main: a link');
	const before = files.bytes('.git/config');
	await git.merge('feature');
	t.is(await guard.history('shop'), LINEAR);
	t.deepEqual(files.bytes('.git/config'), before);
});

/** A migration of the branch that nobody wrote by hand; the fork beside it must be resolved, or git's own merge stand, and soon. */
async function withHuge(t: ExecutionContext, text: string): Promise<Scenario & {readonly said: string}> {
	const story = await forked(t);
	const {git, files} = story;
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_huge.py', text);
	await git.commit('feature: huge');
	await git.checkout('-q', 'main');
	return {...story, said: (await git.merge('feature')).output};
}

test('a migration of 50 MB is not read: it is named, and git’s own merge stands', async t => {
	const {git, guard, files, said} = await withHuge(t, `${HEAD}    x = """${'x'.repeat(50_000_000)}"""\n`);
	t.is(await git.status(), '');
	t.regex(said, /migration-guard: [\s\S]*0003_huge/);
	const check = await guard.run('check');
	t.is(check.exitCode, 0, check.output);
	t.regex(check.output, /shop\/migrations\/0003_huge\.py/);
	t.regex(check.output, /longer than 5 MB\n[\s\S]*nothing is said about its app/);
	t.is(files.bytes('shop/migrations/0003_huge.py').length, 50_000_000 + HEAD.length + '    x = """"""\n'.length);
});

for (const [title, value] of [
	['brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
	['a sum', `${'[] + '.repeat(100_000)}[]`],
	['dictionaries', `${'{1: '.repeat(50_000)}1${'}'.repeat(50_000)}`],
] as const) {
	test(`${title}, nested very deep: no stack is exhausted`, async t => {
		const {guard, git, said} = await withHuge(t, `${HEAD}    operations = ${value}\n`);
		t.notRegex(said, /Maximum call stack|RangeError|post-merge failed/);
		t.is(await git.status(), '');
		const check = await guard.run('check');
		t.true([0, 1].includes(check.exitCode), check.output);
		t.notRegex(check.output, /Maximum call stack|RangeError/);
	});
}
