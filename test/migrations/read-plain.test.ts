import test from 'ava';
import fc from 'fast-check';
import {findHeader} from '../../src/migrations/header.ts';
import {parseHeader} from '../../src/migrations/read-migration.ts';
import {readPlain} from '../../src/migrations/read-plain.ts';

const name = fc.stringMatching(/^[a-z0-9_. é-]{0,12}$/);
const quoted = fc.tuple(name, fc.constantFrom('"', "'")).map(([text, quote]) => `${quote}${text}${quote}`);
const gap = fc.constantFrom('', ' ', '\n        ', '\n');
const pair = fc
	.tuple(quoted, quoted, gap, fc.constantFrom('', ','))
	.map(([app, key, blank, comma]) => `(${blank}${app},${blank}${key}${comma}${blank})`);
const element = fc.oneof(
	{weight: 4, arbitrary: pair},
	fc.constant('migrations.swappable_dependency(settings.AUTH_USER_MODEL)'),
	fc.constantFrom('helper()', "('a', '1')  # comment", "('a', '1' '2')", "['a', '1']", "('a\\x41', '1')"),
);
const list = fc
	.tuple(fc.array(element, {maxLength: 3}), gap, fc.constantFrom('', ','))
	.map(([items, blank, comma]) => `[${blank}${items.join(`,${blank}`)}${items.length > 0 ? comma : ''}${blank}]`);
const statement = fc.oneof(
	{
		weight: 5,
		arbitrary: fc
			.tuple(fc.constantFrom('dependencies', 'replaces', 'run_before'), list)
			.map(([attribute, value]) => `${attribute} = ${value}`),
	},
	fc.constantFrom('initial = True', 'atomic = False', 'safe = Safe.before()', '"""A docstring."""', '# a comment'),
);
const module = fc
	.tuple(
		fc.array(statement, {maxLength: 4}),
		fc.constantFrom('\n', '\n\n'),
		fc.constantFrom('    ', '\t'),
		fc.constantFrom('[]', '[\n    ]', '[x]', 'f()'),
	)
	.map(([statements, between, indent, operations]) =>
		[
			'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n',
			...statements.map(one => `${indent}${one}\n`),
			`${indent}operations = ${operations}\n`,
		].join(between),
	);

test('what is read without the parser is what the parser reads', t => {
	let plain = 0;
	fc.assert(
		fc.property(module, text => {
			const header = findHeader(text);
			const read = header && readPlain(text, header);
			if (!header || !read) return;
			plain++;
			t.deepEqual(read, parseHeader(text, header), text);
		}),
		{numRuns: 3000, seed: 20_260_101},
	);
	t.true(plain > 300, `only ${plain} were read without it`);
});

test('everything but the plain shape is left to the parser', t => {
	const read = (body: string, end = '\n') => {
		const text = [
			'class Migration(migrations.Migration):',
			...body.split('\n').map(line => `    ${line}`),
			'    operations = []',
			'',
		].join(end);
		return readPlain(text, findHeader(text)!);
	};
	t.truthy(read("dependencies = [('a', '1')]"));
	t.is(read("dependencies = [('a', '1')]", '\r\n'), null);
	for (const body of [
		"dependencies = [('a', '1')]  # why",
		"# why\ndependencies = [('a', '1')]",
		"dependencies = (('a', '1'),)",
		"dependencies = [('a', '1')] + more",
		"dependencies = [('a', '1')]\ndependencies = [('b', '1')]",
		"dependencies = [('a', '1')]\ndependencies += [('b', '1')]",
		"dependencies = [u('a', '1')]",
		"dependencies = [('a', 'b\\n')]",
		"dependencies = [('a', '1') ('b', '2')]",
		'dependencies = [,]',
	])
		t.is(read(body), null, body);
});
