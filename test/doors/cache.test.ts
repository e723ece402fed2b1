import {appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openCache} from '../../src/doors/cache.ts';
import {factsOf, factsRecord, readingOf, readingRecord} from '../../src/doors/records.ts';
import {readFacts} from '../../src/migrations/facts.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';

const CLASS = 'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n';
const TEXTS = [
	`${CLASS}    dependencies = [('shop', '0001_a'), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]\n    operations = []\n`,
	`${CLASS}    replaces = (('shop', '0001' '_a'),)\n    dependencies = [x for x in y]\n    run_before = [('z', '1')]\n`,
	`${CLASS}    pass\n`,
	`${CLASS}    dependencies = helper()\n    operations = [migrations.CreateModel('Cat', fields=[('x', models.ForeignKey('a.B'))], bases=('c.D',))]\n`,
	`${CLASS}    operations = [migrations.RunPython(f)]\ndef f(apps, editor):\n    Item.objects.update(x=1)\n`,
	'from .other import Migration\n',
	'<<<<<<< a\nclass Migration:\n',
	'x = 1\n',
];

for (const [index, text] of TEXTS.entries()) {
	test(`what is read of text ${index} is remembered as it was`, t => {
		const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));
		const reading = readMigration(text);
		t.deepEqual(readingOf(through(readingRecord(reading))), reading);
		t.deepEqual(factsOf(through(factsRecord(readFacts(text)))), readFacts(text));
	});
}

function folder(t: ExecutionContext): string {
	const path = mkdtempSync(join(tmpdir(), 'migration-guard-cache-'));
	t.teardown(() => rmSync(path, {recursive: true, force: true}));
	return path;
}

type Entry = readonly [oid: string, why: readonly (string | number)[] | null, zero: number];
const entry = (oid: string): Entry => [oid, ['syntax', 'why', 1], 0];
const opened = (file: string) => openCache<Entry>(file);

test('entries are added, and the later one counts', t => {
	const file = join(folder(t), 'cache', 'file');
	const first = opened(file);
	first.set(['a', null, 0]);
	first.set(entry('b'));
	first.save();
	const second = opened(file);
	second.set(entry('a'));
	second.save();
	second.save();
	const third = opened(file);
	t.deepEqual(third.get('a'), entry('a'));
	t.deepEqual(third.get('b'), entry('b'));
	t.is(third.get('c'), undefined);
	t.is(readFileSync(file, 'utf8').split('\n').length, 3);
});

test('what a torn write left is skipped', t => {
	const file = join(folder(t), 'cache', 'file');
	const first = opened(file);
	first.set(entry('a'));
	first.save();
	appendFileSync(file, '["b",["syn');
	const second = opened(file);
	t.deepEqual(second.get('a'), entry('a'));
	second.set(entry('c'));
	second.save();
	t.deepEqual(openCache(file).get('a'), entry('a'));
	appendFileSync(file, '\n');
	const third = opened(file);
	third.set(entry('d'));
	third.save();
	t.deepEqual(openCache(file).get('d'), entry('d'));
});

test('a cache that cannot be written is none', t => {
	const path = folder(t);
	const cache = openCache(join(path, 'gone', 'cache', 'file'));
	cache.set(entry('a'));
	cache.save();
	t.false(existsSync(join(path, 'gone')));
	mkdirSync(join(path, 'cache', 'file'), {recursive: true});
	const blocked = openCache(join(path, 'cache', 'other'));
	blocked.set(entry('a'));
	t.notThrows(() => blocked.save());
});
