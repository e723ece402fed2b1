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
	const lines = [
		...head,
		...errors.flatMap(({code, title, why}) => [`  ${code} ${title}`, `    ${why}`]),
		...(errors.length === 0 ? [] : [`  next: ${nextAfter(errors)}`]),
		...notices.flatMap(({code, title, why, fix}) => [`migration-guard: ${code} ${title}`, `    ${why}`, `  next: ${fix}`]),
	];
	return lines.map(line => `${oneLine(line)}\n`).join('');
}

/** With a commit, as `fix` alone stages where the merge was pushed before, and pushing that again is refused again. */
function nextAfter(errors: readonly Finding[]): string {
	return errors.some(({fix}) => fix.endsWith('migration-guard fix'))
		? 'migration-guard fix --commit, in your clone, and push again'
		: 'migration-guard check, in your clone, which says what to do about each; then push again';
}
