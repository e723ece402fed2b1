import test from 'ava';
import {FAULTS, toolsIn} from '../faults/faults.ts';
import {forked} from '../helpers/forked.ts';

/** Every place where it is run thoroughly, else some of them. */
const STRIDE = process.env.CI === 'true' || process.env.MIGRATION_GUARD_TEST_ALL === '1' ? 1 : 5;
const MAX = 'shop/migrations/max_migration.txt';

for (const fault of FAULTS.filter(({foreign, hookOnly}) => !foreign && !hookOnly)) {
	test(`the file follows a commit, or stays as it was: ${fault.name}`, async t => {
		const story = await forked(t, {incoming: [], mainline: [], base: ({files}) => files.write(MAX, '0002_price\n')});
		const {git, files, guard} = story;
		const tools = toolsIn(story);
		await git.checkout('-q', '-b', 'work');
		const text = files.read('shop/migrations/0002_price.py').replace('0001_initial', '0002_price');
		for (let place = 1; ; place += STRIDE) {
			await git.reset('-q', '--hard', 'main');
			files.write('shop/migrations/0003_stock.py', text);
			await git.add('shop/migrations/0003_stock.py');
			const env = fault.arm(tools, place);
			const commit = await git.with(env).attempt('commit', '-m', 'stock');
			if (!fault.fired(tools, place)) break;
			const where = `${place}\n${commit.output}`;
			t.is(commit.exitCode, 0, `git's command fails because of us: ${where}`);
			t.deepEqual(await guard.leaves('shop', 'HEAD'), ['0003_stock'], where);
			for (const said of [files.read(MAX), `${await git.text('show', `HEAD:${MAX}`)}\n`])
				t.true(['0002_price\n', '0003_stock\n'].includes(said), `${said} ${where}`);
			t.true(['', ` M ${MAX}`].includes(await git.status()), `${await git.status()} ${where}`);
			for (const lock of ['.git/index.lock', '.git/next-index.lock']) if (files.exists(lock)) files.remove(lock);
			t.is((await guard.run('max-migration', 'recreate')).exitCode, 0, where);
			await git('commit', '-q', '--allow-empty', '-a', '-m', 'right');
			t.is((await guard.run('check')).exitCode, 0, where);
			t.is(await git.status(), '', where);
		}
		t.is(await git.text('show', `HEAD:${MAX}`), '0003_stock', 'without a fault');
	});
}
