import test from 'ava';
import {withAppsBetween} from '../../src/commute/apps-between.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';

/** `c > b`: an app and what it depends on. */
function ordered(edges: readonly string[]) {
	return edges.flatMap(edge => {
		const [app = '', needs] = edge.split(' > ');
		const text = `class Migration(migrations.Migration):\n    dependencies = [('${needs}', '0001_initial')]\n    operations = []\n`;
		const migration = readMigration(`from django.db import migrations\n\n\n${text}`);
		return 'dependencies' in migration ? [{app, migration}] : [];
	});
}

for (const [title, edges, apps, expected] of [
	['over one app', ['c > b', 'b > a', 'c > user', 'a > user'], 'a c', 'a b c'],
	['over several', ['d > c', 'c > b', 'b > a'], 'a d', 'a b c d'],
	['one app alone', ['c > b', 'b > a'], 'c', 'c'],
	['a common parent', ['c > a', 'b > a'], 'b c', 'b c'],
	['in a circle', ['a > b', 'b > a', 'b > c'], 'a', 'a b'],
] as const) {
	test(`apps between others: ${title}`, t => {
		t.deepEqual([...withAppsBetween(new Set(apps.split(' ')), ordered(edges))].sort(), expected.split(' '));
	});
}
