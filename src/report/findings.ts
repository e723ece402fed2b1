import type {Finding} from '../migrations/finding.ts';
import {count} from './words.ts';

/** What was looked at: the revision (null: the worktree) and how much was in it. */
export interface Looked {
	readonly revision: string | null;
	readonly apps: number;
	readonly migrations: number;
	/** How many findings the configuration accepts. */
	readonly silenced?: number;
}

/** Findings for people, and a last line that sums up. */
export function findingsText(findings: readonly Finding[], {revision, apps, migrations, silenced = 0}: Looked): string {
	const where = revision ?? 'The worktree';
	const errors = findings.filter(({severity}) => severity === 'error');
	const notices = findings.length - errors.length;
	const besides = [...(notices > 0 ? [count(notices, 'notice')] : []), ...(silenced > 0 ? [`${silenced} silenced`] : [])];
	const aside = besides.length === 0 ? '' : ` (${besides.join(', ')})`;
	const size = `${count(migrations, 'migration')} in ${count(apps, 'app')}`;
	const last =
		migrations === 0
			? `${where} holds no migrations: nothing to check.`
			: errors.length === 0
				? `${where} is linear: ${size}${aside}.`
				: `${where} has ${count(errors.length, 'problem')}: ${size}${aside}.`;
	return `${[...findings.flatMap(describe), last].join('\n')}\n`;
}

function describe({code, severity, title, places, why, fix}: Finding): string[] {
	return [
		`${code} ${severity === 'notice' ? 'notice: ' : ''}${title}`,
		...places.slice(0, 10).map(({path, line}) => `  ${path}:${line}`),
		...(places.length > 10 ? [`  … and ${places.length - 10} more`] : []),
		`  why: ${why}`,
		`  fix: ${fix}`,
	];
}
