import test from 'ava';
import {commute} from '../../src/commute/commute.ts';
import {readOperations} from '../../src/operations/read-operations.ts';
import {applyAll} from '../../src/state/apply.ts';
import {EMPTY, failed, type State} from '../../src/state/state.ts';
import type {Work} from '../../src/state/work.ts';

/** Functions and constants stand above the class. */
function work(name: string, operations: readonly string[]): Work[] {
	const isAbove = (text: string) => /^(?:$|@|(?:def|class|import|from) |[A-Z]+ = )/.test(text);
	const above = operations.filter(isAbove).join('\n');
	const list = operations.filter(text => !isAbove(text)).map(text => `        migrations.${text},\n`);
	const text = `from django.db import migrations, models\n${above}\nclass Migration(migrations.Migration):\n    operations = [\n${list.join('')}    ]\n`;
	return readOperations(text, 'shop').map(operation => ({
		operation,
		key: `shop.${name}`,
		path: `shop/migrations/${name}.py`,
	}));
}

const BASE = [
	`CreateModel('Cat', [('t', models.CharField(max_length=9))])`,
	`CreateModel('Item', [('a', models.IntegerField()), ('b', models.IntegerField()), ('c', models.IntegerField()), ('cat', models.ForeignKey('shop.Cat', models.CASCADE, null=True, related_name='first'))])`,
	`CreateModel('Tag', [('word', models.CharField(max_length=9)), ('items', models.ManyToManyField('shop.Item', related_name='tags'))])`,
	`CreateModel('Lone', [('c', models.IntegerField()), ('x', models.IntegerField(null=True))])`,
	`CreateModel('Un', [('id', models.BigAutoField(primary_key=True)), ('u', models.PositiveIntegerField(unique=True))])`,
	`CreateModel('Note', [('lone', models.ForeignKey('shop.Lone', models.CASCADE)), ('v', models.IntegerField())])`,
	`CreateModel('Child', [('lone_ptr', models.OneToOneField('shop.Lone', models.CASCADE, parent_link=True, primary_key=True)), ('y', models.IntegerField())], bases=('shop.lone',))`,
	`AddIndex('Item', models.Index(fields=['a'], name='ix_a'))`,
];

function base(): State {
	const state = applyAll(
		EMPTY,
		work('0001', BASE).map(({operation}) => operation),
	);
	if (failed(state)) throw new Error(state.error);
	return state;
}

const STATE = base();

/** [the operation behind the code, the code behind the operation]. */
function both(code: readonly string[], change: string): string {
	const verdict = (one: readonly string[], other: readonly string[]) =>
		commute(STATE, work('0002_a', one), work('0002_b', other))[0]?.verdict ?? 'commutes';
	return `${verdict(code, [change])}, ${verdict([change], code)}`;
}

const python = (line: string) => [
	`def run(apps, editor):\n    Item = apps.get_model('shop', 'Item')\n    ${line}\n`,
	'RunPython(run)',
];
const onModel = (model: string, line: string) =>
	python(line.replace('MODEL', `apps.get_model('shop', '${model}').objects`)).map(text =>
		text.replace("    Item = apps.get_model('shop', 'Item')\n", ''),
	);
const sql = (text: string) => [`RunSQL(${JSON.stringify(text)})`];

const remove = (model: string, name: string) => `RemoveField('${model}', '${name}')`;
const rename = (model: string, from: string, to: string) => `RenameField('${model}', '${from}', '${to}')`;
const renameModel = (from: string, to: string) => `RenameModel('${from}', '${to}')`;

const CERTAIN = 'review, conflict';

function rows(title: string, list: readonly (readonly [code: readonly string[], change: string, expected: string])[]): void {
	for (const [index, [code, change, expected]] of list.entries()) {
		test(`${title}: ${[code.at(0)!.split('\n').at(-2)?.trim(), code[1]].join(' ')}${index} | ${change}`, t =>
			t.is(both(code, change), expected));
	}
}

rows('a foreign key by its attribute', [
	[python('Item.objects.filter(cat_id=1)'), remove('Item', 'cat'), CERTAIN],
	[python(`Item.objects.values_list('cat_id')`), rename('Item', 'cat', 'kat'), CERTAIN],
	[python('item.cat_id = None'), remove('Item', 'cat'), 'review, review'],
	[sql('UPDATE shop_item SET cat_id = NULL'), remove('Item', 'cat'), CERTAIN],
	[sql('UPDATE shop_item SET cat_id = NULL'), rename('Item', 'cat', 'kat'), CERTAIN],
	[sql('UPDATE shop_item SET cat_id = NULL'), remove('Item', 'b'), 'commutes, commutes'],
]);

rows('a lookup is several words', [
	[python('Item.objects.filter(c__gte=1)'), rename('Item', 'c', 'z'), CERTAIN],
	[python(`Item.objects.filter(**{'c__gt': 1})`), remove('Item', 'c'), CERTAIN],
	[python('Item.objects.filter(a=max(1, 2), c=1)'), remove('Item', 'c'), CERTAIN],
	[python('Item.objects.filter(Q(c=1) | Q(a=2))'), remove('Item', 'c'), CERTAIN],
	[python(`Item.objects.update(a=F('c'))`), remove('Item', 'c'), CERTAIN],
	[python(`Item.objects.get_or_create(a=1, defaults={'c': 1})`), remove('Item', 'c'), CERTAIN],
	[python(`Item.objects.update_or_create(a=1, defaults=dict(c=1))`), remove('Item', 'c'), CERTAIN],
	[python(`Item.objects.bulk_update(items, ['c'])`), rename('Item', 'c', 'z'), CERTAIN],
	[python(`Item.objects.only('c')`), remove('Item', 'c'), CERTAIN],
	[python(`Item._meta.get_field('c')`), remove('Item', 'c'), CERTAIN],
	[python(`item.save(update_fields=['c'])`), rename('Item', 'c', 'z'), 'review, review'],
	[python(`Item(c=1).save()`), remove('Item', 'c'), CERTAIN],
	[python(`Other(c=1).save()`), remove('Item', 'c'), 'review, review'],
	[python('Item.objects.annotate(c=1)'), remove('Item', 'b'), 'commutes, commutes'],
	[python('Item.objects.filter(a__gte=1)'), remove('Item', 'c'), 'commutes, commutes'],
	[python('Item.objects.filter(c__gte=1)'), remove('Lone', 'c'), 'commutes, commutes'],
	[python('Item.objects.filter(c=1)'), `AddIndex('Item', models.Index(fields=['c'], name='n'))`, 'commutes, commutes'],
	[
		python('Item.objects.filter(c=1)'),
		`AddConstraint('Item', models.UniqueConstraint(fields=['c'], name='n'))`,
		'review, review',
	],
]);

rows('strings that expressions take for fields', [
	[python(`Item.objects.annotate(n=Count('c'))`), remove('Item', 'c'), CERTAIN],
	[python(`Item.objects.aggregate(models.Sum('c', filter=Q(a=1)))`), rename('Item', 'c', 'z'), CERTAIN],
	[python(`Item.objects.annotate(n=Coalesce('c', 'a'))`), remove('Item', 'a'), CERTAIN],
	[python(`Item.objects.filter(a__in=Subquery(Item.objects.filter(a=OuterRef('c'))))`), remove('Item', 'c'), CERTAIN],
	// The second argument is no field.
	[python(`Item.objects.annotate(n=Trunc('a', 'c'))`), remove('Item', 'c'), 'review, review'],
	[python(`Item.objects.annotate(n=Value('c'))`), remove('Item', 'c'), 'review, review'],
	[python(`Item.objects.annotate(n=Count('a'))`), remove('Item', 'c'), 'commutes, commutes'],
]);

rows('relations are followed', [
	[python(`Item.objects.annotate(n=Count('tags'))`), remove('Tag', 'items'), CERTAIN],
	[python(`Item.objects.annotate(n=Count('tags'))`), `DeleteModel('Tag')`, CERTAIN],
	[python(`Item.objects.annotate(n=Count('tags'))`), renameModel('Tag', 'Label'), 'commutes, commutes'],
	[python(`Item.objects.select_related('cat')`), rename('Item', 'cat', 'kat'), CERTAIN],
	[python(`Item.objects.prefetch_related('tags')`), remove('Tag', 'items'), 'review, review'],
	[python(`Item.objects.prefetch_related(Prefetch('tags', to_attr='c'))`), remove('Tag', 'items'), 'review, review'],
	[onModel('Lone', `MODEL.prefetch_related('note_set')`), renameModel('Note', 'Memo'), 'review, review'],
	[python(`Item.objects.values('cat__t')`), rename('Cat', 't', 'title'), CERTAIN],
	[python(`Item.objects.filter(cat__t='x')`), rename('Cat', 't', 'title'), CERTAIN],
	[python(`Item.objects.order_by('-cat__t')`), remove('Cat', 't'), CERTAIN],
	[python(`Item.objects.filter(tags__word='x')`), remove('Tag', 'items'), CERTAIN],
	[python(`Item.objects.filter(tags__word='x')`), remove('Tag', 'word'), CERTAIN],
	[python(`Item.objects.filter(tags__word='x')`), rename('Tag', 'items', 'things'), 'commutes, commutes'],
	[python('[item.cat.t for item in Item.objects.all()]'), remove('Cat', 't'), 'review, review'],
	[python('[item.cat.t for item in Item.objects.all()]'), remove('Lone', 'x'), 'commutes, commutes'],
	[onModel('Cat', 'MODEL.filter(first__a=1)'), remove('Item', 'a'), CERTAIN],
	[
		onModel('Cat', 'MODEL.filter(first__a=1)'),
		`AlterField('Item', 'cat', models.ForeignKey('shop.Cat', models.CASCADE, null=True, related_name='second'))`,
		CERTAIN,
	],
	[onModel('Lone', 'MODEL.filter(note__v=1)'), renameModel('Note', 'Memo'), CERTAIN],
	[onModel('Lone', 'MODEL.filter(note__v=1)'), `DeleteModel('Note')`, CERTAIN],
	[onModel('Lone', '[lone.note_set.all() for lone in MODEL.all()]'), remove('Note', 'lone'), 'review, review'],
	[onModel('Child', 'MODEL.filter(c=1)'), remove('Lone', 'c'), CERTAIN],
	[onModel('Tag_items', 'MODEL.all()'), remove('Tag', 'items'), CERTAIN],
	[onModel('Tag_items', 'MODEL.all()'), renameModel('Tag', 'Label'), CERTAIN],
	[onModel('Tag_items', 'MODEL.filter(item__a=1)'), renameModel('Item', 'Thing'), 'review, review'],
	[onModel('Tag', 'MODEL.filter(word=1)'), remove('Item', 'c'), 'commutes, commutes'],
]);

const ORDERED = `AlterModelOptions('Item', {'ordering': ['b']})`;

test('every query of a model orders by its ordering', t => {
	const state = applyAll(
		STATE,
		work('0002', [ORDERED]).map(({operation}) => operation),
	);
	if (failed(state)) return t.fail();
	const code = python('list(Item.objects.filter(c=1))');
	const verdict = (one: readonly string[], other: readonly string[]) =>
		commute(state, work('0003_a', one), work('0003_b', other))[0]?.verdict ?? 'commutes';
	t.is(verdict(code, [remove('Item', 'b')]), 'review');
	t.is(verdict([remove('Item', 'b')], code), 'review');
	t.is(verdict(code, [remove('Item', 'a')]), 'commutes');
});

rows('what code does not say outright', [
	[python(`editor.execute('UPDATE shop_item SET c = 1')`), remove('Item', 'c'), CERTAIN],
	[python(`editor.connection.cursor().execute('DELETE FROM shop_note')`), renameModel('Note', 'Memo'), CERTAIN],
	[python(`Item.objects.raw('SELECT c FROM shop_lone')`), remove('Lone', 'c'), 'review, review'],
	[
		python(`editor.connection.vendor == 'x' and editor.execute('DROP TABLE shop_lone')`),
		`DeleteModel('Lone')`,
		'conflict, review',
	],
	[python(`editor.execute(f'UPDATE {table} SET c = 1')`), remove('Lone', 'c'), 'review, review'],
	[python('get = apps.get_model'), remove('Lone', 'c'), 'commutes, commutes'],
	[python(`get = apps.get_model\n    get('shop', 'Lone').objects.filter(c=1)`), remove('Lone', 'c'), CERTAIN],
	[python('ask(apps.get_model)'), remove('Lone', 'c'), 'review, review'],
	[python(`apps.all_models['shop']['lone']`), remove('Lone', 'c'), 'review, review'],
	[[`FIELDS = ['c']`, ...python('Item.objects.values(*FIELDS)')], remove('Item', 'c'), 'review, review'],
	[python(`print('UPDATE shop_item SET c = 1')`), remove('Lone', 'x'), 'commutes, commutes'],
]);

/** RunPython with something else than the name of a function; `above` stands before the class. */
const given = (code: string, above: string) => [above, `RunPython(${code})`];
const body = `    list(apps.get_model('shop', 'Item').objects.filter(c=1))\n`;
const FUNCTION = `def run(apps, editor):\n${body}`;

rows('what RunPython may be given', [
	[given(`lambda apps, editor: list(apps.get_model('shop', 'Item').objects.filter(c=1))`, ''), remove('Item', 'c'), CERTAIN],
	[given('lambda apps, editor: run(apps, editor)', FUNCTION), remove('Item', 'c'), CERTAIN],
	[given('CODE', `${FUNCTION}\nCODE = run\n`), remove('Item', 'c'), CERTAIN],
	[given('run', `def wrap(f):\n    return f\n\n@wrap\n${FUNCTION}`), remove('Item', 'c'), CERTAIN],
	[
		given('run', `def wrap(f):\n    return tools(f)\n\n@wrap\n@other.wrap\n${FUNCTION}`),
		remove('Lone', 'c'),
		'commutes, commutes',
	],
	[given('run', `def wrap(f):\n    return f\n\n${FUNCTION}\nrun = wrap(run)\n`), remove('Item', 'c'), CERTAIN],
	[given('functools.partial(run, editor=None)', FUNCTION), remove('Item', 'c'), CERTAIN],
	[
		given(`partial(run, name='Item')`, FUNCTION.replace('editor', 'editor, name').replace(`'Item'`, 'name')),
		remove('Item', 'c'),
		CERTAIN,
	],
	[
		given('T.go', `class T:\n    @staticmethod\n${`def go(apps, editor):\n${body}`.replace(/^/gm, '    ')}`),
		remove('Item', 'c'),
		CERTAIN,
	],
	[given('T().go', `class T:\n${`def go(self, apps, editor):\n${body}`.replace(/^/gm, '    ')}`), remove('Item', 'c'), CERTAIN],
	[
		given('T()', `class T:\n${`def __call__(self, apps, editor):\n${body}`.replace(/^/gm, '    ')}`),
		remove('Item', 'c'),
		CERTAIN,
	],
	[
		given('U.go', `class T:\n${`def go(apps, editor):\n${body}`.replace(/^/gm, '    ')}\nclass U(T):\n    pass\n`),
		remove('Item', 'c'),
		CERTAIN,
	],
	[given('run', `def run(apps, editor):\n    pass\n\n${FUNCTION}`), remove('Item', 'c'), CERTAIN],
	[given('run', `${FUNCTION}\ndef run(apps, editor):\n    pass\n`), remove('Item', 'c'), 'commutes, commutes'],
]);

rows('what RunPython may be given from elsewhere', [
	[given('helpers.go', 'import helpers\n'), remove('Item', 'c'), 'review, review'],
	[given('go', 'from a import go\nfrom b import go\n'), remove('Item', 'c'), 'review, review'],
	[given('partial(go, 1)', 'from a import go\n'), remove('Item', 'c'), 'review, review'],
	[given('lambda apps, editor: helpers.go(apps)', 'import helpers\n'), remove('Item', 'c'), 'review, review'],
	[given('run', 'def run(apps, editor):\n    from a import go\n    go(apps)\n'), remove('Item', 'c'), 'review, review'],
	[given('run', 'def run(apps, editor):\n    import helpers\n    helpers.go(apps)\n'), remove('Item', 'c'), 'review, review'],
	[
		given('run', `def run(apps, editor):\n    Lone = apps.get_model('shop', 'Lone')\n    go(Lone)\nfrom a import go\n`),
		remove('Lone', 'c'),
		'review, review',
	],
	[
		given('run', `def run(apps, editor):\n    Lone = apps.get_model('shop', 'Lone')\n    go(Lone)\nfrom a import go\n`),
		remove('Item', 'c'),
		'commutes, commutes',
	],
	[
		given('run', `def run(apps, editor):\n    Lone = apps.get_model('shop', 'Lone')\n    go(Lone)\nfrom django.x import go\n`),
		remove('Lone', 'c'),
		'commutes, commutes',
	],
	[given('run', `def run(apps, editor):\n    call_command('loaddata', 'x')\n`), remove('Item', 'c'), 'review, review'],
	[
		given('run', `from shop.models import Item\ndef run(apps, editor):\n    Item.objects.update(a=1)\n`),
		remove('Item', 'c'),
		'review, review',
	],
	[
		given('run', `def run(apps, editor):\n    from shop import models as today\n    today.Item.objects.update(a=1)\n`),
		remove('Item', 'c'),
		'review, review',
	],
	[
		given('run', `def run(apps, editor):\n    from django.contrib.auth.models import User\n    User.objects.update(a=1)\n`),
		remove('Item', 'c'),
		'commutes, commutes',
	],
	[
		given('run', `from shop.models import CHOICES\ndef run(apps, editor):\n    print(CHOICES.values)\n`),
		remove('Item', 'c'),
		'commutes, commutes',
	],
	[given('T.go', 'class T(Base):\n    pass\n'), remove('Item', 'c'), 'review, review'],
	[given('make(1)', 'from a import make\n'), remove('Item', 'c'), 'review, review'],
	[given('helpers.go', 'import helpers\n'), `AddField('Item', 'q', models.IntegerField(null=True))`, 'commutes, commutes'],
	[given('helpers.go', 'import helpers\n'), `AddField('Item', 'q', models.IntegerField())`, 'review, review'],
	[
		given('helpers.go', 'import helpers\n'),
		`AddConstraint('Item', models.UniqueConstraint(fields=['c'], name='u'))`,
		'review, review',
	],
	[given('helpers.go', 'import helpers\n'), `AlterUniqueTogether('Item', {('a', 'c')})`, 'review, review'],
	[given('helpers.go', 'import helpers\n'), `AddIndex('Item', models.Index(fields=['c'], name='i'))`, 'commutes, commutes'],
	[given('helpers.go', 'import helpers\n'), `CreateModel('New', [])`, 'commutes, commutes'],
	[given('helpers.go', 'import helpers\n'), 'RunPython(others.go)', 'review, review'],
	[given('helpers.go', 'import helpers\n'), sql('UPDATE shop_item SET c = 1')[0]!, 'review, review'],
	[given('helpers.go', 'import helpers\n'), sql('UPDATE other_item SET c = 1')[0]!, 'commutes, commutes'],
	[
		given('helpers.go', 'import helpers\n'),
		`RunPython(lambda apps, editor: apps.get_model('shop', 'Item').objects.all())`,
		'review, review',
	],
	[
		given('helpers.go', 'import helpers\n'),
		`RunPython(lambda apps, editor: apps.get_model('other', 'Item').objects.all())`,
		'commutes, commutes',
	],
]);

const asked = (call: string, above = '') => [
	`${above}def run(apps, editor):\n    for x in ${call}:\n        x.objects.filter(c=1)\n`,
	'RunPython(run)',
];
const helper = (call: string, asks = 'apps.get_model(app, name)') => [
	`def ask(apps, name, app='shop'):\n    return ${asks}\n\ndef run(apps, editor):\n    ${call}.objects.filter(c=1)\n`,
	'RunPython(run)',
];

rows('the name of a model in parts', [
	[asked(`[apps.get_model(APP, 'Item')]`, `APP = 'shop'\n`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model(f'{APP}.Item')]`, `APP = 'shop'\n`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model(APP + '.Item')]`, `APP = 'shop'\n`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model('%s.%s' % (APP, 'Item'))]`, `APP = 'shop'\n`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model('{}.Item'.format(APP))]`, `APP = 'shop'\n`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model(*MODEL)]`, `MODEL = ('shop', 'Item')\n`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model(app_label='shop', model_name=NAME)]`, `NAME = 'Item'\n`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_app_config('shop').get_model('Item')]`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model('shop', name) for name in ['Lone', 'Item']]`), remove('Item', 'c'), 'review, review'],
	[
		asked(`[apps.get_model('shop', name) for name in NAMES]`, `NAMES = ('Item', 'Lone')\n`),
		remove('Item', 'c'),
		'review, review',
	],
	[asked(`[apps.get_model(*pair) for pair in (('shop', 'Item'), ('x', 'Lone'))]`), remove('Lone', 'c'), 'commutes, commutes'],
	[asked(`[apps.get_model(a, m) for a, m in (('shop', 'Item'), ('x', 'Lone'))]`), remove('Item', 'c'), CERTAIN],
	[asked(`[apps.get_model(a, m) for a, m in (('shop', 'Item'), ('x', 'Lone'))]`), remove('Lone', 'c'), 'commutes, commutes'],
	[
		asked(`[apps.get_model(a, m) for a, ms in ALL.items() for m in ms]`, `ALL = {'shop': ['Item']}\n`),
		remove('Item', 'c'),
		CERTAIN,
	],
	[asked(`[apps.get_model('shop', name) for name in names()]`), remove('Item', 'c'), 'review, review'],
	[asked(`[apps.get_model(APP, 'Item')]`, `APP = 'shop'\nAPP = 'other'\n`), remove('Item', 'c'), 'commutes, commutes'],
	[helper(`ask(apps, 'Item')`), remove('Item', 'c'), CERTAIN],
	[helper(`ask(apps, name='Item', app='other')`), remove('Item', 'c'), 'commutes, commutes'],
	[
		helper(`ask(apps)`).map(text => text.replace(`name, app='shop'`, `name: str = 'Item', app: str = 'shop'`)),
		remove('Item', 'c'),
		CERTAIN,
	],
	[helper(`ask(apps, label())`), remove('Item', 'c'), 'review, review'],
	[helper(`apps.get_model`, ''), remove('Item', 'c'), 'review, review'],
	[helper(`list(ask(apps, x) for x in ('Item',))[0]`), remove('Item', 'c'), CERTAIN],
]);

rows('rows of one table, by its model and by its name', [
	[python('Item.objects.filter(c=1).update(a=2)'), sql('UPDATE shop_item SET c = 1')[0]!, 'review, review'],
	[python('Item.objects.filter(c=1).update(a=2)'), sql('UPDATE shop_item SET b = 1 WHERE a = 1')[0]!, 'review, review'],
	[python('Item.objects.update(cat=None)'), sql('UPDATE shop_item SET cat_id = 1')[0]!, 'review, review'],
	[python('Item.objects.update(a=2)'), sql('UPDATE shop_item SET b = 1 WHERE c = 1')[0]!, 'commutes, commutes'],
	[python('Item.objects.filter(id=1).update(a=2)'), sql('UPDATE shop_item SET b = 1 WHERE id = 1')[0]!, 'commutes, commutes'],
	[python('Item.objects.create(a=2)'), sql('UPDATE shop_item SET b = 1')[0]!, 'review, review'],
	[python('Item.objects.update(a=2)'), sql('INSERT INTO shop_item (b) VALUES (1)')[0]!, 'review, review'],
	[python('Item.objects.update(a=2)'), sql('UPDATE shop_lone SET a = 1')[0]!, 'commutes, commutes'],
	[python('Item.objects.update(a=2)'), sql('CREATE INDEX n ON shop_item (a)')[0]!, 'commutes, commutes'],
	[python('Item.objects.update(a=2)'), sql('ALTER TABLE shop_item DROP COLUMN a')[0]!, 'review, review'],
]);

const two = (line: string) => [
	`def run(apps, editor):\n    Item = apps.get_model('shop', 'Item')\n    Lone = apps.get_model('shop', 'Lone')\n    ${line}\n`,
	'RunPython(run)',
];
const loop = `for name in ('Item', 'Lone'):\n        Model = apps.get_model('shop', name)\n        Model.objects.filter(c=1)`;

rows('which of two models is asked', [
	[two('Item.objects.filter(c=1)'), remove('Item', 'c'), CERTAIN],
	[two('Item.objects.filter(c=1)'), remove('Lone', 'c'), 'review, review'],
	[two('items = Item.objects.all()\n    items = items.filter(a=1)\n    items.exclude(c=1)'), remove('Item', 'c'), CERTAIN],
	[two('items = Item.objects.all()\n    items.exclude(c=1)'), remove('Lone', 'c'), 'review, review'],
	[two(`Item.objects.filter(a=1).update(a=F('c'))`), remove('Item', 'c'), CERTAIN],
	[two(`Item.objects.filter(a=1).update(a=F('c'))`), remove('Lone', 'c'), 'review, review'],
	[two('Lone(c=1).save()'), remove('Item', 'c'), 'review, review'],
	[two('Lone(c=1).save()'), remove('Lone', 'c'), CERTAIN],
	[two('x.filter(c=1)'), remove('Item', 'c'), 'review, review'],
	[two('x.filter(a=1)'), remove('Item', 'a'), CERTAIN],
	[two(`Item.objects.filter(a__in=Lone.objects.filter(x=OuterRef('c')))`), remove('Lone', 'c'), 'review, review'],
	[two('Item.objects.get(a=1).tags.filter(word=1)'), remove('Tag', 'word'), 'review, review'],
	[two(loop), remove('Item', 'c'), CERTAIN],
	[two(loop), remove('Lone', 'c'), CERTAIN],
	[two(`Item.objects.filter(cat__t='x')`), remove('Cat', 't'), CERTAIN],
]);

rows('tables of many-to-many fields', [
	[sql('DELETE FROM shop_tag_items'), remove('Tag', 'items'), CERTAIN],
	[sql('DELETE FROM shop_tag_items'), rename('Tag', 'items', 'things'), CERTAIN],
	[sql('DELETE FROM shop_tag_items'), renameModel('Tag', 'Label'), CERTAIN],
	[sql('DELETE FROM shop_tag_items'), `AlterModelTable('Tag', 'labels')`, CERTAIN],
	[sql('DELETE FROM shop_tag_items WHERE item_id = 1'), renameModel('Item', 'Thing'), CERTAIN],
	[sql('DELETE FROM shop_tag_items'), remove('Tag', 'word'), 'commutes, commutes'],
]);

rows('names that both make', [
	[sql('CREATE TABLE shop_new (id integer)'), `CreateModel('New', [])`, 'conflict, conflict'],
	[sql('CREATE TABLE IF NOT EXISTS shop_new (id integer)'), `CreateModel('New', [])`, 'conflict, review'],
	[sql('CREATE TABLE shop_new (id integer)'), renameModel('Note', 'New'), 'conflict, conflict'],
	[sql('CREATE TABLE t (id integer)'), `AlterModelTable('Lone', 't')`, 'conflict, conflict'],
	[
		sql('CREATE TABLE shop_tag_lones (id integer)'),
		`AddField('Tag', 'lones', models.ManyToManyField('shop.Lone'))`,
		'conflict, conflict',
	],
	[sql('CREATE INDEX n ON shop_lone (c)'), `RenameIndex('Item', new_name='n', old_name='ix_a')`, 'conflict, conflict'],
	[sql('CREATE INDEX n ON shop_lone (c)'), `AddIndex('Lone', models.Index(fields=['c'], name='m'))`, 'review, review'],
	[sql('ALTER TABLE shop_item ADD COLUMN x integer'), rename('Item', 'c', 'x'), 'conflict, conflict'],
	[sql('ALTER TABLE shop_item ADD x integer'), `AddField('Lone', 'y', models.IntegerField(null=True))`, 'commutes, commutes'],
	[sql('CREATE TABLE t (id integer); DROP TABLE t'), `AlterModelTable('Lone', 't')`, 'commutes, commutes'],
	[sql('CREATE INDEX foo ON shop_item (c)'), sql('CREATE INDEX foo ON shop_lone (c)')[0]!, 'conflict, conflict'],
]);

rows('what SQL takes away', [
	[sql('DROP INDEX ix_a'), `RemoveIndex('Item', 'ix_a')`, 'conflict, conflict'],
	[sql('DROP TABLE shop_lone'), `AddField('Lone', 'q', models.IntegerField(null=True))`, 'conflict, review'],
	[sql('ALTER TABLE shop_lone RENAME TO zz'), `AddIndex('Lone', models.Index(fields=['c'], name='q'))`, 'conflict, review'],
	[
		['RunSQL("ALTER TABLE shop_lone RENAME TO zz", state_operations=[migrations.AlterModelTable("Lone", "zz")])'],
		`AddIndex('Lone', models.Index(fields=['c'], name='q'))`,
		'review, review',
	],
	[sql('ALTER TABLE shop_item DROP COLUMN c'), `AddIndex('Item', models.Index(fields=['c'], name='q'))`, 'conflict, conflict'],
	[sql('CREATE VIEW v AS SELECT a, c FROM shop_item'), remove('Item', 'c'), 'conflict, review'],
	[sql('CREATE VIEW v AS SELECT a FROM shop_item'), `AlterField('Item', 'b', models.TextField())`, 'review, review'],
	[sql('CREATE VIEW v AS SELECT a FROM shop_item'), remove('Lone', 'x'), 'commutes, commutes'],
	[sql('CREATE INDEX foo ON shop_item (c)'), remove('Item', 'c'), 'conflict, conflict'],
	[sql('INSERT INTO shop_lone VALUES (1, 2)'), `AddField('Lone', 'q', models.IntegerField(null=True))`, CERTAIN],
	[sql('INSERT INTO shop_lone (c) VALUES (1)'), `AddField('Lone', 'q', models.IntegerField(null=True))`, 'commutes, commutes'],
]);

const REMADE = 'review, review';
const INDEX = sql('CREATE INDEX n ON shop_item (c)');
const TRIGGER = sql('CREATE TRIGGER t AFTER UPDATE ON shop_item BEGIN SELECT 1; END');

rows('what SQL puts on a table that SQLite makes anew', [
	[INDEX, `AlterField('Item', 'a', models.BigIntegerField())`, REMADE],
	[TRIGGER, `AlterField('Item', 'a', models.BigIntegerField())`, REMADE],
	[INDEX, `AlterField('Item', 'a', models.IntegerField('A, (or so)', choices=[(1, 'a)')]))`, 'commutes, commutes'],
	[INDEX, remove('Item', 'a'), REMADE],
	[INDEX, `AddField('Item', 'x', models.IntegerField(null=True))`, 'commutes, commutes'],
	[INDEX, `AddField('Item', 'x', models.IntegerField(default=0))`, REMADE],
	[INDEX, `AddField('Item', 'x', models.CharField(null=True, max_length=9))`, 'commutes, commutes'],
	[INDEX, `AddField('Item', 'x', models.IntegerField(null=True, unique=True))`, REMADE],
	[INDEX, `AddField('Item', 'x', models.ManyToManyField('shop.Cat', related_name='+'))`, 'commutes, commutes'],
	[INDEX, `AddConstraint('Item', models.UniqueConstraint(fields=['a'], name='u'))`, REMADE],
	[
		INDEX,
		`AddConstraint('Item', models.UniqueConstraint(fields=['a'], condition=models.Q(a=1), name='u'))`,
		'commutes, commutes',
	],
	[INDEX, `AddIndex('Item', models.Index(fields=['a'], name='m'))`, 'commutes, commutes'],
	[INDEX, rename('Item', 'a', 'z'), 'commutes, commutes'],
	[INDEX, renameModel('Cat', 'Kat'), REMADE],
	[INDEX, `AlterField('Lone', 'x', models.BigIntegerField())`, 'commutes, commutes'],
	[sql('DROP INDEX n'), `AlterField('Item', 'a', models.BigIntegerField())`, 'commutes, commutes'],
	[sql('CREATE INDEX n ON shop_item USING gin (c)'), `AlterField('Item', 'a', models.BigIntegerField())`, 'commutes, commutes'],
	[
		sql('CREATE TRIGGER t AFTER UPDATE ON shop_item FOR EACH ROW EXECUTE FUNCTION f()'),
		`AlterField('Item', 'a', models.BigIntegerField())`,
		'commutes, commutes',
	],
]);

rows('names that PostgreSQL makes up', [
	[sql(`SELECT setval('shop_un_id_seq', 40)`), `DeleteModel('Un')`, CERTAIN],
	[sql('ALTER SEQUENCE shop_un_id_seq RESTART'), `DeleteModel('Un')`, CERTAIN],
	[sql('ALTER INDEX shop_un_pkey RENAME TO zz'), `DeleteModel('Un')`, CERTAIN],
	[sql('ALTER INDEX shop_un_u_key RENAME TO zz'), remove('Un', 'u'), CERTAIN],
	[sql('ALTER TABLE shop_un DROP CONSTRAINT shop_un_u_key'), `AlterField('Un', 'u', models.PositiveIntegerField())`, CERTAIN],
	[
		sql('ALTER TABLE shop_un DROP CONSTRAINT shop_un_u_check'),
		`AlterField('Un', 'u', models.IntegerField(unique=True))`,
		CERTAIN,
	],
	[
		sql('ALTER TABLE shop_un DROP CONSTRAINT IF EXISTS shop_un_u_key'),
		`AlterField('Un', 'u', models.PositiveIntegerField())`,
		'review, review',
	],
	// Renames leave them as they are.
	[sql(`SELECT setval('shop_un_id_seq', 40)`), renameModel('Un', 'Thing'), 'commutes, commutes'],
	[sql(`SELECT setval('shop_un_id_seq', 40)`), rename('Un', 'id', 'ident'), 'commutes, commutes'],
	[sql('ALTER INDEX shop_un_u_key RENAME TO zz'), rename('Un', 'u', 'v'), 'commutes, commutes'],
	[sql('ALTER INDEX shop_un_pkey RENAME TO zz'), `AlterModelTable('Un', 'tt')`, 'commutes, commutes'],
	[sql(`SELECT setval(pg_get_serial_sequence('"shop_un"', 'id'), 40)`), renameModel('Un', 'Thing'), CERTAIN],
	[sql(`SELECT setval(pg_get_serial_sequence('"shop_un"', 'id'), 40)`), rename('Un', 'id', 'ident'), CERTAIN],
	[sql(`SELECT 'shop_un'::regclass`), renameModel('Un', 'Thing'), CERTAIN],
	[sql(`SELECT 'shop_un'`), renameModel('Un', 'Thing'), 'commutes, commutes'],
]);

const VIEW = sql('CREATE VIEW v AS SELECT a FROM shop_item');
const STARRED = sql('CREATE VIEW v AS SELECT * FROM shop_item');

rows('a view over a table', [
	[VIEW, `AlterField('Item', 'b', models.BigIntegerField())`, REMADE],
	[VIEW, renameModel('Cat', 'Kat'), REMADE],
	[VIEW, `AddField('Item', 'x', models.IntegerField(default=0))`, REMADE],
	[VIEW, `AddField('Item', 'x', models.IntegerField(null=True))`, 'commutes, commutes'],
	[VIEW, `AddIndex('Item', models.Index(fields=['b'], name='m'))`, 'commutes, commutes'],
	[VIEW, `AlterModelOptions('Item', {'ordering': ['b']})`, 'commutes, commutes'],
	[VIEW, rename('Item', 'b', 'z'), 'commutes, commutes'],
	[VIEW, rename('Item', 'a', 'z'), CERTAIN.replace('conflict', 'review')],
	[STARRED, `AddField('Item', 'x', models.IntegerField(null=True))`, REMADE],
	[STARRED, rename('Item', 'b', 'z'), REMADE],
	[STARRED, remove('Item', 'b'), REMADE],
	[STARRED, `AddIndex('Item', models.Index(fields=['b'], name='m'))`, 'commutes, commutes'],
	[
		sql('CREATE TRIGGER t AFTER UPDATE ON shop_lone BEGIN SELECT 1; UPDATE shop_item SET c = 1; END'),
		`AlterField('Item', 'a', models.BigIntegerField())`,
		REMADE,
	],
]);
