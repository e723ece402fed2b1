import test from 'ava';
import fc from 'fast-check';
import {BEAT, GRACE, lookedAt, PATIENCE, type Pulse, type Rhythm, START, turn, type WorktreePulse} from '../../src/watch/idle.ts';

const calm: WorktreePulse = {print: 'a', head: 'main', isLocked: false, operation: null};
const pulse = (worktree: Partial<WorktreePulse> = {}, shared: Partial<Pulse> = {}): Pulse => ({
	heads: 'h',
	refs: 'r',
	isLocked: false,
	worktrees: new Map([['w', {...calm, ...worktree}]]),
	...shared,
});

/** Play sweeps, `BEAT` apart unless a time is given; what was decided at each. A look is remembered. */
function play(...sweeps: readonly (Pulse | readonly [after: number, pulse: Pulse])[]): string[] {
	let rhythm: Rhythm = START;
	let now = 0;
	return sweeps.map(sweep => {
		const [after, seen] = 'worktrees' in sweep ? [BEAT, sweep] : sweep;
		now += after;
		const decided = turn(rhythm, seen, now);
		rhythm = decided.turn.kind === 'look' ? lookedAt(decided.rhythm, seen, decided.turn.worktrees) : decided.rhythm;
		return decided.turn.kind;
	});
}

test('two equal sweeps, and it looks once', t => {
	t.deepEqual(play(pulse(), pulse(), pulse(), pulse()), ['again', 'look', 'rest', 'rest']);
});

test('sweeps too far apart say nothing of what was in between', t => {
	t.deepEqual(play(pulse(), [301, pulse()], pulse()), ['again', 'again', 'look']);
});

test('what changes is looked at when it stands still', t => {
	const sweeps = [pulse(), pulse(), pulse({print: 'b'}), pulse({print: 'c'}), pulse({print: 'c'}), pulse({print: 'c'})];
	t.deepEqual(play(...sweeps), ['again', 'look', 'again', 'again', 'look', 'rest']);
});

test('an operation or a lock: nothing is looked at until it is over', t => {
	const busy = pulse({operation: 'merge'});
	t.deepEqual(play(busy, busy, busy, pulse(), pulse()), ['again', 'rest', 'rest', 'again', 'look']);
	const locked = pulse({isLocked: true});
	t.deepEqual(play(locked, locked, pulse(), pulse()), ['again', 'again', 'again', 'look']);
	const refs = pulse({}, {isLocked: true});
	t.deepEqual(play(refs, refs, pulse(), pulse()), ['again', 'again', 'again', 'look']);
});

test('a lock that nobody takes away is waited for at rest', t => {
	const locked = pulse({isLocked: true});
	const sweeps = Array.from({length: Math.ceil(PATIENCE / BEAT) + 3}, () => locked);
	t.is(play(...sweeps).at(-1), 'rest');
});

test('a branch that moved may be in the hands of a hook for a second more; a file and a remote ref may not', t => {
	const known = [pulse(), pulse()];
	const many = (seen: Pulse) => Array.from({length: Math.ceil(GRACE / BEAT) + 2}, () => seen);
	for (const moved of [pulse({}, {heads: 'i'}), pulse({print: 'b', head: 'other'})]) {
		const decided = play(...known, ...many(moved)).slice(2);
		t.is(decided.indexOf('look'), Math.ceil(GRACE / BEAT));
	}
	for (const moved of [pulse({print: 'b'}), pulse({}, {refs: 's'})])
		t.is(
			play(...known, ...many(moved))
				.slice(2)
				.indexOf('look'),
			1,
		);
});

test('one worktree that is busy does not keep the others from being looked at', t => {
	const two = (operation: WorktreePulse['operation']) =>
		pulse(
			{},
			{
				worktrees: new Map([
					['w', calm],
					['x', {...calm, operation}],
				]),
			},
		);
	let rhythm = START;
	const seen: unknown[] = [];
	for (const [index, one] of [two('merge'), two('merge'), two('merge'), two(null), two(null)].entries()) {
		const decided = turn(rhythm, one, index * BEAT);
		rhythm = decided.turn.kind === 'look' ? lookedAt(decided.rhythm, one, decided.turn.worktrees) : decided.rhythm;
		seen.push(decided.turn);
	}
	t.deepEqual(seen, [
		{kind: 'again'},
		{kind: 'look', worktrees: ['w'], moved: []},
		{kind: 'rest'},
		{kind: 'again'},
		{kind: 'look', worktrees: ['x'], moved: []},
	]);
});

test('law: it never looks at a worktree that is not idle, and always in the end at one that changed', t => {
	const worktree = fc.record({
		print: fc.constantFrom('a', 'b'),
		head: fc.constantFrom('m', 'n'),
		isLocked: fc.boolean(),
		operation: fc.constantFrom(null, 'merge' as const),
	});
	const sweep = fc.record({
		heads: fc.constantFrom('h', 'i'),
		refs: fc.constantFrom('r', 's'),
		isLocked: fc.boolean(),
		worktrees: fc.dictionary(fc.constantFrom('v', 'w'), worktree).map(record => new Map(Object.entries(record))),
	});
	// In whatever order the worktrees are listed.
	const told = ({worktrees}: Pulse) => JSON.stringify([...worktrees].sort(([a], [b]) => (a < b ? -1 : 1)));
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.integer({min: 1, max: 600}), sweep)), sweep, (story, last) => {
			let rhythm: Rhythm = START;
			let before: Pulse | null = null;
			let now = 0;
			const quiet = {
				...last,
				isLocked: false,
				worktrees: new Map([...last.worktrees].map(([dir, one]) => [dir, {...one, isLocked: false, operation: null}])),
			};
			const looked = new Set<string>();
			const ending = Array.from({length: 12}, (): [number, Pulse] => [BEAT, quiet]);
			for (const [after, seen] of [...story, ...ending]) {
				now += after;
				const decided = turn(rhythm, seen, now);
				rhythm = decided.rhythm;
				if (decided.turn.kind === 'look') {
					for (const dir of decided.turn.worktrees) {
						const one = seen.worktrees.get(dir)!;
						if (seen.isLocked || one.isLocked || one.operation !== null) return false;
						if (after > 300 || told(before!) !== told(seen)) return false;
						if (seen === quiet) looked.add(dir);
					}
					rhythm = lookedAt(rhythm, seen, decided.turn.worktrees);
				}
				before = seen;
			}
			const known = (dir: string) => looked.has(dir) || rhythm.looked.has(dir);
			return [...quiet.worktrees.keys()].every(known) && turn(rhythm, quiet, now + BEAT).turn.kind === 'rest';
		}),
	);
	t.pass();
});
