import test from 'ava';
import type {Entry} from '../../src/history/meeting.ts';
import {mergeMigrationText, mergeNameOf} from '../../src/plan/merge-migration.ts';
import {moduleText, pathOf} from '../helpers/notation.ts';
import {ask, djangos} from '../referee/django.ts';

const referees = await djangos();

const leaf = (name: string) => ({name}) as Entry;

// Names as Django's own `makemigrations --merge` gave them. Joined names of up to 47 characters are written out.
const names: readonly (readonly [leaves: readonly string[], name: string])[] = [
	[['0003_zeta', '0003_alpha'], '0004_merge_0003_alpha_0003_zeta'],
	[['0003_a', '0004_c'], '0005_merge_0003_a_0004_c'],
	[['0002_squashed_0007_x', '0002_q'], '0008_merge_0002_q_0002_squashed_0007_x'],
	[['0003_a', '0003_b', '0003_c'], '0004_merge_0003_a_0003_b_0003_c'],
	[[`0003_${'a'.repeat(18)}`, `0003_${'b'.repeat(17)}`], `0004_merge_0003_${'a'.repeat(18)}_0003_${'b'.repeat(17)}`],
	[[`0003_${'a'.repeat(18)}`, `0003_${'b'.repeat(18)}`], `0004_merge_0003_${'a'.repeat(18)}_0003_${'b'.repeat(18)}`],
	[[`0003_${'a'.repeat(19)}`, `0003_${'b'.repeat(18)}`], '0004_merge_20260102_0304'],
];

/** A migration that needs no models. */
const empty = (name: string, dependencies: readonly string[]) => ({
	[pathOf('shop', name)]: moduleText({name, dependencies}).replace(/operations = \[[\s\S]*\]/, 'operations = []'),
});

for (const [leaves, name] of names) {
	test(`the merge of ${leaves.join(' and ')} is ${name}`, t => {
		t.is(
			mergeNameOf(leaves.map(leaf), () => '20260102_0304'),
			name,
		);
	});
}

test('the history is asked for a time only where the names are too long', t => {
	t.notThrows(() =>
		mergeNameOf(['0003_a', '0003_b'].map(leaf), () => {
			throw new Error('asked');
		}),
	);
});

for (const django of referees) {
	test(`Django ${django.version} writes the same merge migration, to the byte`, async t => {
		const pairs = names
			.map(([leaves]) => leaves)
			.filter(leaves => leaves.join('_').length <= 47 && !leaves.some(each => each.includes('squashed')));
		const questions = pairs.map(leaves => ({
			files: {
				'shop/__init__.py': '',
				'shop/migrations/__init__.py': '',
				...empty('0001_initial', []),
				...Object.assign({}, ...leaves.map(name => empty(name, ['shop.0001_initial']))),
			},
			installed: ['shop'],
			merge: true,
		}));
		const verdicts = await ask(django, questions);
		for (const [index, leaves] of pairs.entries()) {
			const path = `shop/migrations/${mergeNameOf(leaves.map(leaf), () => '')}.py`;
			t.deepEqual(verdicts[index]!.merged, {[path]: mergeMigrationText('shop', [...leaves].reverse())});
		}
	});
}
