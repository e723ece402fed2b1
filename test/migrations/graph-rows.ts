import type {Edges} from './tree.ts';

/** A small project, and what Django makes of it. */
export interface GraphRow {
	readonly what: string;
	readonly nodes: Readonly<Record<string, readonly string[] | Edges>>;
	/** Leaves of all apps, and the plan, as node keys; only the names when there is one app. */
	readonly leaves: string;
	readonly plan: string;
	readonly forked?: readonly string[];
	/** The first Django that gets it right. */
	readonly since?: number;
}

/** What Django's own fixtures show (tests/migrations), in other words. */
export const GRAPH_ROWS: readonly GraphRow[] = [
	{
		what: 'a chain',
		nodes: {'m.0001': [], 'm.0002': ['m.0001'], 'm.0003': ['m.0002']},
		leaves: '0003',
		plan: '0001 0002 0003',
	},
	{
		what: 'names without numbers, in the order of their dependencies',
		nodes: {'m.thefirst': [], 'm.second': ['m.thefirst', 'n.0002'], 'n.0001': ['m.thefirst'], 'n.0002': ['n.0001']},
		leaves: 'm.second n.0002',
		plan: 'm.thefirst n.0001 n.0002 m.second',
	},
	{
		what: 'names that start alike',
		nodes: {'m.a': [], 'm.ab': ['m.a']},
		leaves: 'ab',
		plan: 'a ab',
	},
	{
		what: 'a fork',
		nodes: {'m.0001': [], 'm.0002_second': ['m.0001'], 'm.0002_conflicting': ['m.0001']},
		leaves: '0002_conflicting 0002_second',
		plan: '0001 0002_conflicting 0002_second',
		forked: ['m'],
	},
	{
		what: 'a fork without a common ancestor',
		nodes: {'m.0001_initial': [], 'm.0002_second': ['m.0001_initial'], 'm.0002_conflicting': []},
		leaves: '0002_conflicting 0002_second',
		plan: '0002_conflicting 0001_initial 0002_second',
		forked: ['m'],
	},
	{
		what: 'run_before in the same app',
		nodes: {'m.0001': [], 'm.0002': ['m.0001'], 'm.0003': {dependencies: ['m.0001'], runBefore: ['m.0002']}},
		leaves: '0002',
		plan: '0001 0003 0002',
	},
	{
		what: 'run_before in another app',
		nodes: {'m.0001': [], 'n.0001': {runBefore: ['m.0001']}},
		leaves: 'm.0001 n.0001',
		plan: 'n.0001 m.0001',
	},
	{
		what: 'a squash and its targets',
		nodes: {
			'm.0001': [],
			'm.0002': ['m.0001'],
			'm.0001_squashed_0002': {replaces: ['m.0001', 'm.0002']},
			'm.0003': ['m.0002'],
		},
		leaves: '0003',
		plan: '0001_squashed_0002 0003',
	},
	{
		what: 'a squash whose targets are gone',
		nodes: {'m.0001_squashed_0002': {replaces: ['m.0001', 'm.0002']}, 'm.0003': ['m.0002']},
		leaves: '0003',
		plan: '0001_squashed_0002 0003',
	},
	{
		what: 'one node upon the squash and one upon its target',
		nodes: {
			'm.0001': [],
			'm.0001_squashed': {replaces: ['m.0001']},
			'm.0002_a': ['m.0001'],
			'm.0002_b': ['m.0001_squashed'],
		},
		leaves: '0002_a 0002_b',
		plan: '0001_squashed 0002_a 0002_b',
		forked: ['m'],
	},
	{
		what: 'a squash in the middle',
		nodes: {
			'm.1': [],
			'm.2': ['m.1'],
			'm.3_squashed_5': {replaces: ['m.3', 'm.4', 'm.5'], dependencies: ['m.2']},
			'm.3': ['m.2'],
			'm.4': ['m.3'],
			'm.5': ['m.4'],
			'm.6': ['m.5'],
			'm.7': ['m.6'],
		},
		leaves: '7',
		plan: '1 2 3_squashed_5 6 7',
	},
	{
		what: 'squashes in two apps that need each other',
		nodes: {
			'a.1': [],
			'a.2': ['a.1', 'b.2'],
			'a.3': ['a.2'],
			'a.2_squashed_3': {replaces: ['a.2', 'a.3'], dependencies: ['a.1', 'b.2']},
			'a.4': ['a.2_squashed_3'],
			'b.1': ['a.1'],
			'b.2': ['b.1'],
			'b.1_squashed_2': {replaces: ['b.1', 'b.2'], dependencies: ['a.1']},
		},
		leaves: 'a.4 b.1_squashed_2',
		plan: 'a.1 b.1_squashed_2 a.2_squashed_3 a.4',
	},
	{
		what: 'a squash of a squash',
		nodes: {
			'm.0001': [],
			'm.0002': ['m.0001'],
			'm.0003_squashed_0001_and_0002': {replaces: ['m.0001', 'm.0002']},
			'm.0004': ['m.0003_squashed_0001_and_0002'],
			'm.0005_squashed_0003_and_0004': {replaces: ['m.0003_squashed_0001_and_0002', 'm.0004']},
		},
		leaves: '0005_squashed_0003_and_0004',
		plan: '0005_squashed_0003_and_0004',
		since: 6,
	},
	{
		what: 'the greatest parent first',
		nodes: {
			'a.0001': ['c.0001'],
			'a.0002': ['a.0001'],
			'a.0003': ['c.0002', 'b.0002', 'a.0002'],
			'a.0004': ['a.0003'],
			'b.0001': ['a.0002'],
			'b.0002': ['b.0001', 'c.0002'],
			'b.0003': ['a.0004', 'b.0002'],
			'c.0001': [],
			'c.0002': ['a.0002', 'c.0001'],
			'c.0003': ['b.0003', 'c.0002'],
		},
		leaves: 'a.0004 b.0003 c.0003',
		plan: 'c.0001 a.0001 a.0002 c.0002 b.0001 b.0002 a.0003 a.0004 b.0003 c.0003',
	},
	{
		what: '__first__ and __latest__ of another app, and of the own',
		nodes: {
			'm.0001': ['n.__first__'],
			'm.0002': ['m.__first__', 'm.0001'],
			'n.0001': [],
			'n.0002': ['n.0001'],
			'o.0001': ['n.__latest__'],
		},
		leaves: 'm.0002 n.0002 o.0001',
		plan: 'n.0001 m.0001 m.0002 n.0002 o.0001',
	},
];
