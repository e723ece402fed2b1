import test from 'ava';
import {meet, type Story} from '../helpers/meet.ts';
import {moduleText, pathOf, tree} from '../helpers/notation.ts';

const BASE = '0001_initial <- 0002_price';

interface Row extends Omit<Story, 'base'> {
	readonly base?: string;
	readonly outcome: string;
	/** Codes of refusals. */
	readonly refused?: readonly string[];
}

/** A migration whose text says something else than its name: two of one name are then two migrations. */
const saying = (name: string, says: string, ...dependencies: readonly string[]) => ({
	[pathOf('shop', name)]: moduleText({name, dependencies: dependencies.map(parent => `shop.${parent}`)}, says),
});

// In the pictures the first side is above, the second below; what is published has a star.
const rows: Readonly<Record<string, Row>> = {
	// 0001 ── 0002 ──┬── 0003_a
	//                └── 0003_b
	'one on each side: the second goes behind the first': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)'],
		outcome: `${BASE} <- 0003_a <- 0004_b`,
	},
	// 0001 ── 0002 ──┬── 0003_a
	//                └── 0003_b*
	'the published one stays': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)'],
		published: [1],
		outcome: `${BASE} <- 0003_b <- 0004_a`,
	},
	// 0001 ── 0002 ──┬── 0003_a ── 0004_b
	//                └── 0003_c ── 0004_d ── 0005_e
	'a chain stays a chain': {
		sides: ['0003_a(0002_price) <- 0004_b', '0003_c(0002_price) <- 0004_d <- 0005_e'],
		outcome: `${BASE} <- 0003_a <- 0004_b <- 0005_c <- 0006_d <- 0007_e`,
	},
	//                ┌── 0003_a
	// 0001 ── 0002 ──┤        ┌── 0004_l ──┐
	//                └ 0003_b ┴── 0004_r ──┴── 0005_merge
	'a diamond stays a diamond, its arms share a number': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price) <- 0004_l, 0004_r(0003_b), 0005_merge(0004_l 0004_r)'],
		outcome: `${BASE} <- 0003_a <- 0004_b <- 0005_l, 0005_r(0004_b), 0006_merge(0005_l 0005_r)`,
	},
	//                ┌── 0003_a
	// 0001 ── 0002 ──┼── 0003_l ──┬── 0004_merge
	//                └── 0003_r ──┘
	'a diamond with two roots: both follow': {
		sides: ['0003_a(0002_price)', '0003_l(0002_price), 0003_r(0002_price), 0004_merge(0003_l 0003_r)'],
		outcome: `${BASE} <- 0003_a <- 0004_l, 0004_r(0003_a), 0005_merge(0004_l 0004_r)`,
	},
	// 0001 ── 0002 ──┬── 0003_a
	//    └───────────┴── 0003_b      depends on both
	'of two old parents the younger is exchanged': {
		sides: ['0003_a(0002_price)', '0003_b(0001_initial 0002_price)'],
		outcome: `${BASE} <- 0003_a, 0004_b(0001_initial 0003_a)`,
	},
	//          ┌── 0003_a
	//   0002 ──┘
	//   0001_other                     a second root, without a parent
	'a root without a parent gains one': {
		sides: ['0003_a(0002_price)', '0001_other'],
		outcome: `${BASE} <- 0003_a <- 0004_other`,
	},
	// 0001_initial (one text)    0001_initial (another text)
	'an app that both sides began': {
		base: '',
		sides: [saying('0001_initial', 'one'), saying('0001_initial', 'another')],
		outcome: '0001_initial <- 0002_initial',
	},
	// 0001 ── 0002 ──┬── 0003_auto ── 0004_a
	//                └── 0003_auto ── 0004_a
	'the same names on both sides, each with its own meaning': {
		sides: [
			{...saying('0003_auto', 'x', '0002_price'), ...saying('0004_a', 'y', '0003_auto')},
			{...saying('0003_auto', 'p', '0002_price'), ...saying('0004_a', 'q', '0003_auto')},
		],
		outcome: `${BASE} <- 0003_auto <- 0004_a <- 0005_auto <- 0006_a`,
	},
	// 0001 ── 0002 ──┬── 0003_a
	//                └── 0003_b ── 0004_b        0004_b was another one: its name is not given away
	'a new name that was an old name of the branch gets a suffix': {
		sides: ['0003_a(0002_price)', {...saying('0003_b', 'x', '0002_price'), ...saying('0004_b', 'y', '0003_b')}],
		outcome: `${BASE} <- 0003_a <- 0004_b_2 <- 0005_b`,
	},
	// 0001 ── 0002 ──┬── 0003_a
	//                └── 0003_x ── 0004_a        0004_a is 0003_a by another number; its name is not given to 0003_a's followers
	'the old name of what is recognised is not given away either': {
		sides: [
			saying('0003_a', 'same', '0002_price'),
			{...saying('0003_a', 'other', '0002_price'), ...saying('0004_a', 'same', '0003_a')},
		],
		outcome: `${BASE} <- 0003_a <- 0004_a_2`,
	},
	// 0001 ── 0002 ──┬── 0003_a ── 0004_b ── 0005_c
	//                └── 0003_a'── 0004_d              0003_a' is 0003_a
	'what mainline has already is not added twice, and what follows it follows it there': {
		sides: ['0003_a(0002_price) <- 0004_b <- 0005_c', '0003_a(0002_price) <- 0004_d'],
		outcome: `${BASE} <- 0003_a <- 0004_b <- 0005_c <- 0006_d`,
	},
	// 0001 ── 0002 ──┬── 0003_z ── 0004_a
	//                └── 0003_a ── 0004_d              0003_a is 0004_a
	'a stacked branch after a squash merge': {
		sides: ['0003_z(0002_price) <- 0004_a', '0003_a(0002_price) <- 0004_d'],
		outcome: `${BASE} <- 0003_z <- 0004_a <- 0005_d`,
	},
	// 0001 ── 0002 ──┬── tweak_m
	//                └── 0003_x ── tweak_m'── 0001_y   a name without a number: Django counts from 1 behind it
	'an order that leads by way of what is recognised is kept': {
		sides: ['tweak_m(0002_price)', '0003_x(0002_price) <- tweak_m <- 0001_y'],
		outcome: `${BASE} <- tweak_m <- 0003_x <- 0004_y`,
	},
	'a name without a number stays': {
		sides: ['0003_a(0002_price)', 'tweak(0002_price)'],
		outcome: `${BASE} <- 0003_a <- tweak`,
	},
	'a name without a number that is taken gets a suffix': {
		sides: [saying('tweak', 'x', '0002_price'), saying('tweak', 'y', '0002_price')],
		outcome: `${BASE} <- tweak <- tweak_2`,
	},
	'the width of a number is kept': {
		sides: ['0003_a(0002_price)', '00003_b(0002_price) <- 4_c'],
		outcome: `${BASE} <- 0003_a <- 00004_b <- 5_c`,
	},
	'from 9999 on the number grows': {
		base: '0001_initial <- 9998_price',
		sides: ['9999_a(9998_price)', '9999_b(9998_price)'],
		outcome: '0001_initial <- 9998_price <- 9999_a <- 10000_b',
	},
	'gaps close': {
		sides: ['0003_a(0002_price)', '0007_b(0002_price) <- 0020_c'],
		outcome: `${BASE} <- 0003_a <- 0004_b <- 0005_c`,
	},
	// 0001 ── 0002 ──┬── 0003_a
	//                └── 0003_b ── 0004_c  [0003_squashed_0004_c]
	'a squash of its own goes along, and keeps its distance': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price) <- 0004_c, 0003_squashed_0004_c(0002_price)[0003_b 0004_c]'],
		outcome: `${BASE} <- 0003_a <- 0004_squashed_0005_c`,
	},
	//   [0001_squashed_0002_price]
	// 0001 ── 0002 ── 0003_a
	'a squash of what stays takes its place': {
		sides: ['0003_a(0002_price)', '0001_squashed_0002_price[0001_initial 0002_price]'],
		outcome: '0001_squashed_0002_price <- 0003_a',
	},
	'three sides, one behind the other': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)', '0003_c(0002_price)'],
		outcome: `${BASE} <- 0003_a <- 0004_b <- 0005_c`,
	},
	'three sides of which two share one': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)', '0003_a(0002_price)'],
		outcome: `${BASE} <- 0003_a <- 0004_b`,
	},
	'both published: a merge migration': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)'],
		published: [0, 1],
		outcome: `${BASE} <- 0003_a, 0003_b(0002_price), 0004_merge_0003_a_0003_b(0003_a 0003_b)`,
	},
	'both published, and a third side behind the merge': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)', '0003_c(0002_price)'],
		published: [0, 1],
		outcome: `${BASE} <- 0003_a, 0003_b(0002_price), 0004_merge_0003_a_0003_b(0003_a 0003_b) <- 0005_c`,
	},
	'both published, one of them twice: nothing published goes': {
		sides: ['0003_a(0002_price)', '0003_z(0002_price) <- 0004_a'],
		published: [0, 1],
		outcome: `${BASE} <- 0003_a, 0003_z(0002_price) <- 0004_a, 0005_merge_0003_a_0004_a(0003_a 0004_a)`,
	},
	'both published under one name: nothing to be done': {
		sides: [saying('0003_a', 'x', '0002_price'), saying('0003_a', 'y', '0002_price')],
		published: [0, 1],
		refused: ['both-published'],
		outcome: `${BASE} <- 0003_a`,
	},
	'the strategy merge': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)'],
		options: {strategy: 'merge'},
		outcome: `${BASE} <- 0003_a, 0003_b(0002_price), 0004_merge_0003_a_0003_b(0003_a 0003_b)`,
	},
	'the strategy merge where two files have one name': {
		sides: [saying('0003_a', 'x', '0002_price'), saying('0003_a', 'y', '0002_price')],
		options: {strategy: 'merge'},
		outcome: `${BASE} <- 0003_a <- 0004_a`,
	},
	'two squashes of one name, of what stays: neither may overwrite the other': {
		sides: ['x', 'y'].map(says => ({
			[pathOf('shop', '0001_squashed_0002_price')]: moduleText(
				{name: '', dependencies: [], replaces: ['shop.0001_initial', 'shop.0002_price']},
				says,
			),
		})),
		refused: ['one-name'],
		outcome: '0001_squashed_0002_price',
	},
	// 0001 ── 0002 ──┬── 0003_a
	//                └── 0003_b    and the branch deleted nothing, mainline nothing: linear already
	'what is linear already is left alone': {
		sides: ['0003_a(0002_price)', {}],
		outcome: `${BASE} <- 0003_a`,
	},
	// 0001 ── 0002 ──┬── 0003_a ──┐
	//    mainline's  └── 0003_b ──┘ forked by itself; the branch's 0003_c adds no leaf to that
	'a fork that mainline has by itself stays its own business': {
		base: '0001_initial <- 0002_price, 0002_other(0001_initial)',
		sides: ['0003_a(0002_price)', '0003_b(0002_other)'],
		outcome: '0001_initial <- 0002_other, 0002_price(0001_initial) <- 0003_a, 0003_b(0002_other)',
	},
	// 0001 ──┬── 0002_l ── 0003_a
	//        └── 0002_r ── 0003_a     no leaf more than before, but two files of one name: it joins what it can
	'one name on two branches of a forked mainline': {
		base: '0001_initial <- 0002_l, 0002_r(0001_initial)',
		sides: [saying('0003_a', 'x', '0002_l'), saying('0003_a', 'y', '0002_r')],
		outcome: '0001_initial <- 0002_l, 0002_r(0001_initial), 0003_a(0002_l), 0004_a(0002_r 0003_a)',
	},
};

for (const [name, {outcome, refused = [], base = BASE, ...story}] of Object.entries(rows)) {
	test(name, t => {
		const met = meet({base, ...story});
		t.deepEqual(met.refused, refused);
		t.is(met.history(), outcome);
		if (refused.length > 0) t.deepEqual(met.plan.changes, []);
	});
}

test('several apps, and edges between them: each follows the file it meant', t => {
	const auto = (app: string, says: string, ...dependencies: readonly string[]) => ({
		[pathOf(app, '0002_auto')]: moduleText({name: '0002_auto', dependencies}, says),
	});
	const base = tree({shop: '0001_initial', users: '0001_initial'});
	const {texts, history} = meet({
		base,
		sides: [
			{...auto('shop', 'x', 'shop.0001_initial'), ...auto('users', 'y', 'users.0001_initial', 'shop.0002_auto')},
			{...auto('shop', 'p', 'shop.0001_initial'), ...auto('users', 'q', 'users.0001_initial', 'shop.0002_auto')},
		],
	});
	t.is(history('shop'), '0001_initial <- 0002_auto <- 0003_auto');
	t.is(history('users'), '0001_initial <- 0002_auto <- 0003_auto');
	t.regex(texts.get(pathOf('users', '0002_auto'))!, /'shop', '0002_auto'/);
	t.regex(texts.get(pathOf('users', '0003_auto'))!, /'shop', '0003_auto'/);
	t.regex(texts.get(pathOf('users', '0003_auto'))!, /'users', '0002_auto'/);
});

test('run_before and replaces follow, too', t => {
	const {texts} = meet({
		base: tree({shop: '0001_initial', blog: '0001_initial'}),
		sides: [
			tree({shop: '0002_a(0001_initial)', blog: '0002_m(0001_initial)'}),
			tree({shop: '0002_b(0001_initial)', blog: '0002_n(0001_initial){shop.0002_b}'}),
		],
	});
	t.regex(texts.get(pathOf('blog', '0003_n'))!, /run_before = \[\n {8}\('shop', '0003_b'\)/);
});

test('max_migration.txt says the leaf, also where git saw no conflict in it', t => {
	const max = (name: string) => ({'shop/migrations/max_migration.txt': `${name}\r\n`});
	const {texts, plan} = meet({
		base: {...tree(BASE), ...max('0002_price')},
		sides: [
			{...saying('0003_a', 'x', '0002_price'), ...max('0003_a')},
			{...saying('0003_a', 'y', '0002_price'), ...max('0003_a')},
		],
	});
	t.is(texts.get('shop/migrations/max_migration.txt'), '0004_a\r\n');
	t.true(plan.steps.some(step => step.kind === 'max-migration' && step.to === '0004_a'));
});

test('a max_migration.txt that was wrong before is not this meeting’s business', t => {
	const max = {'shop/migrations/max_migration.txt': '0001_nonsense\n'};
	const story = {base: {...tree(BASE), ...max}, sides: [tree('0003_a(0002_price)'), {}]};
	t.deepEqual(meet(story).plan.changes, []);
	t.is(meet({...story, options: {refreshAll: true}}).texts.get('shop/migrations/max_migration.txt'), '0003_a\n');
});
