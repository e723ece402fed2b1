import type {Comparison, Drift} from '../database/drift.ts';
import {nameOf} from '../migrations/key.ts';
import {count, table} from './words.ts';

const HEADS: Readonly<Record<Drift['kind'], string>> = {
	behind: 'behind',
	code: 'older code',
	vanished: 'vanished',
	'orphaned-merge': 'orphaned merge',
	'half-squash': 'half a squash',
	gap: 'gap',
	fork: 'fork',
	order: 'order',
};

/** Where environments part, for people: how far each is, what is the matter, what to run where. */
export function driftText({leaves, drifts}: Comparison, environments: readonly string[]): string {
	const blocks = [
		...leaves.map(({app, leaves: sides}) =>
			[
				app,
				...table(
					sides.map(({environment, nodes}) => [environment, nodes.map(nameOf).join(', ') || '(nothing applied)'] as const),
				),
			].join('\n'),
		),
		...drifts.map(({kind, what, next}) =>
			[`${HEADS[kind]}: ${what}`, ...(next ? [`  do in ${next.environment}: ${next.command}`, `    # ${next.why}`] : [])].join(
				'\n',
			),
		),
	];
	const last =
		drifts.length === 0 && leaves.length === 0
			? `${environments.join(', ')}: nothing differs.`
			: `${environments.join(', ')}: ${count(drifts.length, 'difference')}${leaves.length > 0 ? `, ${count(leaves.length, 'app')} at different leaves` : ''}.`;
	return `${[...blocks, last].join('\n\n')}\n`;
}
