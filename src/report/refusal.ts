import type {Refusal} from '../refusal.ts';

/** A refusal for people: what happened, which nodes and files, why we stop, and the one command to run next. */
export function refusalText({what, nodes, paths, why, next}: Refusal): string {
	const about = [...nodes, ...paths].map(item => `  ${item}`);
	return [`migration-guard: ${what}`, ...about, `  why: ${why}`, `  next: ${next}`, ''].join('\n');
}
