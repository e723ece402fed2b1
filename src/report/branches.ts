import type {BranchRow} from '../gates/branch-table.ts';
import type {MergeOrder} from '../gates/merge-order.ts';
import {nameOf} from '../migrations/key.ts';
import {daysOf} from '../plan/age.ts';
import {count, oneLine} from './words.ts';

/** What was looked at. */
export interface LookedAt {
	readonly mainline: string;
	/** Unmerged branches, those without migrations included. */
	readonly unmerged: number;
	readonly unexamined: readonly string[];
}

/** More names in a cell are counted. */
const MOST = 3;

/** The table of the open branches; `now` in seconds. One line for each app of a branch. */
export function branchesText(rows: readonly BranchRow[], {mainline, unmerged}: LookedAt, now: number): string {
	const quiet = unmerged - rows.length;
	const last = `${count(rows.length, 'open branch', 'open branches')} with migrations, beside ${quiet} without; compared with ${mainline}`;
	if (rows.length === 0) return `${last}\n`;
	const head = ['BRANCH', 'BY', 'AGE', 'APP', 'MIGRATIONS', 'BEHIND', 'ALSO ADDED TO BY'];
	const lines = rows.flatMap(row => cellsOf(row, now));
	const widths = head.map((_, column) => Math.max(...[head, ...lines].map(cells => cells[column]!.length)));
	const text = [head, ...lines].map(cells =>
		cells
			.map((cell, column) => cell.padEnd(widths[column]!))
			.join('  ')
			.trimEnd(),
	);
	return `${[...text, '', last].join('\n')}\n`;
}

function cellsOf({branch, behind, isStale, collides}: BranchRow, now: number): string[][] {
	const {name, tip, apps, adds} = branch;
	const age = tip.oldest === null ? '' : `${daysOf(now - tip.oldest)}${isStale ? ', stale' : ''}`;
	return apps.map((app, index) => {
		const own = adds.filter(added => added.app === app).map(({key}) => nameOf(key));
		const others = collides.filter(other => other.apps.includes(app)).map(other => other.name);
		const {by = 0, leaf = null} = behind.find(each => each.app === app) ?? {};
		return [
			...(index === 0 ? [name, tip.author, age] : ['', '', '']),
			app,
			own.length > 0 ? short(own) : 'only edits',
			by === 0 ? '' : `${by}${leaf ? `, to ${nameOf(leaf)}` : ''}`,
			short(others),
		].map(oneLine);
	});
}

function short(names: readonly string[]): string {
	return names.length <= MOST ? names.join(', ') : `${names.slice(0, MOST - 1).join(', ')} and ${names.length - MOST + 1} more`;
}

/** An order to land them in. */
export function mergeOrderText({steps, renumberings, isBest}: MergeOrder): string {
	if (steps.length === 0) return '';
	const head = isBest
		? 'No order renumbers less than this one:'
		: 'An order that renumbers little (there are too many to try all):';
	const width = Math.max(...steps.map(({name}) => name.length));
	const digits = String(steps.length).length;
	const lines = steps.map(({name, renumbers, apps}, index) => {
		const what = renumbers === 0 ? 'as it is' : `${count(renumbers, 'migration')} of ${apps.join(', ')} renumbered`;
		return `  ${String(index + 1).padStart(digits)}  ${oneLine(name).padEnd(width)}  ${what}`;
	});
	return `\n${[head, ...lines, `${count(renumberings, 'migration')} renumbered in all`].join('\n')}\n`;
}

/** The same for programs. */
export function branchJson({branch, behind, isStale, collides, standsOn}: BranchRow): Readonly<Record<string, unknown>> {
	const {name, also, tip, apps, adds} = branch;
	return {
		name,
		also,
		commit: tip.oid,
		base: tip.base,
		author: tip.author,
		oldest: tip.oldest === null ? null : new Date(tip.oldest * 1000).toISOString(),
		stale: isStale,
		apps,
		migrations: adds.map(({key, path}) => ({key, path})),
		behind: behind.map(({app, by, leaf}) => ({app, by, leaf})),
		collides,
		standsOn,
	};
}
