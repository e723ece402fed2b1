import test from 'ava';
import {commute} from '../../src/commute/commute.ts';
import {readOperations} from '../../src/operations/read-operations.ts';
import {applyAll} from '../../src/state/apply.ts';
import {EMPTY, failed, type State} from '../../src/state/state.ts';
import type {Work} from '../../src/state/work.ts';

function work(operations: readonly string[]): Work[] {
	const list = operations.map(text => `        migrations.${text},\n`).join('');
	const text = `from django.db import migrations, models\nclass Migration(migrations.Migration):\n    operations = [\n${list}    ]\n`;
	return readOperations(text, 'shop').map(operation => ({operation, key: 'shop.0002_x', path: 'shop/migrations/0002_x.py'}));
}

const CAT = `CreateModel('Cat', [('id', models.AutoField(primary_key=True)), ('t', models.CharField(unique=True, max_length=9))])`;
const ITEM = `CreateModel('Item', [('c', models.IntegerField()), ('name', models.CharField()), ('cat', models.ForeignKey('shop.Cat', models.CASCADE))])`;

function baseOf(...more: readonly string[]): State {
	const state = applyAll(
		EMPTY,
		work([CAT, ITEM, ...more]).map(({operation}) => operation),
	);
	if (failed(state)) throw new Error(state.error);
	return state;
}

/** The verdicts of one order, in short. */
function verdicts(mainline: readonly string[], incoming: readonly string[], base: State): readonly string[] {
	return commute(base, work(mainline), work(incoming)).map(({verdict, reason}) => `${verdict} ${reason}`);
}

const check = (condition: string) => `AddConstraint('Item', models.CheckConstraint(check=models.Q(${condition}), name='k'))`;
const index = (name: string, model = 'Item') => `AddIndex('${model}', models.Index(fields=['${name}'], name='ix'))`;
const ordering = (text: string, model = 'Item') => `AlterModelOptions('${model}', {'ordering': ${text}})`;

test('a key is called by its column as well', t => {
	const base = baseOf();
	for (const naming of [check('cat_id__gt=0'), index('cat_id'), `AlterUniqueTogether('Item', {('cat_id', 'c')})`]) {
		t.deepEqual(verdicts([naming], [`RemoveField('Item', 'cat')`], base), ['conflict fails'], naming);
		t.deepEqual(verdicts([`RemoveField('Item', 'cat')`], [naming], base), ['conflict fails'], naming);
		t.deepEqual(verdicts([`RenameField('Item', 'cat', 'kat')`], [naming], base), ['conflict fails'], naming);
	}
	t.deepEqual(verdicts([check('cat_id__gt=0')], [`RenameField('Item', 'cat', 'kat')`], base), ['conflict drift']);
	t.deepEqual(verdicts([ordering(`['cat_id']`)], [`RemoveField('Item', 'cat')`], base), ['conflict drift']);
	// A field that is no key has no such name.
	const other = baseOf(`AddField('Item', 'c_id', models.IntegerField(null=True))`);
	t.deepEqual(verdicts([check('c_id__gt=0')], [`RemoveField('Item', 'c')`], other), []);
});

test('what a generated field is computed from', t => {
	const base = baseOf();
	const generated = `AddField('Item', 'g', models.GeneratedField(expression=F('c') + 1, output_field=models.IntegerField(), db_persist=True))`;
	t.deepEqual(verdicts([generated], [`RemoveField('Item', 'c')`], base), ['conflict fails']);
	t.deepEqual(verdicts([generated], [`RenameField('Item', 'c', 'd')`], base), ['conflict drift']);
	t.deepEqual(verdicts([generated], [`AlterField('Item', 'c', models.BigIntegerField())`], base), ['conflict fails']);
	t.deepEqual(verdicts([generated], [`AlterField('Item', 'c', models.IntegerField(default=1))`], base), []);
	t.deepEqual(verdicts([generated], [`RemoveField('Item', 'name')`, `AddField('Item', 'x', models.IntegerField())`], base), []);
});

test('a generated field that one side left naming what it renamed', t => {
	const base = baseOf(
		`AddField('Item', 'g', models.GeneratedField(expression=F('c') + 1, output_field=models.IntegerField(), db_persist=True))`,
	);
	const other = (field: string) => `AddField('Item', 'x', models.${field})`;
	t.deepEqual(verdicts([`RenameField('Item', 'c', 'd')`], [other('IntegerField(default=0)')], base), ['conflict fails']);
	t.deepEqual(verdicts([`RenameField('Item', 'name', 'd')`], [other('IntegerField(default=0)')], base), []);
});

test('the field that a key points at', t => {
	const base = baseOf();
	const key = `AddField('Item', 'k', models.ForeignKey('shop.Cat', models.CASCADE, null=True, to_field='t', related_name='+'))`;
	t.deepEqual(verdicts([key], [`RemoveField('Cat', 't')`], base), ['conflict fails']);
	t.deepEqual(verdicts([`RemoveField('Cat', 't')`], [key], base), ['conflict fails']);
	t.deepEqual(verdicts([key], [`RenameField('Cat', 't', 'title')`], base), ['review order']);
	t.deepEqual(verdicts([`RenameField('Cat', 't', 'title')`], [key], base), ['conflict fails']);
	t.deepEqual(verdicts([key], [`AlterField('Cat', 't', models.CharField(max_length=9))`], base), ['conflict fails']);
	t.deepEqual(verdicts([key], [`AlterField('Cat', 't', models.CharField(unique=True, max_length=90))`], base), []);
});

test('a key that becomes a number is not called by its column any more', t => {
	const base = baseOf();
	const alter = `AlterField('Item', 'cat', models.IntegerField())`;
	for (const naming of [index('cat_id'), `AlterUniqueTogether('Item', {('cat_id', 'c')})`]) {
		t.deepEqual(verdicts([alter], [naming], base), ['conflict fails'], naming);
		t.deepEqual(verdicts([naming], [alter], base), ['conflict fails'], naming);
	}
	t.deepEqual(verdicts([alter], [index('cat')], base), []);
	t.deepEqual(verdicts([alter], [`AddField('Item', 'x', models.IntegerField(null=True))`], base), []);
});

test('which operations make the table anew of a rename that left an index behind', t => {
	const base = baseOf(index('c'), `AddField('Item', 'n', models.IntegerField(null=True, db_index=True))`);
	const rename = [`RenameField('Item', 'c', 'd')`];
	// The column of a key is not renamed where it stands.
	t.deepEqual(verdicts(rename, [`RenameField('Item', 'cat', 'kat')`], base), ['conflict fails']);
	t.deepEqual(verdicts(rename, [`RenameField('Item', 'name', 'title')`], base), []);
	t.deepEqual(verdicts(rename, [`RemoveField('Item', 'n')`], base), ['conflict fails']);
	const unique = (more: string) => `AddConstraint('Item', models.UniqueConstraint(${more}, name='u'))`;
	t.deepEqual(verdicts(rename, [unique(`fields=['name']`)], base), ['conflict fails']);
	for (const more of [`fields=['name'], condition=models.Q(name='x')`, `fields=['name'], include=['cat']`, `models.F('name')`]) {
		t.deepEqual(verdicts(rename, [unique(more)], base), [], more);
		t.deepEqual(verdicts(rename, [`RemoveConstraint('Item', 'u')`], baseOf(index('c'), unique(more))), [], more);
	}
	t.deepEqual(verdicts(rename, [`RemoveField('Item', 'name')`], base), ['review order']);
});

test('a condition on a key that comes to point at another field', t => {
	const condition = `AddIndex('Item', models.Index(fields=['c'], name='ix', condition=models.Q(cat_id=1)))`;
	const alter = (more: string) => `AlterField('Item', 'cat', models.ForeignKey('shop.Cat', models.CASCADE${more}))`;
	t.deepEqual(verdicts([condition], [alter(`, to_field='t'`)], baseOf()), ['conflict fails']);
	t.deepEqual(verdicts([condition], [alter(', null=True')], baseOf()), []);
});

test('a rename that changes the case alone', t => {
	const base = baseOf();
	const rename = `RenameField('Item', 'c', 'C')`;
	for (const naming of [index('c'), check('c__gt=0'), ordering(`['c']`)]) {
		t.regex(verdicts([naming], [rename], base)[0] ?? '', /^conflict/, naming);
		t.regex(verdicts([rename], [naming], base)[0] ?? '', /^conflict/, naming);
	}
	t.deepEqual(verdicts([rename], [rename], base), ['conflict fails']);
	t.deepEqual(verdicts([rename], [`RemoveField('Item', 'c')`], base), ['conflict fails']);
	t.deepEqual(verdicts([rename], [`AlterField('Item', 'c', models.TextField())`], base), ['conflict fails']);
	t.deepEqual(verdicts([rename], [`AlterField('Item', 'name', models.TextField())`], base), []);
	t.deepEqual(verdicts([rename, index('C')], [`AddField('Item', 'x', models.IntegerField(null=True))`], base), []);
});

test('the order that order_with_respect_to keeps', t => {
	const base = baseOf(`AlterOrderWithRespectTo('Item', 'cat')`);
	const none = `AlterOrderWithRespectTo('Item', None)`;
	for (const naming of [index('_order'), `AlterUniqueTogether('Item', {('_order', 'cat')})`]) {
		t.deepEqual(verdicts([none], [naming], base), ['conflict fails']);
		t.deepEqual(verdicts([naming], [none], base), ['conflict fails']);
	}
	t.deepEqual(verdicts([none], [ordering(`['_order']`)], base), ['conflict drift']);
	const own = `AddField('Item', 'pos', models.IntegerField(null=True, db_column='_order'))`;
	t.deepEqual(verdicts([own], [`AlterOrderWithRespectTo('Item', 'cat')`], baseOf()), ['conflict fails']);
	t.deepEqual(verdicts([`AlterOrderWithRespectTo('Item', 'cat')`], [own], baseOf()), ['conflict fails']);
	t.deepEqual(verdicts([`AlterOrderWithRespectTo('Item', 'cat')`], [ordering(`['c']`)], baseOf()), ['conflict fails']);
	t.deepEqual(verdicts([none], [`AddField('Item', 'x', models.IntegerField(null=True))`], base), []);
});

test('an order through relations and from parents', t => {
	const child = `CreateModel('Child', [('y', models.IntegerField())], bases=('shop.item',))`;
	const base = baseOf(child);
	for (const change of [`RemoveField('Cat', 't')`, `RenameField('Cat', 't', 'title')`]) {
		t.deepEqual(verdicts([change], [ordering(`['-cat__t']`)], base), ['conflict drift'], change);
		t.deepEqual(verdicts([ordering(`['-cat__t']`)], [change], base), ['conflict drift'], change);
		t.deepEqual(verdicts([change], [ordering(`['cat__id', 'cat__t__length', 'c']`)], base), ['conflict drift'], change);
		t.deepEqual(verdicts([change], [ordering(`['cat__id', 'c__abs']`)], base), [], change);
	}
	t.deepEqual(verdicts([`RemoveField('Item', 'c')`], [ordering(`['c']`, 'Child')], base), ['conflict drift']);
	t.deepEqual(verdicts([`RemoveField('Item', 'c')`], [ordering(`['y', 'name']`, 'Child')], base), []);
});

test('an index of index_together that gets a name', t => {
	const base = baseOf(`AlterIndexTogether('Item', {('c', 'name')})`);
	const rename = (to: string) => `RenameIndex('Item', new_name='${to}', old_fields=('c', 'name'))`;
	const nothing = `AlterIndexTogether('Item', set())`;
	t.deepEqual(verdicts([rename('n1')], [`RenameField('Item', 'c', 'd')`], base), ['conflict drift']);
	t.deepEqual(verdicts([`RenameField('Item', 'c', 'd')`], [rename('n1')], base), ['conflict fails']);
	t.deepEqual(verdicts([rename('n1')], [nothing], base), ['review order']);
	t.deepEqual(verdicts([nothing], [rename('n1')], base), ['conflict fails']);
	t.deepEqual(verdicts([rename('n1')], [`AlterIndexTogether('Item', {('c', 'cat')})`], base).slice(0, 1), ['review order']);
	t.deepEqual(verdicts([rename('n1')], [rename('n1')], base), ['conflict fails']);
	t.deepEqual(verdicts([rename('n1')], [rename('n2')], base), ['conflict lost-update']);
	t.deepEqual(verdicts([rename('n1')], [`AddField('Item', 'x', models.IntegerField(null=True))`], base), []);
});

test('the model between two others', t => {
	const middle = `CreateModel('Mid', [('item', models.ForeignKey('shop.Item', models.CASCADE)), ('cat', models.ForeignKey('shop.Cat', models.CASCADE))])`;
	const base = baseOf(middle);
	const many = (rest = '') =>
		`AddField('Item', 'cats', models.ManyToManyField('shop.Cat', through='shop.Mid', related_name='+'${rest}))`;
	const named = many(`, through_fields=('item', 'cat')`);
	const second = `AddField('Mid', 'other', models.ForeignKey('shop.Cat', models.CASCADE, null=True, related_name='+'))`;
	t.deepEqual(verdicts([many()], [`RemoveField('Mid', 'cat')`], base), ['conflict fails']);
	t.deepEqual(verdicts([`RemoveField('Mid', 'cat')`], [many()], base), ['conflict fails']);
	// Django 5.1 and older do not write through_fields.
	t.deepEqual(verdicts([many()], [second], base), ['review opaque']);
	t.deepEqual(verdicts([named], [second], base), []);
	t.deepEqual(verdicts([named], [`RenameField('Mid', 'cat', 'kat')`], base), ['conflict fails']);
	t.deepEqual(verdicts([many()], [`RenameField('Mid', 'cat', 'kat')`], base), []);
	t.deepEqual(verdicts([named], [`AlterField('Mid', 'cat', models.ForeignKey('shop.Item', models.CASCADE))`], base), [
		'conflict fails',
	]);
	t.deepEqual(verdicts([many()], [`AddField('Mid', 'n', models.IntegerField(null=True))`], base), []);
});
