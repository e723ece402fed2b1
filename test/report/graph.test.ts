import test from 'ava';
import {graphDot, graphJson, graphMermaid} from '../../src/report/graph-formats.ts';
import {graphSvg} from '../../src/report/graph-svg.ts';
import {graphText} from '../../src/report/graph-text.ts';
import {layLanes} from '../../src/report/lanes.ts';
import {type Picture, pictureOf} from '../../src/report/picture.ts';
import {type Edges, filesOf, treeOf} from '../migrations/tree.ts';

type Nodes = Readonly<Record<string, readonly string[] | Edges>>;

function draw(nodes: Nodes, published: readonly string[] | null = null): Picture {
	const {project, graph} = treeOf(filesOf(nodes));
	const paths = published?.map(key => `${key.replace('.', '/migrations/')}.py`);
	return pictureOf(project, graph, {
		revision: null,
		mainline: paths ? ['refs/remotes/origin/main'] : [],
		isPublished: paths ? path => paths.includes(path) : null,
		only: null,
	});
}

const ROWS: readonly {readonly what: string; readonly nodes: Nodes; readonly drawn: string}[] = [
	{
		what: 'a chain',
		nodes: {'m.1': [], 'm.2': ['m.1'], 'm.3': ['m.2']},
		drawn: `
m
● 3  (leaf)
● 2
● 1`,
	},
	{
		what: 'a fork',
		nodes: {'m.1': [], 'm.2': ['m.1'], 'm.3_a': ['m.2'], 'm.3_b': ['m.2']},
		drawn: `
m
● 3_b  (leaf)
│ ● 3_a  (leaf)
├─╯
● 2
● 1`,
	},
	{
		what: 'a merge of three',
		nodes: {'m.1': [], 'm.2_a': ['m.1'], 'm.2_b': ['m.1'], 'm.2_c': ['m.1'], 'm.3': ['m.2_a', 'm.2_b', 'm.2_c'], 'm.4': ['m.3']},
		drawn: `
m
● 4  (leaf)
● 3  (merges 2_a, 2_b, 2_c)
├─┬─╮
● │ │ 2_a
│ ● │ 2_b
│ │ ● 2_c
├─┴─╯
● 1`,
	},
	{
		what: 'lanes that cross',
		nodes: {'m.1': [], 'm.2_a': ['m.1'], 'm.2_b': ['m.1'], 'm.3_x': ['m.2_a', 'm.2_b'], 'm.3_y': ['m.2_a'], 'm.3_z': ['m.2_b']},
		drawn: `
m
● 3_z  (leaf)
│ ● 3_y  (leaf)
│ │ ● 3_x  (leaf; merges 2_a, 2_b)
├─┼─┤
│ ├─╯
│ ● 2_a
● │ 2_b
├─╯
● 1`,
	},
	{
		what: 'two roots',
		nodes: {'m.1': [], 'm.2': []},
		drawn: `
m
● 2  (leaf)
● 1  (leaf)`,
	},
	{
		what: 'squashes, other apps and what is missing',
		nodes: {'m.1': [], 'm.1_squashed_2': {replaces: ['m.1', 'm.2']}, 'm.3': ['m.2', 'n.1', 'n.9'], 'n.1': []},
		drawn: `
m
  ● 3  (leaf; n.9 is missing; after n.1)
  ● 1_squashed_2  (squash of 1, 2)

n
  ● 1  (leaf)`,
	},
];

for (const {what, nodes, drawn} of ROWS) {
	test(`the picture of ${what}`, t => {
		t.is(graphText(draw(nodes), false), `${drawn.trimStart()}\n`);
	});
}

test('what is published is filled', t => {
	t.is(
		graphText(draw({'m.1': [], 'm.2': ['m.1']}, ['m.1']), false),
		'm\n○ 2  (leaf)\n● 1\n\n● published (in origin/main)   ○ not published\n',
	);
});

test('a cycle is drawn, too', t => {
	const text = graphText(draw({'m.1': ['m.3'], 'm.2': ['m.1'], 'm.3': ['m.2'], 'm.4': ['m.3']}), false);
	for (const name of ['1', '2', '3', '4']) t.regex(text, new RegExp(`● ${name}\\b`));
});

test('a file that cannot be read is named', t => {
	const {project, graph} = treeOf({...filesOf({'m.1': []}), 'm/migrations/2.py': '<<<<<<< a\nclass Migration:\n'});
	const picture = pictureOf(project, graph, {revision: null, mainline: [], isPublished: null, only: null});
	t.is(graphText(picture, false), 'm\n✘ 2 (it holds conflict markers of git)\n● 1  (leaf)\n');
});

test('colour adds nothing but colour', t => {
	const picture = draw(ROWS[5]!.nodes, ['m.1']);
	const colourful = graphText(picture, true);
	t.true(colourful.includes('\u001b[1m'));
	// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colour is made of
	t.is(colourful.replace(/\u001b\[\d+m/g, ''), graphText(picture, false));
});

test('nothing at all', t => {
	t.is(graphText(draw({}), false), 'There are no migrations.\n');
	t.regex(graphSvg(draw({})), /^<svg .*<\/svg>\n$/s);
});

test('a long history has one lane', t => {
	const rows = layLanes(Array.from({length: 20_000}, (_, at) => ({key: at, parents: at === 19_999 ? [] : [at + 1]})));
	t.true(rows.every(({column, joins, splits}) => column === 0 && joins.length === 0 && splits.length === 0));
});

test('the other formats hold every node and edge', t => {
	const picture = draw({'m.1': [], 'm.2': ['m.1', 'n.1'], 'n.1': []}, ['m.1']);
	t.is(
		graphMermaid(picture),
		'flowchart TD\n\tsubgraph app0["m"]\n\t\tm0["1"]\n\t\tm1["2"]:::open\n\tend\n\tsubgraph app1["n"]\n\t\tm2["1"]:::open\n\tend\n\tm0 --> m1\n\tm2 --> m1\n\tclassDef open stroke-dasharray: 4 3\n',
	);
	const dot = graphDot(picture);
	t.regex(dot, /"m\.1" -> "m\.2"/);
	t.regex(dot, /"n\.1" -> "m\.2"/);
	const {version, apps} = JSON.parse(graphJson(picture));
	t.is(version, 1);
	t.deepEqual(apps[0].nodes[0], {
		key: 'm.2',
		name: '2',
		path: 'm/migrations/2.py',
		parents: ['m.1'],
		others: ['n.1'],
		missing: [],
		replaces: [],
		leaf: true,
		published: false,
	});
});

test('the SVG is well formed, whatever the names are', t => {
	const svg = graphSvg(draw({...ROWS[2]!.nodes, 'm.5_<&">': ['m.4']}));
	t.regex(svg, /5_&lt;&amp;&quot;&gt;/);
	const open: string[] = [];
	for (const [, closing, name, selfClosing] of svg.matchAll(/<(\/?)(\w+)[^<>]*?(\/?)>/g)) {
		if (closing) t.is(open.pop(), name);
		else if (!selfClosing) open.push(name!);
	}
	t.deepEqual(open, []);
	t.is([...svg.matchAll(/<circle/g)].length, 7);
	t.notRegex(svg, /NaN|undefined/);
});
