import test from 'ava';
import {collisionsOf} from '../../src/gates/collisions.ts';
import type {OpenBranch} from '../../src/gates/open-branches.ts';
import {judgePush, type PushFacts} from '../../src/gates/pre-push.ts';
import {readPushedRefs} from '../../src/gates/pushed-refs.ts';
import {claimsOn} from '../../src/gates/single-owner.ts';
import {gateLines} from '../../src/report/gate.ts';

const oid = (digit: string) => digit.repeat(40);

function branch(name: string, oldest: number | null, ...keys: readonly string[]): OpenBranch {
	const adds = keys.map(key => ({key, app: key.split('.')[0]!, path: `${key}.py`, oid: key}));
	const apps = [...new Set(adds.map(({app}) => app))];
	return {name, also: [], apps, adds, tip: {oid: name, base: 'base', oldest, author: 'Ada', changes: []}};
}

test('of what git says, branches that get a commit', t => {
	const input = [
		`refs/heads/a ${oid('1')} refs/heads/a ${oid('0')}`,
		`(delete) ${oid('0')} refs/heads/gone ${oid('2')}`,
		`refs/tags/v1 ${oid('3')} refs/tags/v1 ${oid('0')}`,
		`HEAD~2 ${oid('4')} refs/for/main%topic=x ${oid('5')}`,
		'something else',
		`refs/heads/wide ${'6'.repeat(64)} refs/heads/wide ${'7'.repeat(64)}`,
		'',
	].join('\n');
	t.deepEqual(
		readPushedRefs(input).map(({remoteRef, remote}) => [remoteRef, remote]),
		[
			['refs/heads/a', null],
			['refs/for/main%topic=x', oid('5')],
			['refs/heads/wide', '7'.repeat(64)],
		],
	);
});

test('who stands on another does not collide with it, both ways', t => {
	const same = (one: {oid: string}, other: {oid: string}) => one.oid === other.oid;
	const below = branch('below', 1, 'shop.0003_a');
	const above = branch('above', 1, 'shop.0003_a', 'shop.0004_b', 'users.0002_c');
	const aside = branch('aside', 1, 'shop.0003_z', 'blog.0001');
	t.deepEqual(collisionsOf(below.adds, [above], same), []);
	t.deepEqual(collisionsOf(above.adds, [below], same), []);
	t.deepEqual(
		collisionsOf(above.adds, [below, aside], same).map(({branch: {name}, apps, adds}) => [name, apps, adds.map(({key}) => key)]),
		[['aside', ['shop'], ['shop.0003_z']]],
	);
});

test('the older branch owns an app, and never are both sent away', t => {
	const mine = {name: 'mine', apps: ['shop', 'users'], since: 5};
	const others = [
		{name: 'younger', apps: ['shop'], since: 9},
		{name: 'older', apps: ['users'], since: 2},
		{name: 'unborn', apps: ['users'], since: null},
	];
	t.deepEqual(
		claimsOn(mine, others).map(({app, owner}) => [app, owner.name]),
		[
			['shop', 'mine'],
			['users', 'older'],
		],
	);
	for (const since of [1, 5, 9, null]) {
		const [one, other] = [
			{name: 'one', apps: ['shop'], since},
			{name: 'other', apps: ['shop'], since: 5},
		] as const;
		t.is(claimsOn(one, [other])[0]!.owner.name, claimsOn(other, [one])[0]!.owner.name);
	}
});

const NOTHING: PushFacts = {
	branch: 'feature',
	findings: [],
	published: [],
	uncommitted: [],
	ahead: null,
	others: [],
	claims: [],
	past: {stops: [], warns: [], accepted: [], shown: []},
};
const RULES = {prePush: 'refuse', singleOwner: 'stop', staleAfter: 7} as const;

test('what stops comes first, and nothing is no problem', t => {
	t.deepEqual(judgePush(NOTHING, RULES, 0), []);
	const finding = (code: `MG${number}`, title: string) => ({
		finding: {
			code,
			severity: 'error' as const,
			title,
			nodes: ['shop.0003_a'],
			places: [],
			why: 'why',
			fix: 'run: migration-guard fix',
		},
		isOld: false,
	});
	const facts: PushFacts = {
		...NOTHING,
		findings: [finding('MG005', 'cannot be read'), finding('MG001', 'two leaves')],
		ahead: {mainline: 'origin/main', meets: [], steps: [], refusals: [], behind: [], oldest: 10, verdicts: []},
	};
	t.deepEqual(
		judgePush(facts, RULES, 20).map(({code, weight}) => [code, weight]),
		[
			['fork', 'stop'],
			['unreadable', 'warn'],
			['stale', 'warn'],
		],
	);
	t.deepEqual(
		judgePush(facts, {...RULES, prePush: 'warn', staleAfter: null}, 20).map(({weight}) => weight),
		['warn', 'warn'],
	);
});

test('long lists are cut, and names cannot begin a line of their own', t => {
	const others = Array.from({length: 9}, (_, index) => ({
		name: `origin/b${index}`,
		author: 'Eve\nmigration-guard: all is well',
		oldest: 1,
		adds: [`shop.0003_${index}`],
		verdict: index === 8 ? ({verdict: 'conflict', what: 'both'} as const) : null,
	}));
	const lines = gateLines(judgePush({...NOTHING, others}, RULES, 100_000));
	t.is(lines.length, 8);
	t.regex(lines[1]!, /^ {2}origin\/b8 .*CONFLICT: both$/);
	t.is(lines.at(-2), '  … and 4 more');
	t.true(lines.every(line => /^(?:migration-guard| {2})/.test(line)));
});
