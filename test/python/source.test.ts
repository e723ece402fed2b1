import {Buffer} from 'node:buffer';
import test from 'ava';
import fc from 'fast-check';
import {Bug} from '../../src/errors.ts';
import {applyEdits, decode, encode, lineAt} from '../../src/python/source.ts';

test('bytes come back as they were, whatever they are', t => {
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 200}), bytes => {
			t.deepEqual(Buffer.from(encode(decode(bytes))), Buffer.from(bytes));
		}),
	);
});

test('a byte order mark stays in the text', t => {
	const {text, encoding} = decode(Buffer.from('\uFEFFx = "é"'));
	t.is(text, '\uFEFFx = "é"');
	t.is(encoding, 'utf8');
});

test('bytes that are not UTF-8 are latin1', t => {
	t.deepEqual(decode(Buffer.from([0x23, 0xe9])), {text: '#é', encoding: 'latin1'});
});

test('a character that latin1 does not have is a bug, not a question mark', t => {
	t.throws(() => encode({text: '…', encoding: 'latin1'}), {instanceOf: Bug});
});

test('edits touch their spans and nothing else, in any order', t => {
	const edits = [
		{from: 6, to: 7, insert: 'G'},
		{from: 0, to: 1, insert: ''},
		{from: 3, to: 3, insert: '+'},
		{from: 3, to: 3, insert: '-'},
	];
	t.is(applyEdits('abcdefg', edits), 'bc+-defG');
});

for (const [what, edits] of [
	[
		'overlap',
		[
			{from: 0, to: 3},
			{from: 2, to: 4},
		],
	],
	['end before they start', [{from: 3, to: 2}]],
	['end after the text', [{from: 3, to: 9}]],
] as const) {
	test(`edits that ${what} are a bug`, t => {
		t.throws(
			() =>
				applyEdits(
					'abcdef',
					edits.map(span => ({...span, insert: ''})),
				),
			{instanceOf: Bug},
		);
	});
}

test('lines count from 1', t => {
	t.deepEqual(
		[0, 1, 2, 3, 4].map(offset => lineAt('a\nb\r\n', offset)),
		[1, 1, 2, 2, 2],
	);
	t.is(lineAt('', 0), 1);
});
