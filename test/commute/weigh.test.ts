import test from 'ava';
import {type Handling, weigh} from '../../src/commute/weigh.ts';
import type {Verdict, Work} from '../../src/state/work.ts';

const work = (key: string): Work => ({
	key,
	path: `${key}.py`,
	operation: {app: key.split('.')[0]!, model: null, line: 1, title: 'it', text: 'it', kind: 'Harmless'},
});

const verdict = (mainline: string, incoming: string, is: Verdict['verdict'] = 'conflict'): Verdict => ({
	verdict: is,
	reason: 'fails',
	mainline: work(mainline),
	incoming: work(incoming),
	what: '',
	next: '',
});

const DEFAULT: Handling = {conflicts: 'stop', reviews: 'warn', ignore: []};

test('a conflict stops and a review warns, unless they are told otherwise', t => {
	const [conflict, review] = [verdict('a.0001_x', 'a.0001_y'), verdict('a.0001_x', 'a.0001_y', 'review')];
	t.deepEqual(weigh([conflict, review], DEFAULT), {stops: [conflict], warns: [review], accepted: []});
	t.deepEqual(weigh([conflict, review], {...DEFAULT, conflicts: 'warn', reviews: 'off'}), {
		stops: [],
		warns: [conflict],
		accepted: [],
	});
});

const ACCEPTED: [code: string, target: string, mainline: string, incoming: string, is: boolean][] = [
	['MG201', 'a.0003_x...a.0003_y', 'a.0003_x', 'a.0003_y', true],
	['MG201', 'a.0003_y...a.0003_x', 'a.0003_x', 'a.0003_y', true],
	['MG201', 'a.0003_x...a.0003_y', 'a.0003_x', 'a.0004_y', true],
	['MG201', 'a.0003_x...a.0003_y', 'a.0003_x', 'b.0003_y', false],
	['MG201', 'a.0003_x...a.0003_y', 'a.0003_x', 'a.0003_z', false],
	['MG202', 'a.0003_x...a.0003_y', 'a.0003_x', 'a.0003_y', false],
	['MG201', 'a', 'a.0003_x', 'a.0003_y', true],
	['MG201', 'a', 'a.0003_x', 'b.0003_y', false],
];

for (const [code, target, mainline, incoming, is] of ACCEPTED) {
	test(`${code} ${target} ${is ? 'accepts' : 'does not accept'} ${mainline} and ${incoming}`, t => {
		const one = verdict(mainline, incoming);
		const ignore = [{code, target, reason: 'known'}];
		t.deepEqual(weigh([one], {...DEFAULT, ignore}).accepted, is ? [{verdict: one, reason: 'known'}] : []);
	});
}
