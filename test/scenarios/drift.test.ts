import {join} from 'node:path';
import test from 'ava';
import {mergeMigrationText} from '../helpers/django.ts';
import {project} from '../helpers/manage.ts';
import {scenario} from '../helpers/scenario.ts';
import {eachDjango} from '../referee/django.ts';

test('staging and production of a merge that was rolled out half', async t => {
	await eachDjango(t, async django => {
		const story = await scenario(t, {install: false});
		const {files, guard, git, folder} = story;
		const at = project(story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		for (const name of ['0002_a', '0002_b'])
			await story.django.makemigrations('shop', name, {dependencies: [['shop', '0001_initial']]});
		files.write('shop/migrations/0003_merge_0002_a_0002_b.py', mergeMigrationText('shop', '0002_a', '0002_b'));
		await story.django.makemigrations('shop', '0004_size', {dependencies: [['shop', '0003_merge_0002_a_0002_b']]});
		await git.commit('base');
		const save = async (name: string, ...args: readonly string[]) => {
			files.write(`../${name}.txt`, (await at.manage('showmigrations', ...args)).stdout);
			return join(folder, `${name}.txt`);
		};
		await at.manage('migrate');
		const staging = await save('staging', '--plan', '--force-color');
		files.remove('db.sqlite3');
		await at.manage('migrate', 'shop', '0002_b');
		await at.manage('migrate', 'shop', '0002_a');
		const production = await save('production', '--plan', '--verbosity', '2');

		const found = await guard.run('drift', staging, production);
		t.is(found.exitCode, 1);
		t.is(
			found.stdout,
			`shop
  staging     0004_size
  production  0002_a, 0002_b

orphaned merge: shop.0003_merge_0002_a_0002_b is not applied in production, and all that it merges is: shop.0002_a, shop.0002_b
  do in production: migrate shop 0003_merge_0002_a_0002_b
    # it has no operations: it only records

behind: production has not applied shop.0003_merge_0002_a_0002_b, shop.0004_size; staging has
  do in production: migrate shop 0004_size
    # brings it as far as the others

staging, production: 2 differences, 1 app at different leaves.`,
		);
		const {drifts} = JSON.parse((await guard.run('drift', staging, production, '--json')).stdout);
		for (const {next} of drifts) t.is((await at.manage(...next.command.split(' '))).exitCode, 0);
		await save('production');
		t.is((await guard.run('drift', staging, production)).stdout, 'staging, production: nothing differs.');
		// The same from a command that is typed.
		const command = `here=${django.python} -W ignore manage.py showmigrations --plan`;
		t.is((await guard.run('drift', staging, '--command', command)).stdout, 'staging, here: nothing differs.');

		// The name goes, and git knows where.
		files.move('shop/migrations/0004_size.py', 'shop/migrations/0004_width.py');
		await git.commit('a better name');
		const vanished = await guard.run('drift', staging);
		t.regex(
			vanished.stdout,
			/vanished: shop\.0004_size is applied in staging, and the tree has no such file: it is called shop\.0004_width now, since \w{9} "a better name"/,
		);
		t.regex(vanished.stdout, /do in staging: migration-guard db status/);
	});
});

test('what cannot be compared is said', async t => {
	const {guard, files} = await scenario(t, {install: false});
	files.write('a.txt', '[X]  shop.0001\n');
	files.write('b.txt', 'Traceback\n');
	const said = async (...args: readonly string[]) => {
		const {exitCode, stderr} = await guard.run('drift', ...args);
		t.is(exitCode, 2);
		return stderr;
	};
	t.regex(await said(), /say which outputs/);
	t.regex(await said('b.txt'), /b: b\.txt holds no output of showmigrations/);
	t.regex(await said('c.txt'), /c\.txt cannot be read: ENOENT/);
	t.regex(await said('a.txt', 'a.txt'), /two environments are called a; write NAME=FILE/);
	t.regex(await said('--command', 'x'), /write NAME='COMMAND'/);
	t.regex(await said('--command', 'x=false'), /x: false ended with 1/);
});
