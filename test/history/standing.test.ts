import test from 'ava';
import {meetingWithin, standingForks} from '../../src/history/standing.ts';
import {writeCarry} from '../../src/migrations/carry.ts';
import {buildGraph} from '../../src/migrations/graph.ts';
import {shelf, type Texts} from '../helpers/library.ts';
import {optionsFor, planned} from '../helpers/meet.ts';
import {moduleText, pathOf, tree} from '../helpers/notation.ts';

interface Row {
	readonly files: string | Texts;
	/** Leaf → what leads to it alone. */
	readonly arms: Readonly<Record<string, readonly string[]>>;
	/** The history once it is linear. */
	readonly outcome: string;
}

const rows: Readonly<Record<string, Row>> = {
	'a chain is no fork': {files: '0001 <- 0002_a', arms: {}, outcome: '0001 <- 0002_a'},
	// 0001 ──┬── 0002_a
	//        └── 0002_b ── 0003_c
	'two arms': {
		files: '0001 <- 0002_a, 0002_b(0001) <- 0003_c',
		arms: {'0002_a': ['0002_a'], '0003_c': ['0002_b', '0003_c']},
		outcome: '0001 <- 0002_a <- 0003_b <- 0004_c',
	},
	// 0001 ──┬── 0002_a
	//        ├── 0002_b
	//        └── 0002_c
	'three arms': {
		files: '0001 <- 0002_a, 0002_b(0001), 0002_c(0001)',
		arms: {'0002_a': ['0002_a'], '0002_b': ['0002_b'], '0002_c': ['0002_c']},
		outcome: '0001 <- 0002_a <- 0003_b <- 0004_c',
	},
	// 0001 ──┬── 0002_a
	//        └── 0002_b ── [0002_squashed_0002_b]
	'a squash takes along what it replaces': {
		files: '0001 <- 0002_a, 0002_b(0001), 0002_squashed_0002_b(0001)[0002_b]',
		arms: {'0002_a': ['0002_a'], '0002_squashed_0002_b': ['0002_squashed_0002_b']},
		outcome: '0001 <- 0002_a <- 0003_squashed_0003_b',
	},
	// 0001 ── 0002_m ──┬── 0003_a
	//    └── 0002_n ───┴── 0003_b     0003_b follows both
	'what lies under all leaves is common, the rest is an arm’s': {
		files: '0001 <- 0002_m <- 0003_a, 0002_n(0001), 0003_b(0002_m 0002_n)',
		arms: {'0003_a': ['0003_a'], '0003_b': ['0002_n', '0003_b']},
		outcome: '0001 <- 0002_m <- 0003_a <- 0004_n, 0005_b(0002_m 0004_n)',
	},
};

for (const [name, {files, arms, outcome}] of Object.entries(rows)) {
	test(name, t => {
		const library = shelf();
		const standing = library.tree(typeof files === 'string' ? tree(files) : files);
		const project = library.load(standing);
		const forks = standingForks(buildGraph(project));
		const found = forks.flatMap(fork =>
			fork.arms.map(({leaf, nodes}) => [leaf.slice(5), nodes.map(node => node.slice(5)).sort()] as const),
		);
		t.deepEqual(Object.fromEntries(found), arms);
		const meeting = meetingWithin(standing, project, fork => fork.arms.map((_, index) => index), library);
		t.is(meeting === null, forks.length === 0);
		if (meeting) t.is(planned(meeting, library, optionsFor(library)).history(), outcome);
	});
}

test('the arm that comes first in the order stays', t => {
	const library = shelf();
	const standing = library.tree(tree('0001 <- 0002_a, 0002_b(0001)'));
	const meeting = meetingWithin(standing, library.load(standing), () => [1, 0], library)!;
	t.is(planned(meeting, library, optionsFor(library)).history(), '0001 <- 0002_b <- 0003_a');
});

test('the two files of a carry stand on two sides', t => {
	const library = shelf();
	const text = (says: string) => moduleText({name: '0002_auto', dependencies: ['shop.0001']}, says);
	const carry = writeCarry({body: Buffer.from(text('x')), carried: Buffer.from(text('y'))});
	const standing = library.tree(tree('0001'), {[pathOf('shop', '0002_auto')]: carry});
	const meeting = meetingWithin(standing, library.load(standing), () => [], library)!;
	const written = meeting.sides.map(side => library.written(side).get(pathOf('shop', '0002_auto')));
	t.deepEqual(written, [text('x'), text('y')]);
	const {texts} = planned(meeting, library, optionsFor(library));
	t.is(texts.get(pathOf('shop', '0002_auto')), text('x'));
	t.is(texts.get(pathOf('shop', '0003_auto')), text('y').replace("'0001'", "'0002_auto'"));
});
