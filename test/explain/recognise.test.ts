import test from 'ava';
import type {Diagnosis} from '../../src/explain/diagnosis.ts';
import {recognise} from '../../src/explain/recognise.ts';

/** The first that is recognised, without the quotation. */
function first(text: string): Omit<Diagnosis, 'said'> | null {
	const [found] = recognise(text);
	if (!found) return null;
	const {said: _, ...rest} = found;
	return rest;
}

const EXISTS: readonly (readonly [text: string, what: string])[] = [
	['sqlite3.OperationalError: duplicate column name: phone', 'column phone'],
	['psycopg2.errors.DuplicateColumn: column "phone" of relation "users_user" already exists', 'column users_user.phone'],
	[`MySQLdb.OperationalError: (1060, "Duplicate column name 'phone'")`, 'column phone'],
	['django.db.utils.OperationalError: table "users_user" already exists', 'table users_user'],
	['ProgrammingError: relation "users_user" already exists', 'table users_user'],
	[`(1050, "Table 'users_user' already exists")`, 'table users_user'],
	['OperationalError: index ix_a already exists', 'index ix_a'],
	[`(1061, "Duplicate key name 'ix_a'")`, 'index ix_a'],
	['ProgrammingError: constraint "ck_b" for relation "shop_item" already exists', 'constraint shop_item.ck_b'],
	[`(3822, "Duplicate check constraint name 'ck_b'.")`.replace('check', 'CHECK'), 'constraint ck_b'],
];

const LACKS: readonly (readonly [text: string, what: string])[] = [
	['no such table: main.users_user', 'table users_user'],
	['no such column: users_user.phone', 'column users_user.phone'],
	['table users_user has no column named phone', 'column users_user.phone'],
	['UndefinedTable: relation "users_user" does not exist\nLINE 1: SELECT', 'table users_user'],
	['UndefinedColumn: column users_user.phone does not exist', 'column users_user.phone'],
	['column "phone" of relation "users_user" does not exist', 'column users_user.phone'],
	[`(1146, "Table 'test.users_user' doesn't exist")`, 'table users_user'],
	[`(1054, "Unknown column 'users_user.phone' in 'field list'")`, 'column users_user.phone'],
	[`(1091, "Can't DROP 'phone'; check that column/key exists")`, 'column phone'],
	['(1091, "Can\'t DROP COLUMN `phone`; check that it exists")', 'column phone'],
];

for (const [kind, rows] of [
	['already-exists', EXISTS],
	['does-not-exist', LACKS],
] as const) {
	for (const [text, what] of rows) {
		test(`${kind}: ${text}`, t => {
			const found = recognise(`Applying users.0004_phone...Traceback (most recent call last):\n${text}`);
			t.is(found.length, 1, JSON.stringify(found));
			const [only] = found;
			t.is(only!.kind, kind);
			if (only!.kind !== 'already-exists' && only!.kind !== 'does-not-exist') return;
			const {what: sort, name, table} = only!.thing;
			t.is(`${sort} ${table === null ? '' : `${table}.`}${name}`, what);
			t.is(only!.applying, 'users.0004_phone');
		});
	}
}

test('a traceback that says it twice, in colour, cut into lines, after what docker compose puts before them', t => {
	const red = (text: string) => `\u001b[31;1m${text}\u001b[0m`;
	const text = [
		'  Applying shop.0003_currency... OK',
		'  Applying shop.0004_discount...Traceback (most recent call last):',
		'sqlite3.OperationalError: duplicate column name: discount',
		'',
		'The above exception was the direct cause of the following exception:',
		red('django.db.utils.OperationalError: duplicate'),
		red('column name: discount'),
	].map(line => `web-1  | ${line}\r\n`);
	t.deepEqual(
		recognise(text.join('')).map(({said: _, ...rest}) => rest),
		[{kind: 'already-exists', thing: {what: 'column', name: 'discount', table: null}, applying: 'shop.0004_discount'}] as never,
	);
});

test('several apps in one conflict', t => {
	t.deepEqual(
		first(
			"CommandError: Conflicting migrations detected; multiple leaf nodes in the migration graph: (0003_a, 0003_b in shop; 0002_x, 0002_y in pay).\nTo fix them run 'python manage.py makemigrations --merge'",
		),
		{
			kind: 'conflicting-migrations',
			apps: [
				{app: 'shop', names: ['0003_a', '0003_b']},
				{app: 'pay', names: ['0002_x', '0002_y']},
			],
		} as never,
	);
});

test('django-linear-migrations', t => {
	const said = (text: string) => first(`SystemCheckError: System check identified some issues:\n\nERRORS:\n${text}`);
	t.deepEqual(said("?: (dlm.E001) shop's max_migration.txt does not exist."), {
		kind: 'max-migration',
		code: 'dlm.E001',
		app: 'shop',
		names: [],
	} as never);
	t.deepEqual(said("?: (dlm.E002) shop's max_migration.txt contains multiple lines."), {
		kind: 'max-migration',
		code: 'dlm.E002',
		app: 'shop',
		names: [],
	} as never);
	t.deepEqual(said("?: (dlm.E003) shop's max_migration.txt points to non-existent migration '0009_x'."), {
		kind: 'max-migration',
		code: 'dlm.E003',
		app: 'shop',
		names: ['0009_x'],
	} as never);
	t.deepEqual(said("?: (dlm.E004) shop's max_migration.txt contains '0001_a', but the latest migration is '0002_b'."), {
		kind: 'max-migration',
		code: 'dlm.E004',
		app: 'shop',
		names: ['0001_a', '0002_b'],
	} as never);
	t.deepEqual(
		said(
			"?: (dlm.E005) Conflicting migrations detected - multiple leaf nodes detected for these apps:\n* shop: 0002_a, 0002_b\n* pay: 0003_x, 0003_y\n\tHINT: Fix the conflict, e.g. with './manage.py makemigrations --merge --skip-checks'.",
		),
		{
			kind: 'conflicting-migrations',
			apps: [
				{app: 'shop', names: ['0002_a', '0002_b']},
				{app: 'pay', names: ['0003_x', '0003_y']},
			],
		} as never,
	);
});

test('what is passed on and not true', t => {
	const claims = (text: string) => recognise(text).flatMap(found => (found.kind === 'hearsay' ? [found.claim] : []));
	const invented =
		"django.db.migrations.exceptions.NodeNotFoundError:\nMigration users.0003_add_profile references model 'profiles.Profile'\nfrom app 'profiles', which is not installed";
	t.deepEqual(claims(invented), ['model-not-installed']);
	t.like(first(invented), {kind: 'unresolved-model', model: 'profiles.profile'} as never);
	t.deepEqual(claims('# Create the migrations table without running any migrations\npython manage.py migrate --run-syncdb'), [
		'run-syncdb',
	]);
	t.deepEqual(claims('python manage.py migrate users 0001 --fake-initial'), ['fake-initial']);
	const outside =
		'class Migration(migrations.Migration):\n    operations = [migrations.RemoveField(model_name="user", name="legacy")]\ndef database_backwards(self, app_label, schema_editor, from_state, to_state):\n    pass';
	t.deepEqual(claims(outside), ['database-backwards']);
	// In an operation of one's own it is right.
	t.deepEqual(
		claims(
			`class Migration(migrations.Migration):\n    pass\n${outside.replace('def database', 'class Mine(migrations.operations.base.Operation):\n    def database')}`,
		),
		[],
	);
	t.deepEqual(claims('find users/migrations -name "0*.py" -not -name "0001_initial.py" -delete'), ['squash-and-restart']);
	t.deepEqual(claims("To fix them run 'python makemigrations --merge'"), ['manage-py-left-out']);
	t.deepEqual(claims('[ ] 0003_add_phone ← Two migrations with the same number'), ['same-number']);
});

test('a text of an article, wrapped and with the app behind the brackets', t => {
	t.deepEqual(
		first(
			"CommandError: Conflicting migrations detected; multiple leaf nodes in the\nmigration graph: (0003_add_email, 0003_add_phone) in app 'users'.",
		),
		{
			kind: 'conflicting-migrations',
			apps: [{app: 'users', names: ['0003_add_email', '0003_add_phone']}],
		} as never,
	);
});

test('django_migrations is no table of a migration', t => {
	t.deepEqual(
		recognise(
			'OperationalError: table "django_migrations" already exists\nMigrationSchemaMissing: Unable to create the django_migrations table (table "django_migrations" already exists)',
		).map(({kind}) => kind),
		['schema-missing'],
	);
});

test('what is none of it', t => {
	for (const text of [
		"KeyError: 'price'",
		'TypeError: unsupported operand',
		'ValueError: No JSON',
		'Applying shop.0001_initial... OK',
	])
		t.deepEqual(recognise(text), []);
});
