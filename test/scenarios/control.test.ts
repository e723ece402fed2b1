import test from 'ava';
import {forked} from '../helpers/forked.ts';
import {questionFor} from '../helpers/judge.ts';
import {danglingOf, historyOf, identityIn, leavesOf} from '../helpers/reader.ts';
import {ask, djangos} from '../referee/django.ts';

// The eyes of the stories, opened on what plain git does: a check that never fires proves nothing.

test('plain git merges the picture cleanly, and it is forked', async t => {
	const {git, guard} = await forked(t, {install: false});
	const merge = await git.merge('feature');
	t.is(merge.exitCode, 0);
	t.deepEqual(await guard.leaves('shop'), ['0003_currency', '0003_discount']);
	t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency, 0003_discount(0002_price)');
	for (const django of await djangos()) {
		const [verdict] = await ask(django, [questionFor(await guard.migrations('HEAD'))]);
		t.deepEqual(verdict?.conflicts, {shop: ['0003_currency', '0003_discount']}, django.version);
	}
});

test('a dangling dependency is seen, by the tests and by Django', async t => {
	const {git, guard, files} = await forked(t, {install: false});
	files.edit('shop/migrations/0003_currency.py', "('shop', '0002_price')", "('shop', '0002_gone')");
	await git.commit('dangling');
	const migrations = await guard.migrations('HEAD');
	t.deepEqual(danglingOf(migrations), ['shop.0003_currency -> shop.0002_gone']);
	for (const django of await djangos()) {
		const [verdict] = await ask(django, [questionFor(migrations)]);
		t.is(verdict?.error?.type, 'NodeNotFoundError', django.version);
	}
});

test('the tests’ reader', t => {
	const migration = (dependencies: string, operations = 'operations = [1]') =>
		`class Migration:\n    ${dependencies}\n    ${operations}\n`;
	const files = new Map([
		['a/shop/migrations/0001_initial.py', migration('dependencies = []')],
		['a/shop/migrations/0002_left.py', migration("dependencies = (('shop', '0001_initial'),)")],
		['a/shop/migrations/0002_right.py', migration('dependencies: list = [ ("shop", "0001_initial",), ]')],
		['a/shop/migrations/0003_merge.py', migration("dependencies = [('shop', '0002_left'), ('shop', '0002_right')]")],
		['a/shop/migrations/__init__.py', ''],
	]);
	t.is(historyOf(files, 'shop'), '0001_initial <- 0002_left, 0002_right(0001_initial), 0003_merge(0002_left 0002_right)');
	t.deepEqual([...leavesOf(files)], [['shop', ['0003_merge']]]);
	t.is(identityIn(files.get('a/shop/migrations/0001_initial.py')!), identityIn(files.get('a/shop/migrations/0002_left.py')!));
	t.not(identityIn(migration('dependencies = []', 'operations = [2]')), identityIn(migration('dependencies = []')));
});
