import test from 'ava';
import {withFrozenNames} from '../../src/history/frozen.ts';
import {shelf} from '../helpers/library.ts';
import {meet, meetingFor, type Story} from '../helpers/meet.ts';
import {moduleText, pathOf, tree} from '../helpers/notation.ts';

const BASE = '0001_initial <- 0002_price <- 0003_stock';
const STOCK = pathOf('shop', '0003_stock');
const renumbered = (number: string) => ({[STOCK]: null, ...tree(`${number}_stock(0002_price)`)});

interface Row extends Omit<Story, 'base'> {
	readonly isPublished?: boolean;
	readonly frozen: readonly string[];
	readonly outcome: string;
}

const rows: Readonly<Record<string, Row>> = {
	// 0003_stock* is published; the branch calls it 0004_stock and goes on from there
	'a branch renumbered what is published': {
		sides: ['0004_a(0003_stock)', {...renumbered('0004'), ...tree('0005_b(0004_stock)')}],
		frozen: ['1: 0004_stock is 0003_stock'],
		outcome: `${BASE} <- 0004_a <- 0005_b`,
	},
	'whichever parent it is': {
		sides: [{...renumbered('0004'), ...tree('0005_b(0004_stock)')}, '0004_a(0003_stock)'],
		published: [1],
		frozen: ['0: 0004_stock is 0003_stock'],
		outcome: `${BASE} <- 0004_a <- 0005_b`,
	},
	'a branch renumbered what is not published: its good right': {
		sides: [{}, renumbered('0004')],
		isPublished: false,
		frozen: [],
		outcome: '0001_initial <- 0002_price <- 0004_stock',
	},
	'both renumbered it': {
		sides: [renumbered('0004'), renumbered('0004')],
		frozen: [],
		outcome: '0001_initial <- 0002_price <- 0004_stock',
	},
	'the user has settled it': {
		sides: ['0004_a(0003_stock)', renumbered('0004')],
		resolved: {[pathOf('shop', '0004_stock')]: moduleText({name: '0004_stock', dependencies: ['shop.0002_price']}, 'settled')},
		frozen: [],
		outcome: '0001_initial <- 0002_price <- 0004_stock <- 0004_a',
	},
	'the branch gave the published name to one of its own: bringing it back would lose that one': {
		sides: [
			{},
			{
				[STOCK]: moduleText({name: '0003_stock', dependencies: ['shop.0002_price']}, 'other'),
				[pathOf('shop', '0004_stock')]: moduleText({name: '0004_stock', dependencies: ['shop.0003_stock']}),
			},
		],
		frozen: [],
		outcome: `${BASE} <- 0004_stock`,
	},
};

for (const [name, {isPublished = true, frozen, outcome, ...story}] of Object.entries(rows)) {
	test(name, t => {
		const library = shelf();
		const base = tree(BASE);
		const found = withFrozenNames(meetingFor({base, ...story}, library), library, () => isPublished);
		const short = (path: string) => path.replace(/.*\/|\.py$/g, '');
		t.deepEqual(
			found.frozen.map(({side, called, published}) => `${side}: ${short(called)} is ${short(published)}`),
			[...frozen],
		);
		for (const {published, called, side} of found.frozen) {
			t.deepEqual(found.meeting.sides[side]!.get(published), found.meeting.base.get(published));
			t.false([...found.meeting.sides, found.meeting.git, found.meeting.result].some(files => files.has(called)));
		}
		t.is(meet({base, ...story, options: {isPublished: () => isPublished}}, library).history(), outcome);
	});
}
