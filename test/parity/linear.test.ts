import test from 'ava';
import {linearMigrations} from '../referee/linear-migrations.ts';
import {isAsStated, playAll} from './play.ts';
import {SCENARIOS} from './scenarios.ts';

/** It plays every scenario with two tools, of which one starts Django each time: a minute. */
const thorough = process.env.CI === 'true' || process.env.MIGRATION_GUARD_TEST_ALL === '1' ? test : test.skip;

thorough('what is stated of django-linear-migrations and of us is so', async t => {
	t.timeout(600_000);
	const real = await linearMigrations();
	if (typeof real === 'string') {
		t.log(`not judged: ${real}`);
		t.pass();
		return;
	}
	const outcomes = await playAll(SCENARIOS, real);
	for (const [index, {name, theirs, ours}] of SCENARIOS.entries()) {
		t.true(isAsStated(outcomes[index]!.theirs, theirs), `${name}: ${outcomes[index]!.theirs}`);
		t.true(isAsStated(outcomes[index]!.ours, ours), `${name}: ${outcomes[index]!.ours}`);
	}
});
