import type {Finding} from '../migrations/finding.ts';
import {count, oneLine} from './words.ts';

/** What a server tells who pushes; git puts `remote: ` before each line. Empty when there is nothing to say. */
export function receivedText({
	ref,
	errors,
	notices,
}: {
	readonly ref: string;
	readonly errors: readonly Finding[];
	readonly notices: readonly Finding[];
}): string {
	const branch = ref.replace(/^refs\/heads\//, '');
	const head =
		errors.length === 0
			? []
			: [`migration-guard: ${branch} is protected, and this push adds ${count(errors.length, 'problem')} that Django refuses`];
	const tail = errors.length === 0 ? [] : ['  next: migration-guard fix, in your clone, and push again'];
	const lines = [
		...head,
		...errors.flatMap(({code, title, why}) => [`  ${code} ${title}`, `    ${why}`]),
		...tail,
		...notices.map(({code, title}) => `migration-guard: ${code} ${title}`),
	];
	return lines.map(line => `${oneLine(line)}\n`).join('');
}
