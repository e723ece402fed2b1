import test from 'ava';
import {commute} from '../../src/commute/commute.ts';
import {readOperations} from '../../src/operations/read-operations.ts';
import {EMPTY} from '../../src/state/state.ts';
import type {Work} from '../../src/state/work.ts';

function work(name: string, operations: readonly string[]): Work[] {
	const text = `from django.db import migrations, models\nclass Migration(migrations.Migration):\n    operations = [${operations.join()}]\n`;
	return readOperations(text, 'shop').map(operation => ({operation, key: `shop.${name}`, path: `shop/migrations/${name}.py`}));
}

/** [what takes away behind what needs it, the other way round]. */
function both(taking: readonly string[], needing: string): string {
	const verdict = (one: readonly string[], other: readonly string[]) =>
		commute(EMPTY, work('0002_a', one), work('0002_b', other))[0]?.verdict ?? 'commutes';
	return `${verdict([needing], taking)}, ${verdict(taking, [needing])}`;
}

const remove = `RemoveCollation('cc', locale='und')`;
const create = `CreateCollation('cc', locale='und')`;
const sql = (text: string) => `migrations.RunSQL(${JSON.stringify(text)})`;
const add = (field: string) => `migrations.AddField('Item', 'x', ${field})`;
const collated = `models.CharField(max_length=9, null=True, db_collation='cc')`;
const hstore = add('HStoreField(null=True)');

for (const [taking, needing, expected] of [
	[[remove], add(collated), 'conflict, conflict'],
	[[remove], `migrations.AlterField('Item', 'x', ${collated})`, 'conflict, conflict'],
	[[remove], `migrations.CreateModel('N', [('x', ${collated})])`, 'conflict, conflict'],
	[[remove], `migrations.AddIndex('Item', models.Index(Collate('x', 'cc'), name='i'))`, 'conflict, conflict'],
	[[remove], add(collated.replace('cc', 'dd')), 'commutes, commutes'],
	[[remove], `migrations.SeparateDatabaseAndState(state_operations=[${add(collated)}])`, 'commutes, commutes'],
	[[remove, create], add(collated), 'conflict, review'],
	[[create], add(collated), 'commutes, commutes'],
	[[remove], remove, 'conflict, conflict'],
	[[sql('DROP COLLATION cc')], add(collated), 'conflict, conflict'],
	[[sql('DROP EXTENSION hstore')], hstore, 'conflict, conflict'],
	[[sql('DROP EXTENSION IF EXISTS hstore CASCADE')], hstore, 'review, conflict'],
	[[sql('DROP EXTENSION citext')], sql('ALTER TABLE shop_item ADD COLUMN ci citext'), 'review, review'],
	[[sql('DROP EXTENSION citext')], add('CICharField(max_length=9)'), 'conflict, conflict'],
	[
		[sql('DROP EXTENSION pg_trgm')],
		`migrations.AddIndex('Item', GinIndex(fields=['x'], opclasses=['gin_trgm_ops'], name='i'))`,
		'conflict, conflict',
	],
	[[sql('DROP EXTENSION pg_trgm')], hstore, 'commutes, commutes'],
	[[`RemoveExtension('hstore')`], hstore, 'review, review'],
	[[`RemoveExtension('citext')`], hstore, 'commutes, commutes'],
	[['HStoreExtension()'], hstore, 'commutes, commutes'],
] as const) {
	test(`${taking.join()} | ${needing}`, t => t.is(both(taking, needing), expected));
}
