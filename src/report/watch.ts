import {nameOf} from '../migrations/key.ts';
import type {Collision, Concern} from '../watch/concern.ts';
import type {Trouble, WatchEvent} from '../watch/event.ts';
import {verdictJson} from './conflicts.ts';
import {JSON_VERSION} from './json.ts';
import {refusalText} from './refusal.ts';
import {count, oneLine} from './words.ts';

const LONGEST_LIST = 6;

/** An event for people, as lines; none where nothing is said. */
export function eventLines(event: WatchEvent): string[] {
	return linesOf(event).map(oneLine);
}

function linesOf(event: WatchEvent): string[] {
	switch (event.event) {
		case 'started':
			return [`Watching ${event.repository}${event.mode === 'polling' ? ', by looking around every few seconds' : ''}.`];
		case 'concern':
			return concernLines(event.concern);
		case 'over':
			return event.isReplaced ? [] : [`No more: ${headline(event.concern)}`];
		case 'fixed':
			return [`In ${event.worktree}:`, ...event.lines];
		case 'refused':
			return event.refusals.flatMap(refusal => refusalText(refusal).trimEnd().split('\n'));
		case 'trouble':
			return troubleLines(event.trouble);
		case 'stopped':
			return [`Stopped: ${event.why}.`];
		case 'looked':
		case 'fetched':
			return [];
	}
}

/** An event for programs: one line. `at` is the time, ISO 8601. */
export function eventJson(event: WatchEvent, at: string): string {
	const shown = 'concern' in event ? {...event, concern: concernJson(event.concern)} : event;
	return `${JSON.stringify({version: JSON_VERSION, at, ...shown})}\n`;
}

/** A concern for programs: the operations that do not commute as `conflicts --json` has them. */
export function concernJson(concern: Concern): Readonly<Record<string, unknown>> {
	const said = {...concern, headline: oneLine(headline(concern))};
	return concern.kind === 'collision' ? {...said, verdicts: concern.verdicts.map(verdictJson)} : said;
}

/** A concern in one line, for a notification or a list. */
export function headline(concern: Concern): string {
	if (concern.kind === 'fork') return `${concern.what} (${concern.subject.worktree})`;
	const {mainline, theirs, ours, subject} = concern;
	return `${mainline} adds ${few(theirs)}; ${whose(subject)} has ${few(ours)}`;
}

/** What a shell prompt shows of a worktree: the apps that are forked, and those that will meet mainline. Empty: nothing. */
export function promptText(concerns: readonly Concern[], worktree: string): string {
	const own = concerns.filter(({subject}) => subject.worktree === worktree);
	const forked = own.flatMap(concern =>
		concern.kind === 'fork' ? [...new Set(concern.nodes.map(key => key.split('.')[0]!))] : [],
	);
	const met = own.filter(concern => concern.kind === 'collision');
	const words = (label: string, apps: readonly string[]) =>
		apps.length === 0 ? [] : [`${label} ${[...new Set(apps)].map(plain).join(',')}`];
	return [
		...words('fork', forked),
		...words(
			'conflict',
			met.filter(isConflict).flatMap(({apps}) => apps),
		),
		...words(
			'behind',
			met.filter(collision => !isConflict(collision)).flatMap(({apps}) => apps),
		),
	].join(' ');
}

/** A prompt may take more than letters for something else. */
function plain(app: string): string {
	return app.replace(/[^\w.-]/g, '?');
}

function concernLines(concern: Concern): string[] {
	if (concern.kind === 'fork') {
		return [
			`migration-guard: ${concern.what}`,
			`  in: ${concern.subject.worktree}`,
			`  why: ${concern.why}`,
			`  next: ${concern.next}`,
		];
	}
	const {uncommitted, moves, merges, refusals, next, isPrefetched, mainline} = concern;
	const fresh = uncommitted.length > 0 ? [`  not committed yet: ${few(uncommitted)}`] : [];
	const prefetched = isPrefetched ? [`  ${mainline} will say so after your next fetch`] : [];
	const will = [
		...moves.map(({from, to}) => `  the next merge makes ${nameOf(from)} ${to}`),
		...merges.map(node => `  both are published: the next merge adds ${node}`),
		...refusals.map(({what}) => `  the next merge will be left to you: ${what}`),
	];
	return [
		`migration-guard: ${headline(concern)}`,
		...fresh,
		...prefetched,
		...capped(will),
		...commuting(concern),
		`  next: ${next}`,
	];
}

function commuting({verdicts}: Collision): string[] {
	if (verdicts.length === 0) return ['  the two commute: either order gives the same database'];
	const conflicts = verdicts.filter(({verdict}) => verdict === 'conflict');
	const said =
		conflicts.length > 0 ? `they do not commute: ${count(conflicts.length, 'conflict')}` : `${verdicts.length} to review`;
	return [`  ${said}`, ...capped((conflicts.length > 0 ? conflicts : verdicts).map(({what}) => `    ${what}`))];
}

function troubleLines({what, why, next}: Trouble): string[] {
	return [`migration-guard: ${what}`, `  why: ${why}`, `  next: ${next}`];
}

function isConflict({verdicts}: Collision): boolean {
	return verdicts.some(({verdict}) => verdict === 'conflict');
}

function whose({branch, worktree}: Collision['subject']): string {
	return branch ?? `the detached HEAD of ${worktree}`;
}

function few(nodes: readonly string[]): string {
	return nodes.length <= 3 ? nodes.join(', ') : `${nodes.slice(0, 2).join(', ')} and ${nodes.length - 2} more`;
}

function capped(lines: readonly string[]): readonly string[] {
	return lines.length <= LONGEST_LIST
		? lines
		: [...lines.slice(0, LONGEST_LIST - 1), `  … and ${lines.length - LONGEST_LIST + 1} more`];
}
