import type {Finding} from '../migrations/finding.ts';
import type {Silenced} from '../migrations/ignore.ts';
import type {Looked} from './findings.ts';

/** What `check` has to say, before it is put into one of its formats. */
export interface CheckReport {
	readonly findings: readonly Finding[];
	/** Findings that the configuration accepts. */
	readonly silenced: readonly Silenced[];
	readonly looked: Looked;
	/** What `--json` says besides. */
	readonly more?: Readonly<Record<string, unknown>>;
}

/** Errors first, each kind in the order in which it was found: where a reader shows only so many, these are the ones. */
export function errorsFirst(findings: readonly Finding[]): Finding[] {
	const isError = ({severity}: Finding) => severity === 'error';
	return [...findings.filter(isError), ...findings.filter(finding => !isError(finding))];
}

/** Why it matters and what to do, each on a line, and where else it is to be seen than at its first place. */
export function explanation({places, why, fix}: Finding): string {
	const [, ...others] = places;
	const also = others.length === 0 ? [] : [`also: ${others.map(({path, line}) => `${path}:${line}`).join(', ')}`];
	return [`why: ${why}`, `fix: ${fix}`, ...also].join('\n');
}
