import test, {type ExecutionContext} from 'ava';
import {ALL_COLUMNS, type Applied, type AppliedOptions, applied} from '../helpers/applied.ts';
import {type Django, djangos} from '../referee/django.ts';
import {startMariadb} from '../referee/mariadb.ts';
import {startPostgres} from '../referee/postgres.ts';
import {BASE, BEFORE, renumbered} from '../referee/renumbered-files.ts';
import {type Answer, alterName, playAll, type Step} from '../referee/steps.ts';

const STRAIGHT = ['0001_initial', '0002_price', '0003_currency', '0004_discount'];

const SERVERS = {
	PostgreSQL: {start: startPostgres, line: '5.'},
	MariaDB: {start: startMariadb, line: '5.'},
};

/** Stories on one server, each in a database of its own. What cannot be started fails in CI and is said elsewhere. */
async function served(
	t: ExecutionContext,
	name: keyof typeof SERVERS,
	body: (
		tell: (options?: AppliedOptions) => Promise<Applied>,
		django: Django,
		server: {readonly database: string; readonly env: Readonly<Record<string, string>>},
	) => Promise<void>,
) {
	const {start, line} = SERVERS[name];
	const django = (await djangos()).find(({version}) => version.startsWith(line));
	const server = django ? await start(django) : 'no Django could be installed here';
	if (!django || typeof server === 'string') {
		if (process.env.CI === 'true') t.fail(`no ${name}: ${server}`);
		t.log(`not judged: ${server}`);
		t.pass();
		return;
	}
	const settings = 'settings' in server ? [String(server.settings)] : [];
	try {
		await body(
			options =>
				applied(t, django, {
					...options,
					manage: {databases: {default: server.database}, settings, env: server.env, ...options?.manage},
				}),
			django,
			server,
		);
	} finally {
		await server.stop();
	}
}

for (const name of ['PostgreSQL', 'MariaDB'] as const) {
	test(`${name}: the rows get their new names and the data stays; killed half-way and run again`, async t => {
		await served(t, name, async tell => {
			const told = await tell({
				incoming: ['0003_discount', '0004_rebate'],
				row: "(name, price, discount, rebate) VALUES ('tea', 3, 7, 8)",
			});
			const {git, manage, db, dbWith} = told;
			await git.merge('main');
			// A failed migrate leaves its mark where DDL cannot be rolled back; mainline's is in either way.
			const failed = await manage.attempt('migrate');
			t.regex(failed.stderr, /already exists|Duplicate column name/);
			const status = await db('status');
			t.regex(status.stdout, /shop\.0003_discount is applied; it is 0004_discount now/);
			await dbWith({MIGRATION_GUARD_FAIL: 'database-renamed'}, 'repair', '--yes', '--command', manage.command);
			const again = await db('repair', '--yes');
			t.is(again.exitCode, 0, again.output);
			t.deepEqual(await manage.applied(), [...STRAIGHT, '0005_rebate']);
			t.deepEqual(await manage.sql('SELECT discount, rebate, currency FROM shop_item'), [[7, 8, 0]]);
			t.regex((await manage.run('migrate')).stdout, /No migrations to apply/);
		});
	});

	test(`${name}: mainline alters the same table; and --back`, async t => {
		await served(t, name, async tell => {
			const {git, manage, db, django} = await tell({mainline: []});
			await git.checkout('-q', 'main');
			await django.makemigrations('shop', '0003_longer', {operations: [alterName]});
			await git.commit('main: longer');
			await git.checkout('-q', 'feature');
			await git.rebase('main');
			const repaired = await db('repair', '--yes');
			t.is(repaired.exitCode, 0, repaired.output);
			t.deepEqual(await manage.sql('SELECT name, discount FROM shop_item'), [['tea', 7]]);
			await git.checkout('-q', 'main');
			await django.makemigrations('shop', '0004_currency');
			await git.commit('main: currency');
			await git.checkout('-q', 'feature');
			await git.rebase('main');
			const back = await db('repair', '--yes', '--back');
			t.is(back.exitCode, 0, back.output);
			t.deepEqual(await manage.applied(), ['0001_initial', '0002_price', '0003_longer', '0004_currency', '0005_discount']);
			t.deepEqual(await manage.sql(ALL_COLUMNS), [['tea', 3, 0, 0]]);
		});
	});
}

const EMPTY: Readonly<Record<keyof typeof SERVERS, Step>> = {
	PostgreSQL: ['sql', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public'],
	MariaDB: ['sql', 'CREATE OR REPLACE DATABASE app'],
};

for (const name of ['PostgreSQL', 'MariaDB'] as const) {
	test(`${name}: what comes of each way by hand (S0, S2 and S17, S3, S12b)`, async t => {
		await served(t, name, async (_tell, django, {database, env}) => {
			const play = async (replaces: boolean, ...steps: readonly Step[]): Promise<readonly Answer[]> => {
				const all = [BASE, EMPTY[name], ...BEFORE, renumbered(alterName, replaces), ...steps];
				const [answers = []] = await playAll(django, [{steps: all}], {database: JSON.parse(database), env});
				return answers.slice(-steps.length);
			};
			const error = (answer: Answer | undefined) => (answer as {error: string | null}).error;
			const data: Step = ['sql', 'SELECT name, price, a, b FROM shop_item'];
			const main: Step = ['manage', 'migrate', 'shop', '0003_main'];
			const fake: Step = ['manage', 'migrate', 'shop', '0005_feat_b', '--fake'];

			const [atOnce, rows] = await play(false, ['manage', 'migrate'], ['rows', 'shop']);
			t.regex(error(atOnce) ?? '', /already exists|Duplicate column name/);
			t.true((rows as string[]).includes('0003_main'));

			const [first, then, kept, wide] = await play(false, main, fake, data, [
				'sql',
				"SELECT character_maximum_length FROM information_schema.columns WHERE table_name = 'shop_item' AND column_name = 'name'",
			]);
			t.deepEqual([error(first), error(then)], [null, null]);
			t.deepEqual(kept, [['tea', 3, 7, 8]], 'the data stays: no table is made anew here');
			t.deepEqual(wide, [[60]]);

			const [faked, narrow] = await play(false, fake, [
				'sql',
				"SELECT character_maximum_length FROM information_schema.columns WHERE table_name = 'shop_item' AND column_name = 'name'",
			]);
			t.is(error(faked), null);
			t.deepEqual(narrow, [[50]], 'mainline’s was never run');

			const [leaf, rest, same] = await play(true, main, ['manage', 'migrate'], data);
			t.deepEqual([error(leaf), error(rest)], [null, null]);
			t.deepEqual(same, [['tea', 3, 7, 8]]);
		});
	});
}
