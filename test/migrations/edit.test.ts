import test from 'ava';
import {addDependency, renameReference} from '../../src/migrations/edit.ts';
import type {Migration} from '../../src/migrations/migration.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';
import {applyEdits} from '../../src/python/source.ts';

const HEAD = 'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n\n';
const TAIL = '\n    operations = [\n    ]\n';

function added(text: string): string | null {
	const edits = addDependency(text, readMigration(text) as Migration, 'shop', '0009_new');
	return edits && applyEdits(text, edits);
}

for (const [what, before, after] of [
	[
		'a list with one element a line',
		"    dependencies = [\n        ('a', '1'),\n        ('b', '2'),\n    ]\n",
		"    dependencies = [\n        ('a', '1'),\n        ('b', '2'),\n        ('shop', '0009_new'),\n    ]\n",
	],
	[
		'a list without its last comma',
		"    dependencies = [\n        ('a', '1')\n    ]\n",
		"    dependencies = [\n        ('a', '1'),\n        ('shop', '0009_new'),\n    ]\n",
	],
	[
		'a tuple without its last comma',
		"    dependencies = (\n        ('a', '1'),\n        ('b', '2')\n    )\n",
		"    dependencies = (\n        ('a', '1'),\n        ('b', '2'),\n        ('shop', '0009_new')\n    )\n",
	],
	[
		'a list with comments',
		"    dependencies = [  # first\n        ('a', '1'),  # one, ('x', '0')\n        # end\n    ]\n",
		"    dependencies = [  # first\n        ('a', '1'),  # one, ('x', '0')\n        ('shop', '0009_new'),\n        # end\n    ]\n",
	],
	[
		'a list with a comment and no last comma',
		"    dependencies = [\n        ('a', '1')  # one\n    ]\n",
		"    dependencies = [\n        ('a', '1'),  # one\n        ('shop', '0009_new'),\n    ]\n",
	],
	['a list in one line', "    dependencies = [('a', '1')]\n", "    dependencies = [('a', '1'), ('shop', '0009_new')]\n"],
	['double quotes', '    dependencies = [("a", "1")]\n', '    dependencies = [("a", "1"), ("shop", "0009_new")]\n'],
	['a tuple of one', "    dependencies = (('a', '1'),)\n", "    dependencies = (('a', '1'), ('shop', '0009_new'),)\n"],
	['an empty list', '    dependencies = []\n', "    dependencies = [\n        ('shop', '0009_new'),\n    ]\n"],
	['an empty tuple', '    dependencies = ()\n', "    dependencies = (\n        ('shop', '0009_new'),\n    )\n"],
	['an empty list of two lines', '    dependencies = [\n    ]\n', "    dependencies = [\n        ('shop', '0009_new'),\n    ]\n"],
	[
		'a list that begins on its line',
		"    dependencies = [('a', '1'),\n                    ('b', '2')]\n",
		"    dependencies = [('a', '1'),\n                    ('b', '2'), ('shop', '0009_new')]\n",
	],
	[
		'a tuple over several lines',
		"    dependencies = [\n        (\n            'a',\n            '1',\n        ),\n    ]\n",
		"    dependencies = [\n        (\n            'a',\n            '1',\n        ),\n        ('shop', '0009_new'),\n    ]\n",
	],
	[
		'a sum',
		"    dependencies = [('a', '1')] + []\n",
		"    dependencies = [('a', '1')] + [\n        ('shop', '0009_new'),\n    ]\n",
	],
	[
		'no dependencies',
		'    initial = True\n',
		"    dependencies = [\n        ('shop', '0009_new'),\n    ]\n\n    initial = True\n",
	],
	[
		'no dependencies but a docstring',
		"    '''What for.'''\n\n    initial = True\n",
		"    '''What for.'''\n\n    dependencies = [\n        ('shop', '0009_new'),\n    ]\n\n    initial = True\n",
	],
] as const) {
	test(`a dependency is added to ${what}`, t => {
		t.is(added(HEAD + before + TAIL), HEAD + after + TAIL);
	});
	test(`a dependency is added to ${what}, with CRLF and tabs`, t => {
		const crlf = (text: string) => (HEAD + text + TAIL).replaceAll('    ', '\t').replaceAll('\n', '\r\n');
		t.is(added(crlf(before)), crlf(after));
	});
}

for (const body of [
	'    dependencies = helper()\n',
	"    dependencies = {('a', '1')}\n",
	'    dependencies = OTHER\n',
	"    dependencies = ('a', '1'), ('b', '2')\n",
]) {
	test(`nothing is added by guess to ${body.trim()}`, t => {
		t.is(added(HEAD + body + TAIL), null);
	});
}

test('nothing is added to a class in one line, or one that inherits its dependencies', t => {
	t.is(added('from django.db import migrations\nclass Migration(migrations.Migration): pass\n'), null);
	t.is(added('from x import Base\nclass Migration(Base):\n    pass\n'), null);
	t.is(
		added(`${HEAD.replace('Migration(', 'Base(')}    dependencies = [('a', '1')]\n\n\nclass Migration(Base):\n    pass\n`),
		null,
	);
});

test('a reference is renamed inside its quotes only', t => {
	const text = `${HEAD}    dependencies = [\n        ("shop",   u"0002_b", ),  # 0002_b\n    ]\n${TAIL}`;
	const [item] = (readMigration(text) as Migration).dependencies.items;
	if (item?.kind !== 'node') {
		return t.fail();
	}
	t.is(applyEdits(text, renameReference(item, '0003_b')!), text.replace('u"0002_b"', 'u"0003_b"'));
});

test('a reference that is not one plain literal is not renamed', t => {
	const text = `${HEAD}    dependencies = [('shop', '0002' '_b')]\n${TAIL}`;
	const [item] = (readMigration(text) as Migration).dependencies.items;
	t.is(item?.kind === 'node' ? renameReference(item, '0003_b') : [], null);
});

test("a list that another name shares is nobody's to add to", t => {
	const text = `${HEAD}    dependencies = run_before = [('a', '1')]\n${TAIL}`;
	const migration = readMigration(text) as Migration;
	t.deepEqual([migration.dependencies.items.length, migration.runBefore.items.length], [1, 1]);
	t.is(added(text), null);
});
