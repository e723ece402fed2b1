import test from 'ava';
import {meetingOnto} from '../../src/history/rebased.ts';
import {writeCarry} from '../../src/migrations/carry.ts';
import {shelf, type Texts} from '../helpers/library.ts';
import {labelsOf} from '../helpers/meet.ts';
import {moduleText, pathOf, tree} from '../helpers/notation.ts';
import {rebase} from '../helpers/rebase.ts';

const FORK = tree('0001_initial');
const AUTO = pathOf('shop', '0002_auto');
const textOf = (says: string) => moduleText({name: '0002_auto', dependencies: ['shop.0001_initial']}, says);
const auto = (says: string) => ({[AUTO]: textOf(says)});

/** The two sides of a commit on top of onto. */
function sidesOf(onto: Texts, commit: Texts, options: {start?: Texts; tip?: Texts} = {}) {
	const library = shelf();
	const [fork, main, here] = [library.tree(FORK), library.tree(FORK, onto), library.tree(FORK, commit)];
	const start = library.tree(FORK, options.start ?? commit);
	const tip = options.tip ? {tip: library.tree(FORK, options.tip)} : {};
	const labels = labelsOf(library, here, fork, main);
	const meeting = meetingOnto({fork, onto: main, start, commit: here, labels, ...tip}, library);
	const names = (files: Iterable<string>) => [...files].map(path => path.replace(/.*\/|\.py$/g, '')).sort();
	return {
		library,
		meeting,
		base: names(meeting.base.keys()),
		mainline: names(meeting.sides[0]!.keys()),
		branch: names(meeting.sides[1]!.keys()),
	};
}

test('what onto has is onto’s, what only the commit has is the branch’s', t => {
	const onto = tree('0002_a(0001_initial)');
	const found = sidesOf(onto, {...onto, ...tree('0002_b(0001_initial)')});
	t.deepEqual(found.base, ['0001_initial']);
	t.deepEqual(found.mainline, ['0001_initial', '0002_a']);
	t.deepEqual(found.branch, ['0001_initial', '0002_b']);
});

for (const [name, [body, carried]] of Object.entries({
	'onto’s file carries': ['x', 'y'],
	'the branch’s file carries': ['y', 'x'],
})) {
	test(`a carry is taken apart: ${name}`, t => {
		const text = (says: string) => Buffer.from(textOf(says));
		const commit = {[AUTO]: writeCarry({body: text(body!), carried: text(carried!)})};
		const {meeting, library} = sidesOf(auto('x'), commit);
		t.deepEqual(
			meeting.sides.map(side => library.source(side.get(AUTO)!.oid).text),
			[textOf('x'), textOf('y')],
		);
		t.false(meeting.base.has(AUTO));
	});
}

test('a carry that a later commit renamed is still taken apart', t => {
	const path = pathOf('shop', '0003_auto');
	const carry = writeCarry({body: Buffer.from(textOf('x')), carried: Buffer.from(textOf('y'))});
	const {meeting, library} = sidesOf(auto('x'), {[path]: carry});
	t.is(library.source(meeting.sides[0]!.get(AUTO)!.oid).text, textOf('x'));
	t.is(library.source(meeting.sides[1]!.get(path)!.oid).text, textOf('y'));
});

test('a commit has the names and edges of the tip, where a later commit changed only those', t => {
	const onto = tree('0002_a(0001_initial)');
	const commit = {...onto, ...tree('0002_b(0001_initial)')};
	const tip = {...onto, ...tree('0003_b(0002_a)')};
	const {meeting, branch, library} = sidesOf(onto, commit, {tip});
	t.deepEqual(branch, ['0001_initial', '0003_b']);
	t.is(
		library.source(meeting.sides[1]!.get(pathOf('shop', '0003_b'))!.oid).text,
		tree('0003_b(0002_a)')[pathOf('shop', '0003_b')]!,
	);
	t.deepEqual([...meeting.renamed!], [[pathOf('shop', '0002_b'), pathOf('shop', '0003_b')]]);
});

test('not where the tip’s parent is yet to come', t => {
	const commit = tree('0002_b(0001_initial)');
	const tip = tree('0002_z(0001_initial) <- 0003_b');
	t.deepEqual(sidesOf({}, commit, {tip}).branch, ['0001_initial', '0002_b']);
});

test('what a commit deletes of onto and a later one brings back is not missing in between', t => {
	const onto = tree('0002_a(0001_initial)');
	const {mainline} = sidesOf(onto, {...tree('0003_b(0002_a)')}, {start: onto, tip: {...onto, ...tree('0003_b(0002_a)')}});
	t.deepEqual(mainline, ['0001_initial', '0002_a']);
});

/** A whole rebase: each commit's history. */
function histories(onto: Texts, ...branch: readonly Texts[]): string[] {
	const library = shelf();
	const commits = branch.map((_, index) => library.tree(FORK, ...branch.slice(0, index + 1)));
	return rebase(library, library.tree(FORK), library.tree(FORK, onto), commits).map(step => step.history());
}

const rows: Readonly<Record<string, {onto: Texts; branch: readonly Texts[]; each: readonly string[]}>> = {
	// 0001 ──┬── 0002_a
	//        └── 0002_b ── 0003_c, one commit each
	'each commit carries its own part': {
		onto: tree('0002_a(0001_initial)'),
		branch: [tree('0002_b(0001_initial)'), tree('0003_c(0002_b)')],
		each: ['0001_initial <- 0002_a <- 0003_b', '0001_initial <- 0002_a <- 0003_b <- 0004_c'],
	},
	'the same name on both sides': {
		onto: auto('x'),
		branch: [auto('y'), tree('0003_c(0002_auto)')],
		each: ['0001_initial <- 0002_auto <- 0003_auto', '0001_initial <- 0002_auto <- 0003_auto <- 0004_c'],
	},
	'the branch renumbered by hand in its last commit': {
		onto: tree('0002_a(0001_initial)'),
		branch: [tree('0002_b(0001_initial)'), {[pathOf('shop', '0002_b')]: null, ...tree('0003_b(0001_initial)')}],
		each: ['0001_initial <- 0002_a <- 0003_b', '0001_initial <- 0002_a <- 0003_b'],
	},
	'a commit without migrations of its own': {
		onto: tree('0002_a(0001_initial)'),
		branch: [{}, tree('0002_b(0001_initial)')],
		each: ['0001_initial <- 0002_a', '0001_initial <- 0002_a <- 0003_b'],
	},
};

for (const [name, {onto, branch, each}] of Object.entries(rows)) {
	test(name, t => {
		t.deepEqual(histories(onto, ...branch), [...each]);
	});
}
