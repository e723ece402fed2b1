import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {addField} from '../helpers/django.ts';
import {forked} from '../helpers/forked.ts';
import {PROJECT} from '../helpers/product.ts';
import type {Scenario} from '../helpers/scenario.ts';

const AUTO = 'shop/migrations/0003_auto.py';
const LINEAR = '0001_initial <- 0002_price <- 0003_auto <- 0004_auto';
const DRIVER = '.git/migration-guard/merge-driver';

/** Both sides add 0003_auto, each with a field of its own; what `command` brings is on the other branch. */
async function sameName(t: ExecutionContext, command: string): Promise<Scenario & {readonly other: string}> {
	const story = await forked(t, {mainline: [], incoming: []});
	const {git, django} = story;
	for (const [branch, field] of [
		['feature', 'discount'],
		['main', 'currency'],
	] as const) {
		await git.checkout('-q', branch);
		await django.makemigrations('shop', '0003_auto', {operations: [addField(field)]});
		await git.commit(`${branch}: 0003_auto`);
	}
	await git.checkout('-q', command === 'cherry-pick' ? 'main' : 'feature');
	return {...story, other: command === 'cherry-pick' ? 'feature' : 'main'};
}

for (const command of ['merge', 'rebase', 'cherry-pick'] as const) {
	test(`23 merge-driver-killed-2.39-vs-2.42: our script, ${command}`, async t => {
		const {git, files, other} = await sameName(t, command);
		const tip = await git.oid();
		files.script(DRIVER, 'kill -9 $$');
		const killed = await git.attempt(command, other);
		t.is(killed.exitCode, 1, killed.output);
		t.is(await git.status(), `AA ${AUTO}`);
		const text = files.read(AUTO);
		t.regex(text, /^<<<<<<< /m);
		for (const field of ['currency', 'discount']) t.true(text.includes(field), `${field} is in git's own conflict`);
		await git(command, '--abort');
		t.is(await git.oid(), tip);
		t.is(await git.status(), '');
	});

	// Up to git 2.41 a conflict without a mark, since then the end of the whole command.
	test(`23 merge-driver-killed-2.39-vs-2.42: all of it, ${command}`, async t => {
		const {git, guard, files, other} = await sameName(t, command);
		const [tip, driver] = [await git.oid(), files.read(DRIVER)];
		files.script(DRIVER, 'kill -9 $PPID $$');
		const killed = await git.attempt(command, other);
		t.not(killed.exitCode, 0, killed.output);
		if (await git.status()) t.is(await git.status(), `AA ${AUTO}`);
		await git.attempt(command, '--abort');
		t.is(await git.oid(), tip);
		t.is(await git.status(), '');
		files.write(DRIVER, driver);
		await git(command, other);
		t.is(await guard.history('shop', 'HEAD'), LINEAR);
	});
}

for (const fault of ['ENOSPC', 'EROFS', 'torn', 'kill']) {
	test(`a driver that cannot write (${fault}) loses no side, at any of its writes`, async t => {
		const {git, files, folder} = await sameName(t, 'merge');
		for (let place = 1; ; place++) {
			const log = join(folder, `writes-${place}`);
			const env = {
				NODE_OPTIONS: `--require ${join(PROJECT, 'test/faults/fail-writes.cjs')}`,
				FAULT_WRITE: `${place}:${fault}`,
				FAULT_LOG: log,
			};
			// The driver alone: nobody finishes what it leaves.
			await git.with(env).attempt('merge', '--no-commit', 'main');
			if (!files.read(`../writes-${place}`).includes('fired')) break;
			const text = files.read(AUTO);
			for (const field of ['currency', 'discount']) t.true(text.includes(field), `${place}: ${field}\n${text}`);
			t.regex(text, /^(<<<<<<< |raise ImportError)/m, `${place}`);
			t.deepEqual(
				(await git.status()).split('\n').filter(line => !/^(AA|M |A ) shop/.test(line)),
				[],
				`${place}: nothing is left in the worktree`,
			);
			await git.merge('--abort');
			t.true(place < 50);
		}
	});
}
