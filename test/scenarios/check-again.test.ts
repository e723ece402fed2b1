import {readFileSync, rmSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {product} from '../helpers/product.ts';
import {type Scenario, scenario} from '../helpers/scenario.ts';

/** What `check` says with what it remembers, which must be what it says with nothing remembered. */
async function checked(
	{guard, files}: Scenario,
	t: {is(a: string, b: string, message?: string): boolean},
	after: string,
): Promise<string> {
	const warm = await guard.run('check', '--json');
	rmSync(join(files.root, '.git/migration-guard/cache'), {recursive: true, force: true});
	const cold = await guard.run('check', '--json');
	t.is(warm.stdout, cold.stdout, after);
	return (JSON.parse(cold.stdout) as {findings: {code: string}[]}).findings.map(({code}) => code).join(' ');
}

test('an answer is remembered until anything it follows from is another', async t => {
	const story = await scenario(t, {origin: true});
	const {git, django, files, guard} = story;
	const answers = () => files.list('.git/migration-guard/cache/answers').length;
	files.write('.gitignore', '*_local.py\n');
	await django.makemigrations('shop', '0001_initial', '0002_price');
	await git.commit('base');
	await git.push('-q', '-u', 'origin', 'main');
	t.is(await checked(story, t, 'base'), '');
	t.is(answers(), 1);
	await guard.run('check');
	t.is(answers(), 1);

	const steps: readonly [string, () => unknown, expected: string, isKept: boolean][] = [
		['a migration that was not added', () => django.makemigrations('shop', '0003_a'), '', false],
		['added', () => git('add', '.'), '', true],
		['committed', () => git.commit('a'), '', true],
		[
			'an ignored one',
			() => files.write('shop/migrations/0004_local.py', files.read('shop/migrations/0003_a.py').replace('0002_price', '0003_a')),
			'MG114',
			false,
		],
		['gone', () => files.remove('shop/migrations/0004_local.py'), '', true],
		['edited', () => files.edit('shop/migrations/0003_a.py', '0002_price', '0009_gone'), 'MG002', false],
		['edited back', () => files.edit('shop/migrations/0003_a.py', '0009_gone', '0002_price'), '', true],
		[
			'a published one edited',
			async () => {
				files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
				await git.commit('edit');
			},
			'MG112',
			true,
		],
		['accepted', () => files.write('.migrationguardrc.json', JSON.stringify({ignore: {MG112: {shop: 'known'}}})), '', true],
		['not accepted', () => files.remove('.migrationguardrc.json'), 'MG112', true],
		['published', () => git.push('-q', 'origin', 'main'), '', true],
		['a fork', () => django.makemigrations('shop', '0004_b', {dependencies: [['shop', '0002_price']]}), 'MG001', false],
		['in the index', () => git('add', '.'), 'MG001', true],
		[
			'an app that git does not have',
			() => files.write('pay/migrations/0001_initial.py', files.read('shop/migrations/0001_initial.py')),
			'MG001 MG008',
			false,
		],
	];
	for (const [after, step, expected, isKept] of steps) {
		await step();
		t.is(await checked(story, t, after), expected, after);
		t.is(answers(), isKept ? 1 : 0, after);
	}
});

test('a remembered answer is given without reading a migration', async t => {
	const story = await scenario(t);
	const {git, django, files, guard} = story;
	await django.makemigrations('shop', '0001_initial');
	await git.commit('base');
	const first = await guard.run('check');
	const path = '.git/migration-guard/cache/answers';
	const [name] = files.list(path);
	files.edit(`${path}/${name}`, '"migrations":1', '"migrations":77');
	t.regex((await guard.run('check')).stdout, /77 migrations/);
	// Damaged, or of another build: as if there were none.
	files.write(`${path}/${name}`, '{');
	t.is((await guard.run('check')).stdout, first.stdout);
	files.edit(`${path}/${name}`, 'circumstances":"', 'circumstances":"x');
	t.is((await guard.run('check')).stdout, first.stdout);
	// What stands in the way of remembering is in the way of nothing else.
	files.remove(path);
	files.write(path, 'a file where the folder should be');
	t.is((await guard.run('check')).output, first.output);
	files.remove(path);
	// Only the time of a file is another: git looks into it.
	utimesSync(join(files.root, 'shop/migrations/0001_initial.py'), 1, 1);
	t.is((await guard.run('check')).stdout, first.stdout);
});

test('how often git is asked does not grow with the migrations', async t => {
	const {git, django, files, folder} = await scenario(t, {origin: true});
	const loop = {operations: ['        migrations.RunPython(fill),']};
	const started = async () => {
		const trace = join(folder, 'trace');
		rmSync(trace, {force: true});
		await git.with({GIT_TRACE2_EVENT: trace})('-c', `alias.guard=!"${process.execPath}" "${await product()}"`, 'guard', 'check');
		return readFileSync(trace, 'utf8')
			.split('\n')
			.filter(line => line.includes('"event":"start"')).length;
	};
	const fill = (name: string) =>
		files.edit(
			`shop/migrations/${name}.py`,
			'class Migration',
			"def fill(apps, schema_editor):\n    for item in apps.get_model('shop', 'Item').objects.all():\n        item.save()\n\n\nclass Migration",
		);
	const add = async (...names: [string, ...string[]]) => {
		await django.makemigrations('shop', ...names, loop);
		for (const name of names) fill(name);
		await git.commit('fill');
	};
	await django.makemigrations('shop', '0001_initial');
	await git.commit('base');
	await git.push('-q', '-u', 'origin', 'main');
	await add('0002_a');
	const once = await started();
	await add('0003_b', '0004_c', '0005_d');
	t.is(await started(), once);
});

test('where nothing can be read ahead of its time the answer is the same, and so is a complaint', async t => {
	const {git, django, files, folder} = await scenario(t, {install: false});
	await django.makemigrations('shop', '0001_initial', '0002_price');
	await git.commit('base');
	const order = async (env: Record<string, string>) =>
		git.with(env).attempt('-c', `alias.guard=!"${process.execPath}" "${await product()}"`, 'guard', 'order');
	const usual = await order({});
	t.is(usual.stdout, 'shop.0001_initial\nshop.0002_price');
	// There is no folder for temporary files.
	const TMPDIR = join(folder, 'nowhere');
	t.deepEqual(await order({TMPDIR}), usual);
	const blob = await git.text('rev-parse', 'HEAD:shop/migrations/0002_price.py');
	files.remove(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
	const lost = await order({});
	t.regex(lost.output, new RegExp(`no such blob: ${blob}`));
	t.deepEqual(await order({TMPDIR}), lost);
});
