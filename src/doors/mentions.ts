import {git} from '../git/run.ts';
import {diffTrees} from '../git/trees.ts';
import type {Change, Step} from '../plan/plan.ts';
import {findMentions, type Rename, writtenLines} from '../plan/references.ts';
import {applyEdits} from '../python/source.ts';
import type {Ground} from './ground.ts';

/** What was found outside the migrations. */
export interface OutsideMentions {
	readonly steps: readonly Step[];
	readonly changes: readonly Change[];
	readonly reported: readonly {path: string; line: number; from: string; to: string}[];
}

/** A side whose migrations moved: what it looks like, and what it is compared with to know which lines are its own. */
export interface MovingSide {
	readonly side: number;
	readonly from: string;
	readonly to: string;
}

const NOTHING: OutsideMentions = {steps: [], changes: [], reported: []};

/**
 * Follow the renames in the Python files outside the migrations: exact strings, on lines the moving side wrote. `treeish` is the
 * tree the ground was opened on.
 */
export function followOutside(ground: Ground, renames: readonly Rename[], sides: readonly MovingSide[]): OutsideMentions {
	if (renames.length === 0) return NOTHING;
	const steps: Step[] = [];
	const changes: Change[] = [];
	const reported: {path: string; line: number; from: string; to: string}[] = [];
	for (const moving of sides) {
		const own = renames.filter(({side}) => side === moving.side || side === null);
		if (own.length === 0) continue;
		const touched = diffTrees(ground.repo, moving.from, moving.to, ['*.py']).filter(
			({path, after}) =>
				after !== null && !ground.files.has(path) && ground.everything.has(path) && !changes.some(change => change.path === path),
		);
		ground.library.fetch(
			touched.flatMap(({path, before, after}) =>
				[before?.oid, after?.oid, ground.everything.get(path)!.oid].filter(oid => oid !== undefined),
			),
		);
		for (const {path, before, after} of touched) {
			const standing = ground.everything.get(path)!;
			const source = ground.library.source(standing.oid);
			if (!own.some(({from}) => source.text.includes(from))) continue;
			const written = writtenLines(
				before ? ground.library.source(before.oid).text : null,
				ground.library.source(after!.oid).text,
			);
			const lines = source.text.split(/\r?\n/);
			const found = findMentions(source.text, own, line => written.has(lines[line - 1] ?? ''));
			reported.push(...found.reported.map(mention => ({path, ...mention})));
			if (found.edits.length === 0) continue;
			const oid = ground.library.draft({...source, text: applyEdits(source.text, found.edits)});
			steps.push(...found.followed.map(mention => ({kind: 'mention' as const, path, ...mention})));
			changes.push({path, before: {oid: standing.oid, mode: standing.mode}, after: {oid, mode: standing.mode}});
		}
	}
	return {steps, changes, reported};
}

/**
 * Mentions that were left: every tracked text that still says an old name, for the report. One process. The files on disk are
 * searched where there are any: that is faster than the tree, which in a partial clone would have to be fetched blob by blob.
 */
export function findLeftMentions(
	ground: Ground,
	treeish: string,
	renames: readonly Rename[],
): {path: string; line: number; from: string; to: string}[] {
	if (renames.length === 0) return [];
	const patterns = renames.flatMap(({from}) => ['-e', from]);
	const trees = ground.repo.top === null ? [treeish] : [];
	const prefix = trees.map(tree => `${tree}:`).join('');
	// It is only told, so what cannot be read (128) is passed over.
	const {stdout} = git(ground.repo, ['grep', '-n', '-z', '-I', '-F', '--full-name', ...patterns, ...trees, '--', ':/'], {
		ok: [0, 1, 128],
	});
	const left: {path: string; line: number; from: string; to: string}[] = [];
	for (const record of stdout.toString('utf8').split('\n')) {
		const [name, number, ...rest] = record.split('\0');
		const path = name?.slice(prefix.length);
		if (!path || ground.files.has(path)) continue;
		const text = rest.join('\0');
		for (const {from, to} of renames) {
			if (new RegExp(`(?<![\\w.-])(?:[\\w.]+\\.)?${quote(from)}(?![\\w-])`).test(text))
				left.push({path, line: Number(number), from, to});
		}
	}
	return left;
}

function quote(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
