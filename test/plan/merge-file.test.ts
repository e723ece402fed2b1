import test from 'ava';
import {readCarry, writeCarry} from '../../src/migrations/carry.ts';
import {mergeMaxMigration, mergeMigrationFile, type Pairing} from '../../src/plan/merge-file.ts';
import {moduleText} from '../helpers/notation.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const migration = (says: string, parent = '0001_initial') => moduleText({name: '', dependencies: [`shop.${parent}`]}, says);
const x = migration('x');
const y = migration('y');
const edited = (text: string) => text.replace('default=0', 'default=7');
const dynamic = x.replace(/dependencies = \[[^\]]*\]/, 'dependencies = find()');
const carry = (body: string, carried: string) =>
	Buffer.from(writeCarry({body: bytes(body), carried: bytes(carried)})).toString('latin1');

interface Row {
	readonly base?: string;
	readonly ours: string;
	readonly theirs: string;
	readonly pairing?: Pairing;
	/** `[body, carried]`, or the kind of the answer. */
	readonly answer: readonly [string, string] | 'text' | 'whole';
}

const rows: Readonly<Record<string, Row>> = {
	'both added it: both travel on': {ours: x, theirs: y, answer: [x, y]},
	'both added it, one with Windows line ends': {
		ours: x,
		theirs: y.replaceAll('\n', '\r\n'),
		answer: [x, y.replaceAll('\n', '\r\n')],
	},
	'both added it, one cannot be read': {ours: x, theirs: 'class (', answer: 'text'},
	'both added it, one with dependencies nobody can read': {ours: dynamic, theirs: y, answer: 'text'},
	'both edited it': {base: x, ours: edited(x), theirs: `# why\n${x}`, answer: 'text'},
	'both edited one path into something else': {base: x, ours: y, theirs: edited(x), pairing: 'same path', answer: 'text'},
	'git paired two migrations, and a hook will follow': {
		base: x,
		ours: y,
		theirs: edited(x),
		pairing: 'renamed, hook follows',
		answer: [y, edited(x)],
	},
	'git paired two migrations, and no hook will': {
		base: x,
		ours: y,
		theirs: edited(x),
		pairing: 'renamed, no hook',
		answer: 'whole',
	},
	'git paired a renumbered one with its edit': {
		base: x,
		ours: migration('x', '0007_z'),
		theirs: edited(x),
		pairing: 'renamed, no hook',
		answer: 'text',
	},
	'an edit of the carried file': {base: y, ours: carry(x, y), theirs: edited(y), answer: [x, edited(y)]},
	'an edit of the file that carries': {base: x, ours: carry(x, y), theirs: edited(x), answer: [edited(x), y]},
	'an edit of neither': {base: migration('z'), ours: carry(x, y), theirs: edited(x), answer: 'text'},
	'a third one of the name': {ours: carry(x, y), theirs: migration('z'), answer: 'text'},
	'they come with a carry': {ours: x, theirs: carry(x, y), answer: 'text'},
};

for (const [name, {base = '', ours, theirs, pairing = 'same path', answer}] of Object.entries(rows)) {
	test(name, t => {
		const merge = mergeMigrationFile({base: bytes(base), ours: bytes(ours), theirs: bytes(theirs)}, () => pairing);
		if (typeof answer === 'string') {
			t.deepEqual(merge, {kind: answer});
			return;
		}
		const written = merge.kind === 'merged' ? readCarry(merge.bytes) : null;
		t.true(written !== null && written !== 'damaged');
		if (written === null || written === 'damaged') return;
		t.deepEqual(
			[written.body, written.carried].map(part => Buffer.from(part).toString('latin1')),
			[...answer],
		);
	});
}

test('git is asked how it paired the files only where that matters', t => {
	const ask = (): Pairing => {
		throw new Error('asked');
	};
	t.notThrows(() => mergeMigrationFile({base: bytes(x), ours: bytes(edited(x)), theirs: bytes(x)}, ask));
	t.notThrows(() => mergeMigrationFile({base: bytes(''), ours: bytes(x), theirs: bytes(y)}, ask));
});

for (const [ours, theirs, merged] of [
	['0003_a\n', '0003_b\n', '0003_a\n0003_b\n'],
	['0003_a\r\n', '0003_b\r\n', '0003_a\n0003_b\n'],
	['0003_a\n0003_b\n', '0003_c', '0003_a\n0003_b\n0003_c\n'],
	['0003_a\n0003_b\n', '0003_b\n', '0003_a\n0003_b\n'],
] as const) {
	test(`max_migration.txt: ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`, t => {
		t.is(Buffer.from(mergeMaxMigration({base: bytes('0002\n'), ours: bytes(ours), theirs: bytes(theirs)})).toString(), merged);
	});
}
