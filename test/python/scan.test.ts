import test from 'ava';
import {scan} from '../../src/python/scan.ts';

function look(text: string) {
	return scan(text, 0, text.length);
}

for (const text of [
	'',
	'a = [1, (2, {3: 4})]',
	'a = \'(\' + "[" # {',
	"'''it's (\n'''",
	'"""a\\"""("""',
	"r'\\'('",
	"'a\\\r\nb'",
	"# don't",
]) {
	test(`${JSON.stringify(text)} is balanced`, t => {
		t.true(look(text).balanced);
	});
}

for (const text of ['(', ')', '(]', "'a", "'a\nb'", '"""a""', '[(])', "'\\'"]) {
	test(`${JSON.stringify(text)} is not balanced`, t => {
		t.false(look(text).balanced);
	});
}

test('the first bracket is followed to its end', t => {
	const text = ' [a(")]"), # ]\n b] + [c]';
	t.is(text.slice(0, look(text).closed), ' [a(")]"), # ]\n b]');
	t.is(look('a').closed, -1);
	t.is(look('[').closed, -1);
});

test('a comprehension or a condition directly in the brackets is noticed', t => {
	t.true(look('[x for x in y]').computed);
	t.true(look('[x if y else z]').computed);
	t.false(look("[f(x for x in y), 'for', form]").computed);
});
