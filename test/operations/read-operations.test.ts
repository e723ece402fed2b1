import test from 'ava';
import type {Operation} from '../../src/operations/operation.ts';
import {readOperations} from '../../src/operations/read-operations.ts';

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

test('what only looks like an operation on a model is opaque, and on the whole app', t => {
	t.like(only(`rm('c')`, `def rm(name):\n    return migrations.RemoveField('Item', name)\n`), {kind: 'Opaque', model: null});
	t.like(only(`tools.remove('Item')`), {kind: 'Opaque', model: null});
	t.like(only(`migrations.RemoveField(f'{MODEL}', 'c')`), {kind: 'Opaque', model: null, title: 'RemoveField ?.c'});
	t.like(only(`migrations.RenameModel(OLD, 'New')`), {kind: 'Opaque', model: null});
	t.like(only(`migrations.RemoveField(model_name='Item', **REST)`), {kind: 'Opaque', model: 'shop.item', guessed: false});
	t.like(only(`AddTrigger('Item', trigger)`), {kind: 'Opaque', model: 'shop.item', guessed: true});
	const own = 'class RemoveField(Operation):\n    pass\n';
	t.like(only(`RemoveField('Item', 'c')`, own), {kind: 'Opaque', model: 'shop.item', guessed: true});
	t.is(only(`migrations.RemoveField('Item', 'c')`, own).kind, 'RemoveField');
	t.like(only(`migrations.AlterUniqueTogether('Item', {('a', B)})`), {kind: 'Opaque', model: 'shop.item'});
	t.like(only(`migrations.AlterUniqueTogether('Item', {(name, 'b') for name in NAMES})`), {kind: 'Opaque'});
});

test('lists inside of operations are followed, or hold an opaque one', t => {
	const inside = (list: string) => {
		const before = `OPS = [migrations.DeleteModel('A')]\n`;
		const operation = only(`migrations.SeparateDatabaseAndState(state_operations=${list})`, before);
		return operation.kind === 'Separate' ? operation.state.map(({kind}) => kind) : [];
	};
	t.deepEqual(inside('OPS + []'), ['DeleteModel']);
	t.deepEqual(inside('[*OPS]'), ['DeleteModel']);
	t.deepEqual(inside('None'), []);
	t.deepEqual(inside('ops()'), ['Opaque']);
	t.deepEqual(inside('[*OPS, *ops()]'), ['DeleteModel', 'Opaque']);
	t.deepEqual(inside('OPS + ops()'), ['Opaque']);
	const sql = only(`migrations.RunSQL('SELECT 1', state_operations=ops())`);
	t.is(sql.kind === 'Run' && sql.state[0]?.kind, 'Opaque');
});

test('a class of fields that is none of Django is known by its arguments', t => {
	const field = (text: string, before = '') => {
		const operation = only(`migrations.AddField('Item', 'x', ${text})`, before);
		return operation.kind === 'AddField' ? operation.field : null;
	};
	t.like(field(`Ref('shop.Cat', null=True, on_delete=models.CASCADE)`), {shape: 'key', to: 'shop.cat', unclear: null});
	t.like(field(`Ref('shop.Cat', models.PROTECT)`), {shape: 'key', to: 'shop.cat'});
	t.like(field(`taggit.Manager(to='taggit.Tag', through='taggit.TaggedItem')`), {shape: 'many', to: 'taggit.tag'});
	t.like(field(`MoneyField('price', max_digits=9)`), {shape: 'column', to: null, unclear: null});
	t.like(field(`Many('shop.Cat')`), {shape: 'column', unclear: 'Many may point at shop.Cat'});
	t.like(field(`models.ForeignKey(APP + '.Cat', models.CASCADE)`, `APP = 'shop'\n`), {to: 'shop.cat', unclear: null});
	t.like(field(`models.ForeignKey(get_user_model(), models.CASCADE)`), {to: null, unclear: 'what it points at is computed'});
	t.like(field(`models.ForeignKey(**ARGUMENTS)`), {unclear: 'what it points at is computed'});
	t.like(field('make()'), {type: '?', unclear: 'made by make()'});
	t.is(only(`migrations.AlterField('Item', 'x', make())`).kind, 'Opaque');
});

test('a model made of lists and dictionaries with names', t => {
	const before = `FS = [('a', models.IntegerField())]\nOPTS = {'db_table': 'tt'}\n`;
	const model = (rest: string) => only(`migrations.CreateModel('N', ${rest})`, before);
	for (const fields of ['FS', `FS + []`, '[*FS]', 'list(FS)']) {
		const operation = model(fields);
		t.deepEqual(operation.kind === 'CreateModel' && operation.fields.map(({name}) => name), ['a'], fields);
		t.like(operation, {unclear: null, unclearOptions: null});
	}
	for (const options of ['OPTS', '{**OPTS}', `dict(db_table='tt')`, `dict(OPTS)`, `{'db_table': 'other', **OPTS}`]) {
		const operation = model(`[], options=${options}`);
		t.deepEqual(operation.kind === 'CreateModel' && [...operation.options], [['db_table', 'tt']], options);
	}
	t.like(model('make()'), {kind: 'CreateModel', unclear: 'its fields are computed'});
	t.like(model(`[('x', make())]`), {unclear: 'made by make()'});
	t.like(model(`[make('x')]`), {unclear: 'its fields are computed'});
	t.like(model('[], bases=make()'), {unclear: 'its bases are computed'});
	t.like(model('[], options=make()'), {unclear: null, unclearOptions: 'its options are computed'});
	t.like(model(`[], options={'db_table': PREFIX + 'n'}`), {unclearOptions: 'its options are computed'});
	t.like(model(`[], options={'indexes': [make()]}`), {unclearOptions: 'its options are computed'});
});

test('the fields that a rule names', t => {
	const rule = (text: string, before = '') => {
		const operation = only(`migrations.AddConstraint('Item', models.${text})`, before);
		if (operation.kind !== 'AddConstraint') throw new Error(operation.kind);
		return [operation.rule.fields.join(), operation.rule.unclear];
	};
	const check = (condition: string, before = '') => rule(`CheckConstraint(check=${condition}, name='k')`, before);
	for (const [index, fields] of [
		[`F('c').desc(nulls_last=True)`, 'c'],
		[`models.OrderBy(F('c'), descending=True)`, 'c'],
		[`Upper('name').desc()`, 'name'],
		[`Coalesce('d', models.Value('a'))`, 'd'],
		[`F('c') + F('a')`, 'c,a'],
		[`Collate('name', 'de'), 'd'`, 'name,d'],
	] as const) {
		t.deepEqual(rule(`Index(${index}, name='i')`), [fields, null], index);
	}
	for (const [condition, fields] of [
		[`Q(name='c') | ~Q(d='e')`, 'name,d'],
		[`Q(name='c')`, 'name'],
		[`Q(('name__in', ['c', 'd']), ('a', 1), _connector='OR')`, 'name,a'],
		[`Q(Q(a=1), Q(b=F('c')))`, 'a,b,c'],
		[`Q(**{'c__gt': 0})`, 'c'],
		[`Q(Case(When(c__gt=0, then=Value(True)), default=Value(False), output_field=models.BooleanField()))`, 'c'],
		[`Q(Case(When(Q(('c', 0)), then='d')))`, 'c,d'],
		[`Q(status__in=STATUS, d__lte=timezone.now())`, 'status,d'],
	] as const) {
		t.deepEqual(check(condition), [fields, null], condition);
	}
	t.deepEqual(check('Q(**KW)', `KW = {'c': 1}\n`), ['c', null]);
	const silent = `db_tablespace='b', opclasses=['c'], violation_error_message='d', violation_error_code='e'`;
	t.deepEqual(rule(`UniqueConstraint(fields=['a'], name='n', include=['x'], deferrable=models.Deferrable.DEFERRED, ${silent})`), [
		'a,x',
		null,
	]);
	t.deepEqual(check('make()'), ['', 'made by make()']);
	t.deepEqual(check('Q(a=1) & make()'), ['a', 'made by make()']);
	t.deepEqual(check('CONDITION'), ['', 'CONDITION is computed']);
	t.deepEqual(check('Q(**KW)'), ['', 'KW is computed']);
	t.deepEqual(rule(`Index(fields=['a', *FIELDS], name='i')`), ['a', 'a list in it is computed']);
	t.deepEqual(rule(`Index(fields=FIELDS, name='i')`), ['', 'FIELDS is computed']);
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
