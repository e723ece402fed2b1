import test from 'ava';
import type {EdgeList, Migration} from '../../src/migrations/migration.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';

const IMPORT = 'from django.db import migrations\n';
const CLASS = `${IMPORT}class Migration(migrations.Migration):\n`;

function migration(text: string): Migration {
	const reading = readMigration(text);
	if ('unreadable' in reading) {
		throw new Error(`${reading.unreadable}: ${text}`);
	}
	return reading;
}

/** A list in short: `shop.0001*` may be edited in place, `shop.0001` not, `settings.X` is swappable, `?why` dynamic. */
function short({items, dynamic}: EdgeList): string {
	const words = items.map(item =>
		item.kind === 'swappable' ? `settings.${item.setting}` : `${item.app}.${item.name}${item.nameSpan.from === -1 ? '' : '*'}`,
	);
	return [...words, ...(dynamic === null ? [] : [`?${dynamic}`])].join(' ');
}

const SWAPPABLE = 'migrations.swappable_dependency(settings.AUTH_USER_MODEL)';

const FORMS: readonly (readonly [body: string, expected: string])[] = [
	['dependencies = [(\'shop\', \'0001_a\'), ("blog", "0002_b")]', 'shop.0001_a* blog.0002_b*'],
	["dependencies = [\n        ('shop', '0001_a'),  # ('no', 'node')\n        # ('none', 'here')\n    ]", 'shop.0001_a*'],
	["dependencies = (('shop', '0001_a'),)", 'shop.0001_a*'],
	["dependencies = ('shop', '0001_a'), ('blog', '0002_b')", 'shop.0001_a* blog.0002_b*'],
	["dependencies = {('shop', '0001_a')}", 'shop.0001_a*'],
	["dependencies: list[tuple[str, str]] = [('shop', '0001_a')]", 'shop.0001_a*'],
	["dependencies = (([(('shop'), ('0001_a'))]))", 'shop.0001_a*'],
	["dependencies = [('shop', '0001_a')] + [('blog', '0002_b')] + []", 'shop.0001_a* blog.0002_b*'],
	["dependencies = list((('shop', '0001_a'),))", 'shop.0001_a*'],
	["dependencies = [('a', '1')]\n    dependencies += [('b', '2')]", 'a.1* b.2*'],
	["dependencies = [('a', '1')]\n    dependencies = [('b', '2')]", 'b.2*'],
	["x = dependencies = [('a', '1')]", 'a.1*'],
	["dependencies = [*[('a', '1')], ('b', '2')]", 'a.1* b.2*'],
	[`dependencies = [${SWAPPABLE}, ('a', '1')]`, 'settings.AUTH_USER_MODEL a.1*'],
	['dependencies = [swappable_dependency(settings.X_MODEL)]', 'settings.X_MODEL'],
	["dependencies = [migrations.swappable_dependency('auth.User')]", 'auth.__first__'],
	["dependencies = [('shop', '__first__'), ('blog', '__latest__')]", 'shop.__first__* blog.__latest__*'],
	["dependencies = [(u'shop', b'0001_a')]", 'shop.0001_a*'],
	["dependencies = [('shop', '0001' '_a')]", 'shop.0001_a'],
	["dependencies = [('shop', '0001\\x5fa')]", 'shop.0001_a'],
	["dependencies = [('shop', f'0001_a')]", '?a computed name'],
	["dependencies = [('shop', NAME)]", '?a computed name'],
	["dependencies = [('a', '1'), ['b', '2']]", 'a.1* ?an element that is not a pair'],
	["dependencies = [('a', '1', 'x')]", '?an element that is not a pair'],
	["dependencies = [('a', '1'), helper()]", 'a.1* ?a function call'],
	['dependencies = helper()', '?a function call'],
	["dependencies = [('a', '1')] + helper()", 'a.1* ?a function call'],
	["dependencies = [('a', x) for x in y]", '?a comprehension'],
	["dependencies = [('a', '1')] if x else []", '?a conditional expression'],
	["dependencies = [('a', '1')] * 2", '?a computed value'],
	['dependencies = None', '?a computed value'],
	['dependencies = OTHER', '?the name OTHER'],
	['dependencies = other.dependencies', '?a computed value'],
	['dependencies = dependencies + []', '?the name dependencies'],
	["dependencies = [('a', '1')]\n    if x:\n        dependencies.append(('b', '2'))", 'a.1* ?changed by dependencies.append()'],
	["dependencies = [('a', '1')]\n    if x:\n        dependencies += [('b', '2')]", 'a.1* ?set under a condition'],
	["if x:\n        dependencies = [('a', '1')]", '?set under a condition'],
	["dependencies = [('a', '1')]\n    del dependencies[0]", 'a.1* ?deleted'],
	['initial = True', ''],
	['pass', ''],
];

for (const [body, expected] of FORMS) {
	for (const [how, operations] of [
		['as usual', 'operations = []'],
		// A mention below the operations makes the reader parse the whole file.
		['parsed as a whole', 'operations = []\n    # Migration'],
	]) {
		test(`${how}: ${body}`, t => {
			t.is(short(migration(`${CLASS}    ${body}\n    ${operations}\n`).dependencies), expected);
		});
	}
	test(`with CRLF, a byte order mark and tabs: ${body}`, t => {
		const text = `\uFEFF${CLASS}    ${body}\n`.replaceAll('    ', '\t').replaceAll('\n', '\r\n');
		t.is(short(migration(text).dependencies), expected);
	});
}

const MODULES: readonly (readonly [what: string, text: string, expected: string])[] = [
	[
		'an alias of the class',
		'from django.db.migrations import Migration as M\nclass Migration(M):\n    dependencies = [("a", "1")]\n',
		'a.1*',
	],
	[
		'an alias of the module',
		'import django.db.migrations as m\nclass Migration(m.Migration):\n    dependencies = [("a", "1")]\n',
		'a.1*',
	],
	[
		'a full path',
		'import django.db.migrations\nclass Migration(django.db.migrations.Migration):\n    dependencies = [("a", "1")]\n',
		'a.1*',
	],
	[
		'a base of its own',
		`${IMPORT}class Base(migrations.Migration):\n    dependencies = [("a", "1")]\nclass Migration(Base):\n    pass\n`,
		'a.1*',
	],
	['a base from elsewhere', 'from x import Base\nclass Migration(Base):\n    dependencies = [("a", "1")]\n', 'a.1*'],
	['what a base from elsewhere has', 'from x import Base\nclass Migration(Base):\n    pass\n', '?inherited from x.Base'],
	['a mixin', `from x import Mixin\n${CLASS.replace('(', '(Mixin, ')}    dependencies = [("a", "1")]\n`, 'a.1*'],
	[
		'an assigned class',
		`${IMPORT}class Thing(migrations.Migration):\n    dependencies = [("a", "1")]\nMigration = Thing\n`,
		'a.1*',
	],
	['the last of two classes', `${CLASS}    dependencies = [("a", "1")]\n${CLASS}    dependencies = [("b", "2")]\n`, 'b.2*'],
	[
		'a class under a condition',
		`${IMPORT}if True:\n    class Migration(migrations.Migration):\n        dependencies = [("a", "1")]\n`,
		'a.1*',
	],
	['an imported class', 'from .other import Migration\n', '?imported from .other.Migration'],
	['a list of the module', `DEPS = [("a", "1")]\n${CLASS}    dependencies = DEPS\n`, 'a.1*'],
	[
		'a list of the module above an ordinary class',
		`DEPS = [("a", "1")]\n${CLASS}    dependencies = DEPS\n    operations = []\n`,
		'a.1*',
	],
	[
		'a list of the module that has the name of the attribute',
		`dependencies = [("a", "1")]\nif x:\n    dependencies.append(("b", "2"))\n${CLASS}    dependencies = dependencies\n    operations = []\n`,
		'a.1 ?changed by dependencies.append()',
	],
	['a list that others use', `DEPS = [("a", "1")]\n${CLASS}    dependencies = DEPS\nprint(DEPS)\n`, 'a.1'],
	[
		'an extended list',
		`DEPS = [("a", "1")]\nDEPS += [("b", "2")]\n${CLASS}    dependencies = [*DEPS, ("c", "3")]\n`,
		'a.1* b.2* c.3*',
	],
	[
		'a conditional list',
		`DEPS = [("a", "1")]\nif x:\n    DEPS.append(("b", "2"))\n${CLASS}    dependencies = DEPS\n`,
		'a.1* ?changed by DEPS.append()',
	],
	['constants', `APP = "a"\nONE = (APP, "1")\n${CLASS}    dependencies = [ONE, (APP, "2")]\n`, 'a.1 a.2*'],
	[
		'a change after the class',
		`${CLASS}    dependencies = [("a", "1")]\nMigration.dependencies.append(("b", "2"))\n`,
		'a.1* ?changed after it was set',
	],
	[
		'a class in a string above',
		`"""\nclass Migration(migrations.Migration):\n    dependencies = [("x", "0")]\n"""\n${CLASS}    dependencies = [("a", "1")]\n    operations = []\n`,
		'a.1*',
	],
	[
		'Python 2',
		`# encoding: utf8\nfrom __future__ import unicode_literals\n${CLASS}    dependencies = [(b"a", u"1")]\n    operations = []\ndef f():\n    print "x"\n`,
		'a.1*',
	],
	[
		'syntax of tomorrow',
		`${CLASS}    dependencies = [("a", "1")]\n    operations = []\ndef f():\n    try: pass\n    except A, B: pass\n`,
		'a.1*',
	],
];

for (const [what, text, expected] of MODULES) {
	test(`${what} is understood`, t => {
		t.is(short(migration(text).dependencies), expected);
	});
}

test('all three lists are read', t => {
	const read = migration(
		`${CLASS}    replaces = [('a', '1')]\n    run_before = [('b', '2')]\n    dependencies = [('c', '3')]\n    operations = []\n`,
	);
	t.deepEqual([read.replaces, read.runBefore, read.dependencies].map(short), ['a.1*', 'b.2*', 'c.3*']);
});

test('spans lead to the text they stand for', t => {
	const text = `# é\r\n${CLASS}    dependencies = [("shop", '0001_a')]\n    operations = []\n`;
	const read = migration(text);
	const [item] = read.dependencies.items;
	const at = ({from, to}: {from: number; to: number}) => text.slice(from, to);
	t.like(item, {kind: 'node'});
	if (item?.kind === 'node') {
		t.deepEqual([item.span, item.appSpan, item.nameSpan].map(at), ['("shop", \'0001_a\')', 'shop', '0001_a']);
	}
	t.deepEqual(read.dependencies.values.map(at), ['[("shop", \'0001_a\')]']);
	t.is(read.line, 3);
	t.is(at({from: read.insertAt!, to: read.insertAt! + 12}), 'dependencies');
});

for (const [value, expected] of [
	['[]', 'empty'],
	['[\n    ]', 'empty'],
	['[  # nothing\n    ]', 'empty'],
	['()', 'empty'],
	['[migrations.RunPython(f)]', 'some'],
	['[migrations.RunSQL("select [")]', 'some'],
	['[migrations.RunSQL("x" if y else "z")]', 'some'],
	['[] + x', 'dynamic'],
	['[x for x in y]', 'dynamic'],
	['[\n        x if y else z,\n    ]', 'dynamic'],
	['helper()', 'dynamic'],
] as const) {
	for (const below of ['', '    # Migration\n']) {
		test(`operations = ${value} are ${expected}${below && ', parsed as a whole'}`, t => {
			t.is(migration(`${CLASS}    dependencies = []\n    operations = ${value}\n${below}`).operations, expected);
		});
	}
}

test('operations that change under a condition are dynamic', t => {
	const text = `${CLASS}    dependencies = []\n    operations = [f()]\n    if x:\n        operations = []\n`;
	t.is(migration(text).operations, 'dynamic');
});

test('a class without operations has none', t => {
	t.is(migration(`${CLASS}    dependencies = []\n`).operations, 'none');
});

for (const [what, text, unreadable, line] of [
	['an empty file', '', 'no-migration-class', 1],
	['a helper', 'def f(): pass\n', 'no-migration-class', 1],
	['a class without bases', 'class Migration:\n    pass\n', 'not-a-migration', 1],
	[
		'another class of that name',
		'from django.db import models\n\nclass Migration(models.Model):\n    pass\n',
		'not-a-migration',
		3,
	],
	['South', 'from south.v2 import SchemaMigration\nclass Migration(SchemaMigration):\n    pass\n', 'south', 1],
	['an open bracket', `${CLASS}    dependencies = [('a', '1')\n    operations = []\n`, 'syntax', 4],
	['an open bracket in the operations', `${CLASS}    dependencies = []\n    operations = [\n        (\n    ]\n`, 'syntax', 6],
	['broken words', `${CLASS}    dependencies = [('a' '1') ('b', ]\n    operations = []\n`, 'syntax', 3],
	['a conflict', `${CLASS}<<<<<<< HEAD\n    x = 1\n=======\n>>>>>>> b\n    dependencies = []\n`, 'conflict-markers', 3],
	['a conflict with CRLF', `${CLASS}<<<<<<< HEAD\r\n=======\r\n>>>>>>> b\r\n`, 'conflict-markers', 3],
	['half a conflict', `${CLASS}    dependencies = []\n    operations = []\n>>>>>>> b\n`, 'conflict-markers', 5],
	['a carry', `${CLASS}    dependencies = []\n# >>> migration-guard carry v1 sha256=0 bytes=1 side=theirs\n`, 'carry', 4],
	['a huge file', `${CLASS}    x = '${'x'.repeat(5_000_000)}'\n`, 'too-large', 1],
] as const) {
	test(`${what} is unreadable: ${unreadable}`, t => {
		t.like(readMigration(text), {unreadable, line});
	});
}

test('an underlined title in a docstring is no conflict', t => {
	t.is(
		short(migration(`"""\nTitle\n=======\n"""\n${CLASS}    dependencies = [('a', '1')]\n    operations = []\n`).dependencies),
		'a.1*',
	);
});

for (const [what, value] of [
	['deeply nested brackets', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
	['deeply nested parentheses', `${'('.repeat(20_000)}${')'.repeat(20_000)}`],
	['a long sum', `${'[] + '.repeat(20_000)}[]`],
	['a long negation', `${'not '.repeat(20_000)}x`],
	['brackets that never close', '['.repeat(20_000)],
] as const) {
	test(`${what} exhaust nothing`, t => {
		t.notThrows(() => readMigration(`${CLASS}    dependencies = ${value}\n    operations = []\n`));
	});
}
