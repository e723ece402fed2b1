import {join} from 'node:path';
import test from 'ava';
import {forked} from '../helpers/forked.ts';

const HINT = /migration-guard db status/;

for (const command of ['merge', 'rebase']) {
	test(`a ${command} that renumbers what was checked out here names db status, once`, async t => {
		const {git} = await forked(t);
		await git.checkout('-q', 'feature');
		const {output} = await git(command, 'main');
		t.is(output.split('\n').filter(line => HINT.test(line)).length, 1, output);
	});
}

test('so does fix; not what it would do', async t => {
	const {git, guard} = await forked(t);
	await git.with({MIGRATION_GUARD: '0'}).merge('feature');
	t.notRegex((await guard.run('fix', '--dry-run')).output, HINT);
	t.regex((await guard.run('fix')).output, HINT);
});

for (const command of ['merge', 'cherry-pick']) {
	test(`a branch that never was checked out here was applied nowhere here: ${command}`, async t => {
		const {git, folder, at} = await forked(t, {published: true});
		await git.push('-q', 'origin', 'feature');
		const other = at('other');
		await git('clone', '-q', join(folder, 'origin.git'), join(folder, 'other'));
		for (const [key, value] of [
			['user.name', 'Grace'],
			['user.email', 'grace@example.org'],
		] as const)
			await other.git.config(key, value);
		await other.guard.install();
		const {output} = await other.git(command, 'origin/feature');
		t.is(await other.guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_discount');
		t.notRegex(output, HINT);
	});
}

test('nor was a branch’s file of the same name as mainline’s', async t => {
	const {git, folder, at, django} = await forked(t, {published: true, incoming: [], mainline: []});
	for (const [branch, field] of [
		['main', 'currency'],
		['feature', 'discount'],
	] as const) {
		await git.checkout('-q', branch);
		await django.makemigrations('shop', '0003_more', {
			operations: [`        migrations.AddField('item', '${field}', models.IntegerField(default=0)),`],
		});
		await git.commit(branch);
	}
	await git.push('-q', 'origin', 'main', 'feature');
	const other = at('other');
	await git('clone', '-q', join(folder, 'origin.git'), join(folder, 'other'));
	for (const [key, value] of [
		['user.name', 'Grace'],
		['user.email', 'grace@example.org'],
	] as const)
		await other.git.config(key, value);
	await other.guard.install();
	const {output} = await other.git.merge('origin/feature');
	t.regex(output, /shop\.0004_more/);
	t.notRegex(output, HINT);
});
