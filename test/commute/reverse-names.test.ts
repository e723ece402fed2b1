import test from 'ava';
import {commute} from '../../src/commute/commute.ts';
import {readOperations} from '../../src/operations/read-operations.ts';
import {applyAll} from '../../src/state/apply.ts';
import {EMPTY, failed, type State} from '../../src/state/state.ts';
import type {Work} from '../../src/state/work.ts';

function work(operations: readonly string[], app = 'shop'): Work[] {
	const list = operations.map(text => `        migrations.${text},\n`).join('');
	const text = `from django.db import migrations, models\nclass Migration(migrations.Migration):\n    operations = [\n${list}    ]\n`;
	return readOperations(text, app).map(operation => ({operation, key: `${app}.0002_x`, path: `${app}/migrations/0002_x.py`}));
}

function baseOf(...operations: readonly string[]): State {
	const state = applyAll(
		EMPTY,
		work(operations).map(({operation}) => operation),
	);
	if (failed(state)) throw new Error(state.error);
	return state;
}

function verdicts(one: readonly string[], other: readonly string[], base: State, app = 'shop'): readonly string[] {
	return commute(base, work(one), work(other, app)).map(({verdict, reason}) => `${verdict} ${reason}`);
}

const child = (name: string, parent: string) =>
	`CreateModel('${name}', [('${parent}_ptr', models.OneToOneField('shop.${parent}', models.CASCADE, parent_link=True, primary_key=True))], bases=('shop.${parent}',))`;
const key = (to: string, more = '') => `models.ForeignKey('shop.${to}', models.CASCADE, null=True${more})`;
const add = (model: string, name: string, field = 'models.IntegerField(null=True)') =>
	`AddField('${model}', '${name}', ${field})`;

const FAMILY = baseOf(
	`CreateModel('Place', [('name', models.TextField())])`,
	child('Hall', 'place'),
	child('Pub', 'hall'),
	`CreateModel('Corner', [], options={'proxy': True}, bases=('shop.place',))`,
	`CreateModel('Cat', [])`,
	`CreateModel('Note', [])`,
);
const clash = ['conflict fails'];

test('a relation to a proxy is one to the model behind it', t => {
	const back = `, related_name='back'`;
	t.deepEqual(verdicts([add('Cat', 'x', key('Corner', back))], [add('Note', 'y', key('Place', back))], FAMILY), clash);
	t.deepEqual(verdicts([add('Cat', 'x', key('Corner', back))], [add('Note', 'y', key('Note', back))], FAMILY), []);
});

test('what leads to a parent leads to its children, and not the other way round', t => {
	const back = `, related_name='back'`;
	for (const [one, other, expected] of [
		['Hall', 'Pub', clash],
		['Pub', 'Corner', clash],
		['Place', 'Hall', clash],
		['Cat', 'Hall', []],
	] as const) {
		t.deepEqual(verdicts([add('Cat', 'x', key(one, back))], [add('Note', 'y', key(other, back))], FAMILY), expected, one);
	}
	const items = key('Pub', `, related_name='items'`);
	t.deepEqual(verdicts([add('Cat', 'x', items)], [add('Place', 'items')], FAMILY), clash);
	t.deepEqual(verdicts([add('Cat', 'x', key('Place', `, related_name='items'`))], [add('Pub', 'items')], FAMILY), clash);
	t.deepEqual(verdicts([add('Cat', 'x', items)], [add('Hall', 'item')], FAMILY), []);
	// The pointer of a child to its parent leads to no other child.
	t.deepEqual(verdicts([add('Cat', 'x', key('Hall', `, related_name='bar'`))], [child('Bar', 'place')], FAMILY), []);
});

test('an option that names the way back meets what the relations of its model lead to', t => {
	const base = baseOf(`CreateModel('Cat', [])`, `CreateModel('Note', [('cat', ${key('Cat')})])`, `CreateModel('Item', [])`);
	const option = (text: string) => `AlterModelOptions('Note', {${text}})`;
	const back = add('Item', 'x', key('Cat', `, related_name='back'`));
	t.deepEqual(verdicts([option(`'default_related_name': 'back'`)], [back], base), clash);
	t.deepEqual(verdicts([option(`'default_related_name': 'notes'`)], [back], base), []);
	t.deepEqual(verdicts([option(`'verbose_name': 'back'`)], [back], base), []);
});

test('a primary key that changes beside a relation', t => {
	const base = baseOf(
		`CreateModel('Cat', [('id', models.AutoField(primary_key=True)), ('code', models.IntegerField(unique=True))])`,
		`CreateModel('Item', [])`,
	);
	const review = ['review opaque'];
	const code = `AlterField('Cat', 'code', models.IntegerField(primary_key=True))`;
	for (const pointing of [add('Item', 'x', key('Cat')), `CreateModel('N', [('x', ${key('Cat')})])`]) {
		t.deepEqual(verdicts([`RemoveField('Cat', 'id')`], [pointing], base), review);
		t.deepEqual(verdicts([pointing], [code], base), review);
		t.deepEqual(verdicts([pointing], [`AlterField('Cat', 'id', models.BigAutoField(primary_key=True))`], base), []);
		t.deepEqual(verdicts([pointing], [`AlterField('Cat', 'code', models.BigIntegerField(unique=True))`], base), []);
	}
});

test('a name in queries is compared with attributes', t => {
	const named = key('Place', `, related_name='cats', related_query_name='note'`);
	t.deepEqual(verdicts([add('Cat', 'x', named)], [add('Note', 'y', key('Place'))], FAMILY), []);
	const queried = key('Place', `, related_name='cats', related_query_name='note_set'`);
	t.deepEqual(verdicts([add('Cat', 'x', queried)], [add('Note', 'y', key('Place'))], FAMILY), clash);
});

test('whether a many-to-many field to its own model is symmetrical, no migration says', t => {
	const self = `models.ManyToManyField('shop.Cat')`;
	t.deepEqual(verdicts([add('Cat', 'x', self)], [add('Cat', 'y', key('Cat'))], FAMILY), ['review opaque']);
	t.deepEqual(verdicts([add('Cat', 'x', self)], [add('Note', 'y', key('Cat'))], FAMILY), []);
});

test('a field that is called like the column of another one', t => {
	const column = key('Cat', `, related_name='+', db_column='kk'`);
	t.deepEqual(verdicts([add('Note', 'k', column)], [add('Note', 'k_id')], FAMILY), clash);
	t.deepEqual(verdicts([add('Place', 'k', column)], [add('Pub', 'k_id')], FAMILY), clash);
	t.deepEqual(verdicts([add('Place', 'k_id')], [add('Pub', 'k', column)], FAMILY), clash);
	t.deepEqual(verdicts([add('Note', 'k')], [add('Note', 'k_id')], FAMILY), []);
});

test('a model that is called like the one Django makes for a many-to-many field', t => {
	const many = `models.ManyToManyField('shop.Cat', related_name='+', db_table='t1')`;
	const named = `CreateModel('Note_x', [], options={'db_table': 't2'})`;
	t.deepEqual(verdicts([add('Note', 'x', many)], [named], FAMILY), clash);
	t.deepEqual(verdicts([`RenameModel('Pub', 'Note_x')`], [add('Note', 'x', many)], FAMILY), clash);
	const base = baseOf(`CreateModel('Cat', [])`, `CreateModel('Note', [('y', ${many})])`);
	t.deepEqual(verdicts([`RenameField('Note', 'y', 'x')`], [named], base), clash);
	t.deepEqual(verdicts([`RenameModel('Note', 'Memo')`], [named.replace('Note_x', 'Memo_y')], base), clash);
	t.deepEqual(verdicts([`RenameField('Note', 'y', 'z')`], [named], base), []);
	// Two renames move the table of the links, and one of them takes the other's model for its own.
	t.true(verdicts([`RenameModel('Note', 'Note_y')`], [`RenameModel('Cat', 'Kind')`], base).includes('review opaque'));
	t.deepEqual(verdicts([`RenameModel('Note', 'Note_z')`], [add('Note', 'x')], base), clash);
});

test('two proxies that become one model', t => {
	const base = baseOf(
		...['One', 'Two'].flatMap(name => [
			`CreateModel('${name}', [])`,
			`CreateModel('Proxy${name}', [], options={'proxy': True}, bases=('shop.${name}',))`,
		]),
	);
	const rename = (name: string) => `RenameModel('Proxy${name}', 'Proxy')`;
	t.deepEqual(verdicts([rename('One')], [rename('Two')], base), ['conflict lost-update']);
});

test('settings.AUTH_USER_MODEL is the model that has the fields of a user', t => {
	const fields = `('password', models.CharField(max_length=9)), ('last_login', models.DateTimeField(null=True))`;
	const user = `CreateModel('Member', [${fields}])`;
	const base = baseOf(user, `CreateModel('Item', [])`);
	const toUser = (more = '') => `models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True${more})`;
	t.deepEqual(verdicts([add('Item', 'x', toUser())], [`DeleteModel('Member')`], base), clash);
	t.deepEqual(verdicts([`RenameModel('Member', 'Person')`], [add('Post', 'x', toUser())], base, 'blog'), clash);
	t.deepEqual(verdicts([`DeleteModel('Member')`], [`CreateModel('N', [('x', ${toUser()})])`], base, 'blog'), clash);
	const back = `, related_name='back'`;
	t.deepEqual(verdicts([add('Item', 'x', toUser(back))], [add('Item', 'y', key('Member', back))], base), clash);
	t.deepEqual(verdicts([add('Item', 'x', toUser())], [`DeleteModel('Item')`, add('Member', 'z')], base).slice(1), []);
	// Of two that look like it none is taken.
	const two = baseOf(user, user.replace('Member', 'Guest'), `CreateModel('Item', [])`);
	t.deepEqual(verdicts([add('Item', 'x', toUser())], [`DeleteModel('Member')`], two), []);
});
