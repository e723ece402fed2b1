import type {Finding} from '../migrations/finding.ts';
import {count, oneLine} from './words.ts';

/** What was looked at: the revision (null: the worktree) and how much was in it. */
export interface Looked {
	readonly revision: string | null;
	/** The mainline that the revision was judged against, as if it had been merged into it. */
	readonly against?: string;
	readonly apps: number;
	readonly migrations: number;
	/** How many findings the configuration accepts. */
	readonly silenced?: number;
}

/** Findings for people, and a last line that sums up. */
export function findingsText(findings: readonly Finding[], looked: Looked): string {
	return `${[...findings.flatMap(describe), summaryLine(findings, looked)].join('\n')}\n`;
}

/** Is it linear, how much was looked at, and how much of it is only a notice? */
export function summaryLine(findings: readonly Finding[], {revision, against, apps, migrations, silenced = 0}: Looked): string {
	const tree = revision === null ? 'The worktree' : oneLine(revision);
	const where = against === undefined ? tree : `${tree}, merged into ${oneLine(against)},`;
	const errors = findings.filter(({severity}) => severity === 'error');
	const notices = findings.length - errors.length;
	const besides = [...(notices > 0 ? [count(notices, 'notice')] : []), ...(silenced > 0 ? [`${silenced} silenced`] : [])];
	const aside = besides.length === 0 ? '' : ` (${besides.join(', ')})`;
	const size = `${count(migrations, 'migration')} in ${count(apps, 'app')}`;
	return migrations === 0
		? `${where} holds no migrations: nothing to check.`
		: errors.length === 0
			? `${where} is linear: ${size}${aside}.`
			: `${where} has ${count(errors.length, 'problem')}: ${size}${aside}.`;
}

function describe({code, severity, title, places, why, fix}: Finding): string[] {
	return [
		`${code} ${severity === 'notice' ? 'notice: ' : ''}${title}`,
		...places.slice(0, 10).map(({path, line}) => `  ${path}:${line}`),
		...(places.length > 10 ? [`  … and ${places.length - 10} more`] : []),
		`  why: ${why}`,
		`  fix: ${fix}`,
	].map(oneLine);
}
