import test from 'ava';
import {askBoth, describeCase, missed, onlyPostgres, stopped} from './commute.ts';
import {djangos, eachDjango} from './django.ts';
import {startPostgres} from './postgres.ts';

test('pairs found by hand, and random ones: what Django fails or ends differently never commutes for us', async t => {
	await eachDjango(t, async django => {
		const newest = django === (await djangos()).at(-1);
		const cases = [
			...(await askBoth(django, newest ? ['--rows', '--random', '110', '--seed', '11'] : ['--random', '15', '--seed', '12'])),
			...(newest ? await askBoth(django, ['--worlds', '--rows', '--random', '12', '--mixed', '8', '--seed', '14']) : []),
		];
		t.true(cases.length > 5);
		t.deepEqual(missed(cases).map(describeCase), [], django.version);
		t.deepEqual(
			stopped(cases)
				.filter(each => !onlyPostgres(each))
				.map(describeCase),
			[],
			django.version,
		);
	});
});

test('the pairs found by hand on PostgreSQL', async t => {
	const django = (await djangos()).find(({version}) => version.startsWith('5.'));
	const postgres = django ? await startPostgres(django) : 'no Django could be installed here';
	if (!django || typeof postgres === 'string') {
		t.log(`not judged: ${postgres}`);
		t.pass();
		return;
	}
	t.teardown(postgres.stop);
	const ask = (...args: string[]) => askBoth(django, ['--rows', ...args, '--postgres', postgres.database], {env: postgres.env});
	const cases = [...(await ask()), ...(await ask('--worlds'))];
	t.true(cases.length > 250);
	t.deepEqual(missed(cases).map(describeCase), []);
});
