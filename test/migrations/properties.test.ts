import test from 'ava';
import fc from 'fast-check';
import {addDependency, renameReference} from '../../src/migrations/edit.ts';
import {identityOf} from '../../src/migrations/identity.ts';
import type {Migration, Reference} from '../../src/migrations/migration.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';
import {applyEdits, decode} from '../../src/python/source.ts';

const name = fc.stringMatching(/^\d{4}_[a-z]{1,8}$/);
const app = fc.stringMatching(/^[a-z]{1,6}$/);
const quote = fc.constantFrom("'", '"', "u'", '"""');
const space = fc.constantFrom('', ' ', '  ', '\n        ', '  # (x\n        ');

/** A pair as somebody may have written it. */
const element = fc.tuple(app, name, quote, quote, space, space).map(([a, n, one, two, before, after]) => ({
	key: `${a}.${n}`,
	text: `${before}(${one}${a}${one.replace('u', '')},${after}${two}${n}${two.replace('u', '')})`,
}));

const module = fc
	.record({
		elements: fc.array(element, {maxLength: 5}),
		tuple: fc.boolean(),
		trailing: space,
		comma: fc.boolean(),
		head: fc.constantFrom('', '\uFEFF', '# ünïcode\n', '"""Doc (."""\n'),
		annotation: fc.constantFrom('', ': list'),
		tail: fc.constantFrom('', '\n\ndef f(apps, editor):\n    """[ Migration"""\n'),
		eol: fc.constantFrom('\n', '\r\n'),
		operations: fc.constantFrom('[]', '[migrations.RunSQL("x")]'),
	})
	.map(({elements, tuple, trailing, comma, head, annotation, tail, eol, operations}) => {
		const last = elements.length > 0 && (comma || (tuple && elements.length === 1)) ? ',' : '';
		const list = `${elements.map(({text}) => text).join(',')}${last}${trailing}`;
		const value = tuple ? `(${list})` : `[${list}]`;
		const body = `class Migration(migrations.Migration):\n    dependencies${annotation} = ${value}\n    operations = ${operations}\n`;
		const text = `${head}from django.db import migrations\n${body}${tail}`.replaceAll('\n', eol);
		return {text, keys: elements.map(({key}) => key)};
	});

const keysOf = (items: readonly Reference[]) =>
	items.map(item => (item.kind === 'node' ? `${item.app}.${item.name}` : item.setting));

function read(text: string): Migration {
	const reading = readMigration(text);
	if ('unreadable' in reading) {
		throw new Error(`${reading.unreadable}: ${text}`);
	}
	return reading;
}

test('what was written is read', t => {
	fc.assert(fc.property(module, ({text, keys}) => t.deepEqual(keysOf(read(text).dependencies.items), keys)));
});

test('an added dependency is read back, after all that was there, and removing it gives the old text', t => {
	fc.assert(
		fc.property(module, app, name, ({text, keys}, toApp, toName) => {
			const edits = addDependency(text, read(text), toApp, toName)!;
			const edited = applyEdits(text, edits);
			t.deepEqual(keysOf(read(edited).dependencies.items), [...keys, `${toApp}.${toName}`], edited);
			t.true(edits.every(({from, to}) => from === to));
		}),
	);
});

test('a renamed reference is the only thing that changes', t => {
	fc.assert(
		fc.property(module, fc.nat(), name, ({text, keys}, pick, newName) => {
			fc.pre(keys.length > 0);
			const at = pick % keys.length;
			const migration = read(text);
			const item = migration.dependencies.items[at]!;
			const edits = item.kind === 'node' ? renameReference(item, newName)! : [];
			const edited = applyEdits(text, edits);
			const expected = keys.map((key, index) => (index === at ? `${key.split('.')[0]}.${newName}` : key));
			t.deepEqual(keysOf(read(edited).dependencies.items), expected);
			const back = edits.map(({from, to, insert}) => ({from, to: from + insert.length, insert: text.slice(from, to)}));
			t.is(applyEdits(edited, back), text);
			if (migration.operations === 'some') {
				t.is(identityOf(edited, read(edited)), identityOf(text, migration));
			}
		}),
	);
});

test('reading never throws, on any bytes', t => {
	fc.assert(fc.property(fc.uint8Array({maxLength: 300}), bytes => t.notThrows(() => readMigration(decode(bytes).text))));
});

test('reading never throws on a migration with some of its text lost, doubled or replaced', t => {
	const damage = fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.string({maxLength: 12})), {minLength: 1, maxLength: 4});
	fc.assert(
		fc.property(module, damage, ({text}, blows) => {
			let damaged = text;
			for (const [at, length, insert] of blows) {
				const from = at % (damaged.length + 1);
				damaged = damaged.slice(0, from) + insert + damaged.slice(from + length);
			}
			const reading = readMigration(damaged);
			if (!('unreadable' in reading)) {
				for (const item of reading.dependencies.items) {
					const inside = item.kind === 'node' && item.nameSpan.from !== -1 && damaged.slice(item.nameSpan.from, item.nameSpan.to);
					t.true(inside === false || inside === (item.kind === 'node' && item.name));
				}
			}
			t.pass();
		}),
	);
});
