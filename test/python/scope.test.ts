import test from 'ava';
import {parsePython, textOf} from '../../src/python/parse.ts';
import {constantOf, scopeOf} from '../../src/python/scope.ts';

function bindings(text: string, name: string) {
	const code = parsePython(text);
	return (scopeOf(code, code.tree.topNode).get(name) ?? []).map(binding => {
		const condition = binding.conditional ? 'perhaps ' : '';
		switch (binding.kind) {
			case 'value':
				return `${condition}${binding.added ? '+= ' : '= '}${binding.value.map(node => textOf(code, node)).join(' ')}`;
			case 'import':
				return `${condition}import ${binding.path}`;
			case 'class':
				return `${condition}class`;
			default:
				return `${condition}${binding.how}`;
		}
	});
}

for (const [text, expected] of [
	['a = 1', ['= 1']],
	['a: int = 1', ['= 1']],
	['a: int', []],
	['b = a = 1', ['= 1']],
	['a = 1, 2', ['= 1 , 2']],
	['a = 1; a += 2', ['= 1', '+= 2']],
	['a, b = c', ['assigned in parts']],
	['a[0] = 1', ['assigned in parts']],
	['a.b.c = 1', ['assigned in parts']],
	['a -= 1', ['changed by -=']],
	['a.append(1)', ['changed by a.append()']],
	['del a', ['deleted']],
	['def a(): pass', ['a function']],
	['@x\nclass a: pass', ['class']],
	['if x:\n    a = 1\nelse:\n    a = 2', ['perhaps = 1', 'perhaps = 2']],
	['try:\n    import a\nexcept E:\n    a = None', ['perhaps import a', 'perhaps = None']],
	['from x.y import b as a', ['import x.y.b']],
	['from x import (\n    b,\n    a,  # c\n)', ['import x.a']],
	['from . import a', ['import .a']],
	['from .x import a', ['import .x.a']],
	['import a.b', ['import a']],
	['import x.y as a', ['import x.y']],
	['def f():\n    a = 1', []],
] as const) {
	test(`what ${JSON.stringify(text)} says of a`, t => {
		t.deepEqual(bindings(text, 'a'), [...expected]);
	});
}

test('only a name with one unconditional value is a constant', t => {
	const constant = (text: string) => {
		const code = parsePython(text);
		const value = constantOf([scopeOf(code, code.tree.topNode)], 'a');
		return value && textOf(code, value);
	};
	t.is(constant('a = ("x")'), '"x"');
	for (const text of ['b = 1', 'a = 1\na = 2', 'a += 1', 'if x:\n    a = 1', 'a = 1, 2', 'import a']) {
		t.is(constant(text), null, text);
	}
});
