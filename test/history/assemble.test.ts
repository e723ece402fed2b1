import test from 'ava';
import {assemble} from '../../src/history/assemble.ts';
import type {Entry} from '../../src/history/meeting.ts';
import {shelf, type Texts} from '../helpers/library.ts';
import {meetingFor, type Story} from '../helpers/meet.ts';
import {moduleText, pathOf, tree} from '../helpers/notation.ts';

const BASE = '0001_initial <- 0002_price';
const A = pathOf('shop', '0003_a');
const B = pathOf('shop', '0003_b');
const PRICE = pathOf('shop', '0002_price');

const text = (name: string, parent: string, says?: string) => moduleText({name, dependencies: [`shop.${parent}`]}, says);
const edited = (source: string) => source.replace('default=0', 'default=7');
const price = tree(BASE)[PRICE]!;

interface Row extends Omit<Story, 'base'> {
	readonly base?: Texts;
	/** Entry as `name@side`, `*` for nobody's; its text if that is the point. */
	readonly entries: Readonly<Record<string, string | null>>;
	readonly asIs?: readonly string[];
	readonly repaired?: readonly string[];
	readonly deleted?: readonly string[];
}

const old = {'0001_initial@*': null, '0002_price@*': null};

const rows: Readonly<Record<string, Row>> = {
	'nobody changed it': {sides: [{}, {}], entries: old},
	'one side added it': {sides: ['0003_a(0002_price)', {}], entries: {...old, '0003_a@0': null}},
	'all sides added it, and agree': {
		sides: ['0003_a(0002_price)', '0003_a(0002_price)'],
		entries: {...old, '0003_a@*': null},
	},
	'two of three sides added it, and agree: it is the first one’s': {
		sides: [{}, '0003_a(0002_price)', '0003_a(0002_price)'],
		entries: {...old, '0003_a@1': null},
	},
	'both sides added the path: each keeps its own file': {
		sides: [{[A]: text('0003_a', '0002_price', 'x')}, {[A]: text('0003_a', '0002_price', 'y')}],
		entries: {...old, '0003_a@0': text('0003_a', '0002_price', 'x'), '0003_a@1': text('0003_a', '0002_price', 'y')},
	},
	'both sides added the path, and one of them cannot be read: what git wrote stands': {
		sides: [{[A]: text('0003_a', '0002_price', 'x')}, {[A]: 'class Migration(\n'}],
		git: {[A]: '<<<<<<< ours\n'},
		entries: old,
		asIs: [A],
	},
	'one side edited an old one': {
		sides: [{}, {[PRICE]: edited(price)}],
		entries: {'0001_initial@*': null, '0002_price@1': edited(price)},
	},
	'both edited an old one: git’s merge of the text stands': {
		sides: [{[PRICE]: edited(price)}, {[PRICE]: `# x\n${price}`}],
		git: {[PRICE]: `# x\n${edited(price)}`},
		entries: {'0001_initial@*': null, '0002_price@*': `# x\n${edited(price)}`},
	},
	'one side deleted an old one': {
		sides: [{}, {[PRICE]: null}],
		entries: {'0001_initial@*': null},
		git: {[PRICE]: null},
		deleted: [PRICE],
	},
	'deleted here and edited there, and the user took the deletion': {
		sides: [{[PRICE]: null}, {[PRICE]: edited(price)}],
		git: {[PRICE]: edited(price)},
		resolved: {[PRICE]: null},
		entries: {'0001_initial@*': null},
		deleted: [PRICE],
	},
	'what the user wrote while resolving stands, and is the side’s whose migration it is': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)'],
		resolved: {[B]: null, [pathOf('shop', '0004_b')]: text('0004_b', '0003_a')},
		entries: {...old, '0003_a@0': null, '0004_b@1': text('0004_b', '0003_a')},
	},
	'what the user wrote anew is nobody’s': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)'],
		resolved: {[pathOf('shop', '0004_mine')]: text('0004_mine', '0003_b')},
		entries: {...old, '0003_a@0': null, '0003_b@1': null, '0004_mine@*': null},
	},
	'git put one side’s edit into a file the other added: taken out again': {
		sides: ['0003_a(0002_price)', '0003_b(0002_price)'],
		git: {[A]: edited(text('0003_a', '0002_price'))},
		entries: {...old, '0003_a@0': text('0003_a', '0002_price'), '0003_b@1': null},
		repaired: [A],
	},
	// main renumbered 0002_price to 0005_price; the branch edited it under its old name: git follows the rename, rightly
	'renumbered here and edited there: the edit at the new place': {
		sides: [{[PRICE]: null, [pathOf('shop', '0005_price')]: text('0005_price', '0001_initial')}, {[PRICE]: edited(price)}],
		git: {[PRICE]: null, [pathOf('shop', '0005_price')]: edited(text('0005_price', '0001_initial'))},
		entries: {'0001_initial@*': null, '0005_price@1': edited(price)},
	},
	// main renumbered its 0002_price and gave the old name away; the branch still means the old one by it
	'renumbered, and the old name given to another one': {
		sides: [
			{
				[PRICE]: text('0002_price', '0001_initial', 'new'),
				[pathOf('shop', '0003_price')]: text('0003_price', '0002_price', 'price'),
			},
			'0003_b(0002_price)',
		],
		entries: {'0001_initial@*': null, '0002_price@0': null, '0003_price@0': null, '0003_b@1': null},
	},
	'a file that is no migration is kept as it is': {
		sides: [{'shop/migrations/helpers.py': 'X = 1\n'}, {}],
		entries: old,
		asIs: ['shop/migrations/helpers.py'],
	},
	'git followed a renamed folder: the file belongs to who added it': {
		base: tree({shop: BASE}),
		sides: [
			{
				...Object.fromEntries(Object.keys(tree(BASE)).map(path => [path, null])),
				...Object.fromEntries(
					Object.entries(tree(BASE)).map(([path, content]) => [path.replace('shop/', 'store/shop/'), content]),
				),
			},
			'0003_b(0002_price)',
		],
		git: {[B]: null, [`store/${B}`]: text('0003_b', '0002_price')},
		entries: {'0001_initial@0': null, '0002_price@0': null, '0003_b@1': null},
	},
};

const label = ({name, side}: Entry) => `${name}@${side ?? '*'}`;

for (const [name, row] of Object.entries(rows)) {
	const {entries, asIs = [], repaired = [], deleted = [], base = tree(BASE), ...story} = row;
	test(name, t => {
		const library = shelf();
		const meeting = meetingFor({base, ...story}, library);
		const assembly = assemble(meeting, library, () => false);
		t.deepEqual(assembly.entries.map(label).sort(), Object.keys(entries).sort());
		for (const entry of assembly.entries) {
			const expected = entries[label(entry)];
			if (expected) t.is(library.source(entry.file.oid).text, expected);
		}
		t.deepEqual([...assembly.asIs], [...asIs]);
		t.deepEqual([...assembly.repaired], [...repaired]);
		t.deepEqual([...assembly.deleted], [...deleted]);
	});
}

test('each side’s names lead to what that side means', t => {
	const library = shelf();
	const meeting = meetingFor(
		{base: tree(BASE), sides: [{[A]: text('0003_a', '0002_price', 'x')}, {[A]: text('0003_a', '0002_price', 'y')}]},
		library,
	);
	const {names, anyone} = assemble(meeting, library, () => false);
	t.deepEqual(
		names.map(side => side.get('shop.0003_a')?.side),
		[0, 1],
	);
	t.is(anyone.get('shop.0003_a')?.side, 0);
	t.is(names[0]!.get('shop.0002_price'), names[1]!.get('shop.0002_price'));
});

test('an old name leads to where a side renumbered it, unless that side gave it to another one', t => {
	const library = shelf();
	const meeting = meetingFor({base: tree(BASE), ...rows['renumbered, and the old name given to another one']!}, library);
	const {names, entries} = assemble(meeting, library, () => false);
	t.deepEqual(
		entries.filter(({isNew}) => isNew).map(({name}) => name),
		['0002_price', '0003_b', '0003_price'],
	);
	t.deepEqual(
		names.map(side => side.get('shop.0002_price')?.name),
		['0002_price', '0003_price'],
	);
});

test('the edges of a migration that one side renumbered and the other edited are the renumberer’s', t => {
	const library = shelf();
	const meeting = meetingFor(
		{base: tree(BASE), ...rows['renumbered here and edited there: the edit at the new place']!},
		library,
	);
	const entry = assemble(meeting, library, () => false).entries.find(({name}) => name === '0005_price')!;
	t.is(entry.edges.side, 0);
	t.not(entry.edges.file.oid, entry.file.oid);
});
