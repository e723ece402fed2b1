import {appendFileSync, existsSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {forked} from '../helpers/forked.ts';
import {product} from '../helpers/product.ts';
import type {Scenario} from '../helpers/scenario.ts';
import {DOORS, type Door} from './doors.ts';
import {FAULTS, type Fault, type Tools, toolsIn} from './faults.ts';

/*
 * Every fault at every place of every door. `npm run test:faults` runs them all and prints the table; here, in `npm test`, each pair is
 * tried at a few places, which rotate with the day.
 */
const ALL = process.env.MIGRATION_GUARD_FAULTS;
const STRIDE = 9;
const FIRST = 1 + (Math.floor(Date.now() / 86_400_000) % STRIDE);
const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';
const FORKED = ['0003_currency', '0003_discount'];
const LOCKS = ['.git/index.lock', '.git/refs/heads/work.lock', '.git/HEAD.lock'];

for (const door of DOORS) {
	for (const fault of FAULTS.filter(({hookOnly}) => door.hook || !hookOnly)) {
		test(`${door.name}: ${fault.name}`, async t => {
			const counts = await everyPlace(t, door, fault);
			t.true(counts.places > 0 || !ALL, 'the fault was never met');
			if (ALL) appendFileSync(ALL, `${JSON.stringify({door: door.name, fault: fault.name, ...counts})}\n`);
		});
	}
}

async function everyPlace(t: ExecutionContext, door: Door, fault: Fault) {
	const story = await forked(t);
	const cli = await product();
	const tools = toolsIn(story);
	const counts = {places: 0, before: 0, after: 0, between: 0};
	for (let place = ALL ? 1 : FIRST; ; place += ALL ? 1 : STRIDE) {
		await door.prepare(story);
		const env = fault.arm(tools, place);
		const result = await door.run(story, env, cli);
		if (!fault.fired(tools, place)) return counts;
		const where = `${door.name}, ${fault.name}, ${place} (${at(tools)})\n${result.output}`;
		counts.places++;
		const isGits = fault.foreign && /\.lock': File exists/.test(result.output);
		if (door.hook && !fault.hookOnly && !isGits) t.is(result.exitCode, 0, `git's command fails because of us: ${where}`);
		counts[await standing(t, story, where)]++;
		await finish(t, story, door, where);
	}
}

function at({shim, log}: Tools): string {
	return existsSync(log) ? 'a write' : (shim.calls().at(-1) ?? '');
}

/** Before or after: the commit is git's own, or ours; index and worktree are its. Else it must be one that says so. */
async function standing(
	t: ExecutionContext,
	{git, guard, files}: Scenario,
	where: string,
): Promise<'before' | 'after' | 'between'> {
	const leaves = await guard.leaves('shop', 'HEAD');
	t.true(leaves.length === 1 || leaves.join() === FORKED.join(), `neither git's result nor ours: ${leaves.join()} ${where}`);
	const status = (await git.status()).split('\n').filter(line => line !== '');
	if (status.length === 0) return leaves.length === 1 ? 'after' : 'before';
	// What shows is what the journal tells of; the next run finishes it. A merge still to be concluded shows what it brings.
	const isTold = files.exists('.git/migration-guard/open') || files.exists('.git/MERGE_HEAD');
	t.true(isTold, `a half state that nobody knows of: ${status.join('; ')} ${where}`);
	return 'between';
}

async function finish(t: ExecutionContext, story: Scenario, door: Door, where: string): Promise<void> {
	const {git, guard, files} = story;
	for (const lock of LOCKS) if (existsSync(join(files.root, lock))) files.remove(lock);
	// A git that was killed in its own hook leaves its notes.
	if (files.exists('.git/rebase-apply')) await git('am', '--quit');
	if ((await guard.leaves('shop', 'HEAD')).length === 1 && files.exists('.git/MERGE_HEAD')) await git('commit', '--no-edit');
	const done = await guard.run(...door.finish);
	if (door.end === 'linear') {
		t.is(done.exitCode, 0, `${where}\n${done.output}`);
		t.is(await guard.history('shop'), LINEAR, where);
		if ((await git.status()) !== '' || files.exists('.git/MERGE_HEAD')) await git('commit', '-q', '-m', 'linear');
		t.is(await guard.history('shop', 'HEAD'), LINEAR, where);
	} else t.deepEqual(await guard.leaves('shop', 'HEAD'), FORKED, `${where}\n${done.output}`);
	t.is(await git.status(), '', where);
	// A lock that could not be deleted is a dead one's: the next place shows that it keeps nobody out.
	t.false(files.exists('.git/migration-guard/open'), `the journal is open: ${where}`);
	for (const side of ['main', 'feature']) t.is((await git.attempt('cat-file', '-e', `${side}^{tree}`)).exitCode, 0);
	await git('cherry-pick', '--quit').catch(() => {});
	if (files.exists('.git/MERGE_HEAD')) await git.merge('--quit');
	if (files.exists('.git/rebase-merge')) await git.rebase('--quit');
}
