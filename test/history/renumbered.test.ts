import test from 'ava';
import {identityIn, renamedSince} from '../../src/history/renumbered.ts';
import {isVersionOf} from '../../src/history/signature.ts';
import {shelf, type Texts} from '../helpers/library.ts';
import {moduleText, pathOf, tree} from '../helpers/notation.ts';

const short = (path: string) => path.replace(/^shop\/migrations\/|\.py$/g, '');
const a = (name: string, ...parents: readonly string[]) => ({
	[pathOf('shop', name)]: moduleText({name, dependencies: parents.map(parent => `shop.${parent}`)}, 'a'),
});

/** Name → before, after, and the pairs `old > new`. */
const rows: Readonly<Record<string, readonly [before: Texts, after: Texts, pairs: readonly string[]]>> = {
	'nothing moved': [tree('0001_initial <- 0002_a'), tree('0001_initial <- 0002_a'), []],
	'one got another number': [tree('0001_initial <- 0002_a'), tree('0001_initial <- 0002_b <- 0003_a'), ['0002_a > 0003_a']],
	'one got another name altogether': [a('0002_a'), a('0007_other'), ['0002_a > 0007_other']],
	'a chain': [tree('0002_a <- 0003_b'), tree('0004_a <- 0005_b'), ['0002_a > 0004_a', '0003_b > 0005_b']],
	'it was deleted, and another one came': [tree('0002_a'), tree('0002_b'), []],
	'a copy is no renumbering': [a('0002_a'), {...a('0002_a'), ...a('0005_a')}, []],
	'its old name went to another one': [
		a('0002_a'),
		{...a('0003_a', '0002_a'), [pathOf('shop', '0002_a')]: moduleText({name: '0002_a', dependencies: []}, 'else')},
		['0002_a > 0003_a'],
	],
	'it was edited where it is': [
		a('0002_a'),
		{[pathOf('shop', '0002_a')]: moduleText({name: '0002_a', dependencies: []}, 'else')},
		[],
	],
	// 0002_a ──┐                        0005_a ──┐
	// 0002_b ──┴── 0003_merge    →      0006_b ──┴── 0007_merge
	'a merge goes where its parents went': [
		tree('0002_a, 0002_b, 0003_merge(0002_a 0002_b)'),
		tree('0005_a, 0006_b, 0007_merge(0005_a 0006_b)'),
		['0002_a > 0005_a', '0002_b > 0006_b', '0003_merge > 0007_merge'],
	],
	'a merge of a merge, too': [
		tree('0002_a, 0002_b, 0003_merge(0002_a 0002_b), 0003_c, 0004_merge(0003_merge 0003_c)'),
		tree('0005_a, 0005_b, 0006_merge(0005_a 0005_b), 0003_c, 0007_merge(0006_merge 0003_c)'),
		['0002_a > 0005_a', '0002_b > 0005_b', '0003_merge > 0006_merge', '0004_merge > 0007_merge'],
	],
	'another merge is another merge': [
		tree('0002_a, 0002_b, 0003_merge(0002_a 0002_b)'),
		tree('0005_a, 0002_b, 0003_c, 0006_merge(0003_c 0002_b)'),
		['0002_a > 0005_a'],
	],
	'what cannot be read is never paired': [{[pathOf('shop', '0002_a')]: 'class ('}, {[pathOf('shop', '0003_a')]: 'class ('}, []],
	'helpers are nobody’s business': [{'shop/migrations/_x.py': 'X = 1\n'}, {'shop/migrations/_y.py': 'X = 1\n'}, []],
};

for (const [name, [before, after, pairs]] of Object.entries(rows)) {
	test(name, t => {
		const library = shelf();
		const found = renamedSince(library.tree(before), library.tree(after), library);
		t.deepEqual(found.map(({from, to}) => `${short(from)} > ${short(to)}`).sort(), [...pairs]);
	});
}

test('the identity is the text without edges and line ends; without operations it keeps the dependencies', t => {
	const library = shelf();
	const identity = (text: string) => identityIn(library, library.file(text));
	const text = moduleText({name: '0002_a', dependencies: ['shop.0001_initial']});
	t.is(identity(text), identity(text.replace('0001_initial', '0007_else').replaceAll('\n', '\r\n')));
	t.not(identity(text), identity(text.replace('default=0', 'default=1')));
	const merge = moduleText({name: '0003_merge', dependencies: ['shop.0002_a', 'shop.0002_b']});
	t.not(identity(merge), identity(merge.replace('0002_b', '0002_c')));
	t.is(identity('nothing to read'), null);
});

const base = moduleText({name: '', dependencies: ['shop.0001_initial']}, 'price');
const versions: readonly (readonly [what: string, text: string, isVersion: boolean])[] = [
	['another parent', base.replace('0001_initial', '0002_else'), true],
	['another default', base.replace('default=0', 'default=7'), true],
	['other quotes', base.replaceAll("'", '"'), true],
	['comments', base.replace('class', '# why\nclass'), true],
	['another field', base.replace("name='price'", "name='cost'"), false],
	['another model', base.replace("model_name='item'", "model_name='order'"), false],
	['another operation', base.replace('AddField', 'AlterField'), false],
];

for (const [what, text, isVersion] of versions) {
	test(`${what}: ${isVersion ? 'the same migration, edited' : 'another migration'}`, t => {
		t.is(isVersionOf(base, text), isVersion);
	});
}
