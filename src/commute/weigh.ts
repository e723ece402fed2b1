import type {Accepted} from '../migrations/ignore.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Verdict} from '../state/work.ts';

/** What to do about a kind of verdict: stop, say it, or neither. */
export type Mode = 'stop' | 'warn' | 'off';

/** What the configuration says of verdicts. */
export interface Handling {
	readonly conflicts: Mode;
	readonly reviews: Mode;
	/** Pairs that are known and accepted, each with a reason. */
	readonly ignore: readonly Accepted[];
}

/** Verdicts by what is to be done about them. */
export interface Weighed {
	readonly stops: readonly Verdict[];
	readonly warns: readonly Verdict[];
	readonly accepted: readonly {readonly verdict: Verdict; readonly reason: string}[];
}

/** The code by which a pair is accepted in the configuration. */
export function codeOf({verdict}: Verdict): 'MG201' | 'MG202' {
	return verdict === 'conflict' ? 'MG201' : 'MG202';
}

/** A pair as the configuration names it: `shop.0003_currency...shop.0003_discount`. */
export function pairOf({mainline, incoming}: Verdict): string {
	return `${mainline.key}...${incoming.key}`;
}

/** Weigh verdicts by the configuration. */
export function weigh(verdicts: readonly Verdict[], {conflicts, reviews, ignore}: Handling): Weighed {
	const [stops, warns]: [Verdict[], Verdict[]] = [[], []];
	const accepted: {verdict: Verdict; reason: string}[] = [];
	for (const verdict of verdicts) {
		const mode = verdict.verdict === 'conflict' ? conflicts : reviews;
		if (mode === 'off') continue;
		const entry = ignore.find(one => accepts(one, verdict));
		if (entry) accepted.push({verdict, reason: entry.reason});
		else (mode === 'stop' ? stops : warns).push(verdict);
	}
	return {stops, warns, accepted};
}

function accepts({code, target}: Accepted, verdict: Verdict): boolean {
	if (code !== codeOf(verdict)) return false;
	const nodes = [verdict.mainline.key, verdict.incoming.key];
	if (!target.includes('...')) return nodes.every(node => appOf(node) === target);
	const [one = '', other = ''] = target.split('...');
	const is = (a: string, b: string) => unnumbered(nodes[0]!) === unnumbered(a) && unnumbered(nodes[1]!) === unnumbered(b);
	return is(one, other) || is(other, one);
}

/** The merge gives other numbers, and either side may come first some day: a pair stays accepted. */
function unnumbered(key: NodeKey): string {
	return key.replace(/\.\d+(?=_)/, '.');
}
