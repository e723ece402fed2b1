import {codeOf, pairOf, type Weighed} from '../commute/weigh.ts';
import type {Verdict, Work} from '../state/work.ts';
import {count, table} from './words.ts';

/** What was compared. */
export interface Sides {
	readonly mainline: string;
	readonly incoming: string;
	/** How many migrations only that side has. */
	readonly migrations: {readonly mainline: number; readonly incoming: number};
}

/** Longer lists are cut: who has so many will not read them one by one. */
const MOST = 40;

/** Pairs of operations for people, those that the configuration accepts, and a last line that sums up. */
export function conflictsText(
	verdicts: readonly Verdict[],
	accepted: Weighed['accepted'],
	{mainline, incoming, migrations}: Sides,
): string {
	const conflicts = verdicts.filter(({verdict}) => verdict === 'conflict').length;
	const reviews = verdicts.length - conflicts;
	const what = `${count(migrations.mainline, 'migration')} of ${mainline} and ${count(migrations.incoming, 'migration')} of ${incoming}`;
	const last =
		migrations.mainline === 0 || migrations.incoming === 0
			? `${what}: nothing to compare.`
			: verdicts.length === 0
				? `${what} commute${accepted.length > 0 ? ', but for what is accepted' : ''}.`
				: `${what}: ${[count(conflicts, 'conflict'), ...(reviews > 0 ? [`${reviews} to review`] : [])].join(', ')}.`;
	const more = verdicts.length > MOST ? [`… and ${verdicts.length - MOST} more; --json has them all`] : [];
	const known = accepted.map(({verdict, reason}) => `accepted: ${pairOf(verdict)}: ${reason}`);
	return `${[...verdicts.slice(0, MOST).flatMap(verdict => verdictLines(verdict)), ...more, ...known, last].join('\n')}\n`;
}

/** One pair, as a few lines: both operations and their places, what Django would do, what to do. */
export function verdictLines({verdict, mainline, incoming, what, next}: Verdict): string[] {
	return [
		verdict === 'conflict' ? 'CONFLICT' : 'review',
		...table([
			['mainline', site(mainline)],
			['incoming', site(incoming)],
			['what', what],
			['do', next],
		]),
	];
}

function site({operation, key, path}: Work): string {
	return `${operation.title} in ${key} (${path}:${operation.line})`;
}

/** The same for programs. */
export function verdictJson(pair: Verdict): Readonly<Record<string, unknown>> {
	const {verdict, reason, mainline, incoming, what, next} = pair;
	const side = ({operation, key, path}: Work) => ({migration: key, path, line: operation.line, operation: operation.title});
	return {code: codeOf(pair), verdict, reason, mainline: side(mainline), incoming: side(incoming), what, next};
}
