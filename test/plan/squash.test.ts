import test from 'ava';
import {questionFor} from '../helpers/judge.ts';
import {meet, type Story} from '../helpers/meet.ts';
import {nodesOf} from '../helpers/notation.ts';
import type {MigrationFiles} from '../helpers/reader.ts';
import {ask, eachDjango} from '../referee/django.ts';

const BASE = '0001_initial <- 0002_price';
const SQUASH = '0001_squashed_0002_price[0001_initial 0002_price]';

/** Two histories of `shop` in the notation of the helpers; the first is mainline's. */
interface Row {
	readonly base?: string;
	readonly mainline: string;
	readonly incoming: string;
	readonly published?: boolean;
	readonly outcome: string;
	readonly refused?: readonly string[];
}

const rows: Readonly<Record<string, Row>> = {
	'mainline squashed, the branch depends on the last replaced one': {
		mainline: SQUASH,
		incoming: '0003_b(0002_price)',
		outcome: '0001_squashed_0002_price <- 0003_b',
	},
	'mainline squashed and went on': {
		mainline: `${SQUASH} <- 0003_a`,
		incoming: '0003_b(0002_price) <- 0004_c',
		outcome: '0001_squashed_0002_price <- 0003_a <- 0004_b <- 0005_c',
	},
	'mainline went on and squashed all of it, the branch depends on one in the middle': {
		mainline: '0003_a(0002_price), 0001_squashed_0003_a[0001_initial 0002_price 0003_a]',
		incoming: '0003_b(0002_price)',
		outcome: '0001_squashed_0003_a <- 0004_b',
	},
	'mainline went on, squashed all of it and went on': {
		mainline: '0003_a(0002_price), 0001_squashed_0003_a[0001_initial 0002_price 0003_a] <- 0004_d',
		incoming: '0003_b(0002_price) <- 0004_c',
		outcome: '0001_squashed_0003_a <- 0004_d <- 0005_b <- 0006_c',
	},
	'mainline squashed the end of its history': {
		mainline: '0003_a(0002_price), 0002_squashed_0003_a(0001_initial)[0002_price 0003_a]',
		incoming: '0003_b(0002_price)',
		outcome: '0001_initial <- 0002_squashed_0003_a <- 0004_b',
	},
	'the branch squashed what mainline did not extend': {
		mainline: '',
		incoming: `${SQUASH} <- 0003_b`,
		outcome: '0001_squashed_0002_price <- 0003_b',
	},
	'the branch squashed, mainline extended the last replaced one': {
		mainline: '0003_a(0002_price)',
		incoming: SQUASH,
		outcome: '0001_squashed_0002_price <- 0003_a',
	},
	'the branch squashed and went on, mainline extended the last replaced one': {
		mainline: '0003_a(0002_price)',
		incoming: `${SQUASH} <- 0003_b`,
		outcome: '0001_squashed_0002_price <- 0003_a <- 0004_b',
	},
	'the branch went on and squashed its own along, mainline extended one in the middle': {
		mainline: '0003_a(0002_price)',
		incoming: '0003_b(0002_price), 0001_squashed_0003_b[0001_initial 0002_price 0003_b]',
		refused: ['squash-extended'],
		outcome: '0001_squashed_0003_b <- 0003_a',
	},
	'the branch squashed only its own': {
		mainline: '0003_a(0002_price)',
		incoming: '0003_b(0002_price) <- 0004_c, 0003_squashed_0004_c(0002_price)[0003_b 0004_c] <- 0005_d',
		outcome: `${BASE} <- 0003_a <- 0004_squashed_0005_c <- 0006_d`,
	},
	'mainline squashed old ones, the branch its own': {
		mainline: SQUASH,
		incoming: '0003_b(0002_price) <- 0004_c, 0003_squashed_0004_c(0002_price)[0003_b 0004_c]',
		outcome: '0001_squashed_0002_price <- 0003_squashed_0004_c',
	},
	'both squashed, one of them more': {
		base: `${BASE} <- 0003_old`,
		mainline: SQUASH,
		incoming: '0002_squashed_0003_old(0001_initial)[0002_price 0003_old]',
		refused: ['squashes-overlap'],
		outcome: '0001_squashed_0002_price <- 0002_squashed_0003_old',
	},
	'both squashed the same under two names': {
		mainline: SQUASH,
		incoming: '0001_squashed_all[0001_initial 0002_price]',
		refused: ['squashes-overlap'],
		outcome: '0001_squashed_0002_price, 0001_squashed_all()',
	},
	'published on both sides: a squash, and work on what it replaced': {
		mainline: '0003_a(0002_price), 0001_squashed_0003_a[0001_initial 0002_price 0003_a]',
		incoming: '0003_b(0002_price)',
		published: true,
		outcome: '0001_squashed_0003_a <- 0003_b, 0004_merge_0001_squashed_0003_a_0003_b(0001_squashed_0003_a 0003_b)',
	},
};

function storyOf({base = BASE, mainline, incoming, published}: Row): Story {
	return {base, sides: [mainline, incoming], published: published ? [0, 1] : [0]};
}

for (const [name, row] of Object.entries(rows)) {
	test(name, t => {
		const met = meet(storyOf(row));
		t.deepEqual(met.refused, row.refused ?? []);
		t.is(met.history(), row.outcome);
		if (row.refused) t.deepEqual(met.plan.changes, []);
	});
}

/** The databases mainline may have: each beginning of its history with the old names, and the whole with the new one. */
function databasesOf({base = BASE, mainline}: Row): [string, string][][] {
	const nodes = [...nodesOf('shop', base), ...nodesOf('shop', mainline)];
	const squashes = nodes.filter(({replaces}) => replaces.length > 0);
	const order: string[] = [];
	for (let rest = nodes.filter(node => !squashes.includes(node)); rest.length > 0; ) {
		const done = (key: string): boolean =>
			order.includes(key) || (squashes.find(({app, name: own}) => `${app}.${own}` === key)?.replaces.every(done) ?? false);
		const next = rest.find(({dependencies}) => dependencies.every(done))!;
		order.push(`shop.${next.name}`);
		rest = rest.filter(node => node !== next);
	}
	const rowsOf = (keys: readonly string[]) => keys.map(key => key.split('.') as [string, string]);
	const beginnings = Array.from({length: order.length + 1}, (_, length) => rowsOf(order.slice(0, length)));
	return [...beginnings, rowsOf([...order, ...squashes.map(({app, name}) => `${app}.${name}`)])];
}

test('real Django migrates every database that mainline may have, and finds no fork in any', async t => {
	const judged = Object.entries(rows).filter(([, {refused}]) => !refused);
	await eachDjango(t, async django => {
		const questions = judged.map(([, row]) => ({
			...questionFor(withoutOperations(meet(storyOf(row)).texts)),
			contrib: [],
			databases: databasesOf(row),
		}));
		const verdicts = await ask(django, questions);
		for (const [index, {error, conflicts, databases = []}] of verdicts.entries()) {
			const about = `Django ${django.version}: ${judged[index]![0]}`;
			t.is(error, null, about);
			t.deepEqual(conflicts, {}, about);
			t.true(databases.length > 0);
			for (const [number, verdict] of databases.entries())
				t.deepEqual(
					verdict,
					{conflicts: {}, left: [], error: null},
					`${about}: ${questions[index]!.databases[number]!.join(' ')}`,
				);
		}
	});
});

/** Only the graph is asked about, and some of the operations are made up. */
function withoutOperations(files: MigrationFiles): MigrationFiles {
	return new Map([...files].map(([path, text]) => [path, text.replace(/operations = \[[\s\S]*?\n {4}\]/, 'operations = []')]));
}
