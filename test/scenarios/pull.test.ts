import test from 'ava';
import {forked} from '../helpers/forked.ts';

const LINEAR = '0001_initial <- 0002_price <- 0003_currency <- 0004_discount';

for (const how of ['--rebase', '--no-rebase']) {
	test(`39 pull-rebase-and-pull-merge ${how}`, async t => {
		const {git, guard} = await forked(t, {published: true});
		await git.checkout('-q', 'feature');
		await git.branch('-q', '-f', 'main', 'main~1');
		const before = await guard.remember('origin/main', 'feature');
		const pull = await git.pull(how, 'origin', 'main');
		t.is(pull.exitCode, 0);
		t.is(await guard.history('shop'), LINEAR);
		const merges = await git.lines('log', '--merges', '--format=%s', 'HEAD');
		t.is(merges.length, how === '--no-rebase' ? 1 : 0);
		await guard.invariants(before, {adds: merges});
	});

	test(`pull of a branch's own upstream ${how}: what is upstream stays`, async t => {
		const {git, django, guard} = await forked(t, {published: true, mainline: [], incoming: []});
		await git.checkout('-q', 'feature');
		await django.makemigrations('shop', '0003_stock');
		await git.commit('coworker: 0003_stock');
		await git.push('-q', '-u', 'origin', 'feature');
		await git.reset('-q', '--hard', 'HEAD~1');
		await django.makemigrations('shop', '0003_discount');
		await git.commit('feature: 0003_discount');
		const before = await guard.remember('origin/feature', 'feature');
		await git.pull('-q', how);
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_stock <- 0004_discount');
		const merges = await git.lines('log', '--merges', '--format=%s', 'HEAD');
		await guard.invariants(before, {adds: merges});
	});
}
