import test from 'ava';
import type {Operation} from '../../src/state/operation.ts';
import {readOperations} from '../../src/state/read-operations.ts';

const HEAD = 'from django.db import migrations, models\n\n';

function read(operations: string, before = ''): readonly Operation[] {
	return readOperations(`${HEAD}${before}\nclass Migration(migrations.Migration):\n    operations = ${operations}\n`, 'shop');
}

function only(operation: string, before = ''): Operation {
	return read(`[${operation}]`, before)[0]!;
}

test('positional and keyword arguments are one to us', t => {
	const {line, title, ...positional} = only(`migrations.AddField('Item', 'price', models.IntegerField(null=True, default=1))`);
	const named = only(`migrations.AddField(field=models.IntegerField(default=1,
		null=True), name="price", model_name="item")`);
	t.is(line, 5);
	t.is(title, 'AddField Item.price');
	t.is(positional.kind, 'AddField');
	t.like(named, {kind: 'AddField', model: 'shop.item'});
	if (positional.kind === 'AddField' && named.kind === 'AddField') {
		t.deepEqual(named.field, positional.field);
		t.is(named.field.text, 'IntegerField(default=1,null=True)');
	}
});

test('a default that Django forgets is none of the state', t => {
	const operation = only(`migrations.AddField('item', 'n', models.IntegerField(default=0), preserve_default=False)`);
	t.like(operation, {field: {text: 'IntegerField()', hasDefault: false, nullable: false}});
});

test('what a relation points at', t => {
	const target = (field: string) => {
		const operation = only(`migrations.AddField('Item', 'x', ${field})`);
		return operation.kind === 'AddField' ? [operation.field.to, operation.field.through] : null;
	};
	t.deepEqual(target(`models.ForeignKey('self', models.CASCADE)`), ['shop.item', null]);
	t.deepEqual(target(`models.ForeignKey(on_delete=models.CASCADE, to='Other.Thing')`), ['other.thing', null]);
	t.deepEqual(target(`models.ManyToManyField(to='Cat', through='shop.ItemCat')`), ['shop.cat', 'shop.itemcat']);
	t.deepEqual(target('models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)'), ['settings.auth_user_model', null]);
	t.deepEqual(target('models.IntegerField()'), [null, null]);
});

test('a model with its options, rules and bases', t => {
	const operation = only(`migrations.CreateModel(
		name='Child',
		fields=[('id', models.BigAutoField(primary_key=True)), ('a', models.IntegerField())],
		options={'db_table': 'kids', 'unique_together': {('id', 'a')}, 'indexes': [models.Index(fields=['-a'], name='ix')],
			'constraints': [models.CheckConstraint(check=models.Q(('a__gte', 0), ('id__gt', 1), _connector='OR'), name='ck')]},
		bases=('shop.item', models.Model),
	)`);
	t.like(operation, {kind: 'CreateModel', model: 'shop.child', name: 'Child', bases: ['shop.item']});
	if (operation.kind !== 'CreateModel') return;
	t.deepEqual([...operation.options], [['db_table', 'kids']]);
	t.deepEqual(operation.together.get('unique_together'), [['id', 'a']]);
	t.deepEqual(operation.indexes[0]?.fields, ['a']);
	t.deepEqual(operation.constraints[0]?.fields, ['a', 'id']);
	t.true(operation.constraints[0]?.compares);
});

test('operations inside operations', t => {
	const operation = only(`migrations.SeparateDatabaseAndState(
		database_operations=[migrations.RunSQL('ALTER TABLE shop_item ADD COLUMN x int')],
		state_operations=[migrations.AddField('item', 'x', models.IntegerField(null=True))],
	)`);
	t.is(operation.kind, 'Separate');
	if (operation.kind !== 'Separate') return;
	t.deepEqual([operation.database[0]?.kind, operation.state[0]?.kind], ['Run', 'AddField']);
	const sql = only(`migrations.RunSQL("...", state_operations=[migrations.RemoveField('item', 'x')])`);
	t.is(sql.kind === 'Run' && sql.state[0]?.kind, 'RemoveField');
});

test('code is read for the models and fields that it names', t => {
	const code = `def helper(Item):
    Item.objects.filter(price__gt=0).update(old=1)  # not_this

def forwards(apps, schema_editor):
    """Nor docstring_words."""
    helper(apps.get_model("shop", "Item"))
    apps.get_model("other.Thing").objects.create(name="x")
`;
	const operation = only('migrations.RunPython(forwards, migrations.RunPython.noop)', code);
	if (operation.kind !== 'Run') return t.fail();
	const {models, fields, words, creates, unknown} = operation.mentions;
	t.deepEqual([...models].sort(), ['other.thing', 'shop.item']);
	t.deepEqual([...fields].sort(), ['name', 'old', 'price']);
	t.false(words.has('not_this') || words.has('docstring_words'));
	t.true(creates);
	t.is(unknown, null);
});

test('code from elsewhere is unknown', t => {
	const operation = only('migrations.RunPython(tools.forwards)');
	t.is(operation.kind === 'Run' && operation.mentions.unknown, 'tools.forwards is not in this file');
});

test('names in SQL', t => {
	const operation = only(
		`migrations.RunSQL([("UPDATE shop_item SET price = %s -- not_this", [1]), 'CREATE INDEX ix_a ON shop_item (a)'])`,
	);
	if (operation.kind !== 'Run') return t.fail();
	const {words, fields, adds} = operation.mentions;
	t.true(words.has('shop_item'));
	t.false(words.has('not_this'));
	t.deepEqual([[...fields], [...adds]], [['price', 'a'], ['relation:ix_a']]);
});

test('what cannot be read is opaque, on the model it names', t => {
	t.like(only(`AddTrigger(model_name='Item', trigger=x)`), {kind: 'Opaque', model: 'shop.item'});
	t.like(only(`migrations.AddField('Item', NAME, make_field())`), {kind: 'Opaque', model: 'shop.item'});
	t.like(only('migrations.AddField(*ARGUMENTS)'), {kind: 'Opaque'});
	t.like(read('[migrations.DeleteModel(name) for name in NAMES]')[0]!, {kind: 'Opaque', model: null});
	t.like(read('make_operations()')[0]!, {kind: 'Opaque', model: null});
});

test('lists are followed through names, sums and stars', t => {
	const kinds = (operations: readonly Operation[]) => operations.map(({kind}) => kind);
	const before = `MORE = [migrations.DeleteModel('A')]\nONE = migrations.RemoveField('item', 'x')\n`;
	t.deepEqual(kinds(read('MORE + [ONE]', before)), ['DeleteModel', 'RemoveField']);
	t.deepEqual(kinds(read('[*MORE, ONE]', before)), ['DeleteModel', 'RemoveField']);
	t.deepEqual(kinds(read('operations')), ['Opaque']);
});

test('no migration, broken or empty text: no operations', t => {
	t.deepEqual(readOperations('', 'shop'), []);
	t.deepEqual(readOperations('operations = [(', 'shop'), []);
	t.deepEqual(read('[]'), []);
});
