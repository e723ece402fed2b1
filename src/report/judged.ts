import {pairOf} from '../commute/weigh.ts';
import type {Judged} from '../plan/outcome.ts';
import type {Verdict, Work} from '../state/work.ts';
import {verdictLines} from './conflicts.ts';
import {count} from './words.ts';

/** As many pairs as a terminal shows at once; `migration-guard conflicts` has them all. */
const MOST = 12;

/** What a hook says of work that does not commute, before what it did. */
export function judgedText(judged: Judged | undefined, event: string): string[] {
	if (!judged) return [];
	const {how, stops, warns, reminded, failed} = judged;
	const lines: string[] = [];
	if (failed !== null) lines.push(`migration-guard: whether the sides commute could not be decided: ${failed}`);
	if (stops.length > 0) {
		const pairs = count(stops.length, 'pair');
		const head = how === 'stopped' ? `this ${event === 'pre-merge-commit' ? 'merge' : 'commit'} stops for` : 'look at';
		lines.push(
			`migration-guard: ${head} ${pairs} of operations that ${stops.length === 1 ? 'does' : 'do'} not commute`,
			...listed(stops),
		);
	}
	if (warns.length > 0) lines.push(`migration-guard: ${count(warns.length, 'pair')} of operations to review`, ...listed(warns));
	if (reminded.length > 0) {
		lines.push(
			`migration-guard: concluded as it was shown, though ${reminded.length === 1 ? 'this does' : 'these do'} not commute:`,
			...reminded.slice(0, MOST).map(({mainline, incoming}) => `  ${brief(mainline)} and ${brief(incoming)}`),
		);
	}
	return lines;
}

/** What is to be done where git's command was stopped, after all else. */
export function howToGoOn(judged: Judged | undefined, event: string): string[] {
	const [first] = judged?.stops ?? [];
	if (judged?.how !== 'stopped')
		return first && event.startsWith('post-') ? ['No hook can stop here for it: mend it in a commit before you push.'] : [];
	const code = first?.verdict === 'conflict' ? 'MG201' : 'MG202';
	return [
		event === 'pre-merge-commit'
			? 'Edit the migrations named above, `git add` them, and conclude with `git commit`; that concludes it as it is, too. Back: git merge --abort'
			: 'Edit the migrations named above and `git add` them; the same commit again concludes, as it is, too.',
		...(first ? [`For good, with a reason: ignore, ${code}, "${pairOf(first)}" in the configuration`] : []),
	];
}

function listed(verdicts: readonly Verdict[]): string[] {
	const more = verdicts.length - MOST;
	return [
		...verdicts.slice(0, MOST).flatMap(verdict => verdictLines(verdict)),
		...(more > 0 ? [`  … and ${more} more: migration-guard conflicts`] : []),
	];
}

function brief({operation, path}: Work): string {
	return `${operation.title} (${path}:${operation.line})`;
}
