import test from 'ava';
import {commute} from '../../src/commute/commute.ts';
import {readOperations} from '../../src/operations/read-operations.ts';
import {applyAll} from '../../src/state/apply.ts';
import {failures} from '../../src/state/run.ts';
import {EMPTY, failed, type State} from '../../src/state/state.ts';
import type {Verdict, Work} from '../../src/state/work.ts';

function work(name: string, operations: readonly string[], app = 'shop'): Work[] {
	const code = operations.filter(text => text.startsWith('def ')).join('\n');
	const list = operations.filter(text => !text.startsWith('def ')).map(text => `        migrations.${text},\n`);
	const text = `from django.db import migrations, models\n${code}\nclass Migration(migrations.Migration):\n    operations = [\n${list.join('')}    ]\n`;
	return readOperations(text, app).map(operation => ({operation, key: `${app}.${name}`, path: `${app}/migrations/${name}.py`}));
}

/** Judge two lists of operations; nothing is known of what was before. */
function judge(mainline: readonly string[], incoming: readonly string[], base: State = EMPTY): readonly Verdict[] {
	return commute(base, work('0002_mainline', mainline), work('0002_incoming', incoming));
}

function summary(mainline: readonly string[], incoming: readonly string[], base?: State): readonly (readonly [string, string])[] {
	return judge(mainline, incoming, base).map(({verdict, reason}) => [verdict, reason]);
}

const add = (name: string, field = 'models.IntegerField(null=True)', model = 'Item') =>
	`AddField('${model}', '${name}', ${field})`;

test('the same field twice: Django, the lines, and what to do', t => {
	const [verdict, ...more] = judge([add('y'), add('x')], [add('x')]);
	t.deepEqual(more, []);
	t.like(verdict, {verdict: 'conflict', reason: 'fails', what: 'OperationalError: duplicate column name: x'});
	t.is(verdict?.mainline.operation.line, 6);
	t.is(verdict?.incoming.operation.title, 'AddField Item.x');
	t.is(verdict?.next, 'both sides do the same: remove it from shop/migrations/0002_incoming.py:5');
});

test('one side that adds a field twice, in two columns, cannot be followed', t => {
	const key = `models.ForeignKey('shop.Cat', models.CASCADE, null=True)`;
	t.deepEqual(summary([add('x'), add('x', key)], [add('y')]), [['review', 'opaque']]);
	t.deepEqual(summary([add('x')], [add('x', key)]), [['conflict', 'fails']]);
});

test('ignorance makes no conflict: of an unknown model all is taken as given', t => {
	const remove = `RemoveField('Item', 'c')`;
	t.deepEqual(summary([remove], [`AlterField('Item', 'd', models.TextField())`]), []);
	t.deepEqual(summary([remove], [`RenameField('Item', 'a', 'b')`, `DeleteModel('Cat')`]), []);
	t.deepEqual(summary([remove], [`AlterField('Item', 'c', models.TextField())`]), [['conflict', 'fails']]);
});

test('names compare as Django compares them', t => {
	t.deepEqual(summary([`RemoveField('ITEM', 'Price')`], [`AlterField('item', 'price', models.TextField())`]), [
		['conflict', 'fails'],
	]);
});

test('renames are followed', t => {
	const mainline = [`RenameModel('Item', 'Thing')`, add('x', 'models.TextField()', 'Thing')];
	t.deepEqual(summary(mainline, [add('y')])[0], ['conflict', 'fails']);
	t.deepEqual(summary([add('y')], mainline), [['review', 'order']]);
	t.deepEqual(summary([add('x')], mainline).at(0), ['conflict', 'fails']);
});

test('the work of a side counts net', t => {
	t.deepEqual(summary([add('x'), `RemoveField('Item', 'x')`], [add('y')]), []);
	t.deepEqual(summary([add('x'), `RemoveField('Item', 'x')`], [add('x')]), [['review', 'order']]);
	// In the merged history incoming's own detour fails all the same.
	t.is(summary([add('x')], [add('x'), `RemoveField('Item', 'x')`])[0]?.[0], 'conflict');
});

test('what a side sets twice counts as it is in the end', t => {
	const alter = (length: number) => `AlterField('Item', 'c', models.CharField(max_length=${length}))`;
	t.deepEqual(summary([alter(1), alter(2)], [alter(2)]), [['review', 'order']]);
	t.deepEqual(summary([alter(2)], [alter(1), alter(2)]), [['review', 'order']]);
	t.is(summary([alter(2), alter(1)], [alter(2)])[0]?.[0], 'conflict');
	const option = (text: string) => `AlterModelOptions('Item', {'verbose_name': '${text}'})`;
	t.deepEqual(summary([option('a'), option('b')], [option('b')]), [['review', 'order']]);
	t.is(summary([option('a'), option('b')], [option('a')])[0]?.[0], 'conflict');
});

test('the last writer wins, unless both write the same', t => {
	const alter = (length: number) => `AlterField('Item', 'c', models.CharField(max_length=${length}))`;
	t.deepEqual(summary([alter(1)], [alter(2)]), [['conflict', 'lost-update']]);
	t.deepEqual(summary([alter(1)], [alter(1)]), []);
	const [verdict] = judge([alter(1)], [alter(2)]);
	t.is(verdict?.what, "both set item.c: mainline's value is lost");
});

test('a default by a name is what the name stands for', t => {
	const alter = (name: string, ...lines: string[]) => [
		...lines.map(line => `def ${line}`),
		`AlterField('Item', 'c', models.IntegerField(default=${name}))`,
	];
	const one = alter('d', 'd():\n    return 1\n');
	t.deepEqual(summary(one, alter('d', 'd():\n    return 2\n')), [['conflict', 'lost-update']]);
	t.deepEqual(summary(one, alter('d', 'd():\n    # one\n    return  1\n')), []);
	t.deepEqual(summary(alter('int'), alter('int')), []);
});

test('an index left naming a renamed field', t => {
	const index = `AddIndex('Item', models.Index(fields=['c'], name='ix'))`;
	t.deepEqual(summary([index], [`RenameField('Item', 'c', 'd')`]), [['conflict', 'drift']]);
	// What the branch does about an index of its own is no drift.
	t.deepEqual(summary([add('x')], [`RenameField('Item', 'c', 'd')`, `RemoveIndex('Item', 'ix')`]), []);
});

test('names are one in the whole database, and across apps', t => {
	const index = (model: string) => `AddIndex('${model}', models.Index(fields=['a'], name='ix'))`;
	t.deepEqual(summary([index('Item')], [index('Cat')]), [['conflict', 'fails']]);
	const one = work('0002_a', [`CreateModel('A', [], options={'db_table': 'things'})`]);
	const other = work('0002_b', [`CreateModel('B', [], options={'db_table': 'things'})`], 'other');
	t.is(commute(EMPTY, one, other)[0]?.what, 'OperationalError: table "things" already exists');
});

test('names that Django makes, names that are given back, and names of another app meet', t => {
	const tag = `CreateModel('Tag', [('items', models.ManyToManyField('shop.Item'))])`;
	const base = applyAll(
		EMPTY,
		work('0001', [`CreateModel('Item', [])`, tag, `CreateModel('Lone', [], options={'db_table': 'alone'})`]).map(
			({operation}) => operation,
		),
	);
	if (failed(base)) return t.fail();
	const table = (name: string) => `CreateModel('N', [], options={'db_table': '${name}'})`;
	const index = (name: string) => `AddIndex('Item', models.Index(fields=['a'], name='${name}'))`;
	for (const [one, name] of [
		[`RenameModel('Tag', 'Label')`, 'shop_label_items'],
		[`RenameModel('Tag', 'Label')`, 'shop_label'],
		[`RenameField('Tag', 'items', 'things')`, 'shop_tag_things'],
		[`AlterModelTable('Tag', 'tt')`, 'tt_items'],
		[`AlterModelTable('Lone', None)`, 'shop_lone'],
		[add('m', `models.ManyToManyField('shop.Lone', db_table='mm')`, 'Tag'), 'mm'],
		[`CreateModel('Zed', [])`, 'shop_zed'],
	] as const) {
		for (const other of [table(name), index(name)]) {
			t.deepEqual(summary([one], [other], base), [['conflict', 'fails']], `${one} | ${other}`);
			t.deepEqual(summary([other], [one], base), [['conflict', 'fails']], `${other} | ${one}`);
			const elsewhere = other === table(name) ? work('0002_b', [other], 'other') : [];
			if (elsewhere.length > 0) t.is(commute(base, work('0002_a', [one]), elsewhere)[0]?.verdict, 'conflict');
		}
		t.deepEqual(summary([one], [table('free'), index('free_too')], base), [], one);
	}
});

test('fields that change places are gone for a while only', t => {
	const swap = [`('c', 'tmp')`, `('d', 'c')`, `('tmp', 'd')`].map(names => `RenameField('Item', ${names.slice(1)}`);
	const ordering = `AlterModelOptions('Item', {'ordering': ['c']})`;
	t.deepEqual([...new Set(summary(swap, [ordering]).map(([verdict]) => verdict))], ['review']);
	t.deepEqual(summary(swap.slice(0, 1), [ordering]), [['conflict', 'drift']]);
	// The index goes with its column, and the state has it on the other one.
	t.deepEqual(summary([`AddIndex('Item', models.Index(fields=['c'], name='ix'))`], swap)[0], ['conflict', 'drift']);
	t.deepEqual(summary(swap, [add('x'), `AlterField('Item', 'e', models.TextField())`]), []);
	t.is(summary(swap, [`AlterField('Item', 'c', models.TextField())`])[0]?.[0], 'conflict');
});

test('the system checks see the models of the end alone', t => {
	const key = `models.ForeignKey('shop.Cat', models.CASCADE, null=True, related_name='back')`;
	const renamed = [add('a', key), `AlterField('Item', 'a', ${key.replace('back', 'front')})`];
	t.deepEqual(summary(renamed, [add('b', key, 'Thing')]), []);
	t.deepEqual(summary(renamed.slice(0, 1), [add('b', key, 'Thing')]), [['conflict', 'fails']]);
});

test('what one side left naming what is gone is not new under a new name of its model', t => {
	const made = work('0001', [
		`CreateModel('Cat', [('t', models.TextField())])`,
		`CreateModel('Item', [('cat', models.ForeignKey('shop.Cat', models.CASCADE))], options={'ordering': ['cat__t']})`,
	]);
	const base = applyAll(
		EMPTY,
		made.map(({operation}) => operation),
	);
	if (failed(base)) return t.fail();
	t.deepEqual(summary([`RemoveField('Cat', 't')`], [`RenameModel('Item', 'Thing')`], base), []);
});

test('tables that change places', t => {
	const base = applyAll(
		EMPTY,
		work('0001', [`CreateModel('Item', [])`, `CreateModel('Lone', [])`]).map(({operation}) => operation),
	);
	if (failed(base)) return t.fail();
	const swap = [`('Item', 'tmp')`, `('Lone', 'shop_item')`, `('Item', 'shop_lone')`].map(each => `AlterModelTable${each}`);
	t.deepEqual(summary([add('a', undefined, 'Lone')], swap, base), []);
	t.deepEqual(summary(swap, [add('a', undefined, 'Lone')], base), []);
});

test('SQL that gives a name is followed by what the state is told', t => {
	const made = work('0001', [
		`CreateModel('Cat', [])`,
		`CreateModel('Item', [('d', models.TextField()), ('cat', models.ForeignKey('shop.Cat', models.CASCADE))])`,
	]);
	const base = applyAll(
		EMPTY,
		made.map(({operation}) => operation),
	);
	if (failed(base)) return t.fail();
	const state = `state_operations=[migrations.AlterModelTable('Item', 't1')]`;
	for (const renaming of [
		`RunSQL('ALTER TABLE shop_item RENAME TO t1', ${state})`,
		`SeparateDatabaseAndState([migrations.RunSQL('ALTER TABLE shop_item RENAME TO t1')], ${state})`,
	]) {
		for (const other of [add('x'), `AlterField('Item', 'd', models.CharField())`]) {
			t.deepEqual([...new Set(summary([renaming], [other], base).map(([verdict]) => verdict))], ['review'], other);
		}
		const table = `CreateModel('N', [], options={'db_table': 't1'})`;
		t.is(summary([renaming], [table], base)[0]?.[0], 'conflict');
	}
	t.deepEqual(summary([`RenameField('Item', 'cat', 'kat')`], [`RenameModel('Cat', 'Kind')`], base), []);
});

test('what the database has no part in is no matter of state and table', t => {
	const separate = (option: string) =>
		`SeparateDatabaseAndState(state_operations=[migrations.AlterModelOptions('Item', {${option}})])`;
	t.deepEqual(summary([separate(`'verbose_name': 'x'`)], [add('x')]), []);
	const beside = `RunSQL('SELECT 1', state_operations=[migrations.AlterModelOptions('Item', {'verbose_name': 'x'})])`;
	t.deepEqual(summary([beside], [add('x')]), []);
	t.deepEqual(summary([separate(`'ordering': ['x']`)], [`AlterModelOptions('Item', {'ordering': ['y']})`]), [
		['conflict', 'lost-update'],
	]);
});

test('relations across apps', t => {
	const other = work('0002_b', [`AddField('Order', 'item', models.ForeignKey('shop.Item', models.CASCADE))`], 'other');
	t.is(commute(EMPTY, work('0002_a', [`DeleteModel('Item')`]), other)[0]?.verdict, 'conflict');
	t.is(commute(EMPTY, work('0002_a', [`RenameModel('Item', 'Thing')`]), other)[0]?.verdict, 'conflict');
	t.is(commute(EMPTY, other, work('0002_a', [`RenameModel('Item', 'Thing')`]))[0]?.verdict, 'review');
});

test('two relations that are followed backwards by one name', t => {
	const key = (related = '') => `models.ForeignKey('shop.Cat', models.CASCADE, null=True${related})`;
	t.regex(
		judge([add('a', key())], [add('b', key())])[0]?.what ?? '',
		/^SystemCheckError: Reverse accessor for shop.cat.item_set/,
	);
	t.deepEqual(summary([add('a', key())], [add('b', key(`, related_name='+'`))]), []);
});

test('an abstract model gives each of its children a reverse name of its own', t => {
	const to = `models.ForeignKey('shop.Cat', models.CASCADE, null=True, related_name='%(class)ss')`;
	t.deepEqual(summary([add('x', to, 'Item')], [add('x', to, 'Thing')]), []);
	const same = to.replace('%(class)s', '%(app_label)s');
	t.deepEqual(summary([add('x', same, 'Item')], [add('x', same, 'Thing')]), [['conflict', 'fails']]);
});

test('what the shared history says counts', t => {
	const base = applyAll(
		EMPTY,
		work('0001', [`CreateModel('Item', [('c', models.IntegerField())], options={'db_table': 'goods'})`]).map(
			({operation}) => operation,
		),
	);
	if (failed(base)) return t.fail();
	t.deepEqual(summary([`RunSQL("UPDATE goods SET c = 1")`], [`RemoveField('Item', 'c')`], base), [['review', 'order']]);
	t.deepEqual(summary([`RemoveField('Item', 'c')`], [`RunSQL("UPDATE goods SET c = 1")`], base), [['conflict', 'fails']]);
});

test('code and the models it asks for', t => {
	const code = [`def run(apps, editor):\n    apps.get_model('shop', 'Item').objects.filter(c=1).delete()\n`, 'RunPython(run)'];
	t.deepEqual(summary([`RenameModel('Item', 'Thing')`], code), [['conflict', 'fails']]);
	t.deepEqual(summary([`RemoveField('Item', 'c')`], code), [['conflict', 'fails']]);
	t.deepEqual(summary(code, [`RemoveField('Item', 'c')`]), [['review', 'order']]);
	t.deepEqual(summary([add('d')], code), []);
	t.deepEqual(summary([`AlterField('Cat', 'c', models.TextField())`], code), []);
});

test('code that asks for a model by the name that its own side gave it', t => {
	const fill = [
		'def fill(apps, editor):\n    apps.get_model("shop", "Thing").objects.filter(c=1).delete()\n',
		`RenameModel('Item', 'Thing')`,
		'RunPython(fill)',
	];
	const onCode = (mainline: readonly string[], incoming: readonly string[]) =>
		judge(mainline, incoming).filter(({incoming: {operation}}) => operation.title.startsWith('RunPython'));
	t.like(onCode([`RemoveField('Item', 'c')`], fill)[0], {
		verdict: 'conflict',
		what: "FieldError: Cannot resolve keyword 'c' into field.",
	});
	t.deepEqual(onCode([`RemoveField('Cat', 'c')`], fill), []);
	const sql = [`RenameModel('Item', 'Thing')`, `RunSQL('UPDATE shop_thing SET c = 1')`];
	t.is(
		judge([`RemoveField('Item', 'c')`], sql).find(({incoming: {operation}}) => operation.title.startsWith('RunSQL'))?.verdict,
		'conflict',
	);
});

test('collations, sets as Django 1 wrote them, and content types', t => {
	const collation = (name: string) => `CreateCollation('${name}', provider='icu', locale='und-u-kn-true')`;
	t.deepEqual(summary([collation('a')], [collation('b'), add('x')]), []);
	t.deepEqual(summary([collation('a')], [collation('a')]), [['conflict', 'fails']]);
	const together = (value: string) => `AlterUniqueTogether('item', ${value})`;
	t.deepEqual(summary([together("set([('a', 'b')])")], [together("{('a', 'b')}")]), []);
	t.deepEqual(summary([together("set([('a', 'b')])")], [together("{('a', 'c')}")]), [['conflict', 'lost-update']]);
	const code = (name: string) => [
		`def ${name}(apps, editor):\n    apps.get_model('contenttypes', 'ContentType').objects.get(app_label='${name}')\n`,
		`RunPython(${name})`,
	];
	t.deepEqual(summary(code('one'), code('other')), []);
});

test('unreadable work on one model is for a person to look at', t => {
	t.deepEqual(summary([add('x')], [`RunPython(imported.function)`]), []);
	t.deepEqual(summary([`RemoveField('Item', 'x')`], [`RunPython(imported.function)`]), [['review', 'opaque']]);
	t.deepEqual(summary([add('x')], [`Custom(model_name='item')`]), [['review', 'opaque']]);
	t.deepEqual(summary([add('x')], [`Custom(model_name='cat')`]), []);
});

test('one conflict does not hide the next, and leaves the rest alone', t => {
	const mainline = [`RemoveField('Item', 'c')`, `AlterField('Cat', 't', models.TextField())`];
	const incoming = [`AlterField('Item', 'c', models.TextField())`, `AlterField('Cat', 't', models.IntegerField())`, add('z')];
	t.deepEqual(summary(mainline, incoming), [
		['conflict', 'fails'],
		['conflict', 'lost-update'],
	]);
});

test('a check stays what it was compiled for: PostgreSQL finds its operator among numbers, among texts, and nowhere else', t => {
	const beside = (before: string, after: string) => {
		const check = `AddConstraint('Item', models.CheckConstraint(check=models.Q(q__gte=0), name='k'))`;
		const made = work('0001', [`CreateModel('Item', [('q', models.${before}())])`, check]);
		const base = applyAll(
			EMPTY,
			made.map(({operation}) => operation),
		);
		if (failed(base)) throw new Error(base.error);
		return failures(base, work('0002', [`AlterField('Item', 'q', models.${after}())`])).map(({error}) => error.split(' (')[0]);
	};
	for (const pair of [
		'IntegerField BigIntegerField',
		'SmallIntegerField IntegerField',
		'IntegerField PositiveIntegerField',
		'IntegerField FloatField',
		'FloatField DecimalField',
		'CharField TextField',
		'TextField CharField',
		'CharField SlugField',
		'CharField EmailField',
		'DateField DateTimeField',
	]) {
		t.deepEqual(beside(...(pair.split(' ') as [string, string])), [], pair);
	}
	for (const pair of [
		'IntegerField CharField',
		'BooleanField IntegerField',
		'IntegerField BooleanField',
		'CharField CITextField',
	]) {
		t.deepEqual(beside(...(pair.split(' ') as [string, string])), ['ProgrammingError: operator does not exist'], pair);
	}
});

test('what is computed is a review beside what it may be about, and nothing else', t => {
	const review = [['review', 'opaque']];
	for (const pointing of [
		`AddField('Item', 'x', fld())`,
		`AddField('Item', 'x', models.ForeignKey('%s.Lone' % 'shop', models.CASCADE))`,
		`CreateModel('N', make_fields())`,
	]) {
		for (const other of [`DeleteModel('Lone')`, `RenameModel('Lone', 'New')`]) {
			t.deepEqual(summary([pointing], [other]), review, pointing);
			t.deepEqual(summary([other], [pointing]), review, pointing);
			t.is(commute(EMPTY, work('0002_a', [pointing]), work('0002_b', [other], 'other'))[0]?.verdict, 'review');
		}
		t.deepEqual(summary([pointing], [add('y'), `AlterModelTable('Lone', 'tt')`]), [], pointing);
	}
	const options = `CreateModel('N', [], options=make())`;
	t.deepEqual(summary([options], [`AlterModelTable('Lone', 'tt')`]), review);
	t.deepEqual(summary([options], [`CreateModel('M', [])`]), review);
	t.deepEqual(summary([options], [add('y')]), []);
	const separate = 'SeparateDatabaseAndState(database_operations=ops(), state_operations=ops())';
	t.deepEqual(summary([separate], [`RemoveField('Item', 'c')`]), review);
});

test('a guess at the model of a foreign operation holds only where there is such a model', t => {
	const made = work('0001', [`CreateModel('Item', [])`, `CreateModel('Cat', [])`]).map(({operation}) => operation);
	const base = applyAll(EMPTY, made);
	if (failed(base)) return t.fail();
	t.deepEqual(summary([add('x')], [`CreateView('prices', sql)`], base), [['review', 'opaque']]);
	t.deepEqual(summary([add('x')], [`AddTrigger('Cat', trigger)`], base), []);
	t.deepEqual(summary([add('x')], [`AddTrigger('Item', trigger)`], base), [['review', 'opaque']]);
	t.deepEqual(summary([add('x')], [`AddTrigger(model_name='log', trigger=trigger)`], base), []);
	// It holds inside of another operation, too.
	const around = (operation: string) => [
		`SeparateDatabaseAndState(state_operations=[migrations.${operation}])`,
		`RunSQL('SELECT 1', state_operations=[migrations.${operation}])`,
	];
	for (const inside of around(`CreateView('prices', sql)`))
		t.deepEqual(summary([add('x')], [inside], base), [['review', 'opaque']], inside);
	for (const inside of around(`AddTrigger('Cat', trigger)`)) t.deepEqual(summary([add('x')], [inside], base), [], inside);
});

test('a rule that is computed may name any field', t => {
	const check = `AddConstraint('Item', models.CheckConstraint(check=make(), name='k'))`;
	t.deepEqual(summary([check], [`RemoveField('Item', 'c')`]), [['review', 'opaque']]);
	t.deepEqual(summary([`RenameField('Item', 'c', 'd')`], [check]), [['review', 'opaque']]);
	t.deepEqual(summary([check], [add('x'), `RemoveField('Cat', 'c')`]), []);
	const value = `AddConstraint('Item', models.CheckConstraint(check=models.Q(name='c') | models.Q(name='d'), name='k'))`;
	t.deepEqual(summary([value], [`RemoveField('Item', 'c')`]), []);
});

test('what fails is no overwriting as well', t => {
	const remade = [`RemoveField('Item', 'c')`, add('c', 'models.TextField()')];
	const together = `AlterUniqueTogether('Item', {('a', 'c')})`;
	t.deepEqual(
		summary(remade, [together]).map(([, reason]) => reason),
		['fails'],
	);
	const renamed = [add('x'), `RenameField('Item', 'x', 'y')`];
	t.deepEqual(summary(renamed, [add('x')]), [['conflict', 'fails']]);
});

test('two spellings of one field', t => {
	const alter = (field: string) => `AlterField('Item', 'c', models.${field})`;
	for (const [one, other] of [
		[`CharField('v', max_length=30)`, `CharField(verbose_name='v', max_length=30)`],
		['IntegerField(default=0, null=False, unique=False)', `IntegerField(default=0, help_text='')`],
		[`ForeignKey('shop.Cat', models.CASCADE)`, `ForeignKey(on_delete=models.CASCADE, to='shop.Cat', db_column=None)`],
	] as const) {
		t.deepEqual(summary([alter(one)], [alter(other)]), [], one);
	}
	for (const [one, other] of [
		[`CharField('v', max_length=30)`, `CharField(max_length=30)`],
		['IntegerField(null=False)', 'IntegerField(null=True)'],
		['ForeignKey("shop.Cat", models.CASCADE)', 'ForeignKey("shop.Cat", models.PROTECT)'],
		['BooleanField(default=False)', 'BooleanField()'],
	] as const) {
		t.deepEqual(summary([alter(one)], [alter(other)]), [['conflict', 'lost-update']], one);
	}
	const custom = (field: string) => `AlterField('Item', 'c', fields.${field})`;
	t.deepEqual(summary([custom('Shy(null=False)')], [custom('Shy()')]), [['conflict', 'lost-update']]);
});

test('one name for two things, and two names for one', t => {
	const side = (above: string) => {
		const alter = `migrations.AlterField('Item', 'c', models.IntegerField(default=d))`;
		const text = `from django.db import migrations, models\n${above}\nclass Migration(migrations.Migration):\n    operations = [${alter}]\n`;
		return readOperations(text, 'shop').map(operation => ({operation, key: 'shop.0002_a', path: 'shop/migrations/0002_a.py'}));
	};
	const lost = (one: string, other: string) => commute(EMPTY, side(one), side(other)).map(({reason}) => reason);
	for (const [one, other] of [
		['from a import d', 'from b import d'],
		['d = 1\nd = 2', 'd = 2\nd = 1'],
		['def d():\n    return 1', 'def d():\n    return 1\ndef d():\n    return 2'],
		['if X:\n    d = 1', 'if X:\n    d = 2'],
		['d = []\nd += [1]', 'd = []\nd += [2]'],
	] as const) {
		t.deepEqual(lost(one, other), ['lost-update'], `${one} | ${other}`);
		t.deepEqual(lost(one, one), [], one);
	}
	t.deepEqual(lost('from .helpers import d', 'from shop.helpers import d'), []);
	t.deepEqual(lost('from django.db.models import d', 'from django.db.models.deletion import d'), []);
	t.deepEqual(lost('d = 1\nd = 2', 'd = 2'), []);
	t.deepEqual(lost('from a import d', 'from b import d\nfrom a import d'), []);
});

test('an operation that is none of Django on a model of another app', t => {
	const beside = (operation: string, other: string, above = '') => {
		const text = `from django.db import migrations\n${above}\nclass Migration(migrations.Migration):\n    operations = [${operation}]\n`;
		const custom = readOperations(text, 'other').map(each => ({
			operation: each,
			key: 'other.0002_a',
			path: 'other/migrations/0002_a.py',
		}));
		return [commute(EMPTY, custom, work('0002_b', [other])), commute(EMPTY, work('0002_b', [other]), custom)]
			.map(([verdict]) => verdict?.verdict ?? 'commutes')
			.join();
	};
	const remove = `RemoveField('Item', 'c')`;
	for (const operation of [
		`AddTrigger('shop.Item', trigger)`,
		`AddTrigger('shop', 'Item')`,
		`AddTrigger(app_label='shop', model_name='Item')`,
		`AddTriggers(models=['shop.Cat', 'shop.Item'])`,
	]) {
		t.is(beside(operation, remove), 'review,review', operation);
		t.is(beside(operation, `RemoveField('Lone', 'c')`), 'commutes,commutes', operation);
	}
	const own = `class Op(migrations.RemoveField):\n    def state_forwards(self, app, state):\n        super().state_forwards('shop', state)\n`;
	t.is(beside(`Op('Item', 'c')`, remove, own), 'review,review');
	t.is(beside(`Op('Item', 'c')`, `RemoveField('Lone', 'c')`, own), 'commutes,commutes');
	t.is(beside(`AddTrigger('Item', trigger)`, remove), 'commutes,commutes');
});
