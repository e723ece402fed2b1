import test from 'ava';
import {mergeName, nextNumber, parseNumber, renumber, suffixOf} from '../../src/migrations/name.ts';
import {ask, eachDjango} from '../referee/django.ts';

const NUMBERS: readonly (readonly [name: string, number: number | null])[] = [
	['0003_add_phone', 3],
	['0001_squashed_0016_x', 16],
	['0001_squashed_2020_05_15', 2020],
	['0004_squashed_v310', 4],
	['0001_squashed_0002_squashed_0007', 7],
	['00010_a', 10],
	['10000_a', 10_000],
	['1_auto', 1],
	['initial', null],
	['a_0001', null],
	['', null],
];

for (const [name, number] of NUMBERS) {
	test(`the number of '${name}' is ${number}`, t => {
		t.is(parseNumber(name), number);
		t.is(nextNumber(name), (number ?? 0) + 1);
	});
}

test('real Django reads the same numbers', async t => {
	await eachDjango(t, async django => {
		const [verdict] = await ask(django, [{numbers: NUMBERS.map(([name]) => name)}]);
		// Before 4.1 a squash counts as its first number.
		const old = django.version.startsWith('3.');
		const expected = NUMBERS.map(([name, number]) => (old && number !== null ? Number.parseInt(name, 10) : number));
		t.deepEqual(verdict?.numbers, expected, django.version);
	});
});

for (const [name, number, expected] of [
	['0003_add_phone', 4, '0004_add_phone'],
	['0003', 4, '0004'],
	['9999_a', 10_000, '10000_a'],
	['00010_a', 11, '00011_a'],
	['1_auto', 2, '2_auto'],
	['0001_squashed_0016_x', 5, '0005_squashed_0016_x'],
	['initial', 4, 'initial'],
] as const) {
	test(`'${name}' as number ${number} is '${expected}'`, t => {
		t.is(renumber(name, number), expected);
	});
}

test('the suffix is what follows the digits', t => {
	t.deepEqual(['0003_add_phone', '0003', 'initial'].map(suffixOf), ['_add_phone', '', 'initial']);
});

const STAMP = '20260102_0304';

for (const [leaves, expected] of [
	[['0004_c', '0003_a'], '0005_merge_0003_a_0004_c'],
	[['bb', 'aa'], '0002_merge_aa_bb'],
	[['0002_squashed_0007_x', '0002_q'], '0008_merge_0002_q_0002_squashed_0007_x'],
	[['0001_a', '0001_b', '0001_c'], '0002_merge_0001_a_0001_b_0001_c'],
	[[`0003_${'a'.repeat(18)}`, `0003_${'b'.repeat(18)}`], `0004_merge_0003_${'a'.repeat(18)}_0003_${'b'.repeat(18)}`],
	[[`0003_${'a'.repeat(18)}`, `0003_${'b'.repeat(19)}`], `0004_merge_${STAMP}`],
] as const) {
	test(`the merge of ${leaves.join(' and ')} is ${expected}`, t => {
		t.is(mergeName(leaves, STAMP), expected);
	});
}

test('real Django gives merge migrations the same names', async t => {
	const leaves = ['0003_zeta', '0004_alpha'];
	const text = (parent: string | null) =>
		`from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [${parent ? `('shop', '${parent}')` : ''}]\n`;
	const files: Record<string, string> = {
		'shop/__init__.py': '',
		'shop/migrations/__init__.py': '',
		'shop/migrations/0001_initial.py': text(null),
	};
	for (const leaf of leaves) {
		files[`shop/migrations/${leaf}.py`] = text('0001_initial');
	}
	await eachDjango(t, async django => {
		const [verdict] = await ask(django, [{files, installed: ['shop'], merge: true}]);
		t.deepEqual(Object.keys(verdict?.merged ?? {}), [`shop/migrations/${mergeName(leaves, STAMP)}.py`]);
	});
});
