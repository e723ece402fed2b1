import test from 'ava';
import {findMentions, type Rename, writtenLines} from '../../src/plan/references.ts';
import {applyEdits} from '../../src/python/source.ts';

const rename: Rename = {app: 'users', folder: 'src/users/migrations', from: '0003_phone', to: '0004_phone', side: 1};
const twin: Rename = {...rename, app: 'shop', folder: 'src/shop/migrations', to: '0007_phone'};

type Row = readonly [text: string, after: string | 'reported' | null, renames?: readonly Rename[]];

/** Form → text, and what becomes of it: the text after, only reported, or no mention at all. */
const rows: Readonly<Record<string, Row>> = {
	'a pair': ['x = ("users", "0003_phone")', 'x = ("users", "0004_phone")'],
	'a pair in a list': ["y = [('users', '0003_phone')]", "y = [('users', '0004_phone')]"],
	'a pair over lines, with a comment': [
		"x = (\n    'users',  # the app\n    '0003_phone',\n)",
		"x = (\n    'users',  # the app\n    '0004_phone',\n)",
	],
	'two pairs': [
		'[("users", "0003_phone"), ("shop", "0003_phone")]',
		'[("users", "0004_phone"), ("shop", "0007_phone")]',
		[rename, twin],
	],
	'a pair of another app': ['x = ("shop", "0003_phone")', 'reported'],
	arguments: [
		'call_command("migrate", "users", "0003_phone", verbosity=0)',
		'call_command("migrate", "users", "0004_phone", verbosity=0)',
	],
	'a module': ['import_module("users.migrations.0003_phone")', 'import_module("users.migrations.0004_phone")'],
	'a module with the whole path': [
		'import_module("src.users.migrations.0003_phone")',
		'import_module("src.users.migrations.0004_phone")',
	],
	'a module of another app': ['import_module("shop.migrations.0003_phone")', null],
	'a module whose folder only ends alike': ['import_module("rs.migrations.0003_phone")', null],
	'migrate_from, one of that name': ['class T:\n    migrate_from = "0003_phone"', 'class T:\n    migrate_from = "0004_phone"'],
	'migrate_to on self': ["self.migrate_to = '0003_phone'", "self.migrate_to = '0004_phone'"],
	'migrate_to with a type': ['class T:\n    migrate_to: str = "0003_phone"', 'class T:\n    migrate_to: str = "0004_phone"'],
	'migrate_from, two of that name': ['class T:\n    migrate_from = "0003_phone"', 'reported', [rename, twin]],
	'migrate_from, two of that name, and the class says which': [
		'class T:\n    app = "shop"\n    migrate_from = "0003_phone"',
		'class T:\n    app = "shop"\n    migrate_from = "0007_phone"',
		[rename, twin],
	],
	'migrate_to as a list': [
		'class T:\n    migrate_to = [("users", "0003_phone")]',
		'class T:\n    migrate_to = [("users", "0004_phone")]',
	],
	'a bare string': ['x = "0003_phone"', 'reported'],
	'a longer name': ['x = ("users", "0003_phone_number")', null],
	'a part of a sentence': ['x = "see 0003_phone"', null],
	'a comment': ['# ("users", "0003_phone")', null],
	'two literals next to each other': ['x = ("users", "0003_" "phone")', null],
	'a prefix': ['x = ("users", u"0003_phone")', 'x = ("users", u"0004_phone")'],
	'a format string': ['x = ("users", f"0003_{what}")', null],
};

for (const [name, [text, after, renames = [rename]]] of Object.entries(rows)) {
	test(name, t => {
		const found = findMentions(text, renames, () => true);
		t.is(applyEdits(text, found.edits), after === 'reported' || after === null ? text : after);
		t.is(found.reported.length, after === 'reported' ? 1 : 0);
		t.is(found.followed.length, found.edits.length);
	});
}

test('what another side wrote is reported, with its line', t => {
	const text = '\n\nx = ("users", "0003_phone")\ny = ("users", "0003_phone")\n';
	const found = findMentions(text, [rename], line => line === 4);
	t.deepEqual(
		found.reported.map(({line}) => line),
		[3],
	);
	t.deepEqual(
		found.followed.map(({line, from, to}) => [line, from, to]),
		[[4, '0003_phone', '0004_phone']],
	);
});

test('spans that are somebody else’s business are left out', t => {
	const text = 'a = ("users", "0003_phone")\nb = ("users", "0003_phone")\n';
	const found = findMentions(text, [rename], () => true, [{from: 0, to: text.indexOf('\n')}]);
	t.deepEqual(
		found.followed.map(({line}) => line),
		[2],
	);
	t.deepEqual(found.reported, []);
});

test('the lines a side wrote are those of its text that were not there', t => {
	t.deepEqual([...writtenLines('a\r\nb\n', 'b\nc\r\na\n')], ['c']);
	t.deepEqual([...writtenLines(null, 'a\nb')], ['a', 'b']);
});
