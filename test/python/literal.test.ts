import test from 'ava';
import {readString} from '../../src/python/literal.ts';
import {parsePython} from '../../src/python/parse.ts';

function read(text: string) {
	const code = parsePython(text);
	const literal = readString(code, code.tree.topNode.firstChild!.firstChild!);
	return literal && {value: literal.value, inside: literal.inside && text.slice(literal.inside.from, literal.inside.to)};
}

for (const text of ["'shop'", '"shop"', "u'shop'", "b'shop'", "r'shop'", "Rb'shop'", "'''shop'''", '"""shop"""']) {
	test(`${text} is read and can be edited`, t => {
		t.deepEqual(read(text), {value: 'shop', inside: 'shop'});
	});
}

for (const [text, value] of [
	["'sh' 'op'", 'shop'],
	["'sh'\\\n'op'", 'shop'],
	["'\\x73hop'", 'shop'],
	["'\\u0073\\U00000068\\157p'", 'shop'],
	["'a\\'b\\\\'", "a'b\\"],
	["'''a\\\nb'''", 'ab'],
	["'\\q'", '\\q'],
] as const) {
	test(`${JSON.stringify(text)} is read and not to be edited`, t => {
		t.deepEqual(read(text), {value, inside: null});
	});
}

for (const text of ["f'shop'", "f'{x}'", "'a' f'b'", 'shop', '3', "'open", "'''open'"]) {
	test(`${text} is no literal`, t => {
		t.is(read(text), null);
	});
}

test('a backslash in a raw string stands for itself', t => {
	t.deepEqual(read("r'a\\n'"), {value: 'a\\n', inside: 'a\\n'});
});

test('after a byte order mark the spans still count from the start of the file', t => {
	t.deepEqual(read("\uFEFF'shop'"), {value: 'shop', inside: 'shop'});
});
