import test from 'ava';
import {compareEnvironments, type Drift} from '../../src/database/drift.ts';
import {readListing} from '../../src/database/showmigrations.ts';
import {type Edges, filesOf, treeOf} from '../migrations/tree.ts';

/** Environments by name, each the text of its showmigrations; the tree by its nodes. */
function compare(nodes: Readonly<Record<string, readonly string[] | Edges>>, texts: Readonly<Record<string, string>>) {
	const environments = Object.entries(texts).map(([name, text]) => ({name, listing: readListing(text)!}));
	return compareEnvironments(environments, {...treeOf(filesOf(nodes)), whereabouts: () => null});
}

const brief = ({kind, nodes, environments, next}: Drift) =>
	`${kind} ${nodes.join(',')} in ${environments.join(',')}${next ? `: ${next.environment}> ${next.command}` : ''}`;
const plan = (...lines: readonly string[]) => lines.map(line => `[${line[0] === '+' ? 'X' : ' '}]  ${line.slice(1)}`).join('\n');

const CHAIN = {'shop.0001': [], 'shop.0002': ['shop.0001'], 'shop.0003': ['shop.0002']};

test('nothing differs', t => {
	const text = plan('+shop.0001', '+shop.0002', '-shop.0003');
	t.deepEqual(compare(CHAIN, {staging: text, production: text}), {leaves: [], drifts: []});
});

test('one is behind, and what it has to apply', t => {
	const {leaves, drifts} = compare(CHAIN, {
		staging: plan('+shop.0001', '+shop.0002', '+shop.0003'),
		production: plan('+shop.0001', '-shop.0002', '-shop.0003'),
	});
	t.deepEqual(leaves, [
		{
			app: 'shop',
			leaves: [
				{environment: 'staging', nodes: ['shop.0003']},
				{environment: 'production', nodes: ['shop.0001']},
			],
		},
	]);
	t.deepEqual(drifts.map(brief), ['behind shop.0002,shop.0003 in production: production> migrate shop 0003']);
});

test('older code, and a migration that no file answers to', t => {
	const {drifts} = compare(CHAIN, {
		staging: plan('+shop.0001', '+shop.0002', '+shop.0003', '+shop.0003_hotfix'),
		production: plan('+shop.0001', '+shop.0002'),
	});
	t.deepEqual(drifts.map(brief), [
		'vanished shop.0003_hotfix in staging: staging> showmigrations shop',
		'code shop.0003 in production: production> migrate shop',
	]);
});

const DIAMOND = {
	'shop.0001': [],
	'shop.0002_a': ['shop.0001'],
	'shop.0002_b': ['shop.0001'],
	'shop.0003_merge': {dependencies: ['shop.0002_a', 'shop.0002_b'], operations: ''},
};

test('a merge that was never applied, alone or beside another environment', t => {
	const half = plan('+shop.0001', '+shop.0002_a', '+shop.0002_b', '-shop.0003_merge');
	t.deepEqual(compare(DIAMOND, {production: half}).drifts.map(brief), [
		'orphaned-merge shop.0003_merge in production: production> migrate shop 0003_merge',
	]);
	// Verbosity 2 says it without the tree.
	const verbose =
		'[X]  shop.0001\n[X]  shop.0002_a ... (shop.0001)\n[X]  shop.0002_b ... (shop.0001)\n[ ]  shop.0003_m ... (shop.0002_a, shop.0002_b)';
	t.deepEqual(compare({}, {production: verbose}).drifts.map(brief), [
		'orphaned-merge shop.0003_m in production: production> migrate shop 0003_m',
	]);
	t.deepEqual(compare(DIAMOND, {production: plan('+shop.0001', '+shop.0002_a', '-shop.0002_b', '-shop.0003_merge')}).drifts, []);
});

test('a fork, and a child without its parent', t => {
	const {drifts} = compare(DIAMOND, {production: plan('+shop.0001', '-shop.0002_a', '+shop.0002_b')});
	t.deepEqual(drifts.map(brief), ['fork shop.0002_a,shop.0002_b in production: production> migration-guard fix']);
	t.deepEqual(
		compare(CHAIN, {production: plan('+shop.0001', '-shop.0002', '+shop.0003')}).drifts.map(
			({kind, nodes}) => `${kind} ${nodes}`,
		),
		['gap shop.0003,shop.0002'],
	);
});

test('a squash that is applied in part, or not recorded', t => {
	const nodes = {...CHAIN, 'shop.0001_squashed_0003': {replaces: ['shop.0001', 'shop.0002', 'shop.0003']}};
	t.deepEqual(compare(nodes, {production: plan('+shop.0001', '-shop.0002', '-shop.0003')}).drifts.map(brief), [
		'half-squash shop.0001_squashed_0003,shop.0002,shop.0003 in production: production> migrate shop 0003',
	]);
	const list = "shop\n [-] 0001_squashed_0003 (3 squashed migrations) Run 'manage.py migrate' to finish recording.\n";
	t.deepEqual(compare(nodes, {production: list}).drifts.map(brief), [
		'half-squash shop.0001_squashed_0003 in production: production> migrate shop',
	]);
	// What a squash stands for is applied with it.
	const both = compare(nodes, {staging: plan('+shop.0001_squashed_0003'), old: plan('+shop.0001', '+shop.0002', '+shop.0003')});
	t.deepEqual(both.drifts.map(brief), ['code shop.0001_squashed_0003 in old: old> migrate shop']);
});

test('another order: by the times, else by the plans', t => {
	const list = (a: string, b: string) =>
		`shop\n [X] 0001 (applied at 2024-01-01 00:00:00)\n [X] 0002_a (applied at ${a})\n [X] 0002_b (applied at ${b})\n [X] 0003_merge (applied at 2024-02-01 00:00:00)\n`;
	const staging = list('2024-01-02 00:00:00', '2024-01-03 00:00:00');
	const production = list('2024-01-05 00:00:00', '2024-01-04 00:00:00');
	t.deepEqual(compare(DIAMOND, {staging, production}).drifts.map(brief), ['order shop.0002_a,shop.0002_b in staging,production']);
	t.deepEqual(compare(DIAMOND, {staging, production: list('2024-01-05 00:00:00', '2024-01-05 00:00:00')}).drifts, []);
	t.deepEqual(
		compare(DIAMOND, {
			staging: plan('+shop.0001', '+shop.0002_a', '+shop.0002_b', '+shop.0003_merge'),
			production: plan('+shop.0001', '+shop.0002_b', '+shop.0002_a', '+shop.0003_merge'),
		}).drifts.map(brief),
		['order shop.0002_a,shop.0002_b in staging,production'],
	);
});

test('an app that was not asked for is not missing', t => {
	const {drifts, leaves} = compare(CHAIN, {staging: plan('+shop.0001', '+pay.0001'), production: plan('+shop.0001')});
	t.deepEqual([drifts, leaves], [[], []]);
});
