import {type NodeKey, nameOf} from '../migrations/key.ts';
import {type LaneRow, layLanes} from './lanes.ts';
import type {Picture, PictureApp, PictureNode} from './picture.ts';

const LONGEST_LIST = 3;

/** The history for a terminal: newest first, lanes where it forks or merges, and what each migration is. */
export function graphText(picture: Picture, color: boolean): string {
	const paint = color ? (code: number, text: string) => `\u001b[${code}m${text}\u001b[0m` : (_: number, text: string) => text;
	const blocks = picture.apps.map(app =>
		[paint(BOLD, app.app), ...drawApp(app, picture.apps.length > 1 ? '  ' : '', paint)].join('\n'),
	);
	if (blocks.length === 0) return 'There are no migrations.\n';
	const known = picture.mainline.length > 0;
	const legend = known
		? [`${PUBLISHED} published (in ${picture.mainline.map(shortName).join(', ')})   ${OPEN} not published`]
		: [];
	return `${[...blocks, ...legend].join('\n\n')}\n`;
}

type Paint = (code: number, text: string) => string;

const BOLD = 1;
const DIM = 2;
const RED = 31;
const YELLOW = 33;
const PUBLISHED = '●';
const OPEN = '○';

function drawApp({nodes, unreadable}: PictureApp, indent: string, paint: Paint): string[] {
	const byKey = new Map(nodes.map(node => [node.key, node]));
	const forked = nodes.filter(({leaf}) => leaf).length > 1;
	const rows = layLanes(nodes).flatMap(row => {
		const node = byKey.get(row.key)!;
		const bullet = node.published === false ? OPEN : PUBLISHED;
		const beside = cells(row.beside, row.column, bullet);
		const line = `${beside} ${node.name}${marks(node, forked, paint)}`;
		return [
			...(row.joins.length > 0 ? [connect(row, row.joins, row.above, [], '╯')] : []),
			line,
			...(row.splits.length > 0 ? [connect(row, row.splits, row.below, row.beside, '╮')] : []),
		];
	});
	const broken = unreadable.map(({name, why}) => paint(RED, `✘ ${name} (${why})`));
	return [...broken, ...rows].map(line => indent + line);
}

function marks({leaf, replaces, missing, others, parents}: PictureNode, forked: boolean, paint: Paint): string {
	const words = [
		...(leaf ? [paint(forked ? RED : YELLOW, 'leaf')] : []),
		...(replaces.length > 0 ? [`squash of ${short(replaces, nameOf)}`] : []),
		...(parents.length > 1 ? [`merges ${short(parents, nameOf)}`] : []),
		...(missing.length > 0 ? [paint(RED, `${short(missing)} is missing`)] : []),
		...(others.length > 0 ? [paint(DIM, `after ${short(others)}`)] : []),
	];
	return words.length === 0 ? '' : `  (${words.join('; ')})`;
}

function short(keys: readonly NodeKey[], print: (key: NodeKey) => string = key => key): string {
	const shown = keys.slice(0, LONGEST_LIST).map(print).join(', ');
	return keys.length > LONGEST_LIST ? `${shown} and ${keys.length - LONGEST_LIST} more` : shown;
}

function shortName(ref: string): string {
	return ref.replace(/^refs\/(?:heads|remotes)\//, '');
}

function cells(running: readonly boolean[], column: number, bullet: string): string {
	return running
		.map((runs, at) => (at === column ? bullet : runs ? '│' : ' '))
		.join(' ')
		.trimEnd();
}

/**
 * The row in which lanes leave the node's or come to it. `corner` is how such a lane ends at the right; one that was there
 * before (`through`) runs on.
 */
function connect(
	{column}: LaneRow<NodeKey>,
	lanes: readonly number[],
	running: readonly boolean[],
	through: readonly boolean[],
	corner: '╯' | '╮',
): string {
	const [first, last] = [Math.min(column, ...lanes), Math.max(column, ...lanes)];
	const [left, middle] = corner === '╯' ? ['╰', '┴'] : ['╭', '┬'];
	const cell = (at: number): string => {
		if (at < first || at > last) return running[at] ? '│' : ' ';
		const ends = at !== column && lanes.includes(at) && !through[at];
		if (at === first) return ends ? left : '├';
		if (at === last) return ends ? corner : '┤';
		return ends ? middle : running[at] ? '┼' : '─';
	};
	const width = Math.max(running.length, last + 1);
	return Array.from({length: width}, (_, at) => cell(at) + (at >= first && at < last ? '─' : ' '))
		.join('')
		.trimEnd();
}
