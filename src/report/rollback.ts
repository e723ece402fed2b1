import type {NodeKey} from '../migrations/key.ts';
import type {Reversal} from '../state/reversal.ts';
import {count} from './words.ts';

/** What is shown of one migration that is reversed. */
interface Step {
	readonly key: NodeKey;
	readonly path: string | null;
	readonly reversals: readonly Reversal[];
}

/** A plan and what was asked. */
export interface RollbackReport {
	readonly app: string;
	/** Null: `zero`. */
	readonly target: NodeKey | null;
	readonly revision: string | null;
	readonly steps: readonly Step[];
	/** The first migration that cannot be reversed, and how many are by then. */
	readonly stop: {readonly key: NodeKey; readonly reversed: number} | null;
	readonly otherApps: readonly string[];
}

const WORDS: Readonly<Record<Reversal['effect'], string>> = {
	irreversible: 'IRREVERSIBLE',
	'loses-data': 'loses data',
	'may-fail': 'may fail',
	'undoes-nothing': 'undoes nothing',
	'runs-code': 'runs code',
	unknown: 'unknown',
	clean: 'ok',
};

/** The plan for people: each migration in the order in which Django would reverse it, and what that does. */
export function rollbackText({app, target, steps, stop, otherApps}: RollbackReport): string {
	const what = target ?? `${app} zero`;
	if (steps.length === 0) return `Nothing comes after ${what}: migrate would reverse nothing.\n`;
	const lines = steps.flatMap(({key, path, reversals}, index) => [
		`${String(index + 1).padStart(3)}. ${key}${path ? '' : "  (Django's own)"}`,
		...reversals.map(
			({operation, path: file, effect, what: done}) =>
				`       ${WORDS[effect]}: ${operation.title} (${file}:${operation.line}): ${done}`,
		),
	]);
	const all = steps.flatMap(({reversals}) => reversals);
	const lost = all.filter(({effect}) => effect === 'loses-data').length;
	const risky = all.filter(({effect}) => effect === 'may-fail' || effect === 'unknown').length;
	const sum = [
		count(steps.length, 'migration'),
		...(otherApps.length > 0 ? [`also of ${otherApps.join(', ')}`] : []),
		...(lost > 0 ? [`${count(lost, 'operation')} ${lost === 1 ? 'loses' : 'lose'} data`] : []),
		...(risky > 0 ? [`${risky} may fail`] : []),
	];
	const end = stop
		? [
				`Going back to ${what} stops at ${stop.key}, which is irreversible; ${stop.reversed === 0 ? 'nothing is reversed by then' : `${count(stop.reversed, 'migration')} ${stop.reversed === 1 ? 'is' : 'are'} reversed by then and would stay so`}.`,
			]
		: [`Going back to ${what} reverses ${sum.join('; ')}.`];
	return `${[...lines, ...end].join('\n')}\n`;
}

/** The same for programs. */
export function rollbackJson({app, target, revision, steps, stop, otherApps}: RollbackReport): Readonly<Record<string, unknown>> {
	return {
		revision,
		app,
		target,
		plan: steps.map(({key, path, reversals}) => ({
			key,
			path,
			operations: reversals.map(({operation, effect, what}) => ({
				operation: operation.title,
				line: operation.line,
				effect,
				what,
			})),
		})),
		stop,
		otherApps,
	};
}
