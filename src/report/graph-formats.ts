import {appOf} from '../migrations/key.ts';
import {jsonDocument} from './json.ts';
import type {Picture, PictureApp} from './picture.ts';

/** The history as the document of `--json`. */
export function graphJson(picture: Picture): string {
	return jsonDocument({...picture});
}

/** The history as a Mermaid flowchart, which GitHub and GitLab draw in Markdown. Edges go from a migration to what comes after it. */
export function graphMermaid({apps}: Picture): string {
	const ids = idsOf(apps);
	const id = (key: string) => ids.get(key)!;
	const lines = apps.flatMap(({app, nodes}, index) => [
		`\tsubgraph app${index}["${app}"]`,
		...[...nodes]
			.reverse()
			.map(({key, name, published}) => `\t\t${id(key)}["${escapeText(name)}"]${published === false ? ':::open' : ''}`),
		'\tend',
	]);
	const edges = edgesOf(apps).map(([parent, child]) => `\t${id(parent)} --> ${id(child)}`);
	return `${['flowchart TD', ...lines, ...edges, '\tclassDef open stroke-dasharray: 4 3'].join('\n')}\n`;
}

/** The history as a graph of Graphviz. */
export function graphDot({apps}: Picture): string {
	const quote = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
	const lines = apps.flatMap(({app, nodes}, index) => [
		`\tsubgraph cluster_${index} {`,
		`\t\tlabel=${quote(app)}`,
		...[...nodes]
			.reverse()
			.map(({key, name, published}) => `\t\t${quote(key)} [label=${quote(name)}${published === false ? ', style=dashed' : ''}]`),
		'\t}',
	]);
	const edges = edgesOf(apps).map(([parent, child]) => `\t${quote(parent)} -> ${quote(child)}`);
	return `${['digraph migrations {', '\tnode [shape=box]', ...lines, ...edges, '}'].join('\n')}\n`;
}

/** Text in SVG and Mermaid, where quotes and angles have a meaning. */
export function escapeText(text: string): string {
	return text.replace(/[&<>"]/g, character => `&${{'&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot'}[character]};`);
}

/** Parent and child, between nodes that are drawn. */
function edgesOf(apps: readonly PictureApp[]): [parent: string, child: string][] {
	const drawn = new Set(apps.flatMap(({nodes}) => nodes.map(({key}) => key)));
	return apps.flatMap(({nodes}) =>
		nodes.flatMap(({key, parents, others}) =>
			[...parents, ...others].filter(parent => drawn.has(parent)).map((parent): [string, string] => [parent, key]),
		),
	);
}

function idsOf(apps: readonly PictureApp[]): Map<string, string> {
	const keys = apps
		.flatMap(({nodes}) => nodes.map(({key}) => key))
		.sort((a, b) => (appOf(a) === appOf(b) ? (a < b ? -1 : 1) : appOf(a) < appOf(b) ? -1 : 1));
	return new Map(keys.map((key, index) => [key, `m${index}`]));
}
