import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {ALL_COLUMNS, type Applied, type AppliedOptions, applied, TEA} from '../helpers/applied.ts';
import {type Django, djangos} from '../referee/django.ts';

const STRAIGHT = ['0001_initial', '0002_price', '0003_currency', '0004_discount'];

/** A story on the youngest Django, or on all that are named. Without Python nothing is judged, and the log says so. */
function story(
	title: string,
	options: AppliedOptions & {lines?: readonly string[]},
	body: (t: ExecutionContext, story: Applied, django: Django) => Promise<void>,
) {
	const {lines, ...rest} = options;
	test(title, async t => {
		const all = await djangos();
		const judges = lines ? all.filter(({version}) => lines.some(line => version.startsWith(line))) : all.slice(-1);
		for (const django of judges) await body(t, await applied(t, django, rest), django);
		if (judges.length === 0) t.log('not judged: no Django could be installed here');
		t.pass();
	});
}

async function repaired(t: ExecutionContext, {db, manage}: Applied, ...args: readonly string[]): Promise<void> {
	const done = await db('repair', '--yes', ...args);
	t.is(done.exitCode, 0, done.output);
	t.regex((await manage.run('migrate')).stdout, /No migrations to apply/);
}

const alterName = ["        migrations.AlterField('item', 'name', models.CharField(max_length=60)),"];

story(
	'S17: mainline’s migration makes SQLite’s table anew, after a rebase',
	{mainline: [], lines: ['3.2', '6.']},
	async (t, told) => {
		const {git, django, manage} = told;
		await git.checkout('-q', 'main');
		await django.makemigrations('shop', '0003_longer', {operations: alterName});
		await git.commit('main: longer names');
		await git.checkout('-q', 'feature');
		await git.rebase('main');
		await repaired(t, told);
		t.deepEqual(await manage.applied(), ['0001_initial', '0002_price', '0003_longer', '0004_discount']);
		t.deepEqual(await manage.sql('SELECT name, price, discount FROM shop_item'), [['tea', 3, 7]]);
	},
);

story(
	'a chain of which the first is applied, and mainline has three',
	{incoming: ['0003_discount', '0004_rebate'], mainline: ['0003_currency', '0004_vat', '0005_sku'], target: ['shop', '0003']},
	async (t, told) => {
		const {git, manage} = told;
		await git.merge('main');
		await repaired(t, told);
		t.deepEqual(await manage.applied(), [
			'0001_initial',
			'0002_price',
			'0003_currency',
			'0004_vat',
			'0005_sku',
			'0006_discount',
			'0007_rebate',
		]);
		t.deepEqual(await manage.sql('SELECT discount, rebate, sku FROM shop_item'), [[7, 0, 0]]);
	},
);

const bag: AppliedOptions = {
	manage: {apps: ['shop', 'bag']},
	branch: async ({git, django, files}) => {
		await django.makemigrations('bag', '0001_initial', {
			dependencies: [['shop', '0003_discount']],
			operations: [
				"        migrations.CreateModel('Item', [('id', models.BigAutoField(primary_key=True)), ('name', models.CharField(max_length=50))]),",
			],
		});
		files.write('bag/models.py', '');
		await git.commit('bag');
	},
};

story('S6: an applied migration of another app depends on the renumbered one', bag, async (t, told) => {
	const {git, manage} = told;
	await manage.sql("INSERT INTO bag_item (name) VALUES ('sack')");
	await git.merge('main');
	await repaired(t, told);
	t.deepEqual(await manage.applied(), STRAIGHT);
	t.deepEqual(await manage.applied('bag'), ['0001_initial']);
	t.deepEqual(await manage.sql(ALL_COLUMNS), TEA);
	t.deepEqual(await manage.sql('SELECT name FROM bag_item'), [['sack']]);
});

story('S6 with --back: what depends on it goes back, too', bag, async (t, told) => {
	const {git, manage} = told;
	await git.merge('main');
	await repaired(t, told, '--back');
	t.deepEqual(await manage.applied(), STRAIGHT);
	t.deepEqual(await manage.applied('bag'), ['0001_initial']);
});

story('S12: the new name was recorded before mainline’s, and Django refuses everything', {}, async (t, told) => {
	const {git, manage} = told;
	await git.merge('main');
	await manage.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0004_discount', '2024-01-01')");
	t.regex((await manage.attempt('migrate')).stderr, /InconsistentMigrationHistory/);
	await repaired(t, told);
	t.deepEqual(await manage.applied(), STRAIGHT);
	t.deepEqual(await manage.sql(ALL_COLUMNS), TEA);
});

const adding = (field: string, how: string) => [`        migrations.AddField('item', '${field}', models.IntegerField(${how})),`];

/** One migration on each side, with these operations; ends on `feature`. */
const sides = (
	mainline: readonly [string, readonly string[]],
	incoming: readonly [string, readonly string[]],
): AppliedOptions => ({
	incoming: [],
	mainline: [],
	branch: async ({git, django}) => {
		for (const [branch, [name, operations]] of [
			['main', mainline],
			['feature', incoming],
		] as const) {
			await git.checkout('-q', branch);
			await django.makemigrations('shop', name, {operations});
			await git.commit(name);
		}
	},
});

story(
	'S0: after a migrate that failed with “duplicate column”; and --back is refused then',
	sides(['0003_currency', adding('currency', 'null=True')], ['0003_discount', adding('discount', 'null=True')]),
	async (t, told) => {
		const {git, manage, db} = told;
		await git.merge('main');
		t.regex((await manage.attempt('migrate')).stderr, /duplicate column name: discount/);
		const back = await db('repair', '--yes', '--back');
		t.is(back.exitCode, 1);
		t.regex(back.stderr, /mainline's migrations are applied already[\s\S]*shop\.0003_currency/);
		await repaired(t, told);
		t.deepEqual(await manage.applied(), STRAIGHT);
		t.deepEqual(await manage.sql(ALL_COLUMNS), [['tea', 3, 7, null]]);
	},
);

story('S3: mainline’s was faked: the missing column is named, and nothing is changed', {}, async (t, {git, manage, db}) => {
	await git.merge('main');
	await manage.run('migrate', 'shop', '0004_discount', '--fake');
	const before = await manage.applied();
	const refused = await db('repair', '--yes');
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /the tables are not what the applied migrations say[\s\S]*column shop_item\.currency is missing/);
	t.regex((await db('status')).stdout, /column shop_item\.currency is missing, although its migration is applied/);
	t.deepEqual(await manage.applied(), before);
});

story(
	'both sides have a migration of the same name: the tables tell whose it is that was applied',
	sides(['0003_more', adding('currency', 'default=0')], ['0003_more', adding('discount', 'default=0')]),
	async (t, told) => {
		const {git, manage, db} = told;
		await git.merge('main');
		const status = await db('status');
		t.regex(
			status.stdout,
			/shop\.0003_more is applied; it is 0004_more now\n {2}shop\.0003_more is not applied, and has to come before/,
		);
		await repaired(t, told);
		t.deepEqual(await manage.applied(), ['0001_initial', '0002_price', '0003_more', '0004_more']);
		t.deepEqual(await manage.sql(ALL_COLUMNS), TEA);
		t.is((await db('status')).exitCode, 0, 'and that it is mainline’s now');
		t.is((await db('repair', '--yes')).stdout, 'default: nothing to repair');
	},
);

story(
	'and where the tables look the same with either, nobody guesses',
	{
		...sides(
			['0003_more', ["        migrations.RunSQL('SELECT 1', 'SELECT 1'),"]],
			['0003_more', ["        migrations.RunSQL('SELECT 2', 'SELECT 2'),"]],
		),
		row: "(name, price) VALUES ('tea', 3)",
	},
	async (t, {git, manage, db}) => {
		await git.merge('main');
		const before = await manage.applied();
		const refused = await db('repair', '--yes');
		t.is(refused.exitCode, 1, refused.output);
		t.regex(refused.stderr, /the rows may be the migrations of either side/);
		t.is((await db('repair', '--yes', '--back')).exitCode, 1);
		t.deepEqual(await manage.applied(), before);
	},
);

story(
	'both sides altered one field: no sequence keeps the data, --back is named and works',
	{
		branch: async ({git, django}) => {
			await django.makemigrations('shop', '0004_name', {
				operations: ["        migrations.AlterField('item', 'name', models.CharField(max_length=70)),"],
			});
			await git.commit('feature: name');
			await git.checkout('-q', 'main');
			await django.makemigrations('shop', '0004_longer', {operations: alterName});
			await git.commit('main: longer');
			await git.checkout('-q', 'feature');
		},
	},
	async (t, told) => {
		const {git, manage, db, guard} = told;
		await git.attempt('merge', 'main');
		await git.attempt('commit', '--no-edit');
		t.deepEqual(await guard.leaves('shop'), ['0006_name'], (await git('log', '--oneline', '-3')).stdout);
		const refused = await db('repair', '--yes');
		t.is(refused.exitCode, 1, refused.output);
		t.regex(refused.stderr, /no sequence is known to keep the data[\s\S]*do not commute[\s\S]*--back/);
		await repaired(t, told, '--back');
		t.deepEqual(await manage.applied(), [
			'0001_initial',
			'0002_price',
			'0003_currency',
			'0004_longer',
			'0005_discount',
			'0006_name',
		]);
		t.deepEqual(await manage.sql("SELECT type FROM pragma_table_info('shop_item') WHERE name = 'name'"), [['varchar(70)']]);
	},
);

story(
	'--back is refused where something cannot be reversed; the checkout is back and nothing is lost',
	{
		branch: async ({git, django}) => {
			await django.makemigrations('shop', '0004_code', {
				operations: ['        migrations.RunPython(lambda apps, schema_editor: None),'],
			});
			await git.commit('code');
		},
	},
	async (t, {git, manage, db}) => {
		await git.merge('main');
		const before = await manage.applied();
		const refused = await db('repair', '--yes', '--back');
		t.is(refused.exitCode, 1);
		t.regex(refused.stderr, /shop\.0004_code cannot be reversed: /);
		t.is(await git.text('symbolic-ref', '--short', 'HEAD'), 'feature');
		t.is(await git.status(), '');
		t.deepEqual(await manage.applied(), before);
	},
);

story(
	'renumbered by hand so that new names are old ones (S5)',
	{incoming: ['0003_discount', '0004_more'], row: "(name, price, discount, more) VALUES ('tea', 3, 7, 8)"},
	async (t, told) => {
		const {git, manage, files} = told;
		await git('config', 'core.hooksPath', '/dev/null');
		await git.checkout('-q', '-b', 'by-hand');
		await git.attempt('merge', '--no-commit', 'main');
		const [discount, more] = ['0003_discount', '0004_more'].map(name => files.read(`shop/migrations/${name}.py`));
		files.remove('shop/migrations/0003_discount.py');
		files.write('shop/migrations/0004_more.py', discount!.replace('0002_price', '0003_currency'));
		files.write('shop/migrations/0005_more.py', more!.replace('0003_discount', '0004_more'));
		await git.commit('by hand');
		t.regex((await manage.attempt('migrate')).stderr, /InconsistentMigrationHistory/);
		await repaired(t, told);
		t.deepEqual(await manage.applied(), ['0001_initial', '0002_price', '0003_currency', '0004_more', '0005_more']);
		t.deepEqual(await manage.sql('SELECT discount, more, currency FROM shop_item'), [[7, 8, 0]]);
	},
);

story(
	'a teammate rebased the branch: no journal here, the upstream’s log knows; --from says it, too',
	{published: true},
	async (t, told) => {
		const {git, manage, db, files, folder} = told;
		await git.push('-q', '-u', 'origin', 'feature');
		await git.fetch('-q');
		const other = told.at('other');
		await git('clone', '-q', join(folder, 'origin.git'), join(folder, 'other'));
		for (const [key, value] of [
			['user.name', 'Grace'],
			['user.email', 'grace@example.org'],
		] as const)
			await other.git.config(key, value);
		await other.guard.install();
		await other.git.checkout('-q', 'feature');
		await other.git.rebase('origin/main');
		await other.git.push('-q', '--force');
		await git.fetch('-q');
		await git.reset('-q', '--hard', 'origin/feature');
		t.false(existsSync(join(files.root, '.git/migration-guard/journal')));
		const named = await db('status', '--from', 'origin/feature@{1}');
		t.regex(
			named.stdout,
			/shop\.0003_discount is applied; it is 0004_discount now[\s\S]*The old names are those of origin\/feature@\{1\}/,
		);
		await repaired(t, told);
		t.deepEqual(await manage.applied(), STRAIGHT);
		t.deepEqual(await manage.sql(ALL_COLUMNS), TEA);
	},
);

story(
	'another branch is applied, too: SQLite would drop its column, so nothing is touched',
	{},
	async (t, {git, django, manage, db}) => {
		await git.checkout('-q', '-b', 'another', 'feature~');
		await django.makemigrations('shop', '0003_another', {operations: adding('another', 'null=True')});
		await git.commit('another');
		await manage.run('migrate');
		await git.checkout('-q', 'feature');
		await git.merge('main');
		const before = await manage.applied();
		for (const more of [[], ['--back']]) {
			const refused = await db('repair', '--yes', ...more);
			t.is(refused.exitCode, 1, refused.output);
			t.regex(refused.stderr, /SQLite would drop[\s\S]*column shop_item\.another belongs to no applied migration/);
		}
		t.regex((await db('status')).stdout, /no migration of this worktree: shop\.0003_another/);
		t.deepEqual(await manage.applied(), before);
	},
);

story(
	'the branch squashed what it had applied',
	{
		incoming: ['0003_discount', '0004_rebate'],
		row: "(name, price, discount, rebate) VALUES ('tea', 3, 7, 8)",
		branch: async ({git, django}) => {
			await django.makemigrations('shop', '0003_squashed_0004_rebate', {
				dependencies: [['shop', '0002_price']],
				replaces: [
					['shop', '0003_discount'],
					['shop', '0004_rebate'],
				],
				operations: [...adding('discount', 'default=0'), ...adding('rebate', 'default=0')],
			});
			await git.commit('squash');
		},
	},
	async (t, told) => {
		const {git, manage, guard} = told;
		await git.merge('main');
		t.is(await guard.history('shop'), '0001_initial <- 0002_price <- 0003_currency <- 0004_squashed_0005_rebate');
		await repaired(t, told);
		t.deepEqual(await manage.applied(), [...STRAIGHT, '0004_squashed_0005_rebate', '0005_rebate']);
		t.deepEqual(await manage.sql('SELECT discount, rebate, currency FROM shop_item'), [[7, 8, 0]]);
	},
);
