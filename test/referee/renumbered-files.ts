import {addField, createItem, migration, type Step} from './steps.ts';

/*
 * A developer who has 0001, 0002 and the branch's 0003_feat_a and 0004_feat_b; mainline brings 0003_main, and the branch's are renumbered.
 */

export const BASE: Step = [
	'write',
	{...migration('0001_initial', null, createItem), ...migration('0002_price', 'shop.0001_initial', addField('price'))},
];

export const BRANCH: Step = [
	'write',
	{
		...migration('0003_feat_a', 'shop.0002_price', addField('a')),
		...migration('0004_feat_b', 'shop.0003_feat_a', addField('b')),
	},
];

const APPLY: Step[] = [
	['manage', 'migrate'],
	['sql', "INSERT INTO shop_item (name, price, a, b) VALUES ('tea', 3, 7, 8)"],
];

/** Everything before the merge: the branch is applied, and there is a row. */
export const BEFORE: readonly Step[] = [BASE, BRANCH, ...APPLY];

/** The files after the merge. `replaces`: the renumbered ones say what they were called. */
export function renumbered(operations = addField('main'), replaces = false): Step {
	const more = (old: string) => (replaces ? `    replaces = [('shop', '${old}')]\n` : '');
	return [
		'write',
		{
			'shop/migrations/0003_feat_a.py': null,
			'shop/migrations/0004_feat_b.py': null,
			...migration('0003_main', 'shop.0002_price', operations),
			...migration('0004_feat_a', 'shop.0003_main', addField('a'), {more: more('0003_feat_a')}),
			...migration('0005_feat_b', 'shop.0004_feat_a', addField('b'), {more: more('0004_feat_b')}),
		},
	];
}
