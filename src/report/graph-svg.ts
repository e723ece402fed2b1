import {escapeText} from './graph-formats.ts';
import {layLanes} from './lanes.ts';
import type {Picture, PictureApp} from './picture.ts';

const STEP = 24;
const LANE = 18;
const LEFT = 20;
const LETTER = 7.3;

/** The history as a picture of its own: no script, no font, no file besides. */
export function graphSvg({apps}: Picture): string {
	let top = 0;
	let width = 120;
	const groups = apps.map(app => {
		const drawn = drawApp(app, top);
		top += (app.nodes.length + 2) * STEP;
		width = Math.max(width, drawn.width);
		return drawn.lines;
	});
	const height = Math.max(STEP, top);
	return `${[
		`<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" viewBox="0 0 ${Math.ceil(width)} ${height}" font-family="monospace" font-size="12">`,
		`<title>Migrations of ${escapeText(apps.map(({app}) => app).join(', ') || 'no app')}</title>`,
		'<rect width="100%" height="100%" fill="#fff"/>',
		...groups.flat(),
		'</svg>',
	].join('\n')}\n`;
}

function drawApp({app, nodes}: PictureApp, top: number): {lines: string[]; width: number} {
	const rows = layLanes(nodes);
	const lines = [
		`<g transform="translate(0 ${top})">`,
		`<text x="${LEFT - 6}" y="${STEP - 6}" font-weight="bold">${escapeText(app)}</text>`,
	];
	const x = (column: number) => LEFT + column * LANE;
	const y = (row: number) => (row + 1.5) * STEP;
	const strokes: string[] = [];
	for (const [row, {column, joins, splits, beside, below}] of rows.entries()) {
		// Half a step above and below each node: lanes that run by, lanes that come in, lanes that go out.
		const [high, middle, low] = [y(row) - STEP / 2, y(row), y(row) + STEP / 2];
		const above = rows[row]!.above;
		for (const [at, runs] of above.entries()) {
			if (runs && !joins.includes(at)) strokes.push(`M${x(at)} ${high}V${middle}`);
		}
		for (const at of joins) strokes.push(`M${x(at)} ${high}Q${x(at)} ${middle} ${x(column)} ${middle}`);
		for (const [at, runs] of below.entries()) {
			if (runs && (at === column || beside[at])) strokes.push(`M${x(at)} ${middle}V${low}`);
		}
		for (const at of splits) strokes.push(`M${x(column)} ${middle}Q${x(at)} ${middle} ${x(at)} ${low}`);
	}
	if (strokes.length > 0) lines.push(`<path d="${strokes.join('')}" fill="none" stroke="#888" stroke-width="1.5"/>`);
	let width = 0;
	for (const [row, {column, beside, above, below}] of rows.entries()) {
		const {name, leaf, published} = nodes[row]!;
		const lanes = Math.max(beside.length, above.length, below.length);
		const style = published === false ? 'fill="#fff" stroke="#06c"' : 'fill="#06c"';
		lines.push(`<circle cx="${x(column)}" cy="${y(row)}" r="4.5" ${style}/>`);
		lines.push(`<text x="${x(lanes)}" y="${y(row) + 4}"${leaf ? ' font-weight="bold"' : ''}>${escapeText(name)}</text>`);
		width = Math.max(width, x(lanes) + name.length * LETTER + LEFT);
	}
	return {lines: [...lines, '</g>'], width};
}
